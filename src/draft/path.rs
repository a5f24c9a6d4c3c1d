//! Places -> paths, as the language writes them.

use std::fmt::Write;

use crate::expr::{Path, Segment};

/// Writes a place as a path; as JSONPath only where a plain path cannot say it and the line may
/// have one. `None` where neither can.
pub(super) fn written(steps: &[Segment], json_path_allowed: bool) -> Option<String> {
    let plain = plain(steps).filter(|text| reads_as(text, steps));
    plain.or_else(|| {
        Some(json_path(steps)).filter(|text| json_path_allowed && reads_as(text, steps))
    })
}

/// Whether the language reads a path as these very steps: what it would not is never printed.
fn reads_as(text: &str, steps: &[Segment]) -> bool {
    Path::parse(text).is_ok_and(|path| path.segments() == Some(steps))
}

fn plain(steps: &[Segment]) -> Option<String> {
    let mut text = String::new();
    for step in steps {
        match step {
            Segment::Key(key) if is_bare(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Segment::Key(key) if !key.contains('\'') => {
                text.push_str("['");
                text.push_str(key);
                text.push_str("']");
            }
            Segment::Key(_) => return None,
            Segment::Index(index) => write!(text, "[{index}]").ok()?,
        }
    }
    Some(text)
}

fn is_bare(key: &str) -> bool {
    !key.is_empty()
        && !key.contains(|c: char| matches!(c, '.' | '[' | ']' | '\'' | '"') || c.is_whitespace())
}

fn json_path(steps: &[Segment]) -> String {
    let mut text = "$".to_owned();
    for step in steps {
        // Writing to a string cannot fail.
        let _ = match step {
            Segment::Key(key) if is_shorthand(key) => write!(text, ".{key}"),
            Segment::Key(key) => write!(text, "['{}']", escaped(key)),
            Segment::Index(index) => write!(text, "[{index}]"),
        };
    }
    text
}

fn is_shorthand(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn escaped(key: &str) -> String {
    let mut text = String::with_capacity(key.len());
    for character in key.chars() {
        match character {
            '\'' | '\\' => text.extend(['\\', character]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..='\u{1f}' => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Segment {
        Segment::Key(name.into())
    }

    #[test]
    fn keys_are_bare_where_they_can_be() {
        for (steps, text) in [
            (vec![key("a"), key("b")], "a.b"),
            (
                vec![key("query"), Segment::Index(0), key("a")],
                "query[0].a",
            ),
            (
                vec![key("a"), key("unit price"), key("x")],
                "a['unit price'].x",
            ),
            (vec![key("a"), key("")], "a['']"),
            (vec![key("a"), key("b.c")], "a['b.c']"),
            (vec![key("@type"), key("$ref")], "@type.$ref"),
            (vec![key("größe")], "größe"),
        ] {
            assert_eq!(written(&steps, false).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_no_plain_path_says_is_jsonpath() {
        for (steps, text) in [
            (vec![], "$"),
            (vec![Segment::Index(0), key("sku")], "$[0].sku"),
            (vec![key("unit price")], "$['unit price']"),
            (vec![key("$ref"), key("a")], "$['$ref'].a"),
            (vec![key("a"), key("it's")], "$.a['it\\'s']"),
        ] {
            assert_eq!(written(&steps, true).as_deref(), Some(text));
            assert_eq!(written(&steps, false), None, "{text}");
        }
    }
}
