use serde_json::{Map, json};

use super::SHOWN_BODY;
use crate::run::{
    Extent, FlowShape, Part, Request, RunRecord, StepDetail, StepRecord, Value, Within, bytes_json,
    headers_json, micros, timestamp,
};

/// Texts within values that are longer than this are cut, in bytes.
pub(super) const TEXT: usize = 64 << 10;

/// The member that stands beside what is left of something cut.
pub const TRUNCATED: &str = "truncated";

/// A record as JSON, for reading: step ids and slots are resolved to names. The history keeps it
/// like this, of sync and async runs and of refused requests alike.
///
/// A body that was cut has `"truncated": true` beside it, and how many `"bytes"` it had; a text within a value became
/// `{"truncated": "its beginning", "bytes": 70000}`.
pub fn record_json(record: &RunRecord) -> Value {
    record_json_within(record, SHOWN_BODY)
}

/// The same, with so many bytes of bodies.
pub(super) fn record_json_within(record: &RunRecord, bodies: usize) -> Value {
    let shape = record.flow.as_deref();
    json!({
        "id": record.id.to_string(),
        "continues": record.continues.map(|run| run.to_string()),
        "replay_of": record.replay_of.map(|of| of.run.to_string()),
        "edited": record.replay_of.is_some_and(|of| of.is_edited),
        "flow": shape.map(|shape| &*shape.name),
        "revision": &*record.revision,
        "received": timestamp(record.request.received),
        "duration_us": micros(record.duration),
        "answered_us": record.answered.map(micros),
        "waited_us": record.spent.map(|spent| micros(spent.waited)),
        "parked_us": record.spent.map(|spent| micros(spent.parked)),
        "ran_us": record.spent.map(|spent| micros(spent.ran)),
        "outcome": record.outcome.to_string(),
        "error": record.error.as_ref().map(|error| json!({
            "step": error.step,
            "message": error.message,
        })),
        "request": request(&record.request, record.cut.request, bodies),
        "variables": variables(shape, &record.variables),
        "taken": record.taken.iter().map(|taken| {
            let step = shape.and_then(|shape| shape.step(taken.step));
            json!({
                "step": taken.step,
                "kind": step.map(|step| step.kind),
                "branch": step.map(|step| &step.title),
                "arm": shape.and_then(|shape| shape.arm(taken)).map(|arm| &arm.title),
            })
        }).collect::<Vec<_>>(),
        "steps": record.steps.iter().map(|record| step(shape, record)).collect::<Vec<_>>(),
        "steps_not_kept": StepRecord::unkept(&record.steps),
        "response": record.reply.as_ref().map(|reply| {
            let (body, is_cut, bytes) = body(&reply.body, record.cut.response, bodies);
            json!({
                "status": reply.status.as_u16(),
                "headers": headers_json(&reply.headers),
                "body": body,
                TRUNCATED: is_cut,
                "bytes": bytes,
            })
        }),
        "detailed": record.detailed,
    })
}

fn request(request: &Request, extent: Extent, most: usize) -> Value {
    let (body, is_cut, bytes) = body(&request.body, extent, most);
    json!({
        "method": request.method.as_str(),
        "target": request.uri.to_string(),
        "peer": request.peer.to_string(),
        "headers": headers_json(&request.headers),
        "body": body,
        TRUNCATED: is_cut,
        "bytes": bytes,
    })
}

