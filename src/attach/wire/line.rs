use crate::{
    observe::harmless_json,
    run::{RunId, Value},
};

/// One message, as it goes over the socket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its place in the stream, where it has one: what is told to one viewer alone has none.
    pub seq: Option<u64>,
    /// What may become of it where there is no room.
    pub kind: Kind,
    /// The text, with the end of the line.
    pub text: Box<str>,
}

/// What a line is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The end of this run: lost and counted where there is no room.
    Run(RunId),
    /// A run that waits, begins, or is parked: lost, since its end is told or counted.
    Accepted,
    /// Something that went by: lost, and not missed.
    Passing,
    /// All counters: the next of them takes its place.
    Stats,
    /// A configuration that went live, which leaves nothing of those before it.
    Loaded,
    /// How the server stands, or an answer: kept.
    Kept,
    /// So many runs were lost.
    Gap(u64),
}

impl Line {
    /// The message of that type, with the members of `body`, which is an object.
    pub fn new(name: &str, seq: Option<u64>, kind: Kind, body: &Value) -> Self {
        // By hand, for the type to come first: people read it, too.
        let mut text = format!(r#"{{"type":"{name}""#);
        if let Some(seq) = seq {
            text += &format!(r#","seq":{seq}"#);
        }
        let body = body.to_string();
        match body.strip_prefix('{') {
            Some("}") | None => text.push('}'),
            Some(members) => {
                text.push(',');
                text += &harmless_json(members);
            }
        }
        text.push('\n');
        Self {
            seq,
            kind,
            text: text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_type_comes_first_and_nothing_in_it_reaches_a_terminal() {
        let line = |seq, body| Line::new("notice", seq, Kind::Passing, &body).text;
        assert_eq!(&*line(None, json!({})), "{\"type\":\"notice\"}\n");
        assert_eq!(
            &*line(Some(7), json!({ "text": "a\u{9b}\u{202e}\u{7f}\n" })),
            "{\"type\":\"notice\",\"seq\":7,\"text\":\"a\\u009b\\u202e\\u007f\\n\"}\n"
        );
    }
}
