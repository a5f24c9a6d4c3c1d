//! JSON as nodes of KDL, as the language reads it back.

use std::iter::repeat_n;

use super::quote::quoted;
use crate::{expr, run::Value};

/// What is nested deeper than this is refused in a file, what stands around it included.
const DEEPEST: usize = 40;

/// Lists of scalars stand on one line up to this, in bytes.
const ONE_LINE: usize = 72;

/// How far what is in a block stands in.
pub(super) const INDENT: usize = 4;

/// A node of that name that stands for a value, so far indented. `None` where the language has no
/// words for it: an object with a member `-`, and what is nested too deep.
pub(super) fn node(name: &str, value: &Value, indent: usize) -> Option<String> {
    is_sayable(value, 0).then(|| {
        let mut out = String::new();
        write(&mut out, &self::name(name), value, indent);
        out
    })
}

/// A text as an argument, which is no template whatever is in it.
pub(super) fn text(text: &str) -> String {
    let is_template = expr::placeholder(text).is_some();
    format!("{}{}", if is_template { "(raw)" } else { "" }, quoted(text))
}

fn is_sayable(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(items) => {
            depth < DEEPEST && items.iter().all(|item| is_sayable(item, depth + 1))
        }
        Value::Object(members) => {
            depth < DEEPEST
                && members
                    .iter()
                    .all(|(name, member)| name != "-" && is_sayable(member, depth + 1))
        }
        _ => true,
    }
}

fn write(out: &mut String, name: &str, value: &Value, indent: usize) {
    out.extend(repeat_n(' ', indent));
    match value {
        Value::Array(items) => match one_line(items) {
            Some(items) => out.push_str(&format!("(array){name}{items}\n")),
            None => block(out, name, indent, items.iter().map(|item| ("-", item))),
        },
        Value::Object(members) if members.is_empty() => {
            out.push_str(&format!("(object){name}\n"));
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| (name.as_str(), member));
            block(out, name, indent, members);
        }
        scalar => out.push_str(&format!("{name} {}\n", self::scalar(scalar))),
    }
}

fn block<'v>(
    out: &mut String,
    name: &str,
    indent: usize,
    members: impl Iterator<Item = (&'v str, &'v Value)>,
) {
    out.push_str(name);
    out.push_str(" {\n");
    for (name, member) in members {
        let name = if name == "-" {
            name.to_owned()
        } else {
            self::name(name)
        };
        write(out, &name, member, indent + INDENT);
    }
    out.extend(repeat_n(' ', indent));
    out.push_str("}\n");
}

/// The items as arguments, each behind a blank, where that is short.
fn one_line(items: &[Value]) -> Option<String> {
    let mut line = String::new();
    for item in items {
        if item.is_array() || item.is_object() || line.len() > ONE_LINE {
            return None;
        }
        line.push(' ');
        line.push_str(&scalar(item));
    }
    (line.len() <= ONE_LINE).then_some(line)
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "#null".to_owned(),
        Value::Bool(true) => "#true".to_owned(),
        Value::Bool(false) => "#false".to_owned(),
        Value::String(text) => self::text(text),
        other => other.to_string(),
    }
}

/// The name of a node, in quotes where it is no bare word.
fn name(name: &str) -> String {
    let is_bare = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && !["true", "false", "null", "inf", "nan"].contains(&name);
    if is_bare {
        name.to_owned()
    } else {
        quoted(name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_value_is_a_node() {
        let value = json!({
            "a": null, "b": [true, false], "c": [], "d": {}, "e": [{"x": 1.5}, [1, "2"], {}],
            "true": "{{ x }}", "größe": "a\"\n", "f": -3,
        });
        assert_eq!(
            node("json", &value, 0).as_deref(),
            Some(
                r##"json {
    a #null
    (array)b #true #false
    (array)c
    (object)d
    e {
        - {
            x 1.5
        }
        (array)- 1 "2"
        (object)-
    }
    f -3
    "größe" "a\"\n"
    "true" (raw)"{{ x }}"
}
"##
            )
        );
        assert_eq!(
            node("json", &json!("x"), 4).as_deref(),
            Some("    json \"x\"\n")
        );
    }

    #[test]
    fn long_lists_have_a_line_for_each_item() {
        let item = "x".repeat(40);
        assert_eq!(
            node("a", &json!([item, item]), 0),
            Some(format!("a {{\n    - \"{item}\"\n    - \"{item}\"\n}}\n"))
        );
    }

    #[test]
    fn what_the_language_has_no_words_for_is_no_node() {
        assert_eq!(node("json", &json!({"a": [{"-": 1}]}), 0), None);
        let deep = (0..41).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(node("json", &deep, 0), None);
    }
}
