//! Sample values, as a comment may show them.

use unicode_width::UnicodeWidthChar;

use crate::{
    expr::Segment,
    run::{Value, shortened},
};

/// How wide a value may be.
const WIDEST: usize = 40;

/// What stands in the place of a secret.
const HIDDEN: &str = "***";

/// Parts of names whose values are secrets.
const SECRET_PARTS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "authorization",
    "signature",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
    "cookie",
    "bearer",
    "hmac",
];

/// Whole words in names whose values are secrets.
const SECRET_WORDS: [&str; 11] = [
    "auth", "cvc", "cvv", "jwt", "otp", "pass", "pin", "pwd", "session", "sid", "sig",
];

/// How texts start that are credentials, whatever they are called.
const SECRET_STARTS: [&str; 20] = [
    "bearer ",
    "basic ",
    "digest ",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "sk_",
    "sk-",
    "rk_",
    "pk_live_",
    "whsec_",
    "aiza",
    "akia",
    "eyj",
    "-----begin",
];

/// A value in at most 40 columns, as JSON, with nothing in it that could end a comment, steer a
/// terminal, or be a secret.
pub(super) fn shown(value: &Value) -> String {
    let mut comment = Comment::default();
    if comment.value(value).is_err() {
        while comment.width >= WIDEST {
            comment.pop();
        }
        comment.text.push('…');
    }
    comment.text
}

/// What is shown of a value that is secret.
pub(super) fn hidden() -> String {
    HIDDEN.to_owned()
}

/// A place that has no path: `["a.b"][0]`.
pub(super) fn steps(steps: &[Segment]) -> String {
    let steps = steps.iter().map(|step| match step {
        Segment::Key(key) => format!("[{}]", shown(&Value::from(&**key))),
        Segment::Index(index) => format!("[{index}]"),
    });
    let text: String = steps.collect();
    shortened(&text, 2 * WIDEST).into_owned()
}

/// A text on one line, with nothing in it that could steer a terminal.
pub(super) fn plain(text: &str) -> String {
    text.chars().flat_map(harmless).collect()
}

/// Whether a key, or a header's name, says that its value is secret.
pub(super) fn is_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let letters: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    SECRET_PARTS.iter().any(|part| letters.contains(part))
        || lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| SECRET_WORDS.contains(&word))
}

/// Whether a text is a credential, or tells one: `token=…`, `https://user:password@…`.
fn tells_secret(text: &str) -> bool {
    // What is not shown need not be looked at, but for the rest of a word.
    let start: String = text.chars().take(4 * WIDEST).collect();
    let lower = start.trim_start().to_ascii_lowercase();
    if SECRET_STARTS.iter().any(|prefix| lower.starts_with(prefix)) {
        return true;
    }
    let has_login = lower.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        authority
            .rsplit_once('@')
            .is_some_and(|(login, _)| login.contains(':'))
    });
    has_login
        || lower
            .split_inclusive(['=', ':'])
            .filter_map(|piece| piece.strip_suffix(['=', ':']))
            .any(|before| {
                let name = before.trim_end_matches(['"', '\\', '\'', ' ']);
                let start = name
                    .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
                    .map_or(0, |at| {
                        at + name[at..].chars().next().map_or(1, char::len_utf8)
                    });
                is_secret(&name[start..])
            })
}

/// It does not fit.
struct Full;

#[derive(Default)]
struct Comment {
    text: String,
    width: usize,
}

