use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, paint};
use crate::{
    dashboard::{
        page::{Page, Row, Tone, sign, status},
        state::{Focus, State},
        text::{self, pad, pad_left, width},
        theme::Theme,
    },
    observe::{Entry, Moment, Stage},
};

/// How wide each column is; none where there is no room for it.
struct Columns {
    flow: usize,
    method: usize,
    path: usize,
    taken: usize,
    id: usize,
}

/// Glyphs of the selection and of a mark, time, sign, status, duration, and the blanks behind them.
const FIXED: usize = 2 + 9 + 2 + 4 + 7;

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let rows = layout::rows(area);
    let list = &state.list;
    let end = (list.top + usize::from(rows.height)).min(list.rows.len());
    let in_sight = &list.rows[list.top.min(end)..end];
    let columns = Columns::new(usize::from(area.width), in_sight);
    match area.height - rows.height {
        0 => {}
        1 => paint::title(title(state), area, theme, buffer),
        _ => {
            paint::title(title(state), area, theme, buffer);
            paint::row(&columns.headings(), 1, area, theme, buffer);
        }
    }
    if in_sight.is_empty() {
        let mut page = Page::default();
        let told = "  no run gets through the filter; Esc clears it";
        page.line().put(Tone::Dim, told).hang(2);
        let told = page.rows(usize::from(rows.width));
        for (down, row) in told.iter().enumerate() {
            paint::row(row, down, rows, theme, buffer);
        }
    }
    let selected = list.selected_index();
    for (down, entry) in in_sight.iter().enumerate() {
        let is_selected = selected == Some(list.top + down);
        let mark = match list.runs.marked() {
            Some(marked) if marked.seq == entry.seq => "◆",
            _ if list.runs.is_pinned(entry.seq) => "◇",
            _ => " ",
        };
        let row = columns.row(entry, is_selected, mark, state.now);
        if is_selected {
            let style = theme.selected(state.focus == Focus::List && state.overlay.is_none());
            paint::row_in(&row, style, down, rows, buffer);
        } else {
            paint::row(&row, down, rows, theme, buffer);
        }
    }
}

fn title(state: &State) -> Row {
    let list = &state.list;
    let mut row = Row::new();
    let focused = state.focus == Focus::List;
    paint::say(
        &mut row,
        if focused { Tone::Accent } else { Tone::Plain },
        "Runs",
    );
    // A dry-run stands among them, and is none.
    let runs = list.rows.iter().filter(|entry| entry.stage != Stage::Dry);
    paint::say(&mut row, Tone::Plain, &format!(" {}", runs.count()));
    match list.waiting() {
        Some(waiting) => {
            let waiting = text::count(waiting);
            paint::say(
                &mut row,
                Tone::Warn,
                &format!(" · frozen, {waiting} waiting"),
            );
        }
        None if list.is_following() => paint::say(&mut row, Tone::Dim, " · following"),
        None => paint::say(&mut row, Tone::Warn, " · paused, f follows"),
    }
    if !list.filter.is_empty() {
        let filter = text::fit(list.filter.as_str(), 40).into_owned();
        paint::say(&mut row, Tone::Accent, &format!(" · {filter}"));
    }
    row
}

impl Columns {
    fn new(columns: usize, entries: &[std::sync::Arc<Entry>]) -> Self {
        let widest = |title: &str, text: fn(&Entry) -> &str| {
            entries
                .iter()
                .map(|entry| width(text(entry)))
                .fold(width(title), usize::max)
        };
        let mut left = columns.saturating_sub(FIXED);
        let id = take(&mut left, if columns >= 78 { 8 } else { 0 });
        let method = widest("", |entry| &entry.method).clamp(4, 7);
        let method = take(&mut left, if columns >= 78 { method } else { 0 });
        let flow = take(&mut left, widest("flow", |entry| &entry.flow).min(16));
        let path = widest("path", |entry| &entry.path);
        let taken = widest("branches", |entry| &entry.taken);
        // The path of a flow is known from its name: where only one has room, it is the branch.
        let (path, taken) = match left.saturating_sub(1) {
            room if path + taken < room => (path, taken),
            room @ 0..32 => (0, room),
            room => {
                let taken = taken.min(room * 3 / 5);
                (room - taken - 1, taken)
            }
        };
        Self {
            flow,
            method,
            path,
            taken,
            id,
        }
    }

    fn headings(&self) -> Row {
        let mut row = Row::new();
        let mut cell = |text: &str, columns: usize| {
            if columns > 0 {
                paint::say(&mut row, Tone::Dim, &pad(text, columns));
                paint::say(&mut row, Tone::Dim, " ");
            }
        };
        cell("", 1);
        cell("came UTC", 8);
        cell("status", 6);
        cell("  took", 6);
        cell("flow", self.flow);
        cell("", self.method);
        cell("path", self.path);
        cell("branches", self.taken);
        cell("id", self.id);
        row
    }

    fn row(&self, entry: &Entry, selected: bool, mark: &str, now: Moment) -> Row {
        let mut row = Row::new();
        paint::say(&mut row, Tone::Plain, if selected { "▸" } else { " " });
        paint::say(&mut row, Tone::Accent, mark);
        let mut cell = |tone, text: &str, columns: usize| {
            if columns > 0 {
                paint::say(&mut row, tone, &pad(text, columns));
                paint::say(&mut row, Tone::Plain, " ");
            }
        };
        let (tone, sign) = sign(entry.stage);
        let took = entry.took.unwrap_or_else(|| now.since(entry.at));
        cell(Tone::Dim, &text::clock(entry.at, now.wall), 8);
        cell(tone, sign, 1);
        match entry.status {
            _ if entry.stage == Stage::Dry => cell(Tone::Accent, "DRY", 4),
            Some(code) => cell(status(code), &code.to_string(), 4),
            None => cell(Tone::Dim, "", 4),
        }
        cell(Tone::Plain, &pad_left(&text::duration(took), 6), 6);
        // What no flow has is known by its path alone.
        if entry.flow.is_empty() && self.path == 0 {
            let columns = self.flow + self.taken + usize::from(self.flow > 0 && self.taken > 0);
            cell(
                Tone::Dim,
                &format!("{} {}", entry.method, entry.path),
                columns,
            );
        } else {
            cell(Tone::Strong, &entry.flow, self.flow);
            cell(Tone::Dim, &entry.method, self.method);
            cell(Tone::Plain, &entry.path, self.path);
            cell(Tone::Accent, &entry.taken, self.taken);
        }
        cell(Tone::Dim, &entry.id.short(), self.id);
        row
    }
}

// Takes a column and the blank behind it out of what is left.
fn take(left: &mut usize, wanted: usize) -> usize {
    let taken = wanted.min(left.saturating_sub(1));
    *left -= if taken > 0 { taken + 1 } else { 0 };
    taken
}
