//! Texts in quotes, as a file has them.

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
    let unseen = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}');
    // A blank that is not the blank bar's looks like one.
    !(unseen || character.is_control() || (character.is_whitespace() && character != ' '))
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
