//! The words that several pages share.

use crate::{
    dashboard::{
        page::{Around, Page, Tone, waits},
        text::{self, fit},
    },
    observe::{Entry, Stage, Waits},
    run::{Outcome, RunRecord, Spent, StepRecord, Value},
};

/// How many columns of a value are shown beside its name.
const VALUE: usize = 400;

/// From how many columns on, the id has room beside what happened.
const ID_BESIDE: usize = 66;

/// A value as JSON, cut; what is absent says so.
pub fn value(value: Option<&Value>) -> (Tone, String) {
    match value {
        None => (Tone::Dim, "absent".to_owned()),
        // Long strings are cut before they are escaped.
        Some(Value::String(text)) if text.len() > 4 * VALUE => {
            let (head, _) = text::split(text, VALUE);
            (Tone::Plain, format!("{}…", Value::from(head)))
        }
        Some(value) => (Tone::Plain, fit(&value.to_string(), VALUE).into_owned()),
    }
}

/// The sign of a stage, and its tone.
pub fn sign(stage: Stage) -> (Tone, &'static str) {
    match stage {
        Stage::Queued => (Tone::Accent, "…"),
        Stage::Parked(_) => (Tone::Accent, "‖"),
        Stage::Running => (Tone::Accent, "»"),
        Stage::Dry => (Tone::Accent, "~"),
        Stage::Ended(Outcome::Succeeded) => (Tone::Good, "✓"),
        Stage::Ended(Outcome::Failed) => (Tone::Bad, "✗"),
        Stage::Ended(Outcome::Refused) => (Tone::Warn, "⊘"),
        Stage::Ended(Outcome::TimedOut) => (Tone::Bad, "◷"),
        Stage::Ended(Outcome::Cancelled) => (Tone::Warn, "⊗"),
        Stage::Ended(Outcome::Skipped) => (Tone::Dim, "="),
        Stage::Ended(Outcome::Dead) => (Tone::Bad, "†"),
    }
}

/// The tone of a status.
pub fn status(status: u16) -> Tone {
    match status {
        200..300 => Tone::Good,
        400..500 => Tone::Warn,
        500.. => Tone::Bad,
        _ => Tone::Accent,
    }
}

/// What heads every tab: how it ended, and why it did not succeed.
pub fn summary(page: &mut Page, entry: &Entry, around: &Around, columns: usize) {
    let (tone, sign) = sign(entry.stage);
    let line = page.line();
    line.put(tone, sign).put(Tone::Plain, " ");
    match entry.stage {
        Stage::Queued => line.put(tone, "waiting"),
        Stage::Parked(_) => line.put(tone, "parked"),
        Stage::Running => line.put(tone, "running"),
        Stage::Dry => line.put(tone, "dry-run: nothing was done"),
        Stage::Ended(outcome) => line.put(tone, &outcome.to_string()),
    };
    if let Some(status) = entry.status {
        line.put(Tone::Plain, "  ")
            .put(self::status(status), &status.to_string());
    }
    if let Some(took) = entry.took {
        line.put(Tone::Plain, &format!("  {}", text::duration(took)));
    }
    let id = format!("  {}", entry.id);
    if columns >= ID_BESIDE {
        line.put(Tone::Dim, &id);
    } else {
        page.line().put(Tone::Dim, &id).hang(2);
    }
    let record = entry.record.as_deref();
    if let Some(of) = record.and_then(|record| record.replay_of) {
        let what = match of.is_edited {
            true => "an edited copy of",
            false => "replay of",
        };
        page.line()
            .put(Tone::Dim, &format!("  {what} {}", of.run.short()));
    }
    replayed_as(page, around);
    if let Some(record) = record {
        times(page, record);
    }
    if let Some(error) = record.and_then(|record| record.error.as_ref()) {
        page.line()
            .put(Tone::Plain, "  ")
            .put(Tone::Bad, &error.message)
            .hang(2);
    }
    page.blank();
}

/// Which runs repeat it, and how these ended.
fn replayed_as(page: &mut Page, around: &Around) {
    if around.replays.is_empty() {
        return;
    }
    let line = page.line();
    line.put(Tone::Dim, "  replayed as").hang(4);
    for (index, replay) in around.replays.iter().enumerate() {
        let (tone, sign) = sign(replay.stage);
        let gap = if index == 0 { " " } else { ", " };
        line.put(Tone::Dim, gap)
            .put(tone, sign)
            .put(Tone::Dim, &format!(" {}", replay.run.short()));
        if replay.is_edited {
            line.put(Tone::Dim, " (edited)");
        }
    }
    if around.earlier > 0 {
        line.put(Tone::Dim, &format!(", {} before", around.earlier));
    }
}

/// What the time of a run went to, where one number does not tell it.
fn times(page: &mut Page, record: &RunRecord) {
    if let Some(answered) = record.answered {
        let (answered, ended) = (text::duration(answered), text::duration(record.duration));
        let told = format!("  answered after {answered}, and ended after {ended}");
        page.line().put(Tone::Dim, &told).hang(2);
    }
    // Of a run that was walked as long as it took there is nothing to be told apart.
    if let Some(spent) = record.spent.filter(Spent::was_mostly_idle) {
        let told = format!("  {}", spent.told(text::duration));
        page.line().put(Tone::Dim, &told).hang(2);
    }
}

/// Why a step failed, where [`summary`] has not said so already.
pub fn step_error<'r>(record: &'r RunRecord, step: &'r StepRecord) -> Option<&'r str> {
    let said = record.error.as_ref().map(|error| &*error.message);
    step.error.as_deref().filter(|error| Some(*error) != said)
}

/// Says that no flow has the path.
pub fn no_flow(page: &mut Page, entry: &Entry) {
    page.line()
        .put(Tone::Plain, "No flow has the path of ")
        .put(Tone::Strong, &format!("{} {}", entry.method, entry.path));
}

/// Says that nothing is known yet of a run.
pub fn no_record(page: &mut Page, entry: &Entry, waits: &Waits) {
    page.line().put(
        Tone::Plain,
        &format!("Accepted at {}.", text::timestamp(entry.at)),
    );
    match entry.stage {
        Stage::Running => {
            let told = "It is on its way: Steps shows how far, and its end shows the rest.";
            page.line().put(Tone::Dim, told);
        }
        Stage::Parked(due) => waits::write_parked(page, waits, due),
        _ => waits::write_turn(page, waits),
    }
}

/// Says why a record has no steps.
pub fn brief(page: &mut Page) {
    page.line().put(
        Tone::Warn,
        "Recorded without steps: more than 500 requests a second.",
    );
}
