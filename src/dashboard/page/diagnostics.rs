use super::{Page, Tone};
use crate::{
    dashboard::{state::Complaint, text},
    event::{Reason, Rejected},
};

/// What is wrong with the file, and with the one that says how the dashboard looks, as `check`
/// prints it.
pub fn diagnostics(rejected: Option<&Rejected>, complaint: Option<&Complaint>) -> Page {
    let mut page = Page::default();
    if let Some(rejected) = rejected {
        write(&mut page, rejected);
    }
    if let Some(complaint) = complaint {
        page.blank();
        page.line()
            .put(Tone::Dim, "This dashboard does without what is wrong here:");
        page.blank();
        page.text(Tone::Plain, 0, &complaint.rendered);
    }
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
