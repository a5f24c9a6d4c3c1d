use serde_json::{Map, json};

use super::{Kind, Line, PROTOCOL};
use crate::run::{RunId, Value};

/// The first line of a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerHello {
    /// The version of the program.
    pub version: String,
    /// What tells this start of the server from the one before: sequences count from there.
    pub boot: RunId,
    /// The last sequence that was given.
    pub seq: u64,
    /// The configuration's file, as it is shown.
    pub file: String,
}

/// The first line of a viewer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ViewerHello {
    /// What it has seen before.
    pub seen: Option<Seen>,
    /// Whether it asks for nothing that acts; the server holds it to that.
    pub read_only: bool,
}

/// How far a viewer has seen the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Of this start of the server.
    pub boot: RunId,
    /// Up to this sequence.
    pub seq: u64,
}

impl ServerHello {
    /// As it is told.
    pub fn line(&self) -> Line {
        Line::new(
            "hello",
            None,
            Kind::Kept,
            &json!({
                "protocol": PROTOCOL,
                "version": self.version,
                "boot": self.boot.to_string(),
                "last": self.seq,
                "file": self.file,
            }),
        )
    }

    pub(super) fn read(hello: &Value) -> Result<Self, String> {
        same_protocol(hello, "the server")?;
        Ok(Self {
            version: hello["version"].as_str().unwrap_or_default().to_owned(),
            boot: boot(hello).ok_or("the server does not say which start of it this is")?,
            seq: hello["last"].as_u64().unwrap_or_default(),
            file: hello["file"].as_str().unwrap_or_default().to_owned(),
        })
    }
}

impl ViewerHello {
    /// As it is told.
    pub fn line(&self) -> Line {
        let mut hello = Map::new();
        hello.insert("protocol".to_owned(), PROTOCOL.into());
        hello.insert("read_only".to_owned(), self.read_only.into());
        if let Some(seen) = self.seen {
            hello.insert("boot".to_owned(), seen.boot.to_string().into());
            hello.insert("seen".to_owned(), seen.seq.into());
        }
        Line::new("hello", None, Kind::Kept, &hello.into())
    }

    /// What a viewer begins with.
    ///
    /// # Errors
    /// It is no such thing, or of another protocol; the sentence says so.
    pub fn read(text: &str) -> Result<Self, String> {
        let hello: Value = serde_json::from_str(text).unwrap_or_default();
        if hello["type"] != "hello" {
            return Err("a viewer begins with {\"type\":\"hello\",\"protocol\":1}".to_owned());
        }
        same_protocol(&hello, "the viewer")?;
        Ok(Self {
            seen: boot(&hello)
                .zip(hello["seen"].as_u64())
                .map(|(boot, seq)| Seen { boot, seq }),
            read_only: hello["read_only"].as_bool().unwrap_or(false),
        })
    }
}

fn boot(hello: &Value) -> Option<RunId> {
    RunId::parse(hello["boot"].as_str()?)
}

fn same_protocol(hello: &Value, who: &str) -> Result<(), String> {
    match hello["protocol"].as_u64() {
        Some(PROTOCOL) => Ok(()),
        Some(other) => Err(format!(
            "{who} speaks version {other} of the protocol, and this hookyard version {PROTOCOL}: \
             use the same hookyard on both sides"
        )),
        None => Err(format!("{who} does not say which protocol it speaks")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_comes_back_as_it_was_told() {
        let boot = RunId::from_u128(7);
        for seen in [None, Some(Seen { boot, seq: 3 })] {
            let hello = ViewerHello {
                seen,
                read_only: seen.is_some(),
            };
            assert_eq!(ViewerHello::read(&hello.line().text), Ok(hello));
        }
    }

    #[test]
    fn another_protocol_is_told_in_a_sentence() {
        let read = |text| ViewerHello::read(text).unwrap_err();
        assert_eq!(
            read(r#"{"type":"hello","protocol":2}"#),
            "the viewer speaks version 2 of the protocol, and this hookyard version 1: use the \
             same hookyard on both sides"
        );
        assert_eq!(
            read(r#"{"type":"hello"}"#),
            "the viewer does not say which protocol it speaks"
        );
        assert_eq!(
            read("GET / HTTP/1.1"),
            "a viewer begins with {\"type\":\"hello\",\"protocol\":1}"
        );
    }
}
