//! What is known of variables where ways part and meet.

use super::Names;
use crate::expr::Root;

/// Whether a variable has a value at some point of a flow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Presence {
    /// No way to here sets it.
    Unset,
    /// Some requests or some ways to here leave it without a value.
    MayBeAbsent,
    /// It has one.
    Present,
}

/// What was known at one point of a flow.
#[derive(Clone, Debug)]
pub struct Point(Vec<Presence>);

impl Point {
    fn presence(&self, slot: usize) -> Presence {
        // A slot that came later was unset then.
        self.0.get(slot).copied().unwrap_or(Presence::Unset)
    }
}

impl Names {
    /// What is known here, to come back to.
    pub fn point(&self) -> Point {
        Point(self.presence.clone())
    }

    /// Goes back to what was known at `point`.
    pub fn go_to(&mut self, point: &Point) {
        for (slot, presence) in self.presence.iter_mut().enumerate() {
            *presence = point.presence(slot);
        }
    }

    /// Goes to where several ways meet: what not all of them set may be absent.
    pub fn meet(&mut self, ways: &[Point]) {
        let Some((first, rest)) = ways.split_first() else {
            return;
        };
        for (slot, presence) in self.presence.iter_mut().enumerate() {
            *presence = rest.iter().fold(first.presence(slot), |met, way| {
                let other = way.presence(slot);
                if met == other {
                    met
                } else {
                    Presence::MayBeAbsent
                }
            });
        }
    }

    /// Goes to where all of several ways have come to their end: what one of them sets is set.
    pub fn gather(&mut self, ways: &[Point]) {
        for (slot, presence) in self.presence.iter_mut().enumerate() {
            let best = ways.iter().map(|way| way.presence(slot)).max();
            *presence = best.unwrap_or(*presence).max(*presence);
        }
    }

    /// Goes into an error handler: a step may have failed before or after anything was set, so
    /// that only what was there at `before` is sure.
    pub fn enter_handler(&mut self, before: &Point) {
        let after = self.point();
        self.meet(&[before.clone(), after]);
    }

    /// Takes what a condition has shown: these roots have a value on the way that is taken now.
    pub fn learn(&mut self, present: &[Root]) {
        for root in present {
            if let Root::Variable(slot) = root {
                self.presence[*slot as usize] = Presence::Present;
            }
        }
    }
}
