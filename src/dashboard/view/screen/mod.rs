//! One file for each screen.

mod flows;
mod live;
mod reading;

use ratatui::buffer::Buffer;

use super::layout::Panes;
use crate::dashboard::{
    state::{Screen, State},
    theme::Theme,
};

pub(super) fn draw(state: &State, panes: &Panes, theme: Theme, buffer: &mut Buffer) {
    match state.screen {
        Screen::Live => live::draw(state, panes, theme, buffer),
        Screen::Flows => flows::draw(state, panes, theme, buffer),
        Screen::Config | Screen::Stats => reading::draw(state, panes.main, theme, buffer),
    }
}
