use std::borrow::Cow;

/// A text to look for, in lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Pattern {
    /// It may stand anywhere.
    Part(String),
    /// It is the whole, with anything between its pieces.
    Whole(Vec<String>),
}

impl Pattern {
    /// A pattern of characters, each with whether it is only meant as itself. One without `*` is
    /// looked for anywhere, unless it has to be the whole.
    pub(super) fn new(chars: impl IntoIterator<Item = (char, bool)>, whole: bool) -> Self {
        let mut pieces = vec![String::new()];
        for (c, literal) in chars {
            match pieces.last_mut() {
                Some(last) if literal || c != '*' => last.extend(c.to_lowercase()),
                _ => pieces.push(String::new()),
            }
        }
        match pieces.as_mut_slice() {
            [only] if !whole => Self::Part(std::mem::take(only)),
            _ => Self::Whole(pieces),
        }
    }

    /// Whether a text is one that is looked for.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.holds_lower(&lower(text))
    }

    /// The same for a text that is in lower case.
    pub(super) fn holds_lower(&self, text: &str) -> bool {
        match self {
            Self::Part(part) => text.contains(part.as_str()),
            Self::Whole(pieces) => is_made_of(text, pieces),
        }
    }
}

/// Whether a text begins with the first piece, ends with the last, and has the others between
/// them in that order.
fn is_made_of(text: &str, pieces: &[String]) -> bool {
    let (first, rest) = match pieces {
        [] => return text.is_empty(),
        [only] => return text == only,
        [first, rest @ ..] => (first, rest),
    };
    let Some(mut text) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    let Some((last, between)) = rest.split_last() else {
        return true;
    };
    for piece in between {
        // The first place leaves the most for what follows.
        match text.find(piece.as_str()) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(last.as_str())
}

/// A text in lower case, which most texts of a request are already.
fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if text.bytes().all(is_lower) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}
