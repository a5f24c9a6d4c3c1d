use bytes::Bytes;

use super::{Question, TRUNCATED};
use crate::run::{RunId, Value, json_bytes};

/// Which body of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyOf {
    /// What was sent.
    Request,
    /// What was answered.
    Response,
}

impl BodyOf {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Request, Self::Response];

    /// What it is called: the member of a record that has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// From where on a body of a run is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BodyAt {
    /// The run.
    pub run: RunId,
    /// Which of its bodies.
    pub of: BodyOf,
    /// How many bytes of what the history keeps come before.
    ///
    /// A viewer that has the beginning from elsewhere begins at 0 all the same: what is redacted
    /// may be longer in one than in the other.
    pub offset: usize,
}

/// A part of a body that the history keeps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodyPart {
    /// What comes from there on; of a text, whole characters.
    pub bytes: Bytes,
    /// How many bytes the history keeps of the body in all.
    pub kept: usize,
    /// How many bytes the body had, before anything was redacted, where that is known.
    pub had: Option<usize>,
    /// Whether the history keeps the body to its end.
    pub is_whole: bool,
}

/// The most that one part has, in bytes. Escaped, it is within what may wait for a viewer.
const PART: usize = 128 << 10;

impl BodyPart {
    /// Looks it up in a record, as [`super::record_json`] wrote it.
    ///
    /// # Errors
    /// There is no such body, or nothing from there on; the sentence says which.
    pub fn find(record: &Value, at: BodyAt) -> Result<Self, String> {
        let name = at.of.name();
        let message = &record[name];
        if message.is_null() {
            return Err(format!("the run has no {name}"));
        }
        let body: Bytes = json_bytes(&message["body"])?.into();
        let kept = body.len();
        if at.offset > kept {
            return Err(format!("{kept} bytes are kept of it"));
        }
        let rest = body.slice(at.offset..);
        Ok(Self {
            bytes: rest.slice(..part(&rest)),
            kept,
            had: message["bytes"]
                .as_u64()
                .and_then(|bytes| usize::try_from(bytes).ok()),
            is_whole: message[TRUNCATED] != Value::Bool(true),
        })
    }

    /// What asks for the part behind this one, where there is one; `at` asked for this one.
    pub fn next(&self, at: BodyAt) -> Option<Question> {
        let offset = at.offset + self.bytes.len();
        (offset < self.kept).then_some(Question::Body(BodyAt { offset, ..at }))
    }
}

/// How much of the rest of a body is told at once.
fn part(rest: &[u8]) -> usize {
    if rest.len() <= PART {
        return rest.len();
    }
    match std::str::from_utf8(rest) {
        Ok(text) => text.floor_char_boundary(PART),
        Err(_) => PART,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(of: BodyOf, offset: usize) -> BodyAt {
        BodyAt {
            run: RunId::from_u128(7),
            of,
            offset,
        }
    }

    #[test]
    fn a_long_text_is_told_in_parts_of_whole_characters() {
        let text = format!("a{}", "ü".repeat(PART));
        let record = json!({
            "request": { "body": text, "truncated": true, "bytes": 9_000_000 },
            "response": null,
        });
        let mut told = Vec::new();
        let mut next = Some(Question::Body(at(BodyOf::Request, 0)));
        while let Some(Question::Body(at)) = next {
            let part = BodyPart::find(&record, at).unwrap();
            assert_eq!(
                (part.kept, part.had, part.is_whole),
                (text.len(), Some(9_000_000), false)
            );
            told.push(String::from_utf8(part.bytes.to_vec()).unwrap());
            next = part.next(at);
        }
        let lengths: Vec<_> = told.iter().map(String::len).collect();
        assert_eq!(lengths, [PART - 1, PART, 2]);
        assert_eq!(told.concat(), text);
    }

    #[test]
    fn bytes_that_are_no_text_are_told_as_they_are() {
        let record =
            json!({ "response": { "body": { "base16": "00ff" }, "truncated": false, "bytes": 2 } });
        let part = BodyPart {
            bytes: Bytes::from_static(b"\xff"),
            kept: 2,
            had: Some(2),
            is_whole: true,
        };
        let at = at(BodyOf::Response, 1);
        assert_eq!(BodyPart::find(&record, at), Ok(part.clone()));
        assert_eq!(part.next(at), None);
    }

    #[test]
    fn what_is_not_there_is_told_in_a_sentence() {
        let record = json!({ "request": { "body": "abc" }, "response": null });
        let find = |of, offset| BodyPart::find(&record, at(of, offset)).unwrap_err();
        assert_eq!(find(BodyOf::Response, 0), "the run has no response");
        assert_eq!(find(BodyOf::Request, 4), "3 bytes are kept of it");
    }
}
