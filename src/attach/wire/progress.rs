use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::parts::text;
use crate::{
    event::{Passage, Progress},
    run::{FlowShape, RunId, Value, known_word, micros},
};

pub(super) fn progress_json(progress: &Progress) -> Value {
    let Passage {
        step,
        started,
        took,
        has_failed,
    } = progress.passage;
    json!({
        "id": progress.run.to_string(),
        "place": progress.place,
        "flow": &*progress.flow.name,
        "caller": progress.caller,
        "step": step,
        "kind": progress.kind,
        "title": progress.title,
        "started_us": micros(started),
        "took_us": took.map(micros),
        "failed": has_failed,
    })
}

/// Reads it; `flow` gives the shape of a flow by its name.
pub(super) fn read_progress(
    line: &Value,
    flow: impl FnOnce(&str) -> Arc<FlowShape>,
) -> Option<Progress> {
    let micros = |name: &str| line[name].as_u64().map(Duration::from_micros);
    Some(Progress {
        run: RunId::parse(line["id"].as_str()?)?,
        place: usize::try_from(line["place"].as_u64()?).ok()?,
        flow: flow(line["flow"].as_str().unwrap_or_default()),
        caller: line["caller"]
            .as_u64()
            .and_then(|place| usize::try_from(place).ok()),
        kind: known_word(line["kind"].as_str().unwrap_or_default()),
        title: text(&line["title"]),
        passage: Passage {
            step: u32::try_from(line["step"].as_u64()?).ok()?,
            started: micros("started_us")?,
            took: micros("took_us"),
            has_failed: line["failed"].as_bool().unwrap_or(false),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &Value) -> Option<Progress> {
        read_progress(line, |name| Arc::new(FlowShape::named(name)))
    }

    #[test]
    fn a_step_comes_back_as_it_was_told() {
        let second = Duration::from_secs(1);
        for (took, has_failed) in [(None, false), (Some(second), true)] {
            let progress = Progress {
                run: RunId::from_u128(7),
                place: 3,
                flow: Arc::new(FlowShape::named("deploy")),
                caller: Some(2),
                kind: "exec",
                title: "./deploy.sh".to_owned(),
                passage: Passage {
                    step: 5,
                    started: second,
                    took,
                    has_failed,
                },
            };
            assert_eq!(read(&progress_json(&progress)), Some(progress));
        }
        assert_eq!(read(&json!({ "id": "x" })), None);
    }
}
