//! The request of a run, as the viewer changes it.

use std::sync::Arc;

use super::{Asking, Effect, File, Message, Overlay, Sheet, State, acts::file_name};
use crate::{
    dashboard::{action::Action, keys::Context},
    draft::{editable, is_blank, read_edited},
    observe::{BodyOf, Edited, Question, Tried},
    run::{Extent, RunId, RunRecord},
};

/// The longest request that can be edited, in bytes: with all that JSON escapes in it, a server
/// takes it in one line.
pub const LONGEST_EDITED: usize = 128 << 10;

const TOO_LONG: &str = "its body is longer than 128 KiB, so it cannot be edited";

const LOADING: &str = "the rest of its body is on its way, and is edited once it is here";

/// What the viewer has made of the request of a run so far.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// What it was begun from: the run, or a dry-run of what was made of it before.
    row: RunId,
    run: RunId,
    /// The request as it stood there.
    captured: String,
    text: String,
    /// What the server was asked about last.
    asked: Option<Edited>,
}

impl State {
    /// Has the request edited that is tried, or that of the selected run.
    pub(super) fn edit_request(&mut self) -> Option<Effect> {
        let tried = self.tried().map(|tried| tried.run);
        let edited = self.edit.as_ref().map(|edit| edit.run);
        if tried.is_none() || tried != edited {
            if let Some(asked) = self.load_to_edit() {
                return Some(asked);
            }
            self.begin_edit()?;
        }
        let edit = self.edit.as_ref()?;
        Some(Effect::Edit(File {
            what: "the request",
            name: file_name(edit.run, "request.http"),
            bytes: edit.text.clone().into_bytes(),
            note: String::new(),
        }))
    }

    /// Asks for the rest of the body that is to be edited, where more of it may be had.
    fn load_to_edit(&mut self) -> Option<Effect> {
        let record = self.in_view()?.record.clone()?;
        let Extent::Beginning(length) = record.cut.request else {
            return None;
        };
        let is_too_long = length.is_some_and(|length| length > LONGEST_EDITED);
        if is_too_long || self.is_edited(record.id) || self.link.why_only_seen().is_some() {
            return None;
        }
        let asked = self.load(BodyOf::Request);
        if self.is_loading() {
            self.edits_loaded = Some(record.id);
            self.say(LOADING.to_owned());
        }
        asked
    }

    /// Goes on to edit the request of a run whose body is here, as far as it is to be had.
    pub(super) fn edit_loaded(&mut self) {
        self.message.take_if(|said| said.is(LOADING));
        let is_busy = self.context() != Context::Main;
        match self.keymap.key(Action::EditRequest).filter(|_| is_busy) {
            Some(key) => self.say(format!("all of its body is here: {key} edits the request")),
            None => {
                if self.begin_edit().is_some() {
                    self.to_do = self.edit_request();
                }
            }
        }
    }

    fn begin_edit(&mut self) -> Option<()> {
        let record = self.served()?;
        if self.is_edited(record.id) {
            return Some(());
        }
        let text = editable(&record.request);
        let why_not = match (self.link.why_only_seen(), record.cut.request, text) {
            (Some(why), ..) => why,
            (_, Extent::Beginning(Some(length)), _) if length > LONGEST_EDITED => TOO_LONG,
            (_, Extent::Beginning(_), _) if self.is_loading() => LOADING,
            (_, Extent::Beginning(_), _) => {
                "not all of its body is to be had, so it cannot be edited"
            }
            (_, _, Some(text)) if text.len() > LONGEST_EDITED => TOO_LONG,
            (_, _, None) => "its request is no text, so it cannot be edited",
            (_, _, Some(text)) => {
                let made_of = record.replay_of.filter(|_| self.is_dry());
                self.edit = Some(Edit {
                    row: record.id,
                    run: made_of.map_or(record.id, |of| of.run),
                    captured: text.clone(),
                    text,
                    asked: None,
                });
                return Some(());
            }
        };
        self.say(why_not.to_owned());
        None
    }

    fn is_edited(&self, row: RunId) -> bool {
        self.edit.as_ref().is_some_and(|edit| edit.row == row)
    }

    /// Asks anew which way the request of the selected dry-run would go; then, where that is
    /// wanted, whether it should really be sent.
    pub(super) fn try_again(&mut self, then_send: bool) -> Option<Effect> {
        self.begin_edit()?;
        let edit = self.edit.as_mut()?;
        match read_edited(edit.run, &edit.text) {
            Ok(edited) => {
                edit.asked = Some(edited.clone());
                self.sends_tried = then_send;
                self.ask(Question::Try(Box::new(edited)))
            }
            Err(slip) => {
                self.say(slip.to_string());
                None
            }
        }
    }

    /// Takes in what was made of the request, and asks the server about it.
    pub fn edited(&mut self, edited: Result<String, String>) -> Option<Effect> {
        let edit = self.edit.as_mut()?;
        let text = match edited {
            Ok(text) => text,
            Err(why) => {
                self.message = Some(Message::lasting(format!("nothing is done: {why}")));
                return None;
            }
        };
        if is_blank(&text) || text == edit.captured {
            let is_blank = text != edit.captured;
            self.edit = None;
            self.say(match is_blank {
                true => "thrown away: nothing is done".to_owned(),
                false => "nothing was changed, and nothing is done".to_owned(),
            });
            return None;
        }
        let read = read_edited(edit.run, &text);
        edit.text = text;
        match read {
            Ok(edited) => {
                edit.asked = Some(edited.clone());
                self.ask(Question::Try(Box::new(edited)))
            }
            Err(slip) => {
                let again = match self.keymap.key(Action::EditRequest) {
                    Some(key) => format!(" · {key} opens it again"),
                    None => String::new(),
                };
                self.message = Some(Message::lasting(format!("{slip}{again}")));
                None
            }
        }
    }

    /// Shows which way an edited request would go, and keeps it in the list.
    pub(super) fn take_tried(&mut self, tried: Tried, record: Option<Arc<RunRecord>>) {
        if let Some(record) = record {
            self.list.heard().dry(record);
        }
        self.overlay = Some(Overlay::Sheet(Box::new(Sheet::tried(tried))));
        if std::mem::take(&mut self.sends_tried) {
            self.send_edited();
        }
    }

    /// What lies over the panes, where that is the answer about an edited request.
    pub(super) fn tried(&self) -> Option<&Tried> {
        match &self.overlay {
            Some(Overlay::Sheet(sheet)) => sheet.as_tried(),
            _ => None,
        }
    }

    /// Asks the viewer whether the edited request should really be sent. False where none is shown.
    pub(super) fn send_edited(&mut self) -> bool {
        let Some(Tried { run, effects, .. }) = self.tried().cloned() else {
            return false;
        };
        let edit = self.edit.as_ref().filter(|edit| edit.run == run);
        match (edit.and_then(|edit| edit.asked.clone()), effects) {
            (Some(edited), Some(effects)) => {
                let asking = Asking::send(edited, &effects);
                self.overlay = Some(Overlay::Asking(Box::new(asking)));
            }
            _ => self.say("this request cannot be sent".to_owned()),
        }
        true
    }
}
