use std::collections::HashMap;

use crate::{observe::UNKEPT, run::Value};

/// A step in the story of a run: its keyword, its title, and how many like it came before.
pub(super) type Place = (String, String, usize);

/// The steps of a record, those of flows that were called included, each with its place.
pub(super) fn placed(record: &Value) -> Vec<(Place, &Value)> {
    let mut counts = HashMap::new();
    all_steps(record)
        .into_iter()
        .map(|step| {
            let word = |name: &str| step[name].as_str().unwrap_or_default().to_owned();
            (count(&mut counts, word("kind"), word("title")), step)
        })
        .collect()
}

/// The steps that a record has in it, those of flows that were called included, in the order they
/// ran, up to where some are missing: nobody knows how many like those behind came before them.
fn all_steps(record: &Value) -> Vec<&Value> {
    let mut steps = Vec::new();
    each_known_step(record, &mut |_, step| steps.push(step));
    steps
}

/// Hands each of those steps to `each`, with what tells of its flow: the record, or the detail of
/// the call. Whether none was missing.
pub fn each_known_step<'r>(of: &'r Value, each: &mut impl FnMut(&'r Value, &'r Value)) -> bool {
    let mut inside = of["steps"].as_array().into_iter().flatten();
    inside.all(|step| {
        step[UNKEPT].is_null() && {
            each(of, step);
            each_known_step(&step["detail"], each)
        }
    })
}

pub(super) fn count(
    counts: &mut HashMap<(String, String), usize>,
    kind: String,
    title: String,
) -> Place {
    let seen = counts.entry((kind.clone(), title.clone())).or_default();
    *seen += 1;
    (kind, title, *seen - 1)
}
