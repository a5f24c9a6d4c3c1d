//! What can be done with the selected run.

use std::{io, path::Path, sync::Arc};

use super::{Asking, Effect, File, Message, Overlay, Picker, Sheet, State, Taken, list::Mark};
use crate::{
    dashboard::{Left, compare::Comparison, keys::acts, text},
    draft::{self, Sample, Scaffold},
    observe::{Capture, PINNED, Question, Stage},
    run::{RunId, RunRecord},
};

/// Terminals take no more than 100,000 bytes of base 64 for the clipboard, in bytes before that.
const LONGEST_COPY: usize = 74_000;

/// Longer texts are not shown in the footer, in bytes.
const LONGEST_SHOWN: usize = 400;

impl State {
    /// Says where a file is, or why it is not.
    pub fn saved(&mut self, what: &str, place: io::Result<impl AsRef<Path>>) {
        self.message = Some(Message::lasting(match place {
            Ok(path) => format!("saved {what} in {}", path.as_ref().display()),
            Err(error) => format!("cannot save {what}: {error}"),
        }));
    }

    pub(super) fn choose(&mut self) -> Option<Effect> {
        let Some(Overlay::Acts(cursor)) = self.overlay else {
            return None;
        };
        let action = acts().nth(cursor)?.action;
        self.act(action)
    }

    pub(super) fn copy_request_curl(&mut self) -> Option<Effect> {
        let record = self.captured()?;
        let capture = Capture::new(&record.request);
        Some(self.take(Taken {
            what: "the curl line",
            file: file_name(record.id, "curl.sh"),
            text: draft::curl(&capture, &self.origin(&record)),
            note: without(&capture),
        }))
    }

    pub(super) fn copy_request_url(&mut self) -> Option<Effect> {
        let record = self.captured()?;
        let target = Capture::new(&record.request).target;
        Some(self.take(Taken {
            what: "the URL",
            file: file_name(record.id, "url.txt"),
            text: format!("{}{target}", self.origin(&record)),
            note: String::new(),
        }))
    }

    pub(super) fn copy_body(&mut self) -> Option<Effect> {
        let record = self.captured()?;
        let body = &record.request.body;
        if body.is_empty() {
            self.say("there is no body to copy".to_owned());
            return None;
        }
        Some(match std::str::from_utf8(body) {
            Ok(text) => self.take(Taken {
                what: "the body",
                file: file_name(record.id, "body.txt"),
                text: text.to_owned(),
                note: String::new(),
            }),
            // No clipboard holds it.
            Err(_) => Effect::Save(File {
                what: "the body",
                name: file_name(record.id, "body.bin"),
                bytes: body.to_vec(),
            }),
        })
    }

    pub(super) fn copy_record(&mut self) -> Option<Effect> {
        let record = self.captured()?;
        let capture = Capture::new(&record.request);
        let json = capture.record(&record);
        Some(self.take(Taken {
            what: "the record",
            file: file_name(record.id, "run.json"),
            text: format!("{json:#}\n"),
            note: without(&capture),
        }))
    }

    pub(super) fn draft_parse(&mut self) {
        let Some(record) = self.captured() else {
            return;
        };
        let scaffold = Scaffold::new(&Sample::of_request(&record.request), false);
        if scaffold.places().is_empty() {
            return self.say("there is nothing in the request that a line could read".to_owned());
        }
        let variables = record.flow.as_ref().map_or(&[][..], |flow| &flow.variables);
        let picker = Picker::new(scaffold, variables);
        self.overlay = Some(Overlay::Picking(Box::new(picker)));
    }

    pub(super) fn draft_test(&mut self) {
        let Some(record) = self.captured() else {
            return;
        };
        let Some(text) = draft::test_block(&record) else {
            return self.say("no flow has its path: there is nothing to test".to_owned());
        };
        let taken = Taken {
            what: "the test block",
            file: file_name(record.id, "test.kdl"),
            text,
            note: without(&Capture::new(&record.request)),
        };
        let title = format!("Test of run {}", record.id.short());
        self.overlay = Some(Overlay::Sheet(Box::new(Sheet::taken_from(title, taken))));
    }

    /// Asks the server how the flow is written.
    pub(super) fn ask_flow_text(&mut self) -> Option<Effect> {
        self.close_acts();
        match self.flow().map(|flow| flow.name.to_string()) {
            Some(flow) => self.ask(Question::Source(flow)),
            None => {
                self.say("no flow has its path: there is no KDL of it".to_owned());
                None
            }
        }
    }

    pub(super) fn offer_flow_text(&mut self, title: String, text: String) {
        let taken = Taken {
            what: "the flow's KDL",
            file: "hookyard-flow.kdl".to_owned(),
            text,
            note: String::new(),
        };
        self.overlay = Some(Overlay::Sheet(Box::new(Sheet::taken_from(title, taken))));
    }

    pub(super) fn mark(&mut self) {
        self.close_acts();
        let mark = self.list.mark();
        self.are_pins_new |= matches!(mark, Some(Mark::Pinned | Mark::Freed));
        self.say(match mark {
            None => "no run is selected".to_owned(),
            Some(Mark::Pinned) => "marked: d on another run compares the two".to_owned(),
            Some(Mark::Freed) => "no longer marked".to_owned(),
            Some(Mark::Full) => format!("{PINNED} runs are marked: m on one of them lets it go"),
        });
    }

