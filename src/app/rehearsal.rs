use std::{
    collections::{HashMap, HashSet},
    fmt,
    future::{pending, ready},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;

use super::replay::read_recorded;
use crate::{
    engine::{self, Ended, Journal, Means, Pending, is_effect, step_at},
    graph::{Flow, StepKind},
    http::{to_input, unanswered},
    model::Mode,
    observe::{Marks, REDACTED, Redactor, TRUNCATED, UNKEPT, neutral},
    queue::Entry,
    run::{Outcome, RunId, Value, parse_timestamp},
    store::Reader,
};

/// A walk over a run without its effects, beside the story of the run that it repeats.
#[derive(Debug)]
pub struct Rehearsed {
    /// The steps that were walked, in order.
    pub steps: Vec<RehearsedStep>,
    /// How the way it takes compares.
    pub path: Verdict,
    /// How its end compares.
    pub outcome: Verdict,
    /// How it ends, where that is known.
    pub ends: Option<String>,
    /// Its story, with the id and the time of the run that it repeats.
    pub record: Value,
}

impl Rehearsed {
    /// The same for machines, in the words of a record where it has them.
    pub fn json(&self) -> Value {
        let is_known = self.ends.is_some();
        let known = |place: &str| self.record.pointer(place).filter(|_| is_known);
        let steps = self.steps.iter().map(|step| {
            json!({
                "step": step.told,
                "verdict": step.verdict.to_string(),
                "why": step.why,
            })
        });
        json!({
            "steps": steps.collect::<Vec<_>>(),
            "taken": self.record["taken"],
            "path": self.path.to_string(),
            "end": self.outcome.to_string(),
            "outcome": known("/outcome"),
            "error": known("/error/message"),
        })
    }
}

impl fmt::Display for Rehearsed {
    /// In lines, each of them neutral.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "  {:<9}{}", step.verdict, neutral(&step.told))?;
        }
        write!(f, "  path: {}, end: {}", self.path, self.outcome)?;
        if let Some(ends) = &self.ends {
            write!(f, " ({})", neutral(ends))?;
        }
        writeln!(f)
    }
}

/// A step that was walked.
#[derive(Debug)]
pub struct RehearsedStep {
    /// The step, in a line.
    pub told: String,
    /// How it compares.
    pub verdict: Verdict,
    /// Why, in a sentence, where it is not the same.
    pub why: Option<String>,
}

/// How something compares to what it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is as it was.
    Same,
    /// It is not.
    Changed,
    /// It depends on what cannot be known without doing something, or was not kept.
    Unknown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
        })
    }
}

/// How often a walk is repeated because an effect turned out to be another one.
const MOST_WALKS: usize = 100;

/// Walks a run that was renewed, and does nothing: effects answer from the record of the old run,
/// by the titles of their steps, and the first one that has no answer there ends the walk.
/// `is_obscured` says that the flow may read something of the request that was not kept.
///
/// # Errors
/// There is no runtime; the sentence says so.
pub fn rehearse(
    flow: &Flow,
    entry: &Entry,
    old: &Value,
    is_obscured: bool,
) -> Result<Rehearsed, String> {
    let Walked { record, is_cut } = walk(flow, entry, old)?;
    let obscured = match (is_half(old), is_obscured) {
        (true, _) => Some("the run that it is the rest of is not kept"),
        (false, true) => Some("it may read what was redacted in the request"),
        (false, false) => None,
    };
    Ok(compare(&record, old, runs_beside(flow), obscured, is_cut))
}

/// The same of a request that is another one than the old run's: what an effect came to then is no
/// answer to it.
pub(super) fn rehearse_other(
    flow: &Flow,
    entry: &Entry,
    old: &Value,
    is_obscured: bool,
) -> Result<Rehearsed, String> {
    rehearse(flow, entry, &without_answers(old), is_obscured)
}

