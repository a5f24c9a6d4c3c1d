use ratatui::{buffer::Buffer, layout::Rect};

use super::{flows::Columns, paint};
use crate::dashboard::{
    page::{Page, Row, Tone},
    state::State,
    theme::Theme,
};

/// How many flows are listed.
const FLOWS: usize = 12;

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let margin = u16::from(area.width > 20);
    let area = Rect {
        x: area.x + margin,
        width: area.width - 2 * margin,
        ..area
    };
    for (down, row) in rows(state, area).iter().enumerate() {
        paint::row(row, down, area, theme, buffer);
    }
}

fn rows(state: &State, area: Rect) -> Vec<Row> {
    let columns = usize::from(area.width);
    let mut rows = vec![Row::new(); usize::from(area.height > 8)];
    let Some(loaded) = &state.loaded else {
        let waiting = match state.link.lost() {
            Some(_) => "There is no server to look at yet.",
            None => "Reading the file.",
        };
        rows.push(vec![(Tone::Dim, waiting.to_owned())]);
        return rows;
    };
    rows.push(vec![(
        Tone::Strong,
        "No request yet. These are waited for:".to_owned(),
    )]);
    let shown = || loaded.flows.iter().take(FLOWS).map(|flow| &**flow);
    let table = Columns::new(shown());
    // Rows that only keep a table of several lines even are better spent on what is below.
    let table = shown().flat_map(|flow| table.rows(flow, false, columns));
    rows.extend(table.filter(|row| !row.is_empty()));
    let more = loaded.flows.len().saturating_sub(FLOWS);
    if more > 0 {
        rows.push(vec![(Tone::Dim, format!("  and {more} more: u"))]);
    }
    if let Some(flow) = loaded.flows.first() {
        let mut page = Page::default();
        page.blank();
        page.line()
            .put(Tone::Strong, "Try the first (c copies this):");
        page.line()
            .put(Tone::Plain, "  ")
            .put(Tone::Plain, &flow.curl)
            .hang(2);
        rows.extend(page.rows(columns));
    }
    rows
}
