use super::{Page, Tone};
use crate::dashboard::keys::GROUPS;

/// All keys, from the table that they are looked up in.
pub fn help() -> Page {
    let mut page = Page::default();
    for group in GROUPS {
        page.heading(group.title);
        for binding in group.bindings {
            if !binding.help.is_empty() {
                page.line()
                    .put(Tone::Strong, &format!("  {}", binding.shown))
                    .fill_to(14)
                    .put(Tone::Plain, binding.help)
                    .hang(14);
            }
        }
    }
    page.heading("Signs");
    for (sign, tone, meaning) in [
        ("✓", Tone::Good, "succeeded"),
        ("✗", Tone::Bad, "failed"),
        (
            "⊘",
            Tone::Warn,
            "refused: no such path, wrong credentials, unreadable",
        ),
        ("◷", Tone::Bad, "timed out"),
        ("■", Tone::Warn, "cancelled"),
        ("…", Tone::Accent, "queued; nothing was heard of its end"),
    ] {
        page.line()
            .put(Tone::Plain, "  ")
            .put(tone, sign)
            .fill_to(14)
            .put(Tone::Plain, meaning)
            .hang(14);
    }
    page
}