    pub(super) fn compare(&mut self) {
        let Some(record) = self.captured() else {
            return;
        };
        let marked = self.list.runs.marked();
        let marked = marked.map(|entry| entry.record.clone());
        match marked {
            None => self.say("m marks the run to compare with".to_owned()),
            Some(None) => self.say("the marked run has not ended yet".to_owned()),
            Some(Some(marked)) if marked.id == record.id => {
                self.say("this is the marked run: d is for another".to_owned());
            }
            Some(Some(marked)) => {
                let comparison = Comparison::new(&marked, &record);
                self.overlay = Some(Overlay::Sheet(Box::new(Sheet::comparison(comparison))));
            }
        }
    }

    pub(super) fn pick(&mut self, change: impl FnOnce(&mut Picker)) {
        if let Some(Overlay::Picking(picker)) = &mut self.overlay {
            change(picker);
        }
    }

    /// Copies what an overlay offers, and closes it.
    pub(super) fn take_shown(&mut self) -> Option<Effect> {
        let taken = match &self.overlay {
            Some(Overlay::Sheet(sheet)) => sheet.taken().cloned(),
            Some(Overlay::Picking(picker)) => picker.block().map(|block| Taken {
                what: "the parse block",
                file: "hookyard-parse.kdl".to_owned(),
                text: block.to_owned(),
                note: String::new(),
            }),
            _ => None,
        };
        let Some(taken) = taken else {
            self.say("nothing is ticked yet: Space ticks a line, a ticks all".to_owned());
            return None;
        };
        self.overlay = None;
        Some(self.take(taken))
    }

    /// Asks the viewer whether the selected run should really be sent again.
    pub(super) fn resend(&mut self) {
        // Nobody is asked what is refused all the same.
        if !self.may_act() || self.send_edited() {
            return;
        }
        if let Some(record) = self.served() {
            let asking = Asking::resend(&record);
            self.overlay = Some(Overlay::Asking(Box::new(asking)));
        }
    }

    pub(super) fn dry_run(&mut self) -> Option<Effect> {
        // Nothing is done, so nobody need be asked.
        let record = self.served()?;
        self.ask(Question::DryRun(record.id))
    }

    /// Does what is asked about.
    pub(super) fn confirm(&mut self) -> Option<Effect> {
        match self.overlay.take() {
            Some(Overlay::Asking(asking)) => self.ask(asking.into_question()),
            _ => Some(Effect::Leave(Left::Quit)),
        }
    }

    /// Hands a text over: to the clipboard, or into a file where no terminal would take it.
    pub(super) fn take(&mut self, taken: Taken) -> Effect {
        let Taken {
            what,
            file,
            text,
            note,
        } = taken;
        if text.len() > LONGEST_COPY {
            return Effect::Save(File {
                what,
                name: file,
                bytes: text.into_bytes(),
            });
        }
        let tmux = if self.in_tmux {
            " (tmux needs set-clipboard on)"
        } else {
            ""
        };
        let shown = if text.len() <= LONGEST_SHOWN {
            format!("{note}: {}", text.trim_end())
        } else {
            format!(", {}{note}", text::bytes(text.len()))
        };
        self.message = Some(Message::lasting(format!("copied {what}{tmux}{shown}")));
        Effect::Copy(text)
    }

    /// The record of the selected run; says so where there is none.
    pub(super) fn captured(&mut self) -> Option<Arc<RunRecord>> {
        self.close_acts();
        let record = self.selected().map(|entry| entry.record.clone());
        if !matches!(record, Some(Some(_))) {
            self.say(match record {
                None => "no run is selected".to_owned(),
                Some(_) => "nothing is known of its request yet: the run waits".to_owned(),
            });
        }
        record.flatten()
    }

    /// The record of the selected run, where a flow had it.
    pub(super) fn served(&mut self) -> Option<Arc<RunRecord>> {
        let record = self.captured()?;
        if record.flow.is_none() {
            self.say("no flow has its path: there is nothing to run".to_owned());
            return None;
        }
        if self
            .selected()
            .is_some_and(|entry| entry.stage == Stage::Dry)
        {
            self.say(
                "this was only dry-run: what it was made of can be sent, or edited on".to_owned(),
            );
            return None;
        }
        Some(record)
    }

    fn close_acts(&mut self) {
        if matches!(self.overlay, Some(Overlay::Acts(_))) {
            self.overlay = None;
        }
    }

    /// Where a request was sent to, up to its path: as the flow says, as any flow says, as the
    /// request says.
    fn origin(&self, record: &RunRecord) -> String {
        let served = self.loaded.as_ref().and_then(|loaded| loaded.flows.first());
        if let Some(flow) = record.flow.as_ref().or(served) {
            return flow.origin().to_owned();
        }
        let host = record.request.headers.get(http::header::HOST);
        let host = host.and_then(|host| host.to_str().ok());
        format!("http://{}", host.unwrap_or("localhost"))
    }
}

pub(super) fn file_name(run: RunId, suffix: &str) -> String {
    format!("hookyard-{}-{suffix}", run.short())
}

/// What is missing in what was made of a capture.
pub(super) fn without(capture: &Capture) -> String {
    let names: Vec<&str> = capture.withheld.iter().map(|name| name.as_str()).collect();
    match (names.is_empty(), capture.redacted) {
        (true, false) => String::new(),
        (true, true) => " · credentials redacted".to_owned(),
        (false, false) => format!(" · without {}", names.join(", ")),
        (false, true) => format!(" · without {}, others redacted", names.join(", ")),
    }
}
