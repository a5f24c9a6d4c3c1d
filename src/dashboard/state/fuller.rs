//! Bodies of the run in view that are longer than what was told of them.

use std::sync::Arc;

use super::{Effect, State};
use crate::{
    dashboard::{action::Action, page::Tab},
    observe::{BodyAt, BodyOf, BodyPart, CUT, Entry, Question},
    run::{Extent, RunId, RunRecord},
};

/// More of a body is not asked for, in bytes.
const LONGEST: usize = 1 << 20;

/// A run with more of its bodies than was told unasked; only of one that is in view.
#[derive(Clone, Debug)]
pub struct Fuller {
    entry: Arc<Entry>,
    request: Rest,
    response: Rest,
}

/// What became of the rest of a body.
#[derive(Clone, Debug, Default)]
enum Rest {
    #[default]
    Unasked,
    /// It is on its way.
    Asked { so_far: Vec<u8> },
    /// It is here, as far as it is kept.
    Here,
    /// It is here as far as anybody reads.
    TooLong,
    /// There is none, for this reason.
    Nowhere(String),
}

impl Fuller {
    fn new(entry: &Arc<Entry>) -> Self {
        Self {
            entry: Arc::clone(entry),
            request: Rest::default(),
            response: Rest::default(),
        }
    }

    /// What asks for a body from its beginning.
    pub(super) fn question(run: RunId, of: BodyOf) -> Question {
        Question::Body(BodyAt { run, of, offset: 0 })
    }

    /// Whether it is that run.
    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        (self.entry.seq, self.entry.id) == (entry.seq, entry.id)
    }

    fn rest(&mut self, of: BodyOf) -> &mut Rest {
        match of {
            BodyOf::Request => &mut self.request,
            BodyOf::Response => &mut self.response,
        }
    }

    /// Takes in a part, and says what to ask for next.
    fn take(&mut self, at: BodyAt, part: Result<&BodyPart, &str>) -> Option<Question> {
        let Rest::Asked { so_far } = self.rest(at.of) else {
            return None;
        };
        // The answer to another question of the same kind.
        if so_far.len() != at.offset {
            return None;
        }
        let part = match part {
            Ok(part) => part,
            Err(why) => {
                *self.rest(at.of) = Rest::Nowhere(why.to_owned());
                return None;
            }
        };
        so_far.extend_from_slice(&part.bytes);
        let next = part.next(at);
        if next.is_some() && so_far.len() < LONGEST {
            return next;
        }
        let body = std::mem::take(so_far);
        *self.rest(at.of) = match next {
            None => Rest::Here,
            Some(_) => Rest::TooLong,
        };
        let extent = match (next, part.is_whole) {
            (None, true) => Extent::Whole,
            (Some(_), true) => Extent::Beginning(part.had.or(Some(part.kept))),
            (_, false) => Extent::Beginning(part.had),
        };
        self.fill(at.of, body, extent);
        None
    }

    fn fill(&mut self, of: BodyOf, body: Vec<u8>, extent: Extent) {
        let Some(record) = &self.entry.record else {
            return;
        };
        let mut record = RunRecord::clone(record);
        match (of, &mut record.reply) {
            (BodyOf::Request, _) => {
                record.request.body = body.into();
                record.cut.request = extent;
            }
            (BodyOf::Response, Some(reply)) => {
                reply.body = body.into();
                record.cut.response = extent;
            }
            (BodyOf::Response, None) => {}
        }
        let mut entry = Entry::clone(&self.entry);
        entry.record = Some(Arc::new(record));
        self.entry = Arc::new(entry);
    }

    /// Nobody answers any more.
    fn give_up(&mut self) {
        for of in BodyOf::ALL {
            let rest = self.rest(of);
            if matches!(rest, Rest::Asked { .. }) {
                *rest = Rest::Unasked;
            }
        }
    }
}

impl State {
    /// The selected run, with all of its bodies that is here.
    pub(super) fn in_view(&self) -> Option<&Arc<Entry>> {
        let selected = self.list.selected()?;
        let fuller = self.fuller.as_ref();
        let fuller = fuller.filter(|fuller| fuller.is_of(selected));
        Some(fuller.map_or(selected, |fuller| &fuller.entry))
    }