/// The story without what effects came to.
fn without_answers(told: &Value) -> Value {
    let mut told = told.clone();
    for step in told["steps"].as_array_mut().into_iter().flatten() {
        let mut detail = without_answers(&step["detail"]);
        if let Some(attempts) = detail.get_mut("attempts") {
            *attempts = Value::from(0);
        }
        step["detail"] = detail;
    }
    told
}

/// The story of a walk without effects.
#[derive(Debug)]
pub(super) struct Walked {
    /// The story, as the history would keep it.
    pub record: Value,
    /// Whether it ended before its end, at an effect that the old record has no answer of.
    pub is_cut: bool,
}

/// Walks a run that was renewed as far as the record of the old one has answers of its effects.
///
/// # Errors
/// There is no runtime; the sentence says so.
pub(super) fn walk(flow: &Flow, entry: &Entry, old: &Value) -> Result<Walked, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| format!("no async runtime: {error}"))?;
    let secrets = flow.secrets.iter().map(|(_, secret)| secret.expose());
    // What is compared with it has no tags either.
    let redactor = Redactor::new(secrets, Marks::Plain);
    let means = Means::default();
    let is_sync = flow.mode == Mode::Sync;
    let entry = &as_it_was(flow, entry, old)?;
    let mut doubted = HashSet::new();
    loop {
        let recorded = Recorded::new(flow, old, &doubted);
        let input = to_input(&mut entry.clone(), Instant::now());
        let walked = engine::resume(flow, input, &means, &recorded);
        let Ended::Finished(finished) = runtime.block_on(walked) else {
            // Every wait is over at once.
            return Err("the run does not end".to_owned());
        };
        let sent = finished.reply.clone();
        let sent = sent.unwrap_or_else(|| match is_sync {
            true => unanswered(finished.outcome),
            false => entry.reply.clone(),
        });
        let new = redactor.kept(&finished.into_record(flow, &sent, Duration::ZERO));
        let other = first_other_action(&new, old, &doubted);
        match other {
            Some(place) if doubted.len() < MOST_WALKS => {
                doubted.insert(place);
            }
            _ => {
                return Ok(Walked {
                    is_cut: recorded.is_at_a_loss(),
                    record: new,
                });
            }
        }
    }
}

/// The new run with the id and the time of the old one: what is made of them is no difference.
fn as_it_was(flow: &Flow, entry: &Entry, old: &Value) -> Result<Entry, String> {
    let mut entry = entry.clone();
    if let Some(id) = old["id"].as_str().and_then(RunId::parse) {
        entry.id = id;
    }
    if let Some(received) = old["received"].as_str().and_then(parse_timestamp) {
        entry.request.received = received;
    }
    if let Some(trigger) = &flow.trigger {
        let input = to_input(&mut entry.clone(), Instant::now());
        let scope = engine::Scope::new(flow, &input, &input.variables);
        entry.reply = engine::render_reply(&trigger.reply, &scope)?;
    }
    Ok(entry)
}

/// The story of a run, from the beginning: where it is the rest of another, behind that of the
/// other, which answered, and whose id it has then.
///
/// # Errors
/// The store cannot be read, or a record in it makes no sense; the sentence says so.
pub(super) fn whole_story(reader: &Reader, rest: Value) -> Result<Value, String> {
    let parse = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
    let Some(first) = rest["continues"].as_str() else {
        return Ok(rest);
    };
    let Some(record) = reader.record(first)? else {
        // It was not kept, or is gone.
        return Ok(rest);
    };
    let mut whole = read_recorded(&record)?;
    let mut rest: Value = match rest["id"].as_str() {
        Some(id) => parse(&rest.to_string().replace(id, first))?,
        None => rest,
    };
    for list in ["taken", "steps"] {
        if let (Some(all), Some(more)) = (whole[list].as_array_mut(), rest[list].as_array_mut()) {
            all.append(more);
        }
    }
    for member in ["outcome", "error", "variables"] {
        whole[member] = rest[member].take();
    }
    whole[WHOLE] = Value::Bool(true);
    Ok(whole)
}

/// The member that stands in a story that was put together of two.
const WHOLE: &str = "whole";

