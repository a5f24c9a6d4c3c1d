//! What comes of what a viewer asks for.

use std::{path::Path, str::FromStr, sync::Arc};

use crate::{
    app::{StateDir, edited, flow_text::flow_text, redo},
    attach::Answer,
    http::World,
    observe::{BodyPart, Question, cut_bodies},
    run::{RunId, Value},
    store::Reader,
};

/// The answer to a question about a run; `None` where it is answered elsewhere, or not at all.
pub(super) fn answer(state: &StateDir, file: &Path, question: &Question) -> Option<Answer> {
    let answered = match question {
        Question::Get(run) => {
            let record = record(state, *run).map(|mut record| {
                cut_bodies(&mut record);
                Answer::Record(record)
            });
            return Some(found(record));
        }
        Question::Body(at) => {
            let record = record(state, at.run);
            let part = record.and_then(|record| BodyPart::find(&record, *at));
            return Some(Answer::Body(*at, part));
        }
        Question::Replay(run) => match redo::replay(state, file, *run) {
            Ok(new) => {
                let title = format!("Replay of {}", run.short());
                return Some(begun(title, format!("{run} is replayed"), new));
            }
            Err(why) => Err(why),
        },
        Question::DryRun(run) => redo::dry_run(state, file, *run),
        Question::Try(edited) => match edited::rehearse(state, file, edited) {
            Ok((tried, record)) => return Some(Answer::Tried { tried, record }),
            Err(why) => Err(why),
        },
        Question::Send(edited) => match edited::send(state, file, edited) {
            Ok(new) => {
                let run = edited.run;
                let title = format!("{}, edited", run.short());
                return Some(begun(title, format!("{run}, edited, is sent"), new));
            }
            Err(why) => Err(why),
        },
        // They are told one by one, or there is nothing to tell.
        Question::Dead(_) | Question::Pin(_) | Question::Source(_) => return None,
    };
    let run = question.run()?.short();
    let (title, text) = match answered {
        Ok(text) => (format!("Dry run of {run}"), text),
        Err(why) => (
            "Not done".to_owned(),
            format!("{run} cannot be replayed: {why}"),
        ),
    };
    Some(Answer::Text { title, text })
}

fn begun(title: String, what: String, run: RunId) -> Answer {
    let text = format!("{what} as {run}\n");
    Answer::Begun { title, text, run }
}

/// How a flow is written in the revision that is served.
pub(super) fn source(state: &StateDir, world: &World, flow: &str) -> Answer {
    let revision = Arc::clone(&world.graph.load().revision);
    let written = Reader::open(state.path())
        .map_err(|error| error.to_string())
        .and_then(|reader| flow_text(&reader, &revision, flow));
    found(written.map(|(text, place)| Answer::Source {
        title: format!("{flow}, {place}"),
        text,
    }))
}

fn record(state: &StateDir, run: RunId) -> Result<Value, String> {
    Reader::open(state.path())
        .map_err(|error| error.to_string())
        .and_then(|reader| reader.record(&run.to_string()))
        .and_then(|record| record.ok_or_else(|| format!("the history has no run {run}")))
        .and_then(|record| Value::from_str(&record).map_err(|error| error.to_string()))
}

fn found(looked_up: Result<Answer, String>) -> Answer {
    looked_up.unwrap_or_else(|text| Answer::Text {
        title: "Not found".to_owned(),
        text,
    })
}
