//! Brushes: rows, titles and rules.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::{Line, Span},
};

use crate::dashboard::{
    page::{self, Row, Tone},
    text,
    theme::Theme,
};

/// How wide a row is.
pub(super) fn width(row: &Row) -> usize {
    row.iter().map(|(_, text)| text::width(text)).sum()
}

/// Draws a row so many rows below the area's top; outside of it, nothing.
pub(super) fn row(row: &Row, down: usize, area: Rect, theme: Theme, buffer: &mut Buffer) {
    line(spans(row, theme), down, area, buffer);
}

/// The same in one style.
pub(super) fn row_in(row: &Row, style: Style, down: usize, area: Rect, buffer: &mut Buffer) {
    let texts = row
        .iter()
        .map(|(_, text)| Span::styled(text.as_str(), style));
    line(texts.collect(), down, area, buffer);
    let area = at(down, area).intersection(buffer.area);
    buffer.set_style(area, style);
}

/// In which column of its row a title begins.
pub(super) const TITLE: usize = 2;

/// A title, and a rule behind it to the end of the row.
pub(super) fn title(mut title: Row, area: Rect, theme: Theme, buffer: &mut Buffer) {
    title.insert(0, (Tone::Dim, "─ ".to_owned()));
    let left = usize::from(area.width).saturating_sub(width(&title) + 1);
    title.push((Tone::Dim, format!(" {}", "─".repeat(left))));
    row(&title, 0, area, theme, buffer);
}

/// A rule from top to bottom.
pub(super) fn vertical(area: Rect, theme: Theme, buffer: &mut Buffer) {
    for down in 0..area.height {
        let rule = vec![(Tone::Dim, "│".to_owned())];
        row(&rule, usize::from(down), area, theme, buffer);
    }
}

/// What is there already, in the background: it is no longer so.
pub(super) fn dim(area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    buffer.set_style(area, Style::new().add_modifier(Modifier::DIM));
}

/// A text made neutral.
pub(super) fn say(row: &mut Row, tone: Tone, text: &str) {
    row.extend(page::text(tone, text));
}

fn spans<'a>(row: &'a Row, theme: Theme) -> Line<'a> {
    row.iter()
        .map(|(tone, text)| Span::styled(text.as_str(), theme.style(*tone)))
        .collect()
}

fn line(line: Line<'_>, down: usize, area: Rect, buffer: &mut Buffer) {
    let area = at(down, area).intersection(buffer.area);
    if !area.is_empty() {
        buffer.set_line(area.x, area.y, &line, area.width);
    }
}

fn at(down: usize, area: Rect) -> Rect {
    match u16::try_from(down) {
        Ok(down) if down < area.height => Rect {
            y: area.y + down,
            height: 1,
            ..area
        },
        _ => Rect::ZERO,
    }
}
