use std::fmt;

use super::{Entry, Stage};
use crate::run::Outcome;

/// Which runs are shown: words that all have to hold.
///
/// | word | holds for |
/// | --- | --- |
/// | `flow:NAME` | flows whose name contains NAME |
/// | `status:4xx` | a status of that pattern; `\|` separates several, and `4` means `4xx` |
/// | `is:error` | whatever did not succeed, refused requests too |
/// | `is:failed` | whatever failed or timed out |
/// | `is:refused` | requests that were refused before any step |
/// | `is:ok` | whatever succeeded |
/// | `is:queued` | runs that wait |
/// | anything else | runs with it in id, flow, method, path, peer, headers, variables, branches taken or error |
///
/// Capitals do not matter. Quotes keep blanks in a word (`flow:"my flow"`), and around a whole
/// word they take its meaning (`"is:ok"`).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    text: String,
    words: Vec<Word>,
}

/// Why a text is no filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FilterError {
    /// `is:` with something it does not take.
    Is,
    /// `status:` with something that is no pattern of a status.
    Status,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Word {
    Text(String),
    Flow(String),
    Status(Vec<String>),
    Is(Kind),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Error,
    Failed,
    Refused,
    Succeeded,
    Queued,
}

/// What `is:` takes.
const KINDS: [(&str, Kind); 5] = [
    ("error", Kind::Error),
    ("failed", Kind::Failed),
    ("refused", Kind::Refused),
    ("ok", Kind::Succeeded),
    ("queued", Kind::Queued),
];

const ERROR: &str = "is:error";

impl Filter {
    /// Reads a filter as typed. A word of no meaning is looked for as it is.
    ///
    /// # Errors
    /// A word begins with a meaning, and goes on with what that does not take.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Ok(Self {
            text: text.to_owned(),
            words: split(text)
                .into_iter()
                .map(Word::parse)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The filter for the runs of one flow.
    pub fn flow(name: &str) -> Self {
        Self {
            text: format!("flow:\"{name}\""),
            words: vec![Word::Flow(name.to_lowercase())],
        }
    }

    /// The filter as typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether only errors get through.
    pub fn only_errors(&self) -> bool {
        use Kind::{Error, Failed, Refused};
        self.words
            .iter()
            .any(|word| matches!(word, Word::Is(Error | Failed | Refused)))
    }

    /// The filter with `is:error` added, or taken out where it was there.
    #[must_use]
    pub fn toggle_errors(&self) -> Self {
        let mut texts = split(&self.text);
        let mut words = self.words.clone();
        if words.contains(&Word::Is(Kind::Error)) {
            texts.retain(|word| !word.eq_ignore_ascii_case(ERROR));
            words.retain(|word| *word != Word::Is(Kind::Error));
        } else {
            texts.push(ERROR);
            words.push(Word::Is(Kind::Error));
        }
        Self {
            text: texts.join(" "),
            words,
        }
    }

    /// Whether all words hold.
    pub fn matches(&self, entry: &Entry) -> bool {
        self.words.iter().all(|word| word.matches(entry))
    }
}

impl Word {
    fn parse(word: &str) -> Result<Self, FilterError> {
        let is_quoted = word.starts_with('"');
        let word = word.replace('"', "").to_lowercase();
        match word.split_once(':').filter(|_| !is_quoted) {
            Some(("flow", name)) => Ok(Self::Flow(name.to_owned())),
            Some(("status", patterns)) if is_status(patterns) => Ok(Self::Status(
                patterns.split('|').map(str::to_owned).collect(),
            )),
            Some(("status", _)) => Err(FilterError::Status),
            Some(("is", kind)) => KINDS
                .iter()
                .find(|(name, _)| *name == kind)
                .map(|(_, kind)| Self::Is(*kind))
                .ok_or(FilterError::Is),
            _ => Ok(Self::Text(word)),
        }
    }

    fn matches(&self, entry: &Entry) -> bool {
        match self {
            Self::Text(text) => entry.haystack.contains(text),
            Self::Flow(name) => entry.flow.to_lowercase().contains(name),
            Self::Status(patterns) => entry.status.is_some_and(|status| {
                let status = status.to_string();
                patterns.iter().any(|pattern| {
                    pattern
                        .chars()
                        .zip(status.chars())
                        .all(|(pattern, digit)| pattern == 'x' || pattern == digit)
                })
            }),
            Self::Is(kind) => kind.holds(entry),
        }
    }
}

impl Kind {
    fn holds(self, entry: &Entry) -> bool {
        match (self, entry.stage) {
            (Self::Queued, stage) => stage == Stage::Queued,
            (_, Stage::Queued) => false,
            (Self::Error, Stage::Ended(outcome)) => !outcome.is_success(),
            (Self::Failed, Stage::Ended(outcome)) => {
                matches!(outcome, Outcome::Failed | Outcome::TimedOut)
            }
            (Self::Refused, Stage::Ended(outcome)) => outcome == Outcome::Refused,
            (Self::Succeeded, Stage::Ended(outcome)) => outcome.is_success(),
        }
    }
}

impl fmt::Display for FilterError {
    /// What would be taken: `is: takes error, failed, refused, ok, queued`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is => {
                let names = KINDS.map(|(name, _)| name);
                write!(f, "is: takes {}", names.join(", "))
            }
            Self::Status => f.write_str("status: takes digits and x, like 404 or 4xx|500"),
        }
    }
}

// At blanks outside of quotes.
fn split(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    })
    .filter(|word| !word.is_empty())
    .collect()
}

fn is_status(patterns: &str) -> bool {
    patterns.split('|').all(|pattern| {
        pattern.len() <= 3 && pattern.chars().all(|c| c.is_ascii_digit() || c == 'x')
    })
}
