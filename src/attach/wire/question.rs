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

/// A question, as it is asked.
pub fn question_line(question: Question) -> Line {
    let (name, body) = match question {
        Question::Get(run) => ("get", json!({ "id": run.to_string() })),
        Question::Replay(run) => ("replay", json!({ "id": run.to_string() })),
        Question::DryRun(run) => ("replay", json!({ "id": run.to_string(), "dry_run": true })),
    };
    Line::new(name, None, Kind::Kept, &body)
}

/// What a viewer asks.
///
/// # Errors
/// It is no question; the sentence says so.
pub fn read_question(text: &str) -> Result<Question, String> {
    let asked: Value = serde_json::from_str(text).unwrap_or_default();
    let id = asked["id"].as_str().and_then(RunId::parse);
    let is_dry = asked["dry_run"].as_bool().unwrap_or(false);
    match (asked["type"].as_str(), id) {
        (Some("get"), Some(id)) => Ok(Question::Get(id)),
        (Some("replay"), Some(id)) if is_dry => Ok(Question::DryRun(id)),
        (Some("replay"), Some(id)) => Ok(Question::Replay(id)),
        (Some("get" | "replay"), None) => Err("the question names no run by its id".to_owned()),
        _ => Err("this version knows no such question".to_owned()),
    }
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
            assert_eq!(read_question(&line.text), Ok(question));
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