fn step(shape: Option<&FlowShape>, record: &StepRecord) -> Value {
    let step = shape.and_then(|shape| shape.step(record.step));
    let arm = |arm: u32| step.and_then(|step| step.arm(arm));
    let detail = match &record.detail {
        StepDetail::Branch {
            conditions,
            arm: taken,
        } => json!({
            "arm": taken,
            "taken": taken.and_then(arm).map(|arm| &arm.title),
            "conditions": conditions.iter().map(|condition| json!({
                "arm": condition.arm,
                "condition": arm(condition.arm).and_then(|arm| arm.condition.as_ref()),
                "result": condition.result,
                "operands": condition.operands.iter().map(|operand| json!({
                    "text": operand.text,
                    "value": operand.value.clone().map(cut),
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        }),
        StepDetail::Respond(status) => json!({ "status": status }),
        StepDetail::Set(values) => Value::Object(
            values
                .iter()
                .map(|(slot, value)| {
                    (
                        name(shape, *slot as usize),
                        cut(value.clone().unwrap_or_default()),
                    )
                })
                .collect(),
        ),
        StepDetail::Log(text) | StepDetail::Fail(text) => {
            json!({ "text": cut(text.clone().into()) })
        }
        StepDetail::Each(items) => json!({ "items": items }),
        StepDetail::Delay(length) => json!({ "delay_us": micros(*length) }),
        StepDetail::Effect {
            action,
            attempts,
            took,
            output,
        } => json!({
            "action": action,
            "attempts": attempts,
            "took_us": micros(*took),
            "output": output.clone().map(cut),
        }),
        StepDetail::Call(call) => {
            let shape = Some(&*call.flow);
            json!({
                "flow": &*call.flow.name,
                "variables": variables(shape, &call.variables),
                "steps": call.steps.iter().map(|record| self::step(shape, record)).collect::<Vec<_>>(),
                "output": call.output.clone().map(cut),
            })
        }
        StepDetail::Output(value) => json!({ "output": cut(value.clone()) }),
        StepDetail::Stop | StepDetail::Nothing => json!({}),
    };
    let mut told = json!({
        "step": record.step,
        "kind": step.map(|step| step.kind),
        "title": step.map(|step| &step.title),
        "started_us": micros(record.started),
        "took_us": micros(record.took),
        "error": record.error,
        "detail": detail,
    });
    // Most steps have neither.
    if record.within.is_some() {
        let path = Within::path(record.within.as_ref()).into_iter();
        told[WITHIN] = path.map(|within| part(shape, within)).collect();
    }
    if record.unkept_before > 0 {
        told[UNKEPT] = record.unkept_before.into();
    }
    told
}

/// The member of a step that says in which rounds and lanes it ran, from the outermost in.
pub const WITHIN: &str = "within";
/// The member of a step that says how many before it are not kept.
pub const UNKEPT: &str = "not_kept_before";

fn part(shape: Option<&FlowShape>, within: &Within) -> Value {
    match &within.part {
        Part::Round { number, item } => {
            let mut told = json!({ "step": within.step, "round": number });
            if let Some(item) = item {
                told["item"] = item.clone();
            }
            told
        }
        Part::Lane(lane) => {
            let step = shape.and_then(|shape| shape.step(within.step));
            let arm = step.and_then(|step| step.arm(*lane));
            json!({ "step": within.step, "lane": lane, "name": arm.map(|arm| &arm.title) })
        }
    }
}

fn variables(shape: Option<&FlowShape>, values: &[Option<Value>]) -> Value {
    let mut variables = Map::new();
    for (slot, value) in values.iter().enumerate() {
        if let Some(value) = value {
            variables.insert(name(shape, slot), cut(value.clone()));
        }
    }
    Value::Object(variables)
}

fn name(shape: Option<&FlowShape>, slot: usize) -> String {
    shape
        .and_then(|shape| shape.variables.get(slot))
        .map_or_else(|| slot.to_string(), |variable| variable.name.clone())
}

/// At most so much of a body, whether it is cut, and how large the whole of it was.
fn body(body: &[u8], extent: Extent, most: usize) -> (Value, bool, Option<usize>) {
    let (was_cut, bytes) = match extent {
        Extent::Whole => (false, Some(body.len())),
        Extent::Beginning(bytes) => (true, bytes),
    };
    if body.len() <= most {
        return (bytes_json(body), was_cut, bytes);
    }
    let shown = match std::str::from_utf8(body) {
        Ok(text) => text[..text.floor_char_boundary(most)].into(),
        Err(_) => bytes_json(&body[..most]),
    };
    (shown, true, bytes)
}

/// A value with its long texts cut.
fn cut(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() > TEXT => json!({
            TRUNCATED: &text[..text.floor_char_boundary(TEXT)],
            "bytes": text.len(),
        }),
        Value::Array(items) => items.into_iter().map(cut).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, cut(value)))
            .collect(),
        value => value,
    }
}
