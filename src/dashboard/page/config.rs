use super::{Page, Tone, diagnostics};
use crate::{
    dashboard::text,
    event::{Loaded, Reason, Rejected},
    observe::{Became, Moment, Reload, Reloads},
};

/// Where the values begin.
const VALUES: usize = 12;

/// What is served, where it was read, what is wrong with what was saved since, and what became of
/// the file each time that it was read.
pub fn config(
    loaded: Option<&Loaded>,
    rejected: Option<&Rejected>,
    reloads: &Reloads,
    now: Moment,
) -> Page {
    let mut page = Page::default();
    match loaded {
        Some(loaded) => served(&mut page, loaded, now),
        None => {
            page.line().put(Tone::Dim, "Nothing is served yet.");
        }
    }
    if let Some(rejected) = rejected {
        page.heading("What is wrong");
        diagnostics::write(&mut page, rejected);
    }
    page.heading("Reloads");
    let mut is_empty = true;
    for reload in reloads.newest_first() {
        is_empty = false;
        write(&mut page, reload, now);
    }
    if is_empty {
        page.line().put(Tone::Dim, "-");
    }
    page
}

fn served(page: &mut Page, loaded: &Loaded, now: Moment) {
    let mut say = |name: &str, tone: Tone, value: &str, beside: &str| {
        page.line()
            .put(Tone::Dim, name)
            .fill_to(VALUES)
            .put(tone, value)
            .put(Tone::Dim, beside)
            .hang(VALUES);
    };
    let age = text::age(now.since(loaded.at));
    let since = text::timestamp(loaded.at);
    say(
        "revision",
        Tone::Strong,
        &loaded.revision,
        &format!("  live for {age}, since {since}"),
    );
    match &loaded.commit {
        Some(commit) => say(
            "commit",
            Tone::Plain,
            commit.get(..12).unwrap_or(commit),
            "  checked out when the file was read",
        ),
        None => say("commit", Tone::Plain, "-", ""),
    }
    for (index, file) in loaded.files.iter().enumerate() {
        let name = if index == 0 { "files" } else { "" };
        say(name, Tone::Plain, file, "");
    }
    say("flows", Tone::Plain, &loaded.flows.len().to_string(), "");
    for (index, address) in loaded.listening.iter().enumerate() {
        let name = if index == 0 { "listens at" } else { "" };
        say(name, Tone::Plain, address, "");
    }
}

fn write(page: &mut Page, reload: &Reload, now: Moment) {
    let line = page.line();
    line.put(Tone::Dim, &text::clock(reload.at, now.wall))
        .fill_to(10);
    match &reload.became {
        Became::Live { revision, flows } => line
            .put(Tone::Good, "✓ ")
            .put(Tone::Plain, &format!("{revision} live"))
            .put(Tone::Dim, &format!(", {}", text::plural(*flows, "flow"))),
        Became::Rejected {
            reason,
            errors,
            location,
            message,
        } => {
            let what = match reason {
                Reason::Broken => text::plural(*errors, "error"),
                Reason::Blocked => reason.to_string(),
            };
            let location = location.as_ref().map(|location| format!("{location}: "));
            line.put(Tone::Bad, &format!("✗ {what}")).put(
                Tone::Plain,
                &format!("  {}{message}", location.unwrap_or_default()),
            )
        }
    };
    line.hang(VALUES);
}
