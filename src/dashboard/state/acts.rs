//! What can be done with the selected run.

use std::{io, path::Path, sync::Arc};

use super::{
    Asking, Effect, File, Focus, Fuller, Message, Overlay, Picker, Screen, Sheet, State, Taken,
    list::Mark,
};
use crate::{
    dashboard::{Left, action::Action, compare::Comparison, keys::acts, text},
    draft::{self, Sample, Scaffold},
    observe::{BodyOf, Capture, PINNED, Question, Stage, why_not_again},
    run::{Extent, Outcome, RunId, RunRecord},
};

/// Terminals take no more than 100,000 bytes of base 64 for the clipboard, in bytes before that.
const LONGEST_COPY: usize = 74_000;

/// Longer texts are not shown in the footer, in bytes.
const LONGEST_SHOWN: usize = 400;

impl State {
    /// Says where a file is, or why it is not.
    pub fn saved(&mut self, file: &File, place: io::Result<impl AsRef<Path>>) {
        let File { what, note, .. } = file;
        self.message = Some(Message::lasting(match place {
            Ok(path) => format!("saved {what} in {}{note}", path.as_ref().display()),
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
            note: cut(&record) + &without(&capture),
            is_private: false,
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
            is_private: false,
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
                note: cut(&record),
                is_private: true,
            }),
            // No clipboard holds it.
            Err(_) => Effect::Save(File {
                what: "the body",
                name: file_name(record.id, "body.bin"),
                bytes: body.to_vec(),
                note: cut(&record),
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
            note: cut(&record) + &without(&capture),
            is_private: false,
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
            note: cut(&record) + &without(&Capture::new(&record.request)),
            is_private: false,
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
            is_private: false,
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
                is_private: false,
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

    /// Asks the viewer whether the selected run should really be sent again; the server first,
    /// whether all of its body is kept, where that is not known here.
    pub(super) fn resend(&mut self) -> Option<Effect> {
        // Nobody is asked what is refused all the same.
        if !self.may_act() || self.send_edited() {
            return None;
        }
        let record = self.served()?;
        if self.is_dry() {
            return self.try_again(true);
        }
        if let Some(why) = why_not_again(&record) {
            self.say_not_again(record.id, why);
        } else if record.cut.request == Extent::Whole || record.outcome == Outcome::Dead {
            self.ask_resend(&record);
        } else {
            let question = Fuller::question(record.id, BodyOf::Request);
            self.resend_of = Some(record);
            return self.ask(question);
        }
        None
    }

    pub(super) fn ask_resend(&mut self, record: &RunRecord) {
        let asking = Asking::resend(record);
        self.overlay = Some(Overlay::Asking(Box::new(asking)));
    }

    pub(super) fn say_not_again(&mut self, run: RunId, why: &str) {
        self.say(format!("{} cannot be replayed: {why}", run.short()));
    }

    /// What there is to know of the selected run before this is done with it.
    pub fn caveat(&self, action: Action) -> Option<String> {
        let entry = self.in_view()?;
        let record = entry.record.as_deref()?;
        match action {
            Action::CopyBody
            | Action::CopyRequestCurl
            | Action::CopyRecord
            | Action::DraftParse
            | Action::DraftTest => text::cut(record.request.body.len(), record.cut.request),
            Action::Resend if entry.stage != Stage::Dry => why_not_again(record).map(str::to_owned),
            _ => None,
        }
    }

    pub(super) fn dry_run(&mut self) -> Option<Effect> {
        // Nothing is done, so nobody need be asked.
        let record = self.served()?;
        if self.is_dry() {
            return self.try_again(false);
        }
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
            is_private,
        } = taken;
        if text.len() > LONGEST_COPY {
            return Effect::Save(File {
                what,
                name: file,
                bytes: text.into_bytes(),
                note,
            });
        }
        let tmux = if self.in_tmux {
            " (tmux needs set-clipboard on)"
        } else {
            ""
        };
        let shown = if text.len() <= LONGEST_SHOWN && !is_private {
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
        let record = self.in_view().map(|entry| entry.record.clone());
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
        Some(record)
    }

    /// Whether the selected run never was one, but a request that was only tried.
    pub(super) fn is_dry(&self) -> bool {
        let selected = self.list.selected();
        selected.is_some_and(|entry| entry.stage == Stage::Dry)
    }

    /// To the run that the answer tells of, which may not be heard of yet.
    pub(super) fn go_to_begun(&mut self) {
        let run = match &self.overlay {
            Some(Overlay::Sheet(sheet)) => sheet.begun_run(),
            _ => None,
        };
        let Some(run) = run else { return };
        self.overlay = None;
        self.focus = Focus::List;
        self.go_to(Screen::Live);
        if !self.list.go_to(run) {
            self.say("it is selected as soon as it is heard of".to_owned());
        }
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
    let without = match names.is_empty() {
        true => String::new(),
        false => format!(" · without {}", names.join(", ")),
    };
    let redacted = match capture.redacted {
        true => " · what is [redacted] has to be filled in",
        false => "",
    };
    without + redacted
}

/// What is missing where not all of a request's body is there.
fn cut(record: &RunRecord) -> String {
    let cut = text::cut(record.request.body.len(), record.cut.request);
    cut.map_or_else(String::new, |cut| format!(" · {cut}"))
}
