use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{Bus, Event, Passage, Progress, Started};
use crate::run::{FlowShape, RunId};

/// How many steps of a run are noted: loops take as many as they like.
const MOST: usize = 1_000;

/// The durable runs that are being walked.
///
/// Each leaves a few words of every step here, whether or not somebody looks: whoever does comes,
/// as a rule, when the step that takes so long has begun. They are told as they happen only to
/// those who look at that very run.
#[derive(Debug, Default)]
pub(super) struct Walks(Mutex<HashMap<RunId, Arc<Walk>>>);

#[derive(Debug)]
struct Walk {
    run: RunId,
    flow: Arc<FlowShape>,
    /// In the order they began.
    steps: Mutex<Vec<Passage>>,
    viewers: AtomicUsize,
}

/// A run that is being walked, until it is dropped.
#[derive(Debug)]
pub struct Walking {
    bus: Bus,
    walk: Arc<Walk>,
}

/// A look at a run that is being walked: its steps are told until it is dropped.
#[derive(Debug)]
pub struct View(Arc<Walk>);

impl Walks {
    fn lock(&self) -> MutexGuard<'_, HashMap<RunId, Arc<Walk>>> {
        // Every change of it is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at a run, where it is being walked.
    pub fn view(&self, run: RunId) -> Option<View> {
        let walk = Arc::clone(self.lock().get(&run)?);
        walk.viewers.fetch_add(1, Ordering::Relaxed);
        Some(View(walk))
    }

    /// Whether a run is being walked.
    pub fn has(&self, run: RunId) -> bool {
        self.lock().contains_key(&run)
    }
}

impl Walk {
    fn steps(&self) -> MutexGuard<'_, Vec<Passage>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn progress(&self, place: usize, passage: Passage) -> Progress {
        let shape = self.flow.step(passage.step);
        Progress {
            run: self.run,
            place,
            kind: shape.map_or("step", |step| step.kind),
            title: shape.map_or_else(String::new, |step| step.title.clone()),
            passage,
        }
    }
}

impl Walking {
    pub(super) fn begin(bus: &Bus, walks: &Walks, started: Started) -> Self {
        let walk = Arc::new(Walk {
            run: started.id,
            flow: Arc::clone(&started.flow),
            steps: Mutex::default(),
            viewers: AtomicUsize::new(0),
        });
        walks.lock().insert(walk.run, Arc::clone(&walk));
        bus.publish(Event::Started(started));
        Self {
            bus: bus.clone(),
            walk,
        }
    }

    /// Notes that a step begins, so long after the start of the run: its place, while there is room
    /// for more.
    pub fn begins(&self, step: u32, started: Duration) -> Option<usize> {
        let mut steps = self.walk.steps();
        let place = steps.len();
        if place >= MOST {
            return None;
        }
        let passage = Passage {
            step,
            started,
            took: None,
            has_failed: false,
        };
        steps.push(passage);
        drop(steps);
        self.tell(place, passage);
        Some(place)
    }

    /// Notes that the step at a place has ended.
    pub fn ended(&self, place: usize, took: Duration, has_failed: bool) {
        let mut steps = self.walk.steps();
        let Some(passage) = steps.get_mut(place) else {
            return;
        };
        passage.took = Some(took);
        passage.has_failed = has_failed;
        let passage = *passage;
        drop(steps);
        self.tell(place, passage);
    }

    fn tell(&self, place: usize, passage: Passage) {
        if self.walk.viewers.load(Ordering::Relaxed) > 0 {
            let progress = self.walk.progress(place, passage);
            self.bus.publish(Event::Progress(progress));
        }
    }
}

impl Drop for Walking {
    fn drop(&mut self) {
        let mut walks = self.bus.walks().lock();
        // Its next life may have begun.
        if let Some(walk) = walks.get(&self.walk.run)
            && Arc::ptr_eq(walk, &self.walk)
        {
            walks.remove(&self.walk.run);
        }
    }
}

impl View {
    /// The run.
    pub fn run(&self) -> RunId {
        self.0.run
    }

    /// The steps up to now, in the order they began.
    pub fn steps(&self) -> Vec<Progress> {
        let steps = self.0.steps();
        let steps = steps.iter().enumerate();
        steps
            .map(|(place, passage)| self.0.progress(place, *passage))
            .collect()
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.0.viewers.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::event::Subscription;

    fn run() -> RunId {
        RunId::from_u128(7)
    }

    fn started() -> Started {
        Started {
            id: run(),
            flow: Arc::default(),
            at: UNIX_EPOCH,
        }
    }

    /// The steps that are told: their places, whether they are over, whether they failed.
    fn told(subscription: &Subscription) -> Vec<(usize, bool, bool)> {
        std::iter::from_fn(|| subscription.try_next())
            .filter_map(|event| match event {
                Event::Progress(progress) => Some(short(&progress)),
                _ => None,
            })
            .collect()
    }

    fn short(progress: &Progress) -> (usize, bool, bool) {
        let passage = progress.passage;
        (progress.place, passage.took.is_some(), passage.has_failed)
    }

    #[test]
    fn steps_are_told_while_somebody_looks_and_who_comes_later_sees_those_before() {
        let bus = Bus::default();
        let (subscription, _) = bus.subscribe_closely(10);
        let second = Duration::from_secs(1);
        assert!(bus.view(run()).is_none());
        let walking = bus.walk(started());
        let first = walking.begins(0, Duration::ZERO).unwrap();
        walking.ended(first, second, false);
        let next = walking.begins(3, second).unwrap();
        assert_eq!(told(&subscription), []);

        let view = bus.view(run()).unwrap();
        let steps: Vec<_> = view.steps().iter().map(short).collect();
        assert_eq!(steps, [(0, true, false), (1, false, false)]);
        walking.ended(next, second, true);
        walking.begins(4, second);
        assert_eq!(told(&subscription), [(1, true, true), (2, false, false)]);

        drop(view);
        walking.begins(5, second);
        assert_eq!(told(&subscription), []);
        drop(walking);
        assert!(bus.view(run()).is_none());
    }

    #[test]
    fn a_life_that_is_over_takes_nothing_from_the_one_behind_it() {
        let bus = Bus::default();
        let old = bus.walk(started());
        let _new = bus.walk(started());
        drop(old);
        assert!(bus.is_under_way(run()));
    }

    #[test]
    fn only_who_asked_for_it_is_told_that_a_run_begins() {
        let bus = Bus::default();
        let (near, far) = (bus.subscribe_closely(10).0, bus.subscribe(10));
        let _walking = bus.walk(started());
        let told = near.try_next();
        assert!(
            matches!(&told, Some(Event::Started(started)) if started.id == run()),
            "{told:?}"
        );
        assert!(far.try_next().is_none());
    }
}
