//! Where and how everything is drawn. Drawing reads the state and changes nothing.
//!
//! Side by side, from 110 columns:
//! ```text
//! ● serving flows.kdl · revision 3f2a91c · 2m        127.0.0.1:13000   header
//! ▁▁▂▁▅▂▁▁█▁  1.2/s  p50 …  p95 …  p99 …  failed 2%  in flight 3
//! ✗ flows.kdl is broken: flows.kdl:12:5 …                              banner
//! ─ Runs 812 · following ────────────│─ 1 Steps  2 Variables  [5 Why] ─
//!   UTC      status   took flow      │ ✓ succeeded  200  1.23ms
//!   03:12:44 ✓ 200  1.23ms payment … │
//! ▸ 03:12:45 ✗ 500  20.1ms deploy  … │ branch big order?
//!                                    │   ✓ amount >= 100
//! ? help  q quit  / filter  Space freeze                               footer
//! ```
//! Stacked, from 60 columns, the inspector lies under the list. Below that, and where there are
//! too few rows, only one of them is there: the one with the focus. An overlay lies over both.
//! Before the first request, both make room for the flows and a `curl` line.

mod ascii;
mod banner;
mod empty;
mod flows;
mod footer;
mod header;
mod inspector;
mod layout;
mod list;
mod overlay;
mod paint;
mod palette;

use ratatui::{Frame, buffer::Buffer};

use super::{
    state::{Overlay, State},
    theme::Theme,
};
use layout::Panes;

/// Fits the state into the frame, then draws it.
pub fn render(state: &mut State, theme: Theme, frame: &mut Frame<'_>) {
    let panes = Panes::new(frame.area(), state);
    state.fit(panes.room());
    draw(state, &panes, theme, frame.buffer_mut());
    if theme.ascii {
        ascii::replace(frame.buffer_mut());
    }
    if let Some(cursor) = footer::cursor(state, panes.footer) {
        frame.set_cursor_position(cursor);
    }
}

fn draw(state: &State, panes: &Panes, theme: Theme, buffer: &mut Buffer) {
    header::draw(state, panes.header, theme, buffer);
    banner::draw(state, panes.banner, theme, buffer);
    if panes.empty {
        empty::draw(state, panes.main, theme, buffer);
    } else {
        list::draw(state, panes.list, theme, buffer);
        inspector::draw(state, panes.inspector, theme, buffer);
        paint::vertical(panes.rule, theme, buffer);
    }
    match &state.overlay {
        Some(Overlay::Reading(reading, scroll)) => {
            overlay::draw(reading.title(), scroll, panes.main, theme, buffer);
        }
        Some(Overlay::Answer(answer, scroll)) => {
            overlay::draw(&answer.title, scroll, panes.main, theme, buffer);
        }
        Some(Overlay::Flows(cursor)) => flows::draw(state, *cursor, panes.main, theme, buffer),
        Some(Overlay::Palette(open)) => palette::draw(state, open, panes.main, theme, buffer),
        Some(Overlay::Quit) | None => {}
    }
    if state.link.lost().is_some() {
        paint::dim(panes.main, buffer);
    }
    footer::draw(state, panes.footer, theme, buffer);
}
