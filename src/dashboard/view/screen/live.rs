use ratatui::buffer::Buffer;

use crate::dashboard::{
    state::State,
    theme::Theme,
    view::{empty, inspector, layout::Panes, list, paint},
};

/// The runs as they come, and the inspector of one of them.
pub(super) fn draw(state: &State, panes: &Panes, theme: Theme, buffer: &mut Buffer) {
    if panes.empty {
        empty::draw(state, panes.main, theme, buffer);
    } else {
        list::draw(state, panes.list, theme, buffer);
        inspector::draw(state, panes.inspector, theme, buffer);
        paint::vertical(panes.rule, theme, buffer);
    }
}
