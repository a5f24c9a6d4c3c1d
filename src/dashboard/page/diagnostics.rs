use super::{Page, Tone};
use crate::{dashboard::text, event::Rejected};

/// What is wrong with the file, as `check` prints it.
pub fn diagnostics(rejected: &Rejected) -> Page {
    let mut page = Page::default();
    page.line()
        .put(Tone::Bad, &text::plural(rejected.errors, "error"))
        .put(
            Tone::Dim,
            &format!(" in what was saved at {}", text::timestamp(rejected.at)),
        );
    page.blank();
    page.text(Tone::Plain, 0, &rejected.rendered);
    page
}
