use std::ops::Range;

use super::{
    header::{CUT, append, numbers, part, say_standing, sparkline},
    names::{Names, Others, screens, shown},
    paint,
};
use crate::dashboard::{
    page::{Row, Tone},
    state::{Screen, State},
    text,
};

/// Between what stands at the left and what stands at the right.
const GAP: usize = 3;

/// What there is to say of the server.
pub(super) struct Server {
    pub row: Row,
    /// Where the names of screens stand in it.
    pub names: Vec<(Screen, Range<usize>)>,
    /// Where it listens, where that stands behind the numbers.
    pub below: Option<Row>,
}

/// What stands in the row, but for how the server stands and which file it serves.
struct Plan {
    others: Others,
    has_revision: bool,
    /// Where it listens, and whether that stands here.
    listening: Option<(Row, bool)>,
}

impl Server {
    pub fn new(state: &State, columns: usize) -> Self {
        let mut row = Row::new();
        say_standing(&mut row, state, columns);
        let plan = Plan::new(state, columns, paint::width(&row));
        let has_revision = plan.as_ref().is_none_or(|plan| plan.has_revision);
        let mut parts = vec![part(Tone::Strong, &state.file)];
        parts.extend(revision(state).filter(|_| has_revision));
        let Names {
            row: mut right,
            places,
        } = match (&plan, state.screen) {
            (Some(plan), screen) => screens(screen, plan.others),
            (None, Screen::Live) => Names::default(),
            (None, screen) => Names::default().and(Tone::Accent, screen, &shown(screen)),
        };
        let room = columns.saturating_sub(match paint::width(&right) {
            0 => 0,
            width => GAP + width,
        });
        let mut below = None;
        match plan.and_then(|plan| plan.listening) {
            Some((listening, true)) => parts.push(listening),
            Some((listening, false)) => below = Some(listening),
            None => below = listening(state).next(),
        }
        // Its age says nothing without the revision.
        let loaded = state.loaded.as_ref().filter(|_| has_revision);
        parts.extend(loaded.map(|loaded| {
            let age = text::age(state.now.since(loaded.at));
            part(Tone::Dim, &format!("{age} old"))
        }));
        append(&mut row, parts, room, text::width(CUT));
        if !has_revision {
            paint::say(&mut row, Tone::Dim, CUT);
        }
        let gap = columns.saturating_sub(paint::width(&row) + paint::width(&right));
        let mut names = Vec::new();
        if gap > 0 {
            paint::say(&mut row, Tone::Plain, &" ".repeat(gap));
            let from = paint::width(&row);
            let moved = |place: Range<usize>| place.start + from..place.end + from;
            names.extend(places.into_iter().map(|(of, place)| (of, moved(place))));
            row.append(&mut right);
        }
        Self { row, names, below }
    }
}

impl Plan {
    /// The first that there is room for behind so many columns. The names of the other screens give
    /// way to where the server listens, and so does the revision, which the config screen has; where
    /// it listens gives way to what is served.
    fn new(state: &State, columns: usize, standing: usize) -> Option<Self> {
        let file = standing + 2 + text::width(&state.file) + GAP;
        let revision = revision(state).map_or(0, |part| 2 + paint::width(&part));
        let fits = |others, used: usize| {
            used + paint::width(&screens(state.screen, others).row) <= columns
        };
        let numbers = numbers(state);
        let numbers = numbers.iter().map(|part| 2 + paint::width(part));
        let used_below = text::width(&sparkline(state, columns)) + numbers.sum::<usize>();
        for listening in listening(state) {
            let beside = 2 + paint::width(&listening);
            let below = used_below + beside <= columns;
            let plans = [
                (Others::Named, true, true),
                (Others::Named, true, false),
                (Others::Numbered, true, true),
                (Others::Numbered, true, false),
                (Others::Numbered, false, true),
            ];
            for (others, has_revision, is_here) in plans {
                let revision = if has_revision {
                    revision
                } else {
                    text::width(CUT)
                };
                let beside = if is_here { beside } else { 0 };
                if (is_here || below) && fits(others, file + revision + beside) {
                    return Some(Self {
                        others,
                        has_revision,
                        listening: Some((listening, is_here)),
                    });
                }
            }
        }
        let plans = [
            (Others::Named, file + revision),
            (Others::Numbered, file + revision),
            (Others::Hinted, file + text::width(CUT)),
        ];
        let mut plans = plans.into_iter();
        let (others, _) = plans.find(|(others, used)| fits(*others, *used))?;
        Some(Self {
            others,
            has_revision: true,
            listening: None,
        })
    }
}

fn revision(state: &State) -> Option<Row> {
    let loaded = state.loaded.as_ref()?;
    Some(part(Tone::Plain, &format!("rev {}", loaded.revision)))
}

/// Where the server listens: all of it, else the first, and how many more.
fn listening(state: &State) -> impl Iterator<Item = Row> {
    let listening = state.loaded.iter().map(|loaded| &loaded.listening);
    listening.flat_map(|all| {
        let joined = part(Tone::Dim, &all.join("  "));
        let first = all.first().filter(|_| all.len() > 1);
        let first = first.map(|first| part(Tone::Dim, &format!("{first} +{}", all.len() - 1)));
        [Some(joined), first].into_iter().flatten()
    })
}
