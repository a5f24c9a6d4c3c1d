use serde_json::{Map, json};

use crate::run::{FlowShape, RunRecord, StepDetail, StepRecord, Value, timestamp};

/// Bodies longer than this are cut.
const BODY: usize = 64 << 10;

/// A record as JSON, for reading: step ids and slots are resolved to names.
pub fn record_json(record: &RunRecord) -> Value {
    let shape = record.flow.as_deref();
    json!({
        "id": record.id.to_string(),
        "flow": shape.map(|shape| &*shape.name),
        "revision": &*record.revision,
        "received": timestamp(record.request.received),
        "duration_us": micros(record.duration),
        "outcome": record.outcome.to_string(),
        "error": record.error.as_ref().map(|error| json!({
            "step": error.step,
            "message": error.message,
        })),
        "request": {
            "method": record.request.method.as_str(),
            "target": record.request.uri.to_string(),
            "peer": record.request.peer.to_string(),
            "headers": headers(&record.request.headers),
            "body": body(&record.request.body),
        },
        "variables": variables(shape, &record.variables),
        "taken": record.taken.iter().map(|taken| {
            let step = shape.and_then(|shape| shape.steps.get(taken.step as usize));
            json!({
                "step": taken.step,
                "branch": step.map(|step| &step.title),
                "arm": step.zip(taken.arm)
                    .and_then(|(step, arm)| step.arms.get(arm as usize))
                    .map(|arm| &arm.title),
            })
        }).collect::<Vec<_>>(),
        "steps": record.steps.iter().map(|record| step(shape, record)).collect::<Vec<_>>(),
        "response": record.reply.as_ref().map(|reply| json!({
            "status": reply.status.as_u16(),
            "headers": headers(&reply.headers),
            "body": body(&reply.body),
        })),
        "detailed": record.detailed,
    })
}

fn step(shape: Option<&FlowShape>, record: &StepRecord) -> Value {
    let kind = shape
        .and_then(|shape| shape.steps.get(record.step as usize))
        .map(|step| step.kind);
    let detail = match &record.detail {
        StepDetail::Branch { conditions, arm } => json!({
            "arm": arm,
            "conditions": conditions.iter().map(|condition| json!({
                "arm": condition.arm,
                "result": condition.result,
                "operands": condition.operands.iter().map(|operand| json!({
                    "text": operand.text,
                    "value": operand.value,
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
                        value.clone().unwrap_or_default(),
                    )
                })
                .collect(),
        ),
        StepDetail::Log(text) | StepDetail::Fail(text) => json!({ "text": text }),
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
            "output": output,
        }),
        StepDetail::Stop | StepDetail::Nothing => json!({}),
    };
    json!({
        "step": record.step,
        "kind": kind,
        "started_us": micros(record.started),
        "took_us": micros(record.took),
        "error": record.error,
        "detail": detail,
    })
}

fn variables(shape: Option<&FlowShape>, values: &[Option<Value>]) -> Value {
    let mut variables = Map::new();
    for (slot, value) in values.iter().enumerate() {
        if let Some(value) = value {
            variables.insert(name(shape, slot), value.clone());
        }
    }
    Value::Object(variables)
}

fn name(shape: Option<&FlowShape>, slot: usize) -> String {
    shape
        .and_then(|shape| shape.variables.get(slot))
        .map_or_else(|| slot.to_string(), |variable| variable.name.clone())
}

fn headers(headers: &http::HeaderMap) -> Value {
    headers
        .iter()
        .map(|(name, value)| json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())]))
        .collect()
}

fn body(body: &[u8]) -> String {
    let shown = &body[..body.len().min(BODY)];
    let mut text = String::from_utf8_lossy(shown).into_owned();
    if shown.len() < body.len() {
        text.push('…');
    }
    text
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
