use ratatui::{buffer::Buffer, layout::Rect};

use super::{paint, server::Server};
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

/// Behind what is not all of it.
pub(super) const CUT: &str = " …";

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    match area.height {
        0 => {}
        1 => {
            let mut row = Row::new();
            say_standing(&mut row, state, columns);
            let mut parts = numbers(state);
            if state.screen != Screen::Live {
                parts.insert(0, part(Tone::Accent, state.screen.title()));
            }
            append(&mut row, parts, columns, 0);
            paint::row(&row, 0, area, theme, buffer);
        }
        _ => {
            let server = Server::new(state, columns);
            paint::row(&server.row, 0, area, theme, buffer);
            let mut row = Row::new();
            paint::say(&mut row, Tone::Accent, &sparkline(state, columns));
            let mut parts = numbers(state);
            parts.extend(server.below);
            append(&mut row, parts, columns, 0);
            paint::row(&row, 1, area, theme, buffer);
        }
    }
}

fn standing(state: &State) -> (Tone, &'static str, String) {
    let (tone, sign, word) = if state.link.lost().is_some() {
        (Tone::Bad, "○", "out of reach")
    } else if state.link.is_recording() {
        // How it stood says nothing of how it stands.
        let word = match state.link.recorded() {
            Some(at) => format!("until {}", text::minute(at)),
            None => "a recording".to_owned(),
        };
        return (Tone::Dim, "○", word);
    } else if state.draining {
        (Tone::Warn, "◐", "draining")
    } else if state.loaded.is_none() {
        (Tone::Dim, "○", "starting")
    } else if state.rejected.is_some() {
        (Tone::Bad, "●", "serving, file broken")
    } else {
        (Tone::Good, "●", "serving")
    };
    (tone, sign, word.to_owned())
}

// The badge first: it says how much of the rest holds now.
pub(super) fn say_standing(row: &mut Row, state: &State, columns: usize) {
    let badge_tone = match state.link.lost() {
        Some(_) => Tone::Bad,
        None => Tone::Accent,
    };
    paint::say(row, badge_tone, state.link.badge());
    let (tone, sign, word) = standing(state);
    let room = columns.saturating_sub(paint::width(row));
    paint::say(row, tone, &text::fit(&format!(" {sign} {word}"), room));
}

/// The screen whose name stands there, if one does.
pub(super) fn screen(state: &State, area: Rect, (column, row): (u16, u16)) -> Option<Screen> {
    if area.height < 2 || row != area.y {
        return None;
    }
    let column = usize::from(column - area.x);
    let server = Server::new(state, usize::from(area.width));
    let mut names = server.names.into_iter();
    let found = names.find(|(_, place)| place.contains(&column));
    found.map(|(screen, _)| screen)
}

// The last minute; where there is little room, a bar is of several seconds.
pub(super) fn sparkline(state: &State, columns: usize) -> String {
    let seconds = match columns {
        150.. => 1,
        110.. => 2,
        60.. => 4,
        _ => 6,
    };
    let bars = Rates::SECONDS / seconds;
    bars::row(&state.rates.bars(bars, seconds, state.now))
}

// The most important first: what there is no room for is left out.
pub(super) fn numbers(state: &State) -> Vec<Row> {
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
    if let Some(shares) = shares.filter(|shares| shares.failed > 0) {
        say(Tone::Bad, "failed", &text::share(shares.failed, shares.of));
    }
    if let Some(shares) = shares.filter(|shares| shares.refused > 0) {
        let refused = text::share(shares.refused, shares.of);
        say(Tone::Warn, "refused", &refused);
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
        ("unrecorded", latest.unrecorded, Tone::Warn),
        ("brief", latest.brief, Tone::Warn),
    ] {
        if count > 0 {
            say(tone, name, &text::count(count));
        }
    }
    all
}

pub(super) fn part(tone: Tone, text: &str) -> Row {
    let mut row = Row::new();
    paint::say(&mut row, tone, text);
    row
}

// As many as there is room for, and a sign where that is not all, which may take `spare` columns
// more.
pub(super) fn append(row: &mut Row, parts: Vec<Row>, columns: usize, spare: usize) {
    let last = parts.len().saturating_sub(1);
    let signed = (columns + spare).saturating_sub(text::width(CUT));
    for (index, mut part) in parts.into_iter().enumerate() {
        let room = if index == last {
            columns
        } else {
            columns.min(signed)
        };
        if paint::width(row) + 2 + paint::width(&part) > room {
            if paint::width(row) <= signed {
                paint::say(row, Tone::Dim, CUT);
            }
            return;
        }
        if !row.is_empty() {
            paint::say(row, Tone::Plain, "  ");
        }
        row.append(&mut part);
    }
}
