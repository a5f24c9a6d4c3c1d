use ratatui::{buffer::Buffer, layout::Rect};

use crate::dashboard::{
    page::{Row, Tone},
    state::State,
    theme::Theme,
    view::{layout, paint},
};

/// A screen that is read: a title, and as much of its page as there is room for.
pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let text = layout::text(area);
    if text.height < area.height {
        let mut row = Row::new();
        paint::say(&mut row, Tone::Accent, state.screen.title());
        if let Some(percent) = state.reading.percent() {
            paint::say(&mut row, Tone::Dim, &format!(" · {percent}%"));
        }
        paint::title(row, area, theme, buffer);
    }
    for (down, row) in state.reading.in_sight().iter().enumerate() {
        paint::row(row, down, text, theme, buffer);
    }
}
