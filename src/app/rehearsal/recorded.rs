use std::{
    collections::{HashMap, HashSet},
    future::{pending, ready},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::json;

use super::{
    obscure::is_obscure,
    steps::{Place, count, placed},
    whole::is_whole,
};
use crate::{
    engine::{Journal, Pending, is_effect, step_at},
    graph::Flow,
    model::Mode,
    run::Value,
};

/// The journal that answers from a record, and keeps nothing.
pub(super) struct Recorded<'r> {
    flow: &'r Flow,
    /// Whether the run goes on behind an answer, and stays where its tries are spent.
    is_kept: bool,
    /// What effects came to, as the engine keeps it.
    answers: HashMap<Place, Value>,
    asked: Mutex<HashMap<(String, String), usize>>,
    is_at_a_loss: AtomicBool,
}

impl<'r> Recorded<'r> {
    pub fn new(flow: &'r Flow, old: &Value, doubted: &HashSet<Place>) -> Self {
        let answers = placed(old)
            .into_iter()
            .filter(|(place, _)| !doubted.contains(place))
            .filter_map(|(place, step)| Some((place, answer(step)?)))
            .collect();
        Self {
            flow,
            is_kept: flow.mode == Mode::Async || is_whole(old),
            answers,
            asked: Mutex::default(),
            is_at_a_loss: AtomicBool::new(false),
        }
    }

    pub fn is_at_a_loss(&self) -> bool {
        self.is_at_a_loss.load(Ordering::Relaxed)
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<(String, String), usize>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for Recorded<'_> {
    fn recall(&self, key: &str) -> Option<Value> {
        if !is_effect(key) {
            return None;
        }
        let Some(step) = step_at(self.flow, key) else {
            // Whoever has no answer would do it.
            self.is_at_a_loss.store(true, Ordering::Relaxed);
            return None;
        };
        if step.kind == "delay" {
            // It was over long ago.
            return Some(Value::from(0));
        }
        let place = count(&mut self.asked(), step.kind.to_owned(), step.title.clone());
        let answer = self.answers.get(&place).cloned();
        if answer.is_none() {
            self.is_at_a_loss.store(true, Ordering::Relaxed);
        }
        answer
    }

    fn keep(&self, _: String, _: Value) -> Pending<'_> {
        Box::pin(ready(()))
    }

    fn is_behind(&self) -> bool {
        // Nothing is said to anybody.
        true
    }

    fn is_kept(&self) -> bool {
        self.is_kept
    }

    fn is_cancelled(&self) -> bool {
        self.is_at_a_loss()
    }

    fn cancelled(&self) -> Pending<'_> {
        if self.is_at_a_loss() {
            Box::pin(ready(()))
        } else {
            Box::pin(pending())
        }
    }
}

/// What an effect came to, where all of it was kept.
fn answer(step: &Value) -> Option<Value> {
    let detail = &step["detail"];
    let came = match step["error"].as_str() {
        Some(message) => json!({ "error": message }),
        None => json!({ "output": detail["output"] }),
    };
    detail["action"].as_str()?;
    // It was cut off.
    let attempts = detail["attempts"]
        .as_u64()
        .filter(|attempts| *attempts > 0)?;
    if is_obscure(&came) {
        return None;
    }
    let mut answer = came;
    answer["attempts"] = attempts.into();
    answer["took_us"] = detail["took_us"].clone();
    Some(answer)
}
