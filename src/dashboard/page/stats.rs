use std::time::Duration;

use super::{Page, Tone};
use crate::{
    dashboard::{bars, text},
    event::TallySnapshot,
    observe::{Ended, Moment, Percentiles, Rates},
    run::Outcome,
};

/// How wide a name is, with the blanks behind it.
const NAME: usize = 13;
/// How wide a single number is.
const NUMBER: usize = 9;
/// How wide a column of a table is, where there is room for two, and where there is little.
const WIDE: usize = 18;
const NARROW: usize = 12;
/// How much of such a column a share takes.
const SHARE: usize = 6;
/// How many rows the bars are high.
const HEIGHT: usize = 3;
/// What stands where something is not known.
const UNKNOWN: &str = "-";

/// How much, how fast and how well, for so many columns.
pub fn stats(rates: &Rates, now: Moment, columns: usize) -> Page {
    let mut page = Page::default();
    rate(&mut page, rates, now, columns);
    let spans = [
        ("last minute", rates.last_minute()),
        ("since start", rates.latest().map(Ended::until)),
    ];
    let column = if columns < NAME + spans.len() * WIDE {
        NARROW
    } else {
        WIDE
    };
    latency(&mut page, &spans, column);
    outcomes(&mut page, &spans, column);
    counters(&mut page, rates.latest());
    process(&mut page, rates.latest());
    page
}

/// What ended, and within which time.
type Span<'a> = (&'a str, Option<Ended>);

fn rate(page: &mut Page, rates: &Rates, now: Moment, columns: usize) {
    let line = page.heading("Requests");
    let rate = rates.now().map(text::rate);
    line.put(
        Tone::Strong,
        &format!("  {}", rate.as_deref().unwrap_or(UNKNOWN)),
    )
    .put(Tone::Dim, " now");
    let Some((long, over)) = rates.long() else {
        return;
    };
    line.put(Tone::Plain, &format!("  {}", text::rate(long)))
        .put(Tone::Dim, &format!(" over {}", text::age(over)));
    // Whole seconds to a bar, as few as reach back as far as it is known at most.
    let columns = columns.max(1);
    let seconds = (Rates::HISTORY / columns).max(1);
    let known = over.as_secs() as usize / seconds;
    let bars = known.min(columns).min(Rates::HISTORY / seconds);
    let counts = rates.bars(bars, seconds, now);
    for row in bars::rows(&counts, HEIGHT) {
        page.line()
            .put(Tone::Accent, &text::pad_left(&row, columns));
    }
    let most = counts.iter().flatten().copied().max().unwrap_or(0) as f64 / seconds as f64;
    let line = page.line();
    line.put(
        Tone::Dim,
        &format!(
            "{} a bar; the highest is {}",
            text::plural(seconds, "second"),
            text::rate(most)
        ),
    );
    if counts.contains(&None) {
        line.put(Tone::Warn, "; where there is none, nothing was heard");
    }
}

fn table(page: &mut Page, title: &str, spans: &[Span<'_>], column: usize) {
    let heading = page.heading(title);
    heading.fill_to(NAME);
    for (span, _) in spans {
        heading.put(Tone::Dim, &text::pad_left(span, column));
    }
}

fn latency(page: &mut Page, spans: &[Span<'_>], column: usize) {
    table(page, "Latency", spans, column);
    type Time = fn(&Percentiles) -> Duration;
    let times: [(&str, Time); 5] = [
        ("p50", |times| times.p50),
        ("p90", |times| times.p90),
        ("p95", |times| times.p95),
        ("p99", |times| times.p99),
        ("max", |times| times.max),
    ];
    for (name, time) in times {
        let line = page.line();
        line.put(Tone::Plain, name).fill_to(NAME);
        for (_, ended) in spans {
            let times = ended.as_ref().and_then(Ended::percentiles);
            let shown = times.map(|times| text::duration(time(&times)));
            let shown = shown.as_deref().unwrap_or(UNKNOWN);
            line.put(Tone::Plain, &text::pad_left(shown, column));
        }
    }
    page.line().put(
        Tone::Dim,
        "So many percent of the answers took at most that long; it is told up to an eighth too high.",
    );
}

fn outcomes(page: &mut Page, spans: &[Span<'_>], column: usize) {
    table(page, "Outcomes", spans, column);
    for outcome in Outcome::ALL {
        let line = page.line();
        line.put(Tone::Plain, &outcome.to_string()).fill_to(NAME);
        for (_, ended) in spans {
            let count = ended.as_ref().map(|ended| ended.count(outcome));
            let share = ended.as_ref().and_then(|ended| ended.share(outcome));
            let tone = match (outcome, count) {
                (_, None | Some(0)) => Tone::Dim,
                (Outcome::Refused, _) => Tone::Warn,
                (outcome, _) if outcome.is_success() => Tone::Plain,
                _ => Tone::Bad,
            };
            let count = count.map_or_else(|| UNKNOWN.to_owned(), |count| count.to_string());
            let share = share.map_or_else(|| UNKNOWN.to_owned(), text::percent);
            line.put(tone, &text::pad_left(&count, column - SHARE))
                .put(Tone::Dim, &text::pad_left(&share, SHARE));
        }
    }
}

type Counter = fn(&TallySnapshot) -> u64;

fn counters(page: &mut Page, latest: Option<&TallySnapshot>) {
    let queue: [(&str, Counter, &str); 4] = [
        (
            "waiting",
            |all| all.waiting,
            "async runs that wait for their turn",
        ),
        (
            "parked",
            |all| all.parked,
            "async runs that are put aside, by a `delay` or until their next try",
        ),
        (
            "in flight",
            |all| all.in_flight,
            "requests that are being served",
        ),
        (
            "dead",
            |all| all.dead,
            "runs whose tries are spent, kept until they are replayed or removed",
        ),
    ];
    let records: [(&str, Counter, &str); 3] = [
        (
            "dropped",
            |all| all.dropped,
            "records since the start that came too fast for one of those who watch",
        ),
        (
            "brief",
            |all| all.brief,
            "records since the start that have no steps: too many runs came at once",
        ),
        (
            "unrecorded",
            |all| all.unrecorded,
            "requests since the start that were counted and not recorded: too many came at once",
        ),
    ];
    for (title, counters) in [("Queue", &queue[..]), ("Records", &records[..])] {
        page.heading(title);
        for (name, count, meaning) in counters {
            let count = latest.map_or_else(|| UNKNOWN.to_owned(), |all| count(all).to_string());
            put(page, name, &count, meaning);
        }
    }
}

fn process(page: &mut Page, latest: Option<&TallySnapshot>) {
    let process = latest.and_then(|latest| latest.process);
    let memory = process.and_then(|process| process.memory);
    let memory = memory.and_then(|bytes| usize::try_from(bytes).ok());
    let memory = memory.map_or_else(|| UNKNOWN.to_owned(), text::bytes);
    let uptime = process.map_or_else(|| UNKNOWN.to_owned(), |process| text::age(process.uptime));
    page.heading("Server");
    put(page, "memory", &memory, "that is resident");
    put(page, "uptime", &uptime, "since it was started");
}

fn put(page: &mut Page, name: &str, value: &str, meaning: &str) {
    page.line()
        .put(Tone::Dim, name)
        .fill_to(NAME)
        .put(Tone::Strong, &text::pad_left(value, NUMBER))
        .put(Tone::Dim, &format!("  {meaning}"))
        .hang(NAME + NUMBER + 2);
}
