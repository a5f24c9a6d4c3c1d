//! Texts in quotes, as a file has them.

use crate::diagnostic::{is_harmful, is_joiner};

/// A text in quotes. What cannot stand in a file as it is, or would not be seen, is escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_plain(character) => quoted.push(character),
            _ => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(character))),
        }
    }
    quoted.push('"');
    quoted
}

fn is_plain(character: char) -> bool {
    // A blank that is not the blank bar's looks like one.
    let is_blank = character.is_whitespace() && character != ' ';
    !(is_blank || is_harmful(character) || is_joiner(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_cannot_hold_is_escaped() {
        assert_eq!(quoted("a['b c']"), r#""a['b c']""#);
        assert_eq!(quoted("größe"), "\"größe\"");
        assert_eq!(
            quoted("\"\\\n\0\u{1b}\u{85}\u{202e}\u{feff}\u{a0}"),
            r#""\"\\\n\u{0}\u{1b}\u{85}\u{202e}\u{feff}\u{a0}""#
        );
    }
}
