use std::{sync::Arc, time::Duration};

use http::StatusCode;

use super::{
    Shapes,
    json::{UNKEPT, WITHIN},
    sketch::sketch,
};
use crate::run::{
    CallRecord, ConditionRecord, Cut, Extent, FlowShape, OperandRecord, Outcome, Part, ReplayOf,
    Reply, Request, RunError, RunId, RunRecord, Spent, StepDetail, StepRecord, Taken, Value,
    Within, json_bytes, json_headers, parse_timestamp,
};

/// The record that [`super::record_json`] wrote, with what was cut and redacted as it is.
///
/// Names lead back to slots by the flow's shape; where `shapes` does not know it, by one that is
/// sketched after the record itself.
///
/// # Errors
/// It is no such record; the sentence says why.
pub fn read_record(record: &Value, shapes: &Shapes) -> Result<RunRecord, String> {
    let revision = text(record, "revision")?;
    let flow = record["flow"].as_str().map(|name| {
        shapes
            .find(revision, name)
            .unwrap_or_else(|| Arc::new(sketch(name, record)))
    });
    let reading = Reading { shapes, revision };
    let shape = flow.as_deref();
    let steps = reading.steps(shape, &record["steps"]);
    Ok(RunRecord {
        id: run_id(text(record, "id")?)?,
        continues: record["continues"].as_str().map(run_id).transpose()?,
        replay_of: replay_of(record)?,
        revision: revision.into(),
        request: request(&record["request"], text(record, "received")?)?,
        duration: micros(&record["duration_us"]),
        answered: known_micros(&record["answered_us"]),
        spent: read_spent(record),
        outcome: Outcome::parse(text(record, "outcome")?)
            .ok_or("its outcome is none that this version knows")?,
        error: record["error"].is_object().then(|| RunError {
            step: index(&record["error"]["step"]),
            message: string(&record["error"]["message"]),
        }),
        variables: variables(shape, &record["variables"]),
        taken: taken(shape, &record["taken"], &steps),
        steps,
        reply: reply(&record["response"])?,
        detailed: record["detailed"].as_bool().unwrap_or(false),
        cut: Cut {
            request: extent(&record["request"]),
            response: extent(&record["response"]),
        },
        flow,
    })
}

fn replay_of(record: &Value) -> Result<Option<ReplayOf>, String> {
    let run = record["replay_of"].as_str().map(run_id).transpose()?;
    Ok(run.map(|run| ReplayOf {
        run,
        is_edited: record["edited"].as_bool().unwrap_or(false),
    }))
}

/// What the time of a run went to, where its record says so.
pub fn read_spent(record: &Value) -> Option<Spent> {
    Some(Spent {
        waited: known_micros(&record["waited_us"])?,
        parked: known_micros(&record["parked_us"])?,
        ran: known_micros(&record["ran_us"])?,
    })
}

fn extent(message: &Value) -> Extent {
    if message[super::TRUNCATED] != Value::Bool(true) {
        return Extent::Whole;
    }
    let bytes = message["bytes"].as_u64();
    Extent::Beginning(bytes.and_then(|bytes| usize::try_from(bytes).ok()))
}

/// What the steps of a record are read by.
struct Reading<'r> {
    shapes: &'r Shapes,
    revision: &'r str,
}

impl Reading<'_> {
    fn steps(&self, shape: Option<&FlowShape>, steps: &Value) -> Vec<StepRecord> {
        members(steps)
            .filter_map(|step| {
                let id = index(&step["step"])?;
                let error = step["error"].as_str().map(str::to_owned);
                Some(StepRecord {
                    step: id,
                    within: within(&step[WITHIN]),
                    unkept_before: step[UNKEPT].as_u64().unwrap_or_default(),
                    started: micros(&step["started_us"]),
                    took: micros(&step["took_us"]),
                    detail: self.detail(shape, id, step, error.is_some()),
                    error,
                })
            })
            .collect()
    }

    fn detail(
        &self,
        shape: Option<&FlowShape>,
        id: u32,
        step: &Value,
        has_failed: bool,
    ) -> StepDetail {
        let kind = shape.and_then(|shape| shape.step(id)).map_or_else(
            || step["kind"].as_str().unwrap_or_default(),
            |step| step.kind,
        );
        let detail = &step["detail"];
        let Some(members) = detail.as_object() else {
            return StepDetail::Nothing;
        };
        let has = |name: &str| members.contains_key(name);
        match kind {
            "stop" => StepDetail::Stop,
            "set" if !(members.is_empty() && has_failed) => StepDetail::Set(
                members
                    .iter()
                    .filter_map(|(name, value)| {
                        let value = Some(value.clone()).filter(|value| !value.is_null());
                        Some((u32::try_from(slot(shape, name)?).ok()?, value))
                    })
                    .collect(),
            ),
            "branch" if has("conditions") => StepDetail::Branch {
                conditions: self::members(&detail["conditions"])
                    .filter_map(condition)
                    .collect(),
                arm: index(&detail["arm"]),
            },
            "respond" if has("status") => StepDetail::Respond(
                detail["status"]
                    .as_u64()
                    .and_then(|status| u16::try_from(status).ok())
                    .unwrap_or_default(),
            ),
            "log" if has("text") => StepDetail::Log(string(&detail["text"])),
            "fail" if has("text") => StepDetail::Fail(string(&detail["text"])),
            "delay" if has("delay_us") => StepDetail::Delay(micros(&detail["delay_us"])),
            "each" if has("items") => StepDetail::Each(
                detail["items"]
                    .as_u64()
                    .and_then(|items| usize::try_from(items).ok())
                    .unwrap_or_default(),
            ),
            "output" if has("output") => StepDetail::Output(detail["output"].clone()),
            "call" if has("flow") => StepDetail::Call(Box::new(self.call(detail))),
            _ if has("action") => StepDetail::Effect {
                action: string(&detail["action"]),
                attempts: index(&detail["attempts"]).unwrap_or(1),
                took: micros(&detail["took_us"]),
                output: optional(&detail["output"]),
            },
            _ => StepDetail::Nothing,
        }
    }

    fn call(&self, detail: &Value) -> CallRecord {
        let name = detail["flow"].as_str().unwrap_or_default();
        let flow = self
            .shapes
            .find(self.revision, name)
            .unwrap_or_else(|| Arc::new(sketch(name, detail)));
        CallRecord {
            variables: variables(Some(&flow), &detail["variables"]),
            steps: self.steps(Some(&flow), &detail["steps"]),
            output: optional(&detail["output"]),
            flow,
        }
    }
}

