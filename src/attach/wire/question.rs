use serde_json::json;

use super::{Kind, Line};
use crate::{
    observe::Question,
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
    /// The record of a run.
    Record(Value),
}

impl Answer {
    /// As it is told.
    pub fn line(&self) -> Line {
        let body = match self {
            Self::Text { title, text } => json!({ "title": title, "text": text }),
            Self::Record(record) => json!({ "record": record }),
        };
        Line::new("answer", None, Kind::Kept, &body)
    }
}

/// What a viewer may say behind its hello.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
pub fn question_line(question: Question) -> Line {
    let (name, body) = match question {
        Question::Get(run) => ("get", json!({ "id": run.to_string() })),
        Question::Replay(run) => ("replay", json!({ "id": run.to_string() })),
        Question::DryRun(run) => ("replay", json!({ "id": run.to_string(), "dry_run": true })),
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
        (Some("get"), Some(id)) => Question::Get(id),
        (Some("replay"), Some(id)) if is_dry => Question::DryRun(id),
        (Some("replay"), Some(id)) => Question::Replay(id),
        (Some("get" | "replay" | "view"), None) => {
            return Err("the question names no run by its id".to_owned());
        }
        _ => return Err("this version knows no such question".to_owned()),
    };
    Ok(Asked::Question(question))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_comes_back_as_it_was_asked() {
        let run = RunId::from_u128(7);
        for question in [
            Question::Get(run),
            Question::Replay(run),
            Question::DryRun(run),
        ] {
            let line = question_line(question);
            assert_eq!(read_question(&line.text), Ok(Asked::Question(question)));
        }
        for view in [None, Some(run)] {
            let line = view_line(view);
            assert_eq!(read_question(&line.text), Ok(Asked::View(view)));
        }
        assert_eq!(
            read_question(r#"{"type":"get","id":"x"}"#),
            Err("the question names no run by its id".to_owned())
        );
        assert_eq!(
            read_question(r#"{"type":"reboot"}"#),
            Err("this version knows no such question".to_owned())
        );
    }
}
