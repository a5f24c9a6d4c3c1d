use super::{Page, Tone};
use crate::{
    dashboard::text,
    event::{Reason, Rejected},
};

/// What is wrong with the file, as `check` prints it.
pub fn diagnostics(rejected: &Rejected) -> Page {
    let mut page = Page::default();
    write(&mut page, rejected);
    page
}

pub(super) fn write(page: &mut Page, rejected: &Rejected) {
    let at = text::timestamp(rejected.at);
    let line = page.line();
    match rejected.reason {
        Reason::Broken => line
            .put(Tone::Bad, &text::plural(rejected.errors, "error"))
            .put(Tone::Dim, &format!(" in what was saved at {at}")),
        Reason::Blocked => line.put(
            Tone::Dim,
            &format!("What was saved at {at} is sound, but it cannot go live:"),
        ),
    };
    page.blank();
    page.text(Tone::Plain, 0, &rejected.rendered);
}