/// The innermost of the rounds and lanes that are told from the outermost in.
fn within(path: &Value) -> Option<Arc<Within>> {
    members(path).fold(None, |outside, told| {
        let part = match index(&told["round"]) {
            Some(number) => Part::Round {
                number,
                item: optional(&told["item"]),
            },
            None => Part::Lane(index(&told["lane"])?),
        };
        Some(Arc::new(Within {
            step: index(&told["step"])?,
            part,
            outside,
        }))
    })
}

fn condition(condition: &Value) -> Option<ConditionRecord> {
    Some(ConditionRecord {
        arm: index(&condition["arm"])?,
        result: condition["result"].as_bool(),
        operands: members(&condition["operands"])
            .map(|operand| OperandRecord {
                text: string(&operand["text"]),
                value: optional(&operand["value"]),
            })
            .collect(),
    })
}

/// The arms are told by their titles, which two arms may share; the steps, where there are any,
/// tell which of them it was.
fn taken(
    shape: Option<&FlowShape>,
    taken: &Value,
    steps: &[StepRecord],
) -> smallvec::SmallVec<[Taken; 4]> {
    let mut decided = steps.iter().filter_map(|step| match step.detail {
        StepDetail::Branch { arm, .. } => Some((step.step, arm)),
        _ => None,
    });
    members(taken)
        .filter_map(|taken| {
            let id = index(&taken["step"])?;
            let by_title = || {
                let title = taken["arm"].as_str()?;
                let arms = &shape?.step(id)?.arms;
                let at = arms.iter().position(|arm| arm.title == title)?;
                u32::try_from(at).ok()
            };
            let arm = decided
                .find(|(step, _)| *step == id)
                .map_or_else(by_title, |(_, arm)| arm);
            Some(Taken { step: id, arm })
        })
        .collect()
}

fn request(request: &Value, received: &str) -> Result<Request, String> {
    Ok(Request {
        method: text(request, "method")?.parse().map_err(unreadable)?,
        uri: text(request, "target")?.parse().map_err(unreadable)?,
        headers: json_headers(&request["headers"])?,
        body: json_bytes(&request["body"])?.into(),
        peer: text(request, "peer")?.parse().map_err(unreadable)?,
        received: parse_timestamp(received).ok_or("its time is no time")?,
    })
}

fn reply(reply: &Value) -> Result<Option<Reply>, String> {
    let Some(status) = reply["status"].as_u64() else {
        return Ok(None);
    };
    let status = u16::try_from(status).map_err(unreadable)?;
    Ok(Some(Reply {
        status: StatusCode::from_u16(status).map_err(unreadable)?,
        headers: json_headers(&reply["headers"])?,
        body: json_bytes(&reply["body"])?.into(),
    }))
}

fn variables(shape: Option<&FlowShape>, told: &Value) -> Vec<Option<Value>> {
    let slots = shape.map_or(0, |shape| shape.variables.len());
    let mut variables = vec![None; slots];
    for (name, value) in told.as_object().into_iter().flatten() {
        if let Some(place) = slot(shape, name).and_then(|slot| variables.get_mut(slot)) {
            *place = Some(value.clone());
        }
    }
    variables
}

fn slot(shape: Option<&FlowShape>, name: &str) -> Option<usize> {
    let variables = &shape?.variables;
    variables.iter().position(|variable| variable.name == name)
}

fn run_id(text: &str) -> Result<RunId, String> {
    RunId::parse(text).ok_or_else(|| format!("{text:?} is no id of a run"))
}

fn unreadable(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, String> {
    value[name]
        .as_str()
        .ok_or_else(|| format!("it has no `{name}`"))
}

fn string(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // What was cut, or redacted in another way than as a whole.
        Value::Object(members) => members
            .get(super::TRUNCATED)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        _ => String::new(),
    }
}

fn optional(value: &Value) -> Option<Value> {
    (!value.is_null()).then(|| value.clone())
}

pub(super) fn members(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn index(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|index| u32::try_from(index).ok())
}

fn micros(value: &Value) -> Duration {
    known_micros(value).unwrap_or_default()
}

fn known_micros(value: &Value) -> Option<Duration> {
    value.as_u64().map(Duration::from_micros)
}
