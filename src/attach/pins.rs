use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::run::RunId;

/// How many runs one viewer may have pinned.
const MOST: usize = 50;

/// The runs that viewers have pinned, as long as they look. A clone knows the same ones.
#[derive(Clone, Debug, Default)]
pub struct Pins(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    viewers: HashMap<u64, Vec<RunId>>,
    /// How many viewers there ever were.
    came: u64,
}

/// What one viewer has pinned. Dropping it lets all of it go.
#[derive(Debug)]
pub(super) struct Pinned {
    all: Pins,
    viewer: u64,
}

impl Pins {
    /// The pins of a viewer who comes: none yet.
    pub(super) fn of_viewer(&self) -> Pinned {
        let mut known = self.known();
        known.came += 1;
        Pinned {
            all: self.clone(),
            viewer: known.came,
        }
    }

    /// What anybody has pinned, the oldest first, and each once.
    pub fn all(&self) -> Vec<RunId> {
        let all: BTreeSet<RunId> = self.known().viewers.values().flatten().copied().collect();
        all.into_iter().collect()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Every change of it is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pinned {
    /// The viewer has pinned these, and no others any more.
    pub fn set(&self, mut runs: Vec<RunId>) {
        runs.truncate(MOST);
        self.all.known().viewers.insert(self.viewer, runs);
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        self.all.known().viewers.remove(&self.viewer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_viewers_have_pinned_is_known_once_and_as_long_as_they_look() {
        let runs = |numbers: std::ops::Range<u128>| -> Vec<RunId> {
            numbers.map(RunId::from_u128).collect()
        };
        let pins = Pins::default();
        let (one, other) = (pins.of_viewer(), pins.of_viewer());
        one.set(runs(2..4));
        other.set(runs(0..3));
        assert_eq!(pins.all(), runs(0..4));
        one.set(runs(10..100));
        assert_eq!(pins.all(), [runs(0..3), runs(10..60)].concat());
        drop(other);
        assert_eq!(pins.all(), runs(10..60));
        drop(one);
        assert_eq!(pins.all(), []);
    }
}
