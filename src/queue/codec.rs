//! Entries as rows, and back; nothing is lost on the way.

use std::{
    fmt::Display,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::{Method, StatusCode, Uri};
use serde::{Serialize, Serializer};

use super::Entry;
use crate::{
    run::{
        BytesJson, Continues, HeadersJson, Peer, ReplayOf, Reply, Request, RunId, Value,
        json_bytes, json_headers, millis,
    },
    store::QueueRow,
};

/// The row that keeps an entry.
pub(super) fn row(entry: &Entry, weight: usize) -> QueueRow {
    let request = &entry.request;
    let received = request.received.duration_since(UNIX_EPOCH);
    let head = Head {
        edited: entry.replay_of.map(|of| of.is_edited),
        headers: HeadersJson(&request.headers),
        method: request.method.as_str(),
        peer: request.peer,
        received_ns: received.map_or(0, |since| {
            u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
        }),
        replay_of: entry.replay_of.map(|of| of.run),
        reply: ReplyJson::of(&entry.reply),
        uri: &request.uri,
    };
    QueueRow {
        id: entry.id.to_string(),
        flow: Arc::clone(&entry.flow),
        revision: Arc::clone(&entry.revision),
        interruptions: 0,
        due_ms: None,
        accepted_ms: millis(request.received),
        weight: i64::try_from(weight).unwrap_or(i64::MAX),
        request: text(&head),
        variables: text(&Variables(&entry.variables)),
        document: entry.document.as_ref().map(Value::to_string),
        body: request.body.clone(),
        from_step: entry.continues.map(|rest| rest.from),
        continues: entry.continues.map(|rest| rest.run.to_string()),
    }
}

/// What is kept of a request beside its body. It is written for each request that is accepted, and
/// so without a [`Value`] in between.
#[derive(Serialize)]
struct Head<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    edited: Option<bool>,
    headers: HeadersJson<'a>,
    method: &'a str,
    #[serde(serialize_with = "shown")]
    peer: Peer,
    received_ns: u64,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown_if")]
    replay_of: Option<RunId>,
    reply: ReplyJson<'a>,
    #[serde(serialize_with = "shown")]
    uri: &'a Uri,
}

/// A reply as JSON: `{"status": 202, "headers": [["a", "b"]], "body": "queued"}`.
#[derive(Serialize)]
struct ReplyJson<'a> {
    body: BytesJson<'a>,
    headers: HeadersJson<'a>,
    status: u16,
}

impl<'a> ReplyJson<'a> {
    fn of(reply: &'a Reply) -> Self {
        Self {
            body: BytesJson(&reply.body),
            headers: HeadersJson(&reply.headers),
            status: reply.status.as_u16(),
        }
    }
}

/// Variables as JSON. One that is there is in brackets, so that one that is null is not taken for
/// an absent one.
struct Variables<'a>(&'a [Option<Value>]);

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.0
                .iter()
                .map(|value| value.as_ref().map(|value| [value])),
        )
    }
}

