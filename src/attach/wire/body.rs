use serde_json::json;

use super::parts::text;
use crate::{
    observe::{BodyAt, BodyOf, BodyPart, Told},
    run::{RunId, Value, bytes_json, json_bytes},
};

/// From where on a body is asked for.
pub(super) fn question_json(at: BodyAt) -> Value {
    json!({ "id": at.run.to_string(), "body": at.of.name(), "offset": at.offset })
}

/// The same, of that run.
///
/// # Errors
/// There is no such body.
pub(super) fn read_body_question(run: RunId, asked: &Value) -> Result<BodyAt, String> {
    let name = asked["body"].as_str();
    let of = BodyOf::ALL.into_iter().find(|of| Some(of.name()) == name);
    let offset = asked["offset"].as_u64().unwrap_or_default();
    Ok(BodyAt {
        run,
        of: of.ok_or("a run has a `request` and a `response`, and no other body")?,
        offset: usize::try_from(offset).unwrap_or(usize::MAX),
    })
}

/// A part of a body, or why there is none.
pub(super) fn body_json(at: BodyAt, part: &Result<BodyPart, String>) -> Value {
    let mut told = question_json(at);
    match part {
        Ok(part) => {
            told["part"] = bytes_json(&part.bytes);
            told["kept"] = part.kept.into();
            told["bytes"] = part.had.into();
            told["whole"] = part.is_whole.into();
        }
        Err(why) => told["text"] = why.as_str().into(),
    }
    told
}

/// The same, as it is told.
///
/// # Errors
/// It is none; the sentence says why.
pub(super) fn read_body(line: &Value) -> Result<Told, String> {
    let run = line["id"].as_str().and_then(RunId::parse);
    let at = read_body_question(run.ok_or("a part of a body has no run")?, line)?;
    if line["part"].is_null() {
        return Ok(Told::Body(at, Err(text(&line["text"]))));
    }
    let bytes = |name: &str| {
        let bytes = line[name].as_u64();
        bytes.and_then(|bytes| usize::try_from(bytes).ok())
    };
    let part = BodyPart {
        bytes: json_bytes(&line["part"])?.into(),
        kept: bytes("kept").unwrap_or_default(),
        had: bytes("bytes"),
        is_whole: line["whole"].as_bool().unwrap_or(false),
    };
    Ok(Told::Body(at, Ok(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_comes_back_as_it_was_told() {
        let at = BodyAt {
            run: RunId::from_u128(7),
            of: BodyOf::Request,
            offset: 5,
        };
        let part = |bytes: &'static [u8], had| BodyPart {
            bytes: bytes.into(),
            kept: 9,
            had,
            is_whole: had.is_none(),
        };
        for told in [
            Ok(part(b"text", Some(70_000))),
            Ok(part(b"\xff\x00", None)),
            Err("the run has no request".to_owned()),
        ] {
            let heard = read_body(&body_json(at, &told));
            let Ok(Told::Body(heard_at, heard)) = heard else {
                panic!("{heard:?}");
            };
            assert_eq!((heard_at, heard), (at, told));
        }
    }
}
