use std::collections::HashMap;

use super::{
    Rehearsed, RehearsedStep, Verdict,
    obscure::is_obscure,
    steps::{Place, placed},
};
use crate::{
    observe::TRUNCATED,
    run::{Outcome, Value},
};

/// Compares two stories. From the first thing on that cannot be known, nothing is; `obscured` says
/// why that is so from the beginning on. `is_beside` says that some of it is done beside each other.
pub(super) fn compare(
    new: &Value,
    old: &Value,
    is_beside: bool,
    obscured: Option<&'static str>,
    is_at_a_loss: bool,
) -> Rehearsed {
    let before: HashMap<Place, &Value> = placed(old).into_iter().collect();
    let is_read_obscured = is_obscure(&new["variables"]);
    let mut unknown = obscured.or(is_read_obscured.then_some("what it reads was cut or redacted"));
    let mut steps = Vec::new();
    for (place, step) in placed(new) {
        let told = told(step);
        unknown = unknown.or_else(|| why_unknown(step));
        let (verdict, why) = match (unknown, before.get(&place)) {
            (Some(why), _) => (Verdict::Unknown, Some(why.to_owned())),
            (None, Some(then)) if is_same_step(step, then) => (Verdict::Same, None),
            (None, Some(then)) => (Verdict::Changed, Some(difference(&told, then))),
            (None, None) if old["detailed"] != Value::Bool(true) => {
                let why = "under load, the steps of the old run were not recorded";
                (Verdict::Unknown, Some(why.to_owned()))
            }
            (None, None) => (Verdict::Changed, Some("it was not done then".to_owned())),
        };
        // Once said, it is the reason of what comes behind.
        unknown = unknown.map(|_| "what comes before it is unknown");
        steps.push(RehearsedStep { told, verdict, why });
    }
    let is_unknown = unknown.is_some() || is_at_a_loss;
    let verdict = |is_unknown: bool, is_same: bool| match (is_unknown, is_same) {
        (true, _) => Verdict::Unknown,
        (false, true) => Verdict::Same,
        (false, false) => Verdict::Changed,
    };
    let has_failed = |record: &Value| !record["error"].is_null();
    let (now, then) = (way(new, is_beside), way(old, is_beside));
    // Beside a round that failed, as many others were under way as there happened to be.
    let is_same_way =
        now == then || (is_beside && has_failed(new) && has_failed(old) && is_part(&now, &then));
    let end = |record: &Value| {
        let error = record["error"]["message"].clone();
        (record["outcome"].clone(), error, record["response"].clone())
    };
    // Nobody is waited for here.
    let was_late = old["outcome"] == Outcome::TimedOut.to_string();
    let is_end_unknown = is_unknown || was_late || [new, old].into_iter().any(is_end_obscure);
    let outcome = new["outcome"].as_str().unwrap_or_default();
    Rehearsed {
        steps,
        path: verdict(is_unknown, is_same_way),
        outcome: verdict(is_end_unknown, end(new) == end(old)),
        ends: (!is_unknown).then(|| match new["error"]["message"].as_str() {
            Some(message) => format!("{outcome}: {message}"),
            None => outcome.to_owned(),
        }),
        record: new.clone(),
    }
}

/// Why what a step came to is not known.
fn why_unknown(step: &Value) -> Option<&'static str> {
    if step["detail"]["attempts"] == 0 {
        Some("it would have to be done: the record has no answer to it")
    } else {
        is_obscure(step).then_some("something of it was cut or redacted")
    }
}

/// What is different about a step that is `told` like this now.
fn difference(told: &str, then: &Value) -> String {
    let before = self::told(then);
    if before == told {
        "it read or gave something else then".to_owned()
    } else {
        format!("it was: {before}")
    }
}

/// The branches and arms that were taken, in an order that does not depend on what came first where
/// some of them were taken beside each other.
fn way(record: &Value, is_beside: bool) -> Vec<(String, String)> {
    let taken = record["taken"].as_array().into_iter().flatten();
    let mut way: Vec<_> = taken
        .map(|taken| (taken["branch"].to_string(), taken["arm"].to_string()))
        .collect();
    if is_beside {
        way.sort();
    }
    way
}

/// Whether all of one sorted list is in another.
fn is_part<T: Ord>(some: &[T], all: &[T]) -> bool {
    let mut all = all.iter();
    some.iter().all(|wanted| all.any(|found| found == wanted))
}

/// Whether something of how a run ended was not kept.
fn is_end_obscure(record: &Value) -> bool {
    let response = &record["response"];
    is_obscure(response) || response[TRUNCATED] == Value::Bool(true) || is_obscure(&record["error"])
}

/// Whether a step did the same, however long it took.
fn is_same_step(new: &Value, old: &Value) -> bool {
    let what = |step: &Value| {
        let mut detail = step["detail"].clone();
        if let Some(members) = detail.as_object_mut() {
            members.remove("took_us");
            // Each is compared by itself.
            members.remove("steps");
        }
        (step["error"].clone(), detail)
    };
    what(new) == what(old)
}

/// A step in a line.
fn told(step: &Value) -> String {
    let kind = step["kind"].as_str().unwrap_or_default();
    let detail = &step["detail"];
    let title = step["title"].as_str().filter(|title| !title.is_empty());
    let mut line = match detail["action"].as_str() {
        Some(action) => format!("{kind} {action}"),
        None => title.map_or_else(|| kind.to_owned(), |title| format!("{kind} {title}")),
    };
    if let Some(arm) = detail["taken"].as_str() {
        line += &format!(" → {arm}");
    } else if kind == "branch" && step["error"].is_null() {
        line += " → no arm";
    }
    if let Some(error) = step["error"].as_str() {
        line += &format!(": {error}");
    }
    line
}
