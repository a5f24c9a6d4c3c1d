use serde_json::json;

use super::{
    Kind, Line,
    body::{body_json, question_json, read_body_question},
    edited::{edited_json, read_edited},
    parts::texts,
};
use crate::{
    observe::{BodyAt, BodyPart, Edited, Question, Tried},
    run::{RunId, Value},
};

/// What a server answers.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// A text to be read.
    Text {
        /// What it is about.
        title: String,
        /// As many lines as it has.
        text: String,
    },
    /// That a run was done again, as a new one.
    Begun {
        /// What it is about.
        title: String,
        /// As many lines as it has.
        text: String,
        /// The new run.
        run: RunId,
    },
    /// The record of a run.
    Record(Value),
    /// A part of a body, or why there is none.
    Body(BodyAt, Result<BodyPart, String>),
    /// How a flow is written.
    Source {
        /// Its name, and where it stands.
        title: String,
        /// Its text.
        text: String,
    },
    /// Which way an edited request would go.
    Tried {
        /// What is to be read of it.
        tried: Tried,
        /// The record of it, where it comes to a flow.
        record: Option<Value>,
    },
}

impl Answer {
    /// As it is told.
    pub fn line(&self) -> Line {
        let body = match self {
            Self::Text { title, text } => json!({ "title": title, "text": text }),
            Self::Begun { title, text, run } => {
                json!({ "title": title, "text": text, "run": run.to_string() })
            }
            Self::Source { title, text } => json!({ "title": title, "source": text }),
            Self::Record(record) => json!({ "record": record }),
            Self::Body(at, part) => body_json(*at, part),
            Self::Tried { tried, record } => json!({
                "title": tried.title,
                "text": tried.text,
                "tried": tried.run.to_string(),
                "effects": tried.effects,
                "record": record,
            }),
        };
        Line::new("answer", None, Kind::Kept, &body)
    }
}

/// What a viewer may say behind its hello.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// A question, which has an answer.
    Question(Question),
    /// That it looks at this run from here on, or at none.
    View(Option<RunId>),
}

/// That a viewer looks at a run, or at none, as it is said.
pub fn view_line(run: Option<RunId>) -> Line {
    let body = json!({ "id": run.map(|run| run.to_string()) });
    Line::new("view", None, Kind::Kept, &body)
}

/// A question, as it is asked.
pub fn question_line(question: &Question) -> Line {
    let tried = |edited: &Edited, send: bool| json!({ "id": edited.run.to_string(), "request": edited_json(edited), "send": send });
    let (name, body) = match question {
        Question::Get(run) => ("get", json!({ "id": run.to_string() })),
        Question::Body(at) => ("get", question_json(*at)),
        Question::Replay(run) => ("replay", json!({ "id": run.to_string() })),
        Question::DryRun(run) => ("replay", json!({ "id": run.to_string(), "dry_run": true })),
        Question::Dead(flow) => ("dead", json!({ "flow": flow })),
        Question::Pin(runs) => {
            let runs = runs.iter().map(ToString::to_string).collect::<Vec<_>>();
            ("pin", json!({ "ids": runs }))
        }
        Question::Source(flow) => ("source", json!({ "flow": flow })),
        Question::Try(edited) => ("try", tried(edited, false)),
        Question::Send(edited) => ("try", tried(edited, true)),
    };
    Line::new(name, None, Kind::Kept, &body)
}

/// What a viewer says.
///
/// # Errors
/// It is no question; the sentence says so.
pub fn read_question(text: &str) -> Result<Asked, String> {
    let asked: Value = serde_json::from_str(text).unwrap_or_default();
    let id = asked["id"].as_str().and_then(RunId::parse);
    let is_dry = asked["dry_run"].as_bool().unwrap_or(false);
    let question = match (asked["type"].as_str(), id) {
        (Some("view"), None) if asked["id"].is_null() => return Ok(Asked::View(None)),
        (Some("view"), Some(id)) => return Ok(Asked::View(Some(id))),
        (Some("pin"), _) => {
            let runs = texts(&asked["ids"]);
            let runs = runs.iter().filter_map(|run| RunId::parse(run));
            Question::Pin(runs.collect())
        }
        (Some("get"), Some(id)) if !asked["body"].is_null() => {
            Question::Body(read_body_question(id, &asked)?)
        }
        (Some("get"), Some(id)) => Question::Get(id),
        (Some("replay"), Some(id)) if is_dry => Question::DryRun(id),
        (Some("replay"), Some(id)) => Question::Replay(id),
        (Some("dead"), _) => Question::Dead(asked["flow"].as_str().map(str::to_owned)),
        (Some("source"), _) => {
            let flow = asked["flow"].as_str().ok_or("the question names no flow")?;
            Question::Source(flow.to_owned())
        }
        (Some("try"), Some(id)) => {
            let edited = read_edited(id, &asked["request"])
                .map_err(|why| format!("the request cannot be read: {why}"))?;
            // Nothing is done by one that does not say so.
            match asked["send"].as_bool().unwrap_or(false) {
                true => Question::Send(Box::new(edited)),
                false => Question::Try(Box::new(edited)),
            }
        }
        (Some("get" | "replay" | "try" | "view"), None) => {
            return Err("the question names no run by its id".to_owned());
        }
        _ => return Err("this version knows no such question".to_owned()),
    };
    Ok(Asked::Question(question))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method, header::ACCEPT};

    use super::*;
    use crate::observe::BodyOf;

    #[test]
    fn a_question_comes_back_as_it_was_asked() {
        let run = RunId::from_u128(7);
        let edited = || {
            Box::new(Edited {
                run,
                method: Method::PUT,
                target: "/a?token=[redacted]".parse().unwrap(),
                headers: HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("*"))]),
                body: b"\xff"[..].into(),
            })
        };
        for question in [
            Question::Get(run),
            Question::Body(BodyAt {
                run,
                of: BodyOf::Response,
                offset: 7,
            }),
            Question::Replay(run),
            Question::DryRun(run),
            Question::Try(edited()),
            Question::Send(edited()),
            Question::Dead(None),
            Question::Source("a".to_owned()),
            Question::Pin(vec![run]),
            Question::Dead(Some("a".to_owned())),
        ] {
            let line = question_line(&question);
            assert_eq!(read_question(&line.text), Ok(Asked::Question(question)));
        }
        for view in [None, Some(run)] {
            let line = view_line(view);
            assert_eq!(read_question(&line.text), Ok(Asked::View(view)));
        }
        assert_eq!(
            read_question(&format!(r#"{{"type":"try","id":"{run}","request":{{}}}}"#)),
            Err("the request cannot be read: it has no `method`".to_owned())
        );
        assert_eq!(
            read_question(r#"{"type":"get","id":"x"}"#),
            Err("the question names no run by its id".to_owned())
        );
        assert_eq!(
            read_question(&format!(r#"{{"type":"get","id":"{run}","body":"head"}}"#)),
            Err("a run has a `request` and a `response`, and no other body".to_owned())
        );
        assert_eq!(
            read_question(r#"{"type":"reboot"}"#),
            Err("this version knows no such question".to_owned())
        );
    }
}
