//! How much of bodies is told, and how much is kept.

use super::TRUNCATED;
use crate::run::{Outcome, RunRecord, Value};

/// How much of a body is told to viewers, and kept of a run that nobody has to look into, in bytes.
pub const SHOWN_BODY: usize = 64 << 10;
/// How much of a body is kept of a run that somebody may have to look into, or do again, in bytes.
pub const KEPT_BODY: usize = 1 << 20;

/// How much of its bodies the history keeps of a run: most of those that were queued, or failed.
pub(super) fn kept_bodies(record: &RunRecord) -> usize {
    let is_sync = record.flow.as_deref().is_some_and(|flow| flow.sync);
    match record.outcome {
        // Whoever is not let in may send as many as they like.
        Outcome::Refused | Outcome::Skipped => SHOWN_BODY,
        Outcome::Failed
            if record
                .error
                .as_ref()
                .is_none_or(|error| error.step.is_none()) =>
        {
            SHOWN_BODY
        }
        // There may be many a second, and none of them was waited for by the disk.
        Outcome::Succeeded if is_sync && record.continues.is_none() => SHOWN_BODY,
        _ => KEPT_BODY,
    }
}

/// Whether one of its bodies is larger than what is kept of every run.
pub fn has_large_body(record: &RunRecord) -> bool {
    let reply = record.reply.as_ref().map_or(0, |reply| reply.body.len());
    record.request.body.len().max(reply) > SHOWN_BODY
}

/// Cuts the bodies of a record, as [`super::record_json`] wrote it, to what is told.
pub fn cut_bodies(record: &mut Value) {
    for name in ["request", "response"] {
        let Some(message) = record.get_mut(name).and_then(Value::as_object_mut) else {
            continue;
        };
        let cut = match message.get_mut("body") {
            Some(Value::String(text)) => cut(text, SHOWN_BODY),
            Some(Value::Object(bytes)) => match bytes.get_mut("base16") {
                Some(Value::String(digits)) => cut(digits, 2 * SHOWN_BODY),
                _ => false,
            },
            _ => false,
        };
        if cut {
            message.insert(TRUNCATED.to_owned(), true.into());
        }
    }
}

/// Whether there was more of it.
fn cut(text: &mut String, most: usize) -> bool {
    let is_long = text.len() > most;
    text.truncate(text.floor_char_boundary(most));
    is_long
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_told_of_a_long_body_is_its_beginning_and_how_long_it_was() {
        let message = |body: Value, is_cut: bool| json!({ "body": body, "truncated": is_cut, "bytes": 70_000 });
        let text = |length: usize| Value::from(format!("x{}", "ü".repeat(length)));
        let bytes = |length: usize| json!({ "base16": "0f".repeat(length) });
        let mut record = json!({
            "request": message(text(40_000), false),
            "response": message(bytes(70_000), false),
        });
        cut_bodies(&mut record);
        let cut = json!({
            "request": message(text(32_767), true),
            "response": message(bytes(65_536), true),
        });
        assert_eq!(record, cut);
        cut_bodies(&mut record);
        assert_eq!(record, cut);
        let mut queued = json!({ "request": message("a".into(), false), "response": null });
        cut_bodies(&mut queued);
        let same = json!({ "request": message("a".into(), false), "response": null });
        assert_eq!(queued, same);
    }
}
