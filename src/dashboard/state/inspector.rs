use super::{find::Find, overlay::Scroll};
use crate::{
    dashboard::page::{Around, Bodies, Page, Tab, Tone, inspector},
    observe::{Entry, Moment, Stage},
};

/// What is said of the selected run, and which part of that is in sight.
#[derive(Clone, Debug, Default)]
pub struct Inspector {
    pub(in crate::dashboard) tab: Tab,
    pub(in crate::dashboard) scroll: Scroll,
    pub(in crate::dashboard) find: Option<Find>,
    unfolded: bool,
    // What the page was made of: it is made anew only when that changes.
    of: Option<Of>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Of {
    seq: i64,
    stage: Stage,
    /// How many steps were told of a run on its way, how many of them are over, and what the clock
    /// of the others says.
    steps: (usize, usize, u64),
    tab: Tab,
    columns: usize,
    unfolded: bool,
    find: Option<String>,
    /// How a body ends that is not whole, and how much of both bodies is there.
    end: String,
    bodies: usize,
    around: Around,
}

impl Inspector {
    pub(super) fn turn(&mut self, places: usize) {
        self.show(self.tab.step(places));
    }

    pub(super) fn show(&mut self, tab: Tab) {
        self.tab = tab;
        self.scroll.by(isize::MIN);
    }

    pub(super) fn scroll(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    pub(super) fn unfold(&mut self) {
        self.unfolded = !self.unfolded;
    }

    /// Goes to another place of what is searched for.
    pub(super) fn step(&mut self, places: isize) {
        if let Some(find) = &mut self.find {
            find.step(places);
            if let Some(row) = find.row() {
                self.scroll.show(row);
            }
        }
    }

    pub(super) fn fit(
        &mut self,
        entry: Option<&Entry>,
        around: Around,
        (columns, rows): (usize, usize),
        end: &str,
        now: Moment,
    ) {
        let find = self.find.as_ref().map(|find| find.text.clone());
        let of = entry.map(|entry| Of {
            seq: entry.seq,
            stage: entry.stage,
            steps: steps(entry, now),
            tab: self.tab,
            columns,
            // What is folded could not be found.
            unfolded: self.unfolded || find.is_some(),
            find,
            end: end.to_owned(),
            bodies: entry.record.as_ref().map_or(0, |record| {
                let reply = record.reply.as_ref().map_or(0, |reply| reply.body.len());
                record.request.body.len() + reply
            }),
            around,
        });
        if of != self.of {
            let seq = |of: &Option<Of>| of.as_ref().map(|of| of.seq);
            if seq(&self.of) != seq(&of) {
                self.scroll.by(isize::MIN);
            }
            let mut page = entry
                .zip(of.as_ref())
                .map_or_else(Page::default, |(entry, of)| {
                    let bodies = Bodies {
                        unfolded: of.unfolded,
                        end,
                    };
                    inspector(of.tab, entry, &of.around, columns, bodies, now)
                });
            if let Some(find) = &self.find {
                page.mark(&find.text);
            }
            self.scroll.set(page, columns);
            self.of = of;
            self.scroll.bound(rows);
            self.find_rows();
        }
        self.scroll.bound(rows);
    }

    // The first place in sight or below is where the viewer is, else the first of all.
    fn find_rows(&mut self) {
        let Some(find) = &mut self.find else { return };
        find.rows = self.scroll.rows_with(Tone::Found);
        find.in_part = self.scroll.is_part();
        let top = self.scroll.top();
        find.at = find.rows.iter().position(|row| *row >= top).unwrap_or(0);
        if let Some(row) = find.row() {
            self.scroll.show(row);
        }
    }
}

fn steps(entry: &Entry, now: Moment) -> (usize, usize, u64) {
    let steps = &entry.steps;
    let over = steps.iter().filter(|step| step.passage.took.is_some());
    let over = over.count();
    // Nothing else moves with the clock.
    let second = if over < steps.len() {
        now.since(entry.at).as_secs()
    } else {
        0
    };
    (steps.len(), over, second)
}