fn shown<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn shown_if<S: Serializer>(value: &Option<impl Display>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// The JSON text of what is made of texts, numbers, lists and maps of texts, which all have one.
fn text(written: &impl Serialize) -> String {
    serde_json::to_string(written).unwrap_or_default()
}

/// The entry that a row keeps.
///
/// # Errors
/// No entry was kept like this; the sentence says what is amiss.
pub(super) fn entry(row: QueueRow) -> Result<Entry, String> {
    let head: Value = parse("the request", &row.request)?;
    let field = |name: &str| {
        head[name]
            .as_str()
            .ok_or_else(|| format!("the request has no `{name}`"))
    };
    let received = head["received_ns"]
        .as_u64()
        .ok_or("the request has no `received_ns`")?;
    let replayed = head["replay_of"].as_str().map(run_id).transpose()?;
    Ok(Entry {
        id: run_id(&row.id)?,
        flow: row.flow,
        revision: row.revision,
        request: Request {
            method: Method::from_bytes(field("method")?.as_bytes()).map_err(amiss("the method"))?,
            uri: field("uri")?.parse::<Uri>().map_err(amiss("the target"))?,
            headers: json_headers(&head["headers"])?,
            body: row.body,
            peer: field("peer")?.parse().map_err(amiss("the peer"))?,
            received: received_at(received),
        },
        variables: read_variables(&parse("the variables", &row.variables)?)?,
        document: row
            .document
            .map(|document| parse("the document", &document))
            .transpose()?,
        reply: read_reply(&head["reply"])?,
        replay_of: replayed.map(|run| ReplayOf {
            run,
            is_edited: head["edited"].as_bool().unwrap_or(false),
        }),
        continues: match (row.continues, row.from_step) {
            (None, None) => None,
            (Some(run), Some(from)) => Some(Continues {
                run: run_id(&run)?,
                from,
            }),
            _ => return Err("it continues a run, and it is not known which or where".to_owned()),
        },
    })
}

fn run_id(text: &str) -> Result<RunId, String> {
    RunId::parse(text).ok_or_else(|| format!("`{text}` is no run's id"))
}

/// A reply as JSON text.
pub(super) fn reply(reply: &Reply) -> String {
    text(&ReplyJson::of(reply))
}

/// The reply that is written like this.
///
/// # Errors
/// None is; the sentence says what is amiss.
pub(super) fn read_reply(value: &Value) -> Result<Reply, String> {
    let status = value["status"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok())
        .ok_or("the reply has no `status`")?;
    Ok(Reply {
        status: StatusCode::from_u16(status).map_err(amiss("the status"))?,
        headers: json_headers(&value["headers"])?,
        body: json_bytes(&value["body"])?.into(),
    })
}

/// Any JSON text.
///
/// # Errors
/// It is none; the sentence calls it `what`.
pub(super) fn parse(what: &str, text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(amiss(what))
}

fn amiss<E: Display>(what: &str) -> impl Fn(E) -> String {
    move |error| format!("{what} cannot be read: {error}")
}

fn received_at(nanos: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(nanos)
}

fn read_variables(value: &Value) -> Result<Vec<Option<Value>>, String> {
    let list = value.as_array().ok_or("the variables are no list")?;
    list.iter()
        .map(|variable| match variable {
            Value::Null => Ok(None),
            Value::Array(one) if one.len() == 1 => Ok(Some(one[0].clone())),
            _ => Err("a variable is neither absent nor a value".to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderName, HeaderValue};
    use proptest::prelude::*;
    use serde_json::Map;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    fn header_map() -> impl Strategy<Value = HeaderMap> {
        let byte = prop_oneof![Just(b'\t'), 32..=126_u8, 128..=255_u8];
        let pair = ("[a-z][a-z0-9-]{0,8}", prop::collection::vec(byte, 0..12));
        prop::collection::vec(pair, 0..6).prop_map(|pairs| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_bytes(&value).unwrap(),
                );
            }
            headers
        })
    }

    fn peer() -> impl Strategy<Value = Peer> {
        prop_oneof![
            Just(Peer::Unix),
            any::<([u8; 4], u16)>().prop_map(|address| Peer::Ip(address.into())),
            any::<([u16; 8], u16)>().prop_map(|address| Peer::Ip(address.into())),
        ]
    }

    fn any_entry() -> impl Strategy<Value = Entry> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..64).prop_map(Bytes::from);
        let request = (
            "[A-Z]{1,8}",
            "/[!-~&&[^#\"<>\\\\^`{|}]]{0,20}",
            header_map(),
            bytes(),
            peer(),
            any::<u64>(),
        )
            .prop_map(|(method, uri, headers, body, peer, received)| Request {
                method: method.parse().unwrap(),
                uri: uri.parse().unwrap(),
                headers,
                body,
                peer,
                received: received_at(received),
            });
        let reply =
            (100..=599_u16, header_map(), bytes()).prop_map(|(status, headers, body)| Reply {
                status: StatusCode::from_u16(status).unwrap(),
                headers,
                body,
            });
        let variables = prop::collection::vec(prop::option::of(value()), 0..5);
        let texts = (any::<u128>(), ".*", ".*");
        let continues = prop::option::of(any::<(u128, u32)>().prop_map(|(run, from)| Continues {
            run: RunId::from_u128(run),
            from,
        }));
        let replay_of = any::<(u128, bool)>().prop_map(|(run, is_edited)| ReplayOf {
            run: RunId::from_u128(run),
            is_edited,
        });
        let replay_of = prop::option::of(replay_of);
        let values = (variables, prop::option::of(value()));
        (texts, request, values, reply, (continues, replay_of)).prop_map(
            |(
                (id, flow, revision),
                request,
                (variables, document),
                reply,
                (continues, replay_of),
            )| Entry {
                id: RunId::from_u128(id),
                flow: Arc::from(flow),
                revision: Arc::from(revision),
                request,
                variables,
                document,
                reply,
                continues,
                replay_of,
            },
        )
    }

    proptest! {
        #[test]
        fn every_entry_comes_back_as_it_was(kept in any_entry()) {
            let back = entry(row(&kept, kept.weight())).unwrap();
            prop_assert_eq!(format!("{back:?}"), format!("{kept:?}"));
        }
    }
}
