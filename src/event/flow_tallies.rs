use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{FlowTally, edge::Edge};
use crate::run::FlowShape;

/// The counters of all flows. Those of a flow go on being counted over a reload, by the name of
/// the flow and the titles of branch and arm, and whichever revision a run is of.
#[derive(Clone, Debug, Default)]
pub struct FlowTallies {
    flows: Arc<Mutex<HashMap<Arc<str>, Edges>>>,
}

/// Where in a flow an edge is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Place {
    Runs,
    Refused,
    Arm {
        branch: String,
        /// `None` for the way past all arms.
        arm: Option<String>,
        /// Which one it is of those that are called the same.
        number: usize,
    },
}

/// The edges of one flow.
type Edges = HashMap<Place, Arc<Edge>>;

impl FlowTallies {
    /// The counters of a flow, those it had under its name before included.
    pub fn of(&self, shape: &FlowShape) -> FlowTally {
        let mut flows = self.lock();
        let edges = flows.entry(Arc::clone(&shape.name)).or_default();
        // Nobody counts any more at those that are known here alone.
        let mut before = mem::take(edges);
        let mut get = |place: Place| {
            let edge = edges.entry(place.clone()).or_insert_with(|| {
                let known = before.remove(&place);
                known.unwrap_or_default()
            });
            Arc::clone(edge)
        };
        let runs = get(Place::Runs);
        let refused = get(Place::Refused);
        let mut numbers = HashMap::<(&str, Option<&str>), usize>::new();
        let arms = shape.steps.iter().map(|step| {
            if !step.is_branch() {
                return Vec::new();
            }
            let titles = step.arms.iter().map(|arm| Some(&*arm.title));
            let titles = titles.chain([None]);
            titles
                .map(|arm| {
                    let number = numbers.entry((&step.title, arm)).or_default();
                    *number += 1;
                    get(Place::Arm {
                        branch: step.title.clone(),
                        arm: arm.map(str::to_owned),
                        number: *number,
                    })
                })
                .collect()
        });
        let arms = arms.collect();
        before.retain(|_, edge| Arc::strong_count(edge) > 1);
        edges.extend(before);
        FlowTally {
            runs,
            refused,
            arms,
        }
    }

    /// Forgets the flows at which nobody counts any more: one that comes back later begins at nought.
    pub fn forget_gone(&self) {
        let is_gone = |edges: &Edges| edges.values().all(|edge| Arc::strong_count(edge) == 1);
        self.lock().retain(|_, edges| !is_gone(edges));
    }

    /// Takes what was counted since into the windows, at that second since the start.
    pub fn advance(&self, second: u64) {
        for edge in self.lock().values().flat_map(HashMap::values) {
            edge.advance(second);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Edges>> {
        // Whatever panics, every counter in it counts.
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{ArmCount, Passed, Standing},
        run::{ArmShape, Outcome, StepShape, Taken},
    };

    fn branch(title: &str, arms: &[&str]) -> StepShape {
        StepShape {
            kind: "branch",
            title: title.to_owned(),
            arms: arms
                .iter()
                .map(|title| ArmShape {
                    title: (*title).to_owned(),
                    condition: None,
                    steps: Vec::new(),
                })
                .collect(),
            on_error: Vec::new(),
        }
    }

    fn flow(steps: Vec<StepShape>) -> FlowShape {
        FlowShape {
            name: "payment".into(),
            steps,
            ..FlowShape::default()
        }
    }

    fn took(step: u32, arm: Option<u32>) -> Taken {
        Taken { step, arm }
    }

    /// Runs, errors and refused requests of the last minute.
    fn counted(tally: &FlowTally) -> [u64; 3] {
        let counts = tally.counts(&"payment".into(), Standing::default());
        let counts = counts.unwrap();
        let Passed { runs, errors } = counts.runs.minute;
        [runs, errors, counts.refused.minute.runs]
    }

    /// The arms that were taken, with runs and errors.
    fn arms(tally: &FlowTally) -> Vec<(u32, Option<u32>, u64, u64)> {
        let counts = tally.counts(&"payment".into(), Standing::default());
        let told = |count: ArmCount| {
            let Passed { runs, errors } = count.passed.minute;
            (count.step, count.arm, runs, errors)
        };
        counts.unwrap().arms.into_iter().map(told).collect()
    }

    #[test]
    fn a_run_is_counted_once_and_at_each_arm_that_it_took() {
        let tallies = FlowTallies::default();
        let tally = tallies.of(&flow(vec![branch("", &["a", "b"]), branch("", &["a"])]));
        assert_eq!(tally.counts(&"payment".into(), Standing::default()), None);
        tally.count(Outcome::Succeeded, &[took(0, Some(0)), took(1, Some(0))]);
        tally.count(Outcome::Failed, &[took(0, Some(1)), took(1, None)]);
        tally.count(Outcome::Dead, &[took(0, Some(0)), took(9, Some(9))]);
        tally.count(Outcome::Refused, &[]);
        tally.count(Outcome::Skipped, &[]);
        tallies.advance(1);
        assert_eq!(counted(&tally), [3, 2, 1]);
        assert_eq!(
            arms(&tally),
            [
                (0, Some(0), 2, 1),
                (0, Some(1), 1, 1),
                (1, Some(0), 1, 0),
                (1, None, 1, 1)
            ]
        );
    }

    #[test]
    fn a_reload_goes_on_counting_by_flow_and_title_and_so_do_runs_of_the_one_before() {
        let tallies = FlowTallies::default();
        let old = tallies.of(&flow(vec![branch("big?", &["big", "otherwise"])]));
        old.count(Outcome::Succeeded, &[took(0, Some(0))]);
        let steps = vec![
            branch("first", &["otherwise"]),
            branch("big?", &["huge", "big"]),
        ];
        let new = tallies.of(&flow(steps));
        old.count(Outcome::Succeeded, &[took(0, Some(0))]);
        old.count(Outcome::Succeeded, &[took(0, Some(1))]);
        new.count(Outcome::Succeeded, &[took(0, Some(0)), took(1, Some(0))]);
        tallies.advance(1);
        assert_eq!(counted(&new), [4, 0, 0]);
        assert_eq!(
            arms(&new),
            [(0, Some(0), 1, 0), (1, Some(0), 1, 0), (1, Some(1), 2, 0)]
        );
    }

    #[test]
    fn a_flow_that_is_gone_is_counted_until_its_last_run_ended_and_begins_at_nought_later() {
        let tallies = FlowTallies::default();
        let running = Arc::new(tallies.of(&flow(vec![])));
        let served = Arc::clone(&running);
        drop(served);
        tallies.forget_gone();
        running.count(Outcome::Succeeded, &[]);
        let back = tallies.of(&flow(vec![]));
        tallies.advance(1);
        assert_eq!(counted(&back), [1, 0, 0]);
        drop((running, back));
        tallies.forget_gone();
        let back = tallies.of(&flow(vec![]));
        tallies.advance(2);
        assert_eq!(back.counts(&"payment".into(), Standing::default()), None);
    }

    #[test]
    fn counters_that_nobody_counts_at_are_forgotten_with_the_next_reload() {
        let tallies = FlowTallies::default();
        drop(tallies.of(&flow(vec![branch("gone", &["a", "b"])])));
        let _held = tallies.of(&flow(vec![]));
        let flows = tallies.lock();
        let places: Vec<&Place> = flows["payment"].keys().collect();
        assert_eq!(places.len(), 2, "{places:?}");
    }
}
