use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header::CONTENT_TYPE};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    expr::{Path, PathSet},
    model::{Absence, BodySource, Format, Kind, Parse, ParseEntry, ParseSource},
    run::{Peer, Request, Value},
};

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

/// `body order.id`, `query a`, `header X-A`, `headers X-A`, `path id`.
fn entry(line: &str, plain: &mut Vec<Path>) -> ParseEntry {
    let (word, place) = line.split_once(' ').unwrap();
    let header = |as_list| ParseSource::Header {
        name: HeaderName::from_bytes(place.as_bytes()).unwrap(),
        as_list,
    };
    let source = match word {
        "header" => header(false),
        "headers" => header(true),
        "query" => ParseSource::Query(path(place)),
        "path" => ParseSource::PathParameter(place.to_owned()),
        _ if place.starts_with('$') => ParseSource::Body(BodySource::JsonPath(path(place))),
        _ => {
            plain.push(path(place));
            let index = u32::try_from(plain.len() - 1).unwrap();
            ParseSource::Body(BodySource::Plain(index, path(place)))
        }
    };
    ParseEntry {
        source,
        kind: None,
        absence: Absence::Allowed,
    }
}

fn parse(lines: &[(&str, Option<Kind>, Absence)]) -> Parse {
    let mut plain = Vec::new();
    let entries: Vec<_> = lines
        .iter()
        .map(|(line, kind, absence)| ParseEntry {
            kind: *kind,
            absence: absence.clone(),
            ..entry(line, &mut plain)
        })
        .collect();
    let needs_document = entries
        .iter()
        .any(|entry| matches!(entry.source, ParseSource::Body(BodySource::JsonPath(_))));
    Parse {
        entries,
        body_paths: PathSet::new(&plain),
        needs_document,
    }
}

fn optional(lines: &[&str]) -> Parse {
    let lines: Vec<_> = lines
        .iter()
        .map(|line| (*line, None, Absence::Allowed))
        .collect();
    parse(&lines)
}

fn request(uri: &str, headers: &[(&str, &[u8])], body: &str) -> Request {
    Request {
        method: Method::POST,
        uri: uri.parse::<Uri>().unwrap(),
        headers: headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_bytes(value).unwrap(),
                )
            })
            .collect::<HeaderMap>(),
        body: Bytes::copy_from_slice(body.as_bytes()),
        peer: Peer::Unix,
        received: SystemTime::UNIX_EPOCH,
    }
}

fn of_type(content_type: &str, body: &str) -> Request {
    request(
        "/",
        &[(CONTENT_TYPE.as_str(), content_type.as_bytes())],
        body,
    )
}

fn variables(parse: &Parse, request: &Request) -> Vec<Option<Value>> {
    let raw = [("id", "a%2Fb+c"), ("other", "x")];
    read(parse, &Format::ALL, request, &raw, parse.entries.len())
        .unwrap()
        .variables
}

#[test]
fn values_come_from_all_four_places_into_their_slots() {
    let parse = optional(&[
        "body order.id",
        "query a[0].b",
        "header X-A",
        "headers X-A",
        "path id",
        "body missing",
        "header X-B",
    ]);
    let request = request(
        "/x?a[0][b]=1",
        &[("X-A", b"one"), ("X-A", b"\xfftwo")],
        r#"{"order": {"id": 7}}"#,
    );
    let raw = [("id", "a%2Fb+c")];
    let parsed = read(&parse, &[], &request, &raw, 9).unwrap();
    assert_eq!(
        parsed.variables,
        [
            Some(json!(7)),
            Some(json!("1")),
            Some(json!("one")),
            Some(json!(["one", "\u{fffd}two"])),
            Some(json!("a/b+c")),
            None,
            None,
            None,
            None
        ]
    );
    assert_eq!(parsed.document, None);
}

