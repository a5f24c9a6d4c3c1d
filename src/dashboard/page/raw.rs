use super::{Page, Tone};
use crate::{observe::record_json, run::RunRecord};

pub(super) fn write(page: &mut Page, record: &RunRecord) {
    match serde_json::to_string_pretty(&record_json(record)) {
        Ok(text) => page.text(Tone::Plain, 0, &text),
        Err(error) => page.text(Tone::Bad, 0, &error.to_string()),
    }
}
