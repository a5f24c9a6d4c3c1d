//! The parts of a run as lines that can be compared: without times and ids, which always differ.

use http::HeaderMap;
use serde_json::Map;

use crate::{
    dashboard::{indent::indented, text},
    run::{FlowShape, RunRecord, StepDetail, StepRecord, Value},
};

/// Longer parts are not compared to their end, in lines.
const MOST: usize = 4_000;

/// A part's title, and how it is told.
type Teller = (&'static str, fn(&RunRecord) -> Vec<String>);

/// All parts, in order.
pub(super) const PARTS: [Teller; 6] = [
    ("Outcome", outcome),
    ("Path", path),
    ("Request", request),
    ("Variables", |record| {
        variables(record.flow.as_deref(), &record.variables)
    }),
    ("Steps", |record| {
        let mut lines = Vec::new();
        steps(record.flow.as_deref(), &record.steps, &mut lines);
        lines
    }),
    ("Response", response),
];

/// Which run it is.
pub(super) fn run(record: &RunRecord) -> String {
    let flow = record.flow.as_ref().map_or("no flow", |flow| &flow.name);
    let at = text::timestamp(record.request.received);
    format!("{} of {flow} at {at}", record.id.short())
}

fn outcome(record: &RunRecord) -> Vec<String> {
    let mut lines = vec![record.outcome.to_string()];
    if let Some(error) = &record.error {
        lines.extend(error.message.lines().map(str::to_owned));
    }
    lines.push(format!("revision {}", record.revision));
    lines
}

fn path(record: &RunRecord) -> Vec<String> {
    let shape = record.flow.iter();
    let branches = shape.flat_map(|shape| shape.branches(&record.taken));
    branches
        .map(|(branch, arm)| format!("{branch} → {}", arm.map_or("no arm", |arm| &arm.title)))
        .collect()
}

fn request(record: &RunRecord) -> Vec<String> {
    let request = &record.request;
    let mut lines = vec![format!("{} {}", request.method, request.uri)];
    message(&request.headers, &request.body, &mut lines);
    lines
}

fn response(record: &RunRecord) -> Vec<String> {
    let Some(reply) = &record.reply else {
        return vec!["nothing was answered".to_owned()];
    };
    let mut lines = vec![reply.status.to_string()];
    message(&reply.headers, &reply.body, &mut lines);
    lines
}

fn message(headers: &HeaderMap, body: &[u8], lines: &mut Vec<String>) {
    let mut named: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    // Their order says nothing.
    named.sort();
    lines.append(&mut named);
    lines.push(String::new());
    let text = indented(body).unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
    bounded(&text, lines);
}

fn variables(shape: Option<&FlowShape>, values: &[Option<Value>]) -> Vec<String> {
    let mut lines = Vec::new();
    for (slot, value) in values.iter().enumerate() {
        let Some(value) = value else {
            continue;
        };
        let name = shape.and_then(|shape| shape.variables.get(slot));
        let name = name.map_or_else(|| slot.to_string(), |variable| variable.name.clone());
        bounded(&format!("{name} = {value:#}"), &mut lines);
    }
    lines
}

fn steps(shape: Option<&FlowShape>, steps: &[StepRecord], lines: &mut Vec<String>) {
    for ran in steps {
        let step = shape.and_then(|shape| shape.step(ran.step));
        lines.push(step.map_or_else(|| format!("step {}", ran.step), ToString::to_string));
        match &ran.detail {
            StepDetail::Branch { arm, .. } => {
                let arm = arm.and_then(|arm| step?.arm(arm));
                lines.push(format!("  → {}", arm.map_or("no arm", |arm| &arm.title)));
            }
            StepDetail::Set(values) => {
                let mut set = Map::new();
                for (slot, value) in values {
                    let name = shape.and_then(|shape| shape.variables.get(*slot as usize));
                    let name = name.map_or_else(|| slot.to_string(), |name| name.name.clone());
                    set.insert(name, value.clone().unwrap_or_default());
                }
                below(&format!("{:#}", Value::Object(set)), lines);
            }
            StepDetail::Log(text) | StepDetail::Fail(text) => below(text, lines),
            StepDetail::Respond(status) => {
                if step.is_none_or(|step| step.title != status.to_string()) {
                    lines.push(format!("  → {status}"));
                }
            }
            StepDetail::Delay(length) => lines.push(format!("  → {}", text::duration(*length))),
            StepDetail::Each(items) => lines.push(format!("  → {items} items")),
            StepDetail::Effect {
                action,
                attempts,
                output,
                ..
            } => {
                below(action, lines);
                if *attempts > 1 {
                    lines.push(format!("  {attempts} tries"));
                }
                if let Some(output) = output {
                    below(&format!("{output:#}"), lines);
                }
            }
            StepDetail::Call(call) => {
                let mut inner = Vec::new();
                self::steps(Some(&call.flow), &call.steps, &mut inner);
                lines.extend(inner.into_iter().map(|line| format!("  {line}")));
                if let Some(output) = &call.output {
                    below(&format!("{output:#}"), lines);
                }
            }
            StepDetail::Output(value) => below(&format!("{value:#}"), lines),
            StepDetail::Stop | StepDetail::Nothing => {}
        }
        if let Some(error) = &ran.error {
            below(&format!("failed: {error}"), lines);
        }
    }
}

fn below(text: &str, lines: &mut Vec<String>) {
    let from = lines.len();
    bounded(text, lines);
    for line in &mut lines[from..] {
        line.insert_str(0, "  ");
    }
}

/// Adds the lines of a text, as far as there is room for them.
fn bounded(text: &str, lines: &mut Vec<String>) {
    let room = MOST.saturating_sub(lines.len());
    let told = text.lines().take(room);
    lines.extend(told.map(|line| line.replace('\t', "    ")));
    if text.lines().nth(room).is_some() {
        lines.push("… the rest is not compared".to_owned());
    }
}