#[test]
fn null_and_no_match_are_absent_while_falsy_values_are_values() {
    let parse = optional(&["body a", "body b", "body c", "body d", "body e"]);
    let request = request("/", &[], r#"{"a": null, "b": 0, "c": false, "d": ""}"#);
    assert_eq!(
        variables(&parse, &request),
        [
            None,
            Some(json!(0)),
            Some(json!(false)),
            Some(json!("")),
            None
        ]
    );
}

#[test]
fn something_required_that_is_absent_or_of_another_type_is_named() {
    for (line, kind, body, message) in [
        ("body order.id", None, "{}", "`order.id` is required"),
        (
            "body order.id",
            None,
            r#"{"order": {"id": null}}"#,
            "`order.id` is required",
        ),
        (
            "body amount",
            Some(Kind::Number),
            r#"{"amount": "much"}"#,
            "`amount` must be a number, it is text",
        ),
        ("header X-A", None, "{}", "the header `x-a` is required"),
        (
            "query q",
            Some(Kind::String),
            "{}",
            "`q` in the query is required",
        ),
        ("body $.a", None, "{}", "`$.a` is required"),
    ] {
        let parse = parse(&[(line, kind, Absence::Refused)]);
        let refused = read(&parse, &[], &request("/", &[], body), &[], 1).unwrap_err();
        assert_eq!((refused.status.as_u16(), &*refused.message), (422, message));
    }
    let parse = parse(&[("body a", Some(Kind::Integer), Absence::Default(json!(1)))]);
    let read = |body| read(&parse, &[], &request("/", &[], body), &[], 1);
    assert_eq!(read(r#"{"a": null}"#).unwrap().variables, [Some(json!(1))]);
    assert_eq!(read(r#"{"a": "2"}"#).unwrap().variables, [Some(json!(2))]);
    assert_eq!(read(r#"{"a": {}}"#).unwrap_err().status, 422);
}

#[test]
fn text_that_is_the_json_null_is_absent() {
    let parse = parse(&[("body a", Some(Kind::Json), Absence::Refused)]);
    let request = request("/", &[], r#"{"a": "null"}"#);
    assert_eq!(
        read(&parse, &[], &request, &[], 1).unwrap_err().message,
        "`a` is required"
    );
}

#[test]
fn forms_xml_and_text_are_read_by_the_same_paths() {
    let parse = optional(&["body order.items[1]", "body order.id", "body $"]);
    let form = of_type(
        "application/x-www-form-urlencoded",
        "order[items][]=a&order[items][]=b&order[id]=7",
    );
    let xml = of_type(
        "text/xml; charset=utf-8",
        "<order><items>a</items><items>b</items><id>7</id></order>",
    );
    let expected = json!({"order": {"items": ["a", "b"], "id": "7"}});
    for request in [form, xml] {
        assert_eq!(
            variables(&parse, &request),
            [Some(json!("b")), Some(json!("7")), Some(expected.clone())]
        );
    }
    let text = of_type("text/plain", "hello");
    assert_eq!(variables(&parse, &text), [None, None, Some(json!("hello"))]);
    assert_eq!(
        read(&parse, &Format::ALL, &text, &[], 3).unwrap().document,
        Some(json!("hello"))
    );
}

#[test]
fn a_format_that_is_not_taken_is_415_and_only_where_the_body_is_read() {
    let form = of_type("application/x-www-form-urlencoded", "a=%zz");
    let refused = read(&optional(&["body a"]), &[], &form, &[], 1).unwrap_err();
    assert_eq!(refused.status, 415);
    assert_eq!(refused.message, "the body must be JSON (application/json)");
    assert!(read(&optional(&["header a"]), &[], &form, &[], 1).is_ok());
    let refused = read(&optional(&["body a"]), &[Format::Form], &form, &[], 1).unwrap_err();
    assert_eq!(refused.status, 400);
}

#[test]
fn faults_are_told_in_the_order_body_query_variables() {
    let parse = parse(&[
        ("header X-A", None, Absence::Refused),
        ("query a", None, Absence::Allowed),
        ("body a", None, Absence::Allowed),
    ]);
    let status = |uri, body| {
        read(&parse, &[], &request(uri, &[], body), &[], 3)
            .unwrap_err()
            .message
    };
    assert!(status("/?a=%", "{").starts_with("malformed JSON"));
    assert!(status("/?a=%", "{}").starts_with("malformed query"));
    assert_eq!(status("/", "{}"), "the header `x-a` is required");
}

#[test]
fn a_path_parameter_that_cannot_be_decoded_is_400() {
    for raw in ["%zz", "%ff"] {
        let refused = read(
            &optional(&["path id"]),
            &[],
            &request("/", &[], ""),
            &[("id", raw)],
            1,
        );
        assert_eq!(refused.unwrap_err().status, 400);
    }
}

proptest! {
    #[test]
    fn no_body_of_any_format_panics(
        body in "\\PC{0,60}",
        content_type in prop::sample::select(vec![
            "application/json", "application/x-www-form-urlencoded", "text/plain", "text/xml",
        ]),
    ) {
        let parse = optional(&["body a.b", "body $.a[?@.b > 1]", "body c[0]"]);
        let _ = read(&parse, &Format::ALL, &of_type(content_type, &body), &[], 3);
    }

    #[test]
    fn no_markup_panics(body in "(<[ab/!?]{0,2}|>|=|'|\"| |&|;|x|\\[|\\]|-){0,40}") {
        let _ = xml::document(&body);
    }

    #[test]
    fn no_query_panics(query in "([ab]|\\[|\\]|=|&|%|[0-9]|\\+){0,40}") {
        let _ = super::query(&query);
    }
}
