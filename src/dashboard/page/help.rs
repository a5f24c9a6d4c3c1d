use super::{Page, Tone};
use crate::dashboard::{keymap::Keymap, keys::GROUPS};

/// All keys, from the table that they are looked up in.
pub fn help(keymap: &Keymap) -> Page {
    let mut page = Page::default();
    for group in GROUPS {
        page.heading(group.title);
        for binding in group.bindings {
            if !binding.help.is_empty() {
                page.line()
                    .put(Tone::Strong, &format!("  {}", keymap.shown(binding)))
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
        ("…", Tone::Accent, "queued; nothing was heard of its end"),
    ] {
        page.line()
            .put(Tone::Plain, "  ")
            .put(tone, sign)
            .fill_to(14)
            .put(Tone::Plain, meaning)
            .hang(14);
    }
    page.heading("The numbers above");
    for (name, meaning) in [
        (
            "1.2/s",
            "requests a second, now; the bars are the last minute",
        ),
        ("failed", "how many of the last minute's requests failed"),
        ("refused", "how many of them were refused"),
        (
            "p50 …",
            "so many percent of the last minute's runs took at most that long",
        ),
        ("in flight", "requests that are being served"),
        ("queued", "async runs that wait for a worker"),
        (
            "brief",
            "recorded without steps since the start: too many at once",
        ),
        (
            "dropped",
            "not shown here since the start, but served: too many at once",
        ),
    ] {
        page.line()
            .put(Tone::Strong, &format!("  {name}"))
            .fill_to(14)
            .put(Tone::Plain, meaning)
            .hang(14);
    }
    page
}
