use super::{Page, Tone};
use crate::{
    dashboard::{keymap::Keymap, keys::GROUPS},
    observe::FIELDS,
};

/// How wide the words of a filter are.
const WORDS: usize = 20;

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
    filter(&mut page);
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
        ("⊗", Tone::Warn, "cancelled"),
        ("†", Tone::Bad, "dead: tried as often as it may be"),
        (
            "=",
            Tone::Dim,
            "skipped: one like it came before, or its flow was busy",
        ),
        ("…", Tone::Accent, "waiting for its turn"),
        (
            "‖",
            Tone::Accent,
            "parked: a `delay`, or until its next try",
        ),
        (
            "~",
            Tone::Accent,
            "DRY: an edited request that was dry-run; no run, and not counted",
        ),
        ("◆", Tone::Accent, "marked last: d compares with it"),
        ("◇", Tone::Accent, "marked before"),
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
            "so many percent of the last minute's answers took at most that long",
        ),
        ("in flight", "requests that are being served"),
        ("waiting", "async runs that wait for their turn"),
        (
            "parked",
            "async runs that are put aside: a `delay`, or until the next try",
        ),
        (
            "brief",
            "recorded without steps since the start: too many at once",
        ),
        (
            "missed",
            "served, but not shown here: they came too fast for this dashboard",
        ),
        (
            "dropped",
            "records since the start that came too fast for one of those who watch",
        ),
        (
            "unrecorded",
            "served and counted since the start, but not recorded: too many at once",
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

/// The words of a filter, from the table that they are looked up in.
fn filter(page: &mut Page) {
    page.heading("Filter");
    let mut word = |word: &str, meaning: &str| {
        page.line()
            .put(Tone::Strong, &format!("  {word}"))
            .fill_to(WORDS)
            .put(Tone::Plain, meaning)
            .hang(WORDS);
    };
    for field in FIELDS {
        word(field.example, field.help);
    }
    word(
        "deploy \"my flow\"",
        "text in id, flow, method, path, peer, headers, variables, branches taken or error (up to \
         64 KiB of a run)",
    );
    word("a b", "both hold");
    word(
        "a|b  a | b",
        "one of them holds; between terms, | has blanks",
    );
    word("!a", "it does not hold");
    word("*  =", "anything; the whole value, not a part of it");
}