impl Comment {
    fn value(&mut self, value: &Value) -> Result<(), Full> {
        match value {
            Value::Null => self.put("null"),
            Value::Bool(truth) => self.put(if *truth { "true" } else { "false" }),
            Value::Number(number) => self.put(&number.to_string()),
            Value::String(text) if tells_secret(text) => self.put(HIDDEN),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.put("[")?;
                for (index, item) in items.iter().enumerate() {
                    self.put(if index == 0 { "" } else { "," })?;
                    self.value(item)?;
                }
                self.put("]")
            }
            Value::Object(members) => {
                self.put("{")?;
                for (index, (key, member)) in members.iter().enumerate() {
                    self.put(if index == 0 { "" } else { "," })?;
                    self.text(key)?;
                    self.put(":")?;
                    if is_secret(key) {
                        self.put(HIDDEN)?;
                    } else {
                        self.value(member)?;
                    }
                }
                self.put("}")
            }
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Full> {
        self.put("\"")?;
        for character in text.chars() {
            if matches!(character, '"' | '\\') {
                self.put("\\")?;
            }
            for character in harmless(character) {
                self.character(character)?;
            }
        }
        self.put("\"")
    }

    fn put(&mut self, piece: &str) -> Result<(), Full> {
        piece.chars().try_for_each(|c| self.character(c))
    }

    fn character(&mut self, character: char) -> Result<(), Full> {
        let width = character.width().unwrap_or(1);
        if self.width + width > WIDEST {
            return Err(Full);
        }
        self.text.push(character);
        self.width += width;
        Ok(())
    }

    fn pop(&mut self) {
        let width = self.text.pop().and_then(UnicodeWidthChar::width);
        self.width -= width.unwrap_or(1).min(self.width);
    }
}

/// A character, or its escape where it could steer a terminal, end a line, or not be seen.
fn harmless(character: char) -> impl Iterator<Item = char> {
    let escape = match character {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        '\u{2028}' | '\u{2029}' => Some(escape(character)),
        _ if character.width().unwrap_or(0) == 0 => Some(escape(character)),
        _ => None,
    };
    let itself = escape.is_none().then_some(character);
    escape
        .map(String::into_bytes)
        .unwrap_or_default()
        .into_iter()
        .map(char::from)
        .chain(itself)
}

fn escape(character: char) -> String {
    format!("\\u{{{:x}}}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn a_value_is_shown_as_json_and_never_wide() {
        assert_eq!(shown(&json!("x \"y\"")), r#""x \"y\"""#);
        assert_eq!(
            shown(&json!({"a": [1, null, true]})),
            r#"{"a":[1,null,true]}"#
        );
        for long in [
            json!("x".repeat(1_000)),
            json!("日".repeat(100)),
            json!(vec![1; 99]),
        ] {
            let comment = shown(&long);
            assert!(comment.width() <= WIDEST, "{comment}");
            assert!(comment.ends_with('…'), "{comment}");
        }
        assert_eq!(shown(&json!("x".repeat(38))).width(), 40, "it just fits");
    }

    #[test]
    fn nothing_ends_the_comment_or_steers_a_terminal() {
        let nasty = "a\nb\r\u{85}\u{2028}\u{2029}\u{b}\u{c}\u{1b}[2J\u{202e}\u{feff}\0\u{200f}";
        let comment = shown(&json!(nasty));
        assert!(comment.chars().all(|c| c.width() == Some(1)), "{comment:?}");
        assert!(comment.starts_with(r#""a\nb\r\u{85}\u{2028}"#), "{comment}");
    }

    #[test]
    fn names_say_what_is_secret() {
        for name in [
            "token",
            "accessToken",
            "X-Api-Key",
            "Set-Cookie",
            "db_password",
            "X-Hub-Signature-256",
            "client-secret",
            "Authorization",
            "pin",
            "card.cvc",
            "x-auth",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["key", "author", "shipping", "signed", "side", "order"] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn some_values_are_secret_whatever_they_are_called() {
        for value in [
            "Bearer abc",
            "ghp_abc",
            "eyJhbGciOi",
            "https://me:hunter2@x.example/",
            "https://x.example/?a=1&token=abc",
            "{\"password\": \"x\"}",
            "my secret: x",
        ] {
            assert_eq!(shown(&json!(value)), "***", "{value}");
        }
        for value in ["https://x.example/a:b?c=d", "a token of thanks", "12:30"] {
            assert_ne!(shown(&json!(value)), "***", "{value}");
        }
        assert_eq!(
            shown(&json!({"a": 1, "password": "x"})),
            r#"{"a":1,"password":***}"#
        );
    }
}
