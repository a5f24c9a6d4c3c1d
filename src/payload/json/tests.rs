use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::expr::Path;

fn paths(texts: &[&str]) -> Vec<Path> {
    texts
        .iter()
        .map(|text| Path::parse(text).unwrap())
        .collect()
}

fn read(text: &[u8], texts: &[&str]) -> Result<Vec<Option<Value>>, Refused> {
    find(text, &PathSet::new(&paths(texts)))
}

/// What reading the whole document and walking it gives.
fn expected(text: &[u8], texts: &[&str]) -> Option<Vec<Option<Value>>> {
    let document: Value = serde_json::from_slice(text).ok()?;
    Some(
        paths(texts)
            .iter()
            .map(|path| path.find(&document).unwrap())
            .collect(),
    )
}

const PATHS: &[&str] = &[
    "a.b", "a", "a.b.c[0]", "b[1].c", "b[-1]", "c.a.b", "c.b", "d['e f']",
];

fn agrees(text: &[u8]) {
    for texts in [PATHS, &["a.b", "b[1].c", "c.a.b"], &[]] {
        let shown = String::from_utf8_lossy(text);
        assert_eq!(
            read(text, texts).ok(),
            expected(text, texts),
            "{shown} {texts:?}"
        );
        assert_eq!(
            document(text).ok(),
            serde_json::from_slice(text).ok(),
            "{shown}"
        );
    }
}

