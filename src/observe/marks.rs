use std::{
    borrow::Cow,
    fmt,
    hash::{BuildHasher, RandomState},
};

use crate::run::REDACTED;

/// How a mark with a tag begins.
const TAGGED: &str = "[redacted:";
/// How long a tag is, in digits of base 16.
const DIGITS: usize = 4;

/// What is put in the place of secrets.
#[derive(Clone, Default)]
pub enum Marks {
    /// The same for all: [`REDACTED`].
    #[default]
    Plain,
    /// One with a tag, which is the same where the secret is: `[redacted:3f9a]`. Nobody can work
    /// back from a tag to the secret, nor try out what it may be: the key is a random one that is
    /// nowhere but in this process, and 16 bits say that two are the same, and are too few to
    /// confirm a guess.
    Keyed(RandomState),
}

impl Marks {
    /// Marks with a key of their own.
    pub fn keyed() -> Self {
        Self::Keyed(RandomState::new())
    }

    /// What stands in the place of a secret.
    pub fn of(&self, secret: &str) -> Cow<'static, str> {
        match self {
            Self::Plain => REDACTED.into(),
            Self::Keyed(key) => format!("{TAGGED}{:04x}]", key.hash_one(secret) as u16).into(),
        }
    }
}

/// A text in which all marks are [`REDACTED`]: tags of two starts of a server cannot be compared.
pub fn untagged(text: &str) -> Cow<'_, str> {
    let mut told = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(TAGGED) {
        let (before, mark) = rest.split_at(at);
        told += before;
        let behind = &mark[TAGGED.len()..];
        let tag = behind.as_bytes().get(..=DIGITS);
        let is_mark = tag.is_some_and(|tag| {
            tag[DIGITS] == b']' && tag[..DIGITS].iter().all(u8::is_ascii_hexdigit)
        });
        if is_mark {
            told += REDACTED;
            rest = &behind[DIGITS + 1..];
        } else {
            told += TAGGED;
            rest = behind;
        }
    }
    if told.is_empty() {
        return text.into();
    }
    told += rest;
    told.into()
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "Plain",
            Self::Keyed(_) => "Keyed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_secret_has_the_same_mark_until_the_key_is_another() {
        let marks = Marks::keyed();
        assert_eq!(marks.of("hunter2"), marks.clone().of("hunter2"));
        // One in 65,536 pairs has one tag: of a hundred texts, not all have that of the first.
        let first = marks.of("0");
        assert!((1..100).any(|text| marks.of(&text.to_string()) != first));
        // The same holds for keys.
        assert!((1..100).any(|_| Marks::keyed().of("0") != first));
    }

    #[test]
    fn a_text_without_its_tags_says_only_that_something_is_redacted() {
        let mark = Marks::keyed().of("hunter2");
        let text =
            format!("a={mark}&b={mark}&[redacted:zzzz]&[redacted:12345]&[redacted:é]&[redacted:");
        assert_eq!(
            untagged(&text),
            "a=[redacted]&b=[redacted]&[redacted:zzzz]&[redacted:12345]&[redacted:é]&[redacted:"
        );
        assert_eq!(untagged("[redacted]"), "[redacted]");
    }
}