/// Whether it is the story of the rest of a run alone.
fn is_half(old: &Value) -> bool {
    !old["continues"].is_null() && old[WHOLE] != Value::Bool(true)
}

/// Whether some of its steps, or of those that it calls, are done beside each other.
fn runs_beside(flow: &Flow) -> bool {
    flow.steps.iter().any(|step| match &step.kind {
        StepKind::Each(each) => each.concurrency > 1,
        StepKind::Parallel(_) => true,
        StepKind::Call(call) => runs_beside(&call.flow),
        _ => false,
    })
}

/// A step in the story of a run: its keyword, its title, and how many like it came before.
type Place = (String, String, usize);

/// The steps of a record, those of flows that were called included, each with its place.
fn placed(record: &Value) -> Vec<(Place, &Value)> {
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
pub(super) fn all_steps(record: &Value) -> Vec<&Value> {
    let mut steps = Vec::new();
    each_known_step(record, &mut |_, step| steps.push(step));
    steps
}

/// Hands each of those steps to `each`, with what tells of its flow: the record, or the detail of
/// the call. Whether none was missing.
pub(super) fn each_known_step<'r>(
    of: &'r Value,
    each: &mut impl FnMut(&'r Value, &'r Value),
) -> bool {
    let mut inside = of["steps"].as_array().into_iter().flatten();
    inside.all(|step| {
        step[UNKEPT].is_null() && {
            each(of, step);
            each_known_step(&step["detail"], each)
        }
    })
}

fn count(counts: &mut HashMap<(String, String), usize>, kind: String, title: String) -> Place {
    let seen = counts.entry((kind.clone(), title.clone())).or_default();
    *seen += 1;
    (kind, title, *seen - 1)
}

/// The first effect that was answered from the record of one that did something else.
fn first_other_action(new: &Value, old: &Value, doubted: &HashSet<Place>) -> Option<Place> {
    let before: HashMap<Place, &Value> = placed(old).into_iter().collect();
    placed(new).into_iter().find_map(|(place, step)| {
        let action = step["detail"]["action"].as_str()?;
        let then = before.get(&place)?["detail"]["action"].as_str();
        (then != Some(action) && !doubted.contains(&place)).then_some(place)
    })
}

/// The journal that answers from a record, and keeps nothing.
struct Recorded<'r> {
    flow: &'r Flow,
    /// Whether the run goes on behind an answer, and stays where its tries are spent.
    is_kept: bool,
    /// What effects came to, as the engine keeps it.
    answers: HashMap<Place, Value>,
    asked: Mutex<HashMap<(String, String), usize>>,
    is_at_a_loss: AtomicBool,
}

impl<'r> Recorded<'r> {
    fn new(flow: &'r Flow, old: &Value, doubted: &HashSet<Place>) -> Self {
        let answers = placed(old)
            .into_iter()
            .filter(|(place, _)| !doubted.contains(place))
            .filter_map(|(place, step)| Some((place, answer(step)?)))
            .collect();
        Self {
            flow,
            is_kept: flow.mode == Mode::Async || old[WHOLE] == Value::Bool(true),
            answers,
            asked: Mutex::default(),
            is_at_a_loss: AtomicBool::new(false),
        }
    }

    fn is_at_a_loss(&self) -> bool {
        self.is_at_a_loss.load(Ordering::Relaxed)
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<(String, String), usize>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Whether something of it was not kept.
pub(super) fn is_obscure(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(REDACTED),
        Value::Array(items) => items.iter().any(is_obscure),
        Value::Object(members) => {
            let is_cut = members.get(TRUNCATED).is_some_and(Value::is_string);
            is_cut
                || members
                    .iter()
                    .any(|(name, value)| name.contains(REDACTED) || is_obscure(value))
        }
        _ => false,
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

/// Compares two stories. From the first thing on that cannot be known, nothing is; `obscured` says
/// why that is so from the beginning on. `is_beside` says that some of it is done beside each other.
fn compare(
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
