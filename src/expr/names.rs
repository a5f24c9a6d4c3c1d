//! The names of variables, and how a path gives one.

/// The variable a path or a header gives its name to: ASCII lower case, other ASCII runs become
/// `_`, trimmed (`X-Request-Id` is `x_request_id`, `query[0].a` is `query_0_a`).
///
/// `None` where that gives no name: nothing left, a leading digit, or a character beyond ASCII.
/// The name may still be [`reserved`].
pub fn variable_name(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return None;
    }
    let mut name = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            name.push(char::from(byte.to_ascii_lowercase()));
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    if name.ends_with('_') {
        name.pop();
    }
    let first = name.bytes().next()?;
    (!first.is_ascii_digit()).then_some(name)
}

/// Whether `text` can name a variable: it [`is_name`], and not [`reserved`].
pub fn is_variable_name(text: &str) -> bool {
    is_name(text) && reserved(text).is_none()
}

/// Whether `text` is `[a-z_][a-z0-9_]*`.
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_lowercase() || b == b'_')
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Why no variable can be called `name`, or `None` where one can.
pub fn reserved(name: &str) -> Option<&'static str> {
    match name {
        "request" | "run" | "flow" | "secrets" | "error" => Some("every expression knows it"),
        "now" => Some("it is a function of templates"),
        "loop" | "self" | "super" | "varargs" | "kwargs" | "caller" => {
            Some("Jinja gives it a meaning")
        }
        "true" | "false" | "none" => Some("it is a value"),
        "and" | "or" | "not" | "in" | "is" | "if" | "else" | "elif" | "endif" | "for"
        | "endfor" | "recursive" | "set" | "endset" | "with" | "endwith" | "without" | "raw"
        | "endraw" | "filter" | "endfilter" | "autoescape" | "endautoescape" | "macro"
        | "endmacro" | "call" | "endcall" | "block" | "endblock" | "extends" | "include"
        | "import" | "from" | "as" | "do" | "break" | "continue" | "context" | "ignore"
        | "missing" | "scoped" | "required" => Some("it is a keyword of Jinja"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gives_a_variable_its_name() {
        for (text, name) in [
            ("X-Request-Id", Some("x_request_id")),
            ("b.c", Some("b_c")),
            ("query[0].a", Some("query_0_a")),
            ("items[-1]['a b']", Some("items_1_a_b")),
            ("@type", Some("type")),
            ("__a__", Some("a")),
            ("1a", None),
            ("größe", None),
            ("--", None),
            ("", None),
        ] {
            assert_eq!(variable_name(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn a_derived_name_may_still_be_reserved() {
        assert_eq!(variable_name("Request").as_deref(), Some("request"));
        assert!(!is_variable_name("request"));
        assert!(reserved("request").is_some());
    }

    #[test]
    fn variable_names_are_lower_case_ascii() {
        for name in ["a", "_", "_a1", "order_id"] {
            assert!(is_variable_name(name), "{name}");
        }
        for name in ["", "1", "A", "a-b", "é", "true", "in", "loop", "now"] {
            assert!(!is_variable_name(name), "{name}");
        }
    }
}
