use std::ops::Range;

use super::{header::CUT, paint};
use crate::dashboard::{
    page::{Row, Tone},
    state::Screen,
};

/// Names of screens, and where each stands in the row.
#[derive(Default)]
pub(super) struct Names {
    pub row: Row,
    pub places: Vec<(Screen, Range<usize>)>,
}

impl Names {
    pub fn and(mut self, tone: Tone, screen: Screen, name: &str) -> Self {
        if !self.row.is_empty() {
            paint::say(&mut self.row, Tone::Plain, " ");
        }
        let start = paint::width(&self.row);
        paint::say(&mut self.row, tone, name);
        let place = start..paint::width(&self.row);
        self.places.push((screen, place));
        self
    }
}

/// How the screens are shown that are not in sight.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    Named,
    Numbered,
    /// That there are others.
    Hinted,
}

// All screens, that one in brackets.
pub(super) fn screens(current: Screen, others: Others) -> Names {
    let mut names = Names::default();
    for screen in Screen::ALL {
        if screen == current {
            names = names.and(Tone::Accent, screen, &shown(screen));
            continue;
        }
        names = match others {
            Others::Named => {
                let name = format!("{} {}", screen.number(), screen.title());
                names.and(Tone::Dim, screen, &name)
            }
            Others::Numbered => names.and(Tone::Dim, screen, &screen.number().to_string()),
            Others::Hinted => names,
        };
    }
    if others == Others::Hinted {
        paint::say(&mut names.row, Tone::Dim, CUT);
    }
    names
}

pub(super) fn shown(screen: Screen) -> String {
    format!("[{} {}]", screen.number(), screen.title())
}
