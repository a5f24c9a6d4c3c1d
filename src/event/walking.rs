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

/// How many steps of a run are told while it is on its way: loops take as many as they like.
pub const MOST_TOLD: usize = 1_000;

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
    /// In the order they began.
    steps: Mutex<Vec<Noted>>,
    viewers: AtomicUsize,
}

/// A step that was noted.
#[derive(Debug)]
struct Noted {
    flow: Arc<FlowShape>,
    caller: Option<usize>,
    passage: Passage,
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

    pub fn view(&self, run: RunId) -> Option<(View, Vec<Progress>)> {
        let walk = Arc::clone(self.lock().get(&run)?);
        let steps = walk.steps();
        walk.viewers.fetch_add(1, Ordering::Relaxed);
        let numbered = steps.iter().enumerate();
        let told = numbered
            .map(|(place, noted)| walk.progress(place, noted))
            .collect();
        drop(steps);
        Some((View(walk), told))
    }

    /// Whether a run is being walked.
    pub fn has(&self, run: RunId) -> bool {
        self.lock().contains_key(&run)
    }
}

impl Walk {
    fn steps(&self) -> MutexGuard<'_, Vec<Noted>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn progress(&self, place: usize, noted: &Noted) -> Progress {
        let passage = noted.passage;
        let shape = noted.flow.step(passage.step);
        Progress {
            run: self.run,
            place,
            flow: Arc::clone(&noted.flow),
            caller: noted.caller,
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

    /// Notes that a step of a flow begins, inside of the `call` at a place where it is called, and so
    /// long after the start of the run: its place, while there is room for more.
    pub fn begins(
        &self,
        flow: &Arc<FlowShape>,
        caller: Option<usize>,
        step: u32,
        started: Duration,
    ) -> Option<usize> {
        let mut steps = self.walk.steps();
        let place = steps.len();
        if place >= MOST_TOLD {
            return None;
        }
        let noted = Noted {
            flow: Arc::clone(flow),
            caller,
            passage: Passage {
                step,
                started,
                took: None,
                has_failed: false,
            },
        };
        let progress = self.told(place, &noted);
        steps.push(noted);
        drop(steps);
        self.tell(progress);
        Some(place)
    }

    /// Notes that the step at a place has ended.
    pub fn ended(&self, place: usize, took: Duration, has_failed: bool) {
        let mut steps = self.walk.steps();
        let Some(noted) = steps.get_mut(place) else {
            return;
        };
        noted.passage.took = Some(took);
        noted.passage.has_failed = has_failed;
        let progress = self.told(place, noted);
        drop(steps);
        self.tell(progress);
    }

    /// What is told of a step, where anybody looks. Asked while the steps are held: whoever begins
    /// to look meanwhile waits for them, and finds this one there.
    fn told(&self, place: usize, noted: &Noted) -> Option<Progress> {
        let is_looked_at = self.walk.viewers.load(Ordering::Relaxed) > 0;
        is_looked_at.then(|| self.walk.progress(place, noted))
    }

    fn tell(&self, progress: Option<Progress>) {
        if let Some(progress) = progress {
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
    use crate::{event::Subscription, run::StepShape};

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

    fn begins(walking: &Walking, step: u32, started: Duration) -> Option<usize> {
        walking.begins(&Arc::default(), None, step, started)
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
        let first = begins(&walking, 0, Duration::ZERO).unwrap();
        walking.ended(first, second, false);
        let next = begins(&walking, 3, second).unwrap();
        assert_eq!(told(&subscription), []);

        let (view, steps) = bus.view(run()).unwrap();
        let steps: Vec<_> = steps.iter().map(short).collect();
        assert_eq!(steps, [(0, true, false), (1, false, false)]);
        walking.ended(next, second, true);
        begins(&walking, 4, second);
        assert_eq!(told(&subscription), [(1, true, true), (2, false, false)]);

        drop(view);
        begins(&walking, 5, second);
        assert_eq!(told(&subscription), []);
        drop(walking);
        assert!(bus.view(run()).is_none());
    }

    #[test]
    fn who_begins_to_look_while_steps_begin_misses_none_and_is_told_none_twice() {
        const STEPS: usize = MOST_TOLD;
        let bus = Bus::default();
        let (subscription, _) = bus.subscribe_closely(STEPS + 1);
        let walking = bus.walk(started());
        let (told_before, told_after) = std::thread::scope(|scope| {
            let walker = scope.spawn(|| {
                for step in 0..STEPS {
                    begins(&walking, u32::try_from(step).unwrap(), Duration::ZERO);
                }
            });
            let (view, steps) = bus.view(run()).unwrap();
            walker.join().unwrap();
            drop(view);
            (steps, told(&subscription))
        });
        let before = told_before.iter().map(|step| step.place);
        let places: Vec<_> = before
            .chain(told_after.into_iter().map(|(place, ..)| place))
            .collect();
        assert_eq!(places, Vec::from_iter(0..STEPS));
    }

    #[test]
    fn a_step_of_a_flow_that_is_called_is_told_as_that_flows_inside_of_the_call() {
        let shape = |name: &str, kind| {
            let step = StepShape {
                kind,
                title: name.to_owned(),
                arms: Vec::new(),
                on_error: Vec::new(),
            };
            Arc::new(FlowShape {
                steps: vec![step],
                ..FlowShape::named(name)
            })
        };
        let bus = Bus::default();
        let walking = bus.walk(started());
        let call = walking.begins(&shape("deploy", "call"), None, 0, Duration::ZERO);
        walking.begins(&shape("notify", "log"), call, 0, Duration::ZERO);
        let (_view, told) = bus.view(run()).unwrap();
        let told: Vec<_> = told
            .iter()
            .map(|step| (&*step.flow.name, step.kind, &*step.title, step.caller))
            .collect();
        assert_eq!(
            told,
            [
                ("deploy", "call", "deploy", None),
                ("notify", "log", "notify", Some(0))
            ]
        );
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