#[test]
fn one_pass_finds_what_walking_the_document_finds() {
    agrees(br#"{"a": {"b": {"c": [1, 2]}, "x": 5}, "b": [0, {"c": "y"}], "d": {"e f": null}}"#);
    let found = read(
        br#"{"a": {"b": "x"}, "b": [0, {"c": [1]}]}"#,
        &["a.b", "b[1].c", "c"],
    );
    assert_eq!(found, Ok(vec![Some(json!("x")), Some(json!([1])), None]));
}

#[test]
fn ordinary_texts_take_one_pass_and_build_no_tree() {
    let set = PathSet::new(&paths(&["a.b"]));
    for text in [
        r#" {"a" : {"b": "x"}, "c": [1, -2.5, true, false, null, {}, []]} "#,
        r#"{"a":{"b":"x"},"c":"\\ \" \/ \b\f\n\r\t caf\u00e9 \ud83d\ude00 é"}"#,
    ] {
        let found = one_pass::find(text, &set);
        assert_eq!(found, Some(vec![Some(json!("x"))]), "{text}");
    }
}

#[test]
fn the_last_of_two_equal_keys_counts_and_hides_all_below_the_first() {
    for text in [
        r#"{"a": {"b": 1}, "a": {"c": 2}}"#,
        r#"{"a": {"b": 1}, "a": 5}"#,
        r#"{"a": {"b": 1}, "a": null}"#,
        r#"{"a": 5, "a": {"b": {"c": [7]}}}"#,
        r#"{"b": [1, {"c": 2}, 3], "b": [1]}"#,
        r#"{"c": {"a": {"b": 1}, "b": 2}, "c": {"b": 3}}"#,
        r#"{"c": {"a": {"b": 1, "b": 2}, "a": {}}}"#,
        r#"{"a": 1, "\u0061": 2}"#,
    ] {
        agrees(text.as_bytes());
    }
}

#[test]
fn malformed_texts_are_refused_wherever_the_fault_is() {
    for text in [
        &b""[..],
        b" ",
        b"nul",
        b"{\"x\": \"\xff\"}",
        b"{\"\xc3\": 1}",
        b"\"\\ud800\"",
        br#"{"x": "\ud800"}"#,
        br#"{"x": "\udc00\ud800"}"#,
        br#"{"\ud800": 1}"#,
        br#"{"x": 1e999}"#,
        br#"{"x": -1e999}"#,
        br#"{"x": 01}"#,
        br#"{"x": 1.}"#,
        br#"{"x": NaN}"#,
        br#"{"x": "a
b"}"#,
        br#"{"x": "\q"}"#,
        br#"{"x": 1,}"#,
        br#"{"x": [1,]}"#,
        br#"{x: 1}"#,
        br#"{"x": 1} {}"#,
        br#"{"x": 1"#,
        b"\xef\xbb\xbf{}",
    ] {
        assert!(document(text).is_err(), "{}", String::from_utf8_lossy(text));
        agrees(text);
    }
    agrees(br#"{"x": "\ud83d\ude00\u0000", "a": {"b": "\ud83d\ude00"}}"#);
    agrees(br#"{"x": 123456789012345678901234567890, "a": 1e308, "b": -0}"#);
}

#[test]
fn a_number_too_long_to_be_in_range_is_refused_wherever_it_stands() {
    for digits in [308, 309, 310, 373, 500] {
        let number = format!("1{}", "0".repeat(digits - 1));
        for text in [
            format!(r#"{{"x": {number}}}"#),
            format!(r#"{{"a": {number}.5}}"#),
            format!(r#"{{"x": [1, {{"y": -{number}.0}}]}}"#),
            format!(r#"{{"x": "{number}"}}"#),
            format!(r#"{{"x": 0.{number}}}"#),
        ] {
            agrees(text.as_bytes());
        }
    }
}

#[test]
fn nesting_is_bounded_alike_whether_it_is_kept_or_skipped() {
    for depth in [126, 127, 128, 129, 100_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        agrees(nested.as_bytes());
        agrees(format!(r#"{{"a": {nested}}}"#).as_bytes());
        agrees(format!(r#"{{"x": {nested}}}"#).as_bytes());
        agrees(format!(r#"{{"c": {{"a": {nested}}}}}"#).as_bytes());
    }
}

#[test]
fn the_position_of_a_fault_is_told() {
    for (text, message) in [
        (&b""[..], "the body is empty"),
        (
            b"{\n  \"a\": 1,\n  \"b\" 2}",
            "malformed JSON at line 3 column 7: expected `:`",
        ),
        (
            b"{\"a\": 1 \"b\"}",
            "malformed JSON at line 1 column 9: expected `,` or `}`",
        ),
        (
            b"{\n\"a\": \"\xff\"}",
            "malformed JSON at line 2 column 7: not UTF-8",
        ),
        (
            b"\xef\xbb\xbf{}",
            "malformed JSON at line 1 column 1: a byte order mark",
        ),
        (
            b"{} x",
            "malformed JSON at line 1 column 4: trailing characters",
        ),
    ] {
        assert_eq!(document(text).unwrap_err().message, message);
        assert_eq!(read(text, PATHS).unwrap_err().message, message);
    }
}

/// JSON texts with repeated keys, odd numbers and escapes, which a `Value` cannot have.
fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?",
        "\"([ -!#-\\[\\]-~é€😀]|\\\\(n|u00e9|ud83d\\\\ude00|ud83d|\"|/)){0,6}\"",
    ];
    leaf.prop_recursive(5, 60, 5, |inner| {
        let key = prop_oneof![
            4 => "\"[a-d]\"",
            1 => Just("\"e f\"".to_owned()),
            1 => Just("\"\\u0061\"".to_owned()),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec((key, inner), 0..5).prop_map(|members| {
                let members: Vec<_> = members
                    .into_iter()
                    .map(|(key, value)| format!("{key}:{value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_document_is_read_alike(text in json_text()) {
        agrees(text.as_bytes());
    }

    #[test]
    fn any_mutated_document_is_read_alike(
        text in json_text(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3u8, any::<u8>()), 1..4),
    ) {
        let mut bytes = text.into_bytes();
        for (at, kind, byte) in edits {
            if bytes.is_empty() { break; }
            let at = at.index(bytes.len());
            match kind {
                0 => { bytes.remove(at); }
                1 => bytes[at] = byte,
                _ => bytes.insert(at, b"{}[]\",:\\0-e.ud8"[usize::from(byte) % 15]),
            }
        }
        agrees(&bytes);
    }

    #[test]
    fn any_bytes_are_read_alike(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        agrees(&bytes);
    }
}
