use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, paint};
use crate::dashboard::{
    page::{Row, Tab, Tone},
    state::{Focus, State},
    theme::Theme,
};

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let text = layout::text(area);
    if text.height < area.height {
        paint::title(tabs(state, usize::from(area.width)), area, theme, buffer);
    }
    if state.selected().is_none() {
        let row = vec![(Tone::Dim, "no run is selected".to_owned())];
        paint::row(&row, 0, text, theme, buffer);
    }
    for (down, row) in state.inspector.scroll.in_sight().iter().enumerate() {
        paint::row(row, down, text, theme, buffer);
    }
}

// All tabs with their names, or the others' numbers alone.
fn tabs(state: &State, columns: usize) -> Row {
    let long = tabs_of(state, true);
    let mut row = if paint::width(&long) + 4 <= columns {
        long
    } else {
        tabs_of(state, false)
    };
    if let Some(percent) = state.inspector.scroll.percent() {
        paint::say(&mut row, Tone::Dim, &format!(" {percent}%"));
    }
    row
}

fn tabs_of(state: &State, long: bool) -> Row {
    let mut row = Row::new();
    for (index, tab) in Tab::ALL.into_iter().enumerate() {
        let number = index + 1;
        if tab == state.inspector.tab {
            let tone = match state.focus {
                Focus::Inspector => Tone::Accent,
                Focus::List => Tone::Strong,
            };
            paint::say(&mut row, tone, &format!("[{number} {}]", tab.title()));
        } else if long {
            paint::say(&mut row, Tone::Dim, &format!(" {number} {} ", tab.title()));
        } else {
            paint::say(&mut row, Tone::Dim, &format!(" {number} "));
        }
    }
    row
}
