use ratatui::{buffer::Buffer, layout::Rect};

use super::paint;
use crate::{
    dashboard::{
        bars,
        page::{Row, Tone},
        state::{Screen, State},
        text,
        theme::Theme,
    },
    observe::Rates,
};

/// Between what stands at the left and what stands at the right.
const GAP: usize = 3;

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    match area.height {
        0 => {}
        1 => {
            let mut row = Row::new();
            say_standing(&mut row, state);
            if state.screen != Screen::Live {
                append(
                    &mut row,
                    vec![part(Tone::Accent, state.screen.title())],
                    columns,
                );
            }
            append(&mut row, numbers(state), columns);
            paint::row(&row, 0, area, theme, buffer);
        }
        _ => {
            paint::row(&server(state, columns), 0, area, theme, buffer);
            let mut row = Row::new();
            paint::say(&mut row, Tone::Accent, &sparkline(state, columns));
            append(&mut row, numbers(state), columns);
            paint::row(&row, 1, area, theme, buffer);
        }
    }
}

fn standing(state: &State) -> (Tone, &'static str, &'static str) {
    if state.link.lost().is_some() {
        (Tone::Bad, "○", "out of reach")
    } else if state.draining {
        (Tone::Warn, "◐", "draining")
    } else if state.loaded.is_none() {
        (Tone::Dim, "○", "starting")
    } else if state.rejected.is_some() {
        (Tone::Bad, "●", "serving, file broken")
    } else {
        (Tone::Good, "●", "serving")
    }
}

// The badge first: it says how much of the rest holds now.
fn say_standing(row: &mut Row, state: &State) {
    let badge_tone = match state.link.lost() {
        Some(_) => Tone::Bad,
        None => Tone::Accent,
    };
    paint::say(row, badge_tone, state.link.badge());
    let (tone, sign, word) = standing(state);
    paint::say(row, tone, &format!(" {sign} {word}"));
}

fn server(state: &State, columns: usize) -> Row {
    let mut row = Row::new();
    say_standing(&mut row, state);
    let mut parts = vec![part(Tone::Strong, &state.file)];
    if let Some(loaded) = &state.loaded {
        let age = text::age(state.now.since(loaded.at));
        parts.push(part(Tone::Plain, &format!("rev {}", loaded.revision)));
        parts.push(part(Tone::Dim, &format!("{age} old")));
    }
    let mut right = screens(state.screen);
    let least = GAP + paint::width(&right);
    // The names of all screens go before the age; which of them it is goes before anything else.
    let named: usize = parts
        .iter()
        .take(2)
        .map(|part| 2 + paint::width(part))
        .sum();
    let least = if paint::width(&row) + named + least <= columns {
        least
    } else {
        right = part(Tone::Accent, &shown(state.screen));
        match state.screen {
            Screen::Live => 0,
            _ => GAP + paint::width(&right),
        }
    };
    append(&mut row, parts, columns.saturating_sub(least));
    if let Some(loaded) = &state.loaded {
        let listening = part(Tone::Dim, &loaded.listening.join("  "));
        let used = paint::width(&row) + GAP + paint::width(&right) + GAP;
        if used + paint::width(&listening) <= columns {
            paint::say(&mut right, Tone::Plain, &" ".repeat(GAP));
            right.extend(listening);
        }
    }
    let gap = columns.saturating_sub(paint::width(&row) + paint::width(&right));
    if gap >= GAP {
        paint::say(&mut row, Tone::Plain, &" ".repeat(gap));
        row.append(&mut right);
    }
    row
}

// All screens, that one in brackets.
fn screens(current: Screen) -> Row {
    let mut row = Row::new();
    for screen in Screen::ALL {
        if !row.is_empty() {
            paint::say(&mut row, Tone::Plain, " ");
        }
        if screen == current {
            paint::say(&mut row, Tone::Accent, &shown(screen));
        } else {
            let name = format!("{} {}", screen.number(), screen.title());
            paint::say(&mut row, Tone::Dim, &name);
        }
    }
    row
}

fn shown(screen: Screen) -> String {
    format!("[{} {}]", screen.number(), screen.title())
}

// The last minute; where there is little room, a bar is of several seconds.
fn sparkline(state: &State, columns: usize) -> String {
    let seconds = match columns {
        150.. => 1,
        60.. => 2,
        _ => 6,
    };
    let counts: Vec<u64> = state
        .rates
        .per_second(Rates::SECONDS, state.now)
        .chunks(seconds)
        .map(|counts| counts.iter().sum())
        .collect();
    bars::row(&counts)
}

// The most important first: what there is no room for is left out.
fn numbers(state: &State) -> Vec<Row> {
    let mut all = Vec::new();
    let mut say = |tone, name: &str, value: &str| {
        let mut row = Row::new();
        if !name.is_empty() {
            paint::say(&mut row, Tone::Dim, &format!("{name} "));
        }
        paint::say(&mut row, tone, value);
        all.push(row);
    };
    let rate = state.rates.now().unwrap_or(0.0);
    say(Tone::Strong, "", &text::rate(rate));
    let shares = state.rates.shares();
    let percentiles = state.rates.percentiles();
    if let Some(shares) = shares.filter(|shares| shares.failed > 0.0) {
        say(Tone::Bad, "failed", &text::percent(shares.failed));
    }
    if let Some(shares) = shares.filter(|shares| shares.refused > 0.0) {
        say(Tone::Warn, "refused", &text::percent(shares.refused));
    }
    if state.missed > 0 {
        say(Tone::Warn, "missed", &text::count(state.missed));
    }
    let latest = state.rates.latest();
    let queue = latest.map_or([0, 0], |latest| [latest.waiting, latest.parked]);
    for (name, count) in ["waiting", "parked"].into_iter().zip(queue) {
        if count > 0 {
            say(Tone::Plain, name, &text::count(count));
        }
    }
    if let Some(times) = percentiles {
        say(Tone::Plain, "p50", &text::duration(times.p50));
        say(Tone::Plain, "p95", &text::duration(times.p95));
        say(Tone::Plain, "p99", &text::duration(times.p99));
    }
    let Some(latest) = latest else {
        return all;
    };
    for (name, count, tone) in [
        ("in flight", latest.in_flight, Tone::Plain),
        ("dropped", latest.dropped, Tone::Warn),
        ("unrecorded", latest.skipped, Tone::Warn),
        ("brief", latest.brief, Tone::Warn),
    ] {
        if count > 0 {
            say(tone, name, &text::count(count));
        }
    }
    all
}

fn part(tone: Tone, text: &str) -> Row {
    let mut row = Row::new();
    paint::say(&mut row, tone, text);
    row
}

fn append(row: &mut Row, parts: Vec<Row>, columns: usize) {
    for mut part in parts {
        if paint::width(row) + 2 + paint::width(&part) > columns {
            break;
        }
        if !row.is_empty() {
            paint::say(row, Tone::Plain, "  ");
        }
        row.append(&mut part);
    }
}