    /// Asks for the rest of the body that is shown.
    pub(super) fn ask_for_more(&mut self) -> Option<Effect> {
        let record = self.captured()?;
        let of = self.body_in_view();
        let (extent, name) = match of {
            BodyOf::Request => (record.cut.request, "request"),
            BodyOf::Response => (record.cut.response, "response"),
        };
        if extent == Extent::Whole {
            self.say(format!("all of the {name}'s body is here"));
            return None;
        }
        if let Some(why) = self.link.why_only_seen() {
            self.say(why.to_owned());
            return None;
        }
        let asked = self.load(of);
        if asked.is_none() {
            let end = self.end_of_body();
            self.say(end);
        }
        asked
    }

    /// Asks for the rest of a body of the selected run, unless that was done.
    pub(super) fn load(&mut self, of: BodyOf) -> Option<Effect> {
        let selected = Arc::clone(self.list.selected()?);
        let kept = self.fuller.take().filter(|fuller| fuller.is_of(&selected));
        let mut fuller = kept.unwrap_or_else(|| Fuller::new(&selected));
        let rest = fuller.rest(of);
        let is_new = matches!(rest, Rest::Unasked | Rest::Nowhere(_));
        if is_new {
            *rest = Rest::Asked { so_far: Vec::new() };
        }
        self.fuller = Some(fuller);
        is_new.then(|| self.ask(Fuller::question(selected.id, of)))?
    }

    /// Whether the rest of the request's body of the selected run is on its way.
    pub(super) fn is_loading(&self) -> bool {
        let fuller = self.fuller.as_ref();
        let fuller =
            fuller.filter(|fuller| self.selected().is_some_and(|entry| fuller.is_of(entry)));
        fuller.is_some_and(|fuller| matches!(fuller.request, Rest::Asked { .. }))
    }

    /// How a body ends that is shown and is not whole.
    pub(super) fn end_of_body(&self) -> String {
        const MORE: &str = "… and more";
        let selected = self.list.selected();
        let fuller = self.fuller.as_ref();
        let fuller = fuller.filter(|fuller| selected.is_some_and(|entry| fuller.is_of(entry)));
        let rest = fuller.map(|fuller| match self.body_in_view() {
            BodyOf::Request => &fuller.request,
            BodyOf::Response => &fuller.response,
        });
        match (rest, self.keymap.key(Action::More)) {
            (Some(Rest::Asked { .. }), _) => format!("{MORE}, which was asked for"),
            (Some(Rest::Here), _) => format!("{MORE}, which was not kept"),
            (Some(Rest::TooLong), _) => format!("{MORE}, too long to be shown here"),
            (Some(Rest::Nowhere(why)), _) => format!("{MORE}, which is not to be had: {why}"),
            (Some(Rest::Unasked) | None, Some(key)) if self.link.why_only_seen().is_none() => {
                format!("{MORE}: {key} asks for what is kept of it")
            }
            (Some(Rest::Unasked) | None, _) => format!("{MORE}, which is not here"),
        }
    }

    fn body_in_view(&self) -> BodyOf {
        match self.inspector.tab {
            Tab::Response => BodyOf::Response,
            _ => BodyOf::Request,
        }
    }

    /// Takes in a part of a body, or why there is none.
    pub(super) fn take_body(&mut self, at: BodyAt, part: Result<BodyPart, String>) {
        let part = part.as_ref().map_err(String::as_str);
        if let Some(fuller) = &mut self.fuller
            && fuller.entry.id == at.run
        {
            let next = fuller.take(at, part).map(Effect::Ask);
            self.to_do = next.or(self.to_do.take());
        }
        let resend = self.resend_of.take_if(|record| record.id == at.run);
        if let Some(record) = resend {
            match part {
                Ok(part) if part.is_whole => self.ask_resend(&record),
                Ok(_) => self.say_not_again(record.id, CUT),
                Err(why) => self.say_not_again(record.id, why),
            }
        }
        if at.of == BodyOf::Request && !self.is_loading() {
            let loaded = self.edits_loaded.take_if(|run| *run == at.run);
            // Whoever has moved on wants to edit it no more.
            let selected = self.selected().map(|entry| entry.id);
            if loaded.is_some() && loaded == selected {
                self.edit_loaded();
            }
        }
    }

    /// What is to be done that no key has asked for.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.to_do.take()
    }

    /// Nothing that was asked is answered any more.
    pub(super) fn give_up(&mut self) {
        self.to_do = None;
        self.edits_loaded = None;
        self.resend_of = None;
        self.sends_tried = false;
        if let Some(fuller) = &mut self.fuller {
            fuller.give_up();
        }
    }
}
