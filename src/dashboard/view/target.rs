use ratatui::layout::{Position, Rect};

use super::{
    header, inspector,
    layout::{self, Panes},
};
use crate::dashboard::state::{Screen, State, Target};

/// What was drawn at that column and row of the last frame, as far as a mouse can do something
/// there.
pub fn target(state: &State, area: Rect, (column, row): (u16, u16)) -> Option<Target> {
    let at = Position::new(column, row);
    let panes = Panes::new(area, state);
    if panes.header.contains(at) {
        return header::screen(state, panes.header, (column, row)).map(Target::Screen);
    }
    if !panes.main.contains(at) {
        return None;
    }
    let (top, count) = match state.screen {
        _ if state.overlay.is_some() => return Some(Target::Overlay),
        Screen::Config | Screen::Stats => return Some(Target::Reading),
        Screen::Live if panes.empty => return None,
        Screen::Live => (state.list.top, state.list.rows.len()),
        Screen::Flows => {
            let loaded = state.loaded.as_ref();
            (
                state.flows.top,
                loaded.map_or(0, |loaded| loaded.flows.len()),
            )
        }
    };
    if panes.list.contains(at) {
        let down = row.checked_sub(layout::rows(panes.list).y);
        let index = down.map(|down| top + usize::from(down));
        return Some(Target::List(index.filter(|index| *index < count)));
    }
    if !panes.inspector.contains(at) {
        return None;
    }
    let is_title = row < layout::text(panes.inspector).y;
    let tab = (is_title && state.screen == Screen::Live)
        .then(|| inspector::tab(state, panes.inspector, column))
        .flatten();
    Some(tab.map_or(Target::Inspector, Target::Tab))
}
