use std::{borrow::Cow, fmt::Write};

use crate::diagnostic::is_harmful;

/// The text with everything taken out that could move a cursor, change a colour, turn the
/// direction of writing or hide: control characters become their pictures (`␛`), the others
/// their number (`\u{202e}`).
pub fn neutral(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) || !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            // Unicode has a picture of every ASCII control character, in their order.
            '\0'..='\x1f' => out.extend(char::from_u32(0x2400 + c as u32)),
            '\x7f' => out.push('␡'),
            c if is_harmful(c) => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A text of JSON that says the same, without what [`neutral`] takes out. JSON keeps out most ASCII
/// controls by itself; all else that a terminal obeys is always inside a string, where its number
/// means the same.
pub fn harmless_json(json: &str) -> Cow<'_, str> {
    if json.bytes().all(|byte| (0x20..0x7f).contains(&byte)) || !json.chars().any(is_harmful) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_harmful(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        for text in ["", "/payments/1?a=b", "Größe 価格 👍🏽 👩\u{200d}🌾"] {
            assert!(matches!(neutral(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn controls_become_pictures_and_the_invisible_numbers() {
        assert_eq!(neutral("\x1b[31m\x07\x7f"), "␛[31m␇␡");
        assert_eq!(neutral("a\u{9b}31m"), "a\\u{9b}31m");
        assert_eq!(neutral("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        assert_eq!(neutral("a\u{200b}b\u{e0041}"), "a\\u{200b}b\\u{e0041}");
    }
}
