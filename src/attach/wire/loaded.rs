use std::{sync::Arc, time::UNIX_EPOCH};

use serde_json::json;

use super::parts::{id, ids, members, optional, text, texts};
use crate::{
    event::{Loaded, Reason, Rejected},
    run::{
        ArmShape, FlowShape, StepShape, Value, VariableShape, known_word, parse_timestamp,
        timestamp,
    },
};

pub(super) fn loaded_json(loaded: &Loaded) -> Value {
    json!({
        "revision": &*loaded.revision,
        "at": timestamp(loaded.at),
        "file": loaded.file,
        "files": loaded.files,
        "last_good": loaded.is_kept,
        "commit": loaded.commit,
        "listening": loaded.listening,
        "flows": loaded.flows.iter().map(|flow| shape(flow)).collect::<Vec<_>>(),
    })
}

pub(super) fn read_loaded(loaded: &Value) -> Loaded {
    Loaded {
        revision: text(&loaded["revision"]).into(),
        at: time(&loaded["at"]),
        file: text(&loaded["file"]),
        files: texts(&loaded["files"]),
        is_kept: loaded["last_good"].as_bool().unwrap_or(false),
        commit: optional(&loaded["commit"]),
        flows: members(&loaded["flows"])
            .map(|flow| Arc::new(read_shape(flow)))
            .collect(),
        listening: texts(&loaded["listening"]),
    }
}

pub(super) fn rejected_json(rejected: &Rejected) -> Value {
    json!({
        "reason": match rejected.reason {
            Reason::Broken => "broken",
            Reason::Blocked => "blocked",
        },
        "at": timestamp(rejected.at),
        "location": rejected.location,
        "message": rejected.message,
        "errors": rejected.errors,
        "rendered": rejected.rendered,
    })
}

pub(super) fn read_rejected(rejected: &Value) -> Rejected {
    Rejected {
        reason: if rejected["reason"] == "blocked" {
            Reason::Blocked
        } else {
            Reason::Broken
        },
        at: time(&rejected["at"]),
        location: optional(&rejected["location"]),
        message: text(&rejected["message"]),
        errors: rejected["errors"]
            .as_u64()
            .and_then(|errors| usize::try_from(errors).ok())
            .unwrap_or_default(),
        rendered: text(&rejected["rendered"]),
    }
}

fn shape(flow: &FlowShape) -> Value {
    json!({
        "name": &*flow.name,
        "sync": flow.sync,
        "called": flow.called,
        "concurrency": flow.concurrency,
        "methods": flow.methods,
        "path": flow.path,
        "url": flow.url,
        "curl": flow.curl,
        "variables": flow.variables.iter().map(|variable| json!({
            "name": variable.name,
            "label": variable.label,
            "source": variable.source,
            "kind": variable.kind,
        })).collect::<Vec<_>>(),
        "steps": flow.steps.iter().map(|step| json!({
            "kind": step.kind,
            "title": step.title,
            "arms": step.arms.iter().map(|arm| json!({
                "title": arm.title,
                "condition": arm.condition,
                "steps": arm.steps,
            })).collect::<Vec<_>>(),
            "on_error": step.on_error,
        })).collect::<Vec<_>>(),
        "body": flow.body,
        "on_error": flow.on_error,
    })
}

fn read_shape(flow: &Value) -> FlowShape {
    FlowShape {
        name: text(&flow["name"]).into(),
        sync: flow["sync"].as_bool().unwrap_or(false),
        called: flow["called"].as_bool().unwrap_or(false),
        concurrency: id(&flow["concurrency"]),
        methods: texts(&flow["methods"]),
        path: text(&flow["path"]),
        url: text(&flow["url"]),
        curl: text(&flow["curl"]),
        variables: members(&flow["variables"])
            .map(|variable| VariableShape {
                name: text(&variable["name"]),
                label: optional(&variable["label"]),
                source: text(&variable["source"]),
                kind: variable["kind"].as_str().map(known_word),
            })
            .collect(),
        steps: members(&flow["steps"])
            .map(|step| StepShape {
                kind: known_word(step["kind"].as_str().unwrap_or_default()),
                title: text(&step["title"]),
                arms: members(&step["arms"])
                    .map(|arm| ArmShape {
                        title: text(&arm["title"]),
                        condition: optional(&arm["condition"]),
                        steps: ids(&arm["steps"]),
                    })
                    .collect(),
                on_error: ids(&step["on_error"]),
            })
            .collect(),
        body: ids(&flow["body"]),
        on_error: ids(&flow["on_error"]),
    }
}

pub(super) fn time(value: &Value) -> std::time::SystemTime {
    value
        .as_str()
        .and_then(parse_timestamp)
        .unwrap_or(UNIX_EPOCH)
}
