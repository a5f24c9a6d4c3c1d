use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, overlay, paint};
use crate::{
    dashboard::{
        page::{Page, Row, Tone},
        state::Picker,
        text::{self, pad, width},
        theme::Theme,
    },
    draft::Line,
};

/// The widest that the places of the lines are drawn.
const WIDEST: usize = 40;

/// With fewer rows the block is not drawn beside the lines.
const BOTH: u16 = 8;

/// The lines that a `parse` block could have, and below them the block.
pub(super) fn draw(picker: &Picker, main: Rect, theme: Theme, buffer: &mut Buffer) {
    overlay::clear(main, buffer);
    let area = overlay::area(main);
    let hint = "Space ticks, a all, Enter copies, Esc closes";
    overlay::open("What to parse", hint, area, theme, buffer);
    let below = layout::text(area);
    let rows = block(picker, usize::from(below.width));
    let (above, below) = if below.height < BOTH {
        (below, None)
    } else {
        // Each takes half where both need more.
        let wanted = u16::try_from(rows.len() + 1).unwrap_or(u16::MAX);
        let lines = u16::try_from(picker.lines().len()).unwrap_or(u16::MAX);
        let half = below.height / 2;
        let lines = lines.min(half.max(below.height.saturating_sub(wanted)));
        let (above, below) = layout::cut_top(below, lines);
        (above, Some(below))
    };
    lines(picker, above, theme, buffer);
    if let Some(below) = below {
        let mut title = Row::new();
        paint::say(&mut title, Tone::Accent, "The block");
        let whole = Rect {
            x: area.x,
            width: area.width,
            ..below
        };
        paint::title(title, whole, theme, buffer);
        let text = layout::cut_top(below, 1).1;
        for (down, row) in rows.iter().enumerate() {
            paint::row(row, down, text, theme, buffer);
        }
    }
}

fn lines(picker: &Picker, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let places = picker.lines().map(|(line, _)| width(&line.place));
    let widest = places.max().unwrap_or(0).min(WIDEST);
    let top = (picker.cursor() + 1).saturating_sub(usize::from(area.height).max(1));
    for (down, (index, (line, ticked))) in picker.lines().enumerate().skip(top).enumerate() {
        let is_selected = index == picker.cursor();
        let row = row(picker, line, ticked, is_selected, widest);
        if is_selected {
            paint::row_in(&row, theme.selected(true), down, area, buffer);
        } else {
            paint::row(&row, down, area, theme, buffer);
        }
    }
}

fn row(picker: &Picker, line: &Line, ticked: bool, is_selected: bool, widest: usize) -> Row {
    let mut row = Row::new();
    let mut say = |tone, text: &str| paint::say(&mut row, tone, text);
    say(Tone::Plain, if is_selected { "▸ " } else { "  " });
    match ticked {
        true => say(Tone::Good, "[x] "),
        false => say(Tone::Dim, "[ ] "),
    }
    say(Tone::Dim, &pad(line.origin.word(), 7));
    say(Tone::Strong, &pad(&line.place, widest));
    say(Tone::Plain, &format!("  {}", line.shown));
    if let Some(name) = picker.known_as(line) {
        say(Tone::Dim, &format!("  read as {name}"));
    }
    row
}

/// The block as rows, and what there is to say about it.
fn block(picker: &Picker, columns: usize) -> Vec<Row> {
    let mut page = Page::default();
    match picker.block() {
        Some(block) => {
            for line in block.lines() {
                // Lines that line up are cut rather than broken.
                page.line().put(Tone::Plain, &text::fit(line, columns));
            }
        }
        None => {
            page.line().put(Tone::Dim, "nothing is ticked yet");
        }
    }
    for note in picker.notes() {
        page.line().put(Tone::Warn, note);
    }
    page.rows(columns)
}
