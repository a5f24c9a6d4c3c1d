//! Where and how everything is drawn. Drawing reads the state and changes nothing.
//!
//! Side by side, from 110 columns:
//! ```text
//! ● serving  flows.kdl  rev 3f2a91c  2m old   [1 Live]  2 Config       header
//! ▁▁▂▁▅▂▁▁█▁  1.2/s  failed 2%  p50 …  p95 …  p99 …  in flight 3
//! ✗ flows.kdl is broken: flows.kdl:12:5 …                              banner
//! ─ Runs 812 · following ────────────│─ 1 Steps  2 Variables  [5 Why] ─
//!   UTC      status   took flow      │ ✓ succeeded  200  1.23ms
//!   03:12:44 ✓ 200  1.23ms payment … │
//! ▸ 03:12:45 ✗ 500  20.1ms deploy  … │ branch big order?
//!                                    │   ✓ amount >= 100
//! ? help  q quit  / filter  Space freeze                               footer
//! ```
//! Stacked, from 60 columns, the inspector lies under the list. Below that, and where there are
//! too few rows, or where it is zoomed, only one of them is there: the one with the focus. An
//! overlay lies over both. Before the first request, both make room for the flows and a `curl` line.
//!
//! That is the live screen. The others have the same header, banner and footer around one page:
//! ```text
//! ● serving  flows.kdl  rev 3f2a91c  2m old    1 Live  [2 Config]      header
//! ▁▁▂▁▅▂▁▁█▁  1.2/s  failed 2%  p50 …  p95 …  p99 …  in flight 3
//! ─ Config · 60% ─────────────────────────────────────────────────────
//!   revision  3f2a91c  live for 2m
//!   files     flows.kdl
//! ? help  q quit  Esc back  ] screens                                  footer
//! ```

mod ascii;
mod banner;
mod empty;
mod footer;
mod header;
mod inspector;
mod layout;
mod list;
mod menu;
mod names;
mod overlay;
mod paint;
mod palette;
mod picker;
mod screen;
mod server;
mod target;
mod urls;

pub use target::target;

use ratatui::{Frame, buffer::Buffer};

use super::{
    action::Action,
    state::{Overlay, State},
    theme::Theme,
};
use crate::observe::Tried;
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
    screen::draw(state, panes, theme, buffer);
    match &state.overlay {
        Some(Overlay::Reading(reading, scroll)) => {
            overlay::draw(
                reading.title(),
                scroll,
                "Esc closes",
                panes.main,
                theme,
                buffer,
            );
        }
        Some(Overlay::Sheet(sheet)) => {
            let hint = match (sheet.taken(), sheet.as_tried()) {
                (Some(_), _) => "Enter copies, Esc closes".to_owned(),
                (None, Some(tried)) => tried_hint(state, tried),
                _ if sheet.begun_run().is_some() => "Enter goes to it, Esc closes".to_owned(),
                (None, None) => "Esc closes".to_owned(),
            };
            overlay::draw(
                sheet.title(),
                sheet.scroll(),
                &hint,
                panes.main,
                theme,
                buffer,
            );
        }
        Some(Overlay::Asking(asking)) => {
            let hint = "y sends it, n does not";
            overlay::draw(
                asking.title(),
                asking.scroll(),
                hint,
                panes.main,
                theme,
                buffer,
            );
        }
        Some(Overlay::Picking(picker)) => picker::draw(picker, panes.main, theme, buffer),
        Some(Overlay::Acts(cursor)) => menu::draw(state, *cursor, panes.main, theme, buffer),
        Some(Overlay::Palette(open)) => palette::draw(state, open, panes.main, theme, buffer),
        Some(Overlay::Quit) | None => {}
    }
    if state.link.lost().is_some() {
        paint::dim(panes.main, buffer);
    }
    footer::draw(state, panes.footer, theme, buffer);
}

/// What can be done with an edited request, by the keys that there are for it.
fn tried_hint(state: &State, tried: &Tried) -> String {
    let does = [
        (tried.effects.is_some(), Action::Resend, "sends it"),
        (true, Action::EditRequest, "edits it on"),
    ];
    let mut hint = String::new();
    for (_, action, does) in does.into_iter().filter(|(may_be, ..)| *may_be) {
        if let Some(key) = state.keymap().key(action) {
            hint += &format!("{key} {does}, ");
        }
    }
    hint + "Esc closes"
}
