use ratatui::layout::Rect;

use super::{banner, footer};
use crate::dashboard::{
    state::{Focus, Overlay, Room, Screen, State},
    view::overlay,
};

/// From how many columns on, the panes stand side by side.
const SIDE_BY_SIDE: u16 = 110;
/// From how many columns on, they are stacked.
const STACKED: u16 = 60;
/// From how many rows on.
const STACKED_ROWS: u16 = 12;

/// Which part of the screen is whose. What there is no room for is empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Panes {
    pub(super) header: Rect,
    pub(super) banner: Rect,
    /// Between banner and footer: both panes, and whatever takes their place.
    pub(super) main: Rect,
    pub(super) list: Rect,
    pub(super) rule: Rect,
    pub(super) inspector: Rect,
    pub(super) footer: Rect,
    /// Whether there is no run to show yet.
    pub(super) empty: bool,
    single: bool,
}

impl Panes {
    pub(super) fn new(area: Rect, state: &State) -> Self {
        // A list that is three rows high is worth more than a header.
        let (header, footer) = match area.height {
            0..3 => (0, 0),
            3..5 => (1, 0),
            5..10 => (1, 1),
            _ => (2, 1),
        };
        // With so little room, what is asked or typed must be seen rather than the header.
        let asking = state.prompt.is_some()
            || state.typed_find().is_some()
            || matches!(state.overlay, Some(Overlay::Quit | Overlay::Asking(_)));
        let (header, footer) = match (asking, footer) {
            (true, 0) => (0, 1.min(area.height)),
            _ => (header, footer),
        };
        let (header, rest) = cut_top(area, header);
        let footer = match footer {
            0 => 0,
            // What is said is read whole, but not in the place of everything else.
            _ => footer::height(state, area.width).clamp(1, (rest.height / 2).max(1)),
        };
        let (rest, footer) = cut_bottom(rest, footer);
        let rows = match rest.height {
            0..3 => 0,
            3..8 => 1,
            _ => 3,
        };
        let (banner, main) = cut_top(rest, banner::height(state, area.width).min(rows));
        let mut panes = Self {
            header,
            banner,
            main,
            list: Rect::ZERO,
            rule: Rect::ZERO,
            inspector: Rect::ZERO,
            footer,
            empty: state.screen == Screen::Live && state.list.runs.is_empty(),
            single: false,
        };
        if area.width >= SIDE_BY_SIDE && !state.zoomed {
            let (list, rest) = cut_left(main, main.width * 52 / 100);
            let (rule, inspector) = cut_left(rest, 1);
            (panes.list, panes.rule, panes.inspector) = (list, rule, inspector);
        } else if area.width >= STACKED && main.height >= STACKED_ROWS && !state.zoomed {
            (panes.list, panes.inspector) = cut_top(main, main.height * 2 / 5);
        } else {
            panes.single = true;
            match state.pane() {
                Focus::List => panes.list = main,
                Focus::Inspector => panes.inspector = main,
            }
        }
        panes
    }

    pub(super) fn room(&self) -> Room {
        let size = |area: Rect| (usize::from(area.width), usize::from(area.height));
        Room {
            list: usize::from(rows(self.list).height),
            inspector: size(text(self.inspector)),
            overlay: size(text(overlay::area(self.main))),
            reading: size(text(self.main)),
            single: self.single,
        }
    }
}

/// The rows of the list, below its title and its headings.
pub(super) fn rows(list: Rect) -> Rect {
    let above = match list.height {
        0..2 => 0,
        2..6 => 1,
        _ => 2,
    };
    cut_top(list, above).1
}

/// The text of the inspector or an overlay, below its title and beside a margin.
pub(super) fn text(area: Rect) -> Rect {
    let below = cut_top(area, u16::from(area.height > 1)).1;
    let margin = u16::from(area.width > 20);
    Rect {
        x: below.x + margin,
        width: below.width - 2 * margin,
        ..below
    }
}

pub(super) fn cut_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (
        Rect {
            height: rows,
            ..area
        },
        Rect {
            y: area.y + rows,
            height: area.height - rows,
            ..area
        },
    )
}

fn cut_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    cut_top(area, area.height.saturating_sub(rows))
}

fn cut_left(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (
        Rect {
            width: columns,
            ..area
        },
        Rect {
            x: area.x + columns,
            width: area.width - columns,
            ..area
        },
    )
}
