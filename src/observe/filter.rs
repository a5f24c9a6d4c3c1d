use super::{Entry, Stage};

/// Which runs are shown: words that all have to hold.
///
/// | word | holds for |
/// | --- | --- |
/// | `flow:NAME` | flows whose name contains NAME |
/// | `status:4xx` | a status of that pattern; `\|` separates several, and `4` means `4xx` |
/// | `is:error` | whatever did not succeed, refused requests too |
/// | `is:ok` | whatever succeeded |
/// | `is:queued` | runs that wait |
/// | anything else | runs with it in id, flow, method, path or branches taken |
///
/// Capitals do not matter. Quotes keep blanks in a word: `flow:"my flow"`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    text: String,
    words: Vec<Word>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Word {
    Text(String),
    Flow(String),
    Status(Vec<String>),
    Error,
    Succeeded,
    Queued,
}

const ERROR: &str = "is:error";

impl Filter {
    /// Reads a filter as typed. Every text is one: what no word means is looked for as it is.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            words: split(text).into_iter().map(Word::new).collect(),
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
        self.words.contains(&Word::Error)
    }

    /// The filter with `is:error` added, or taken out where it was there.
    #[must_use]
    pub fn toggle_errors(&self) -> Self {
        let mut words = split(&self.text);
        if self.only_errors() {
            words.retain(|word| !word.eq_ignore_ascii_case(ERROR));
        } else {
            words.push(ERROR);
        }
        Self::new(&words.join(" "))
    }

    /// Whether all words hold.
    pub fn matches(&self, entry: &Entry) -> bool {
        self.words.iter().all(|word| word.matches(entry))
    }
}

impl Word {
    fn new(word: &str) -> Self {
        let word = word.replace('"', "").to_lowercase();
        match word.split_once(':') {
            Some(("flow", name)) => Self::Flow(name.to_owned()),
            Some(("status", patterns)) if is_status(patterns) => {
                Self::Status(patterns.split('|').map(str::to_owned).collect())
            }
            Some(("is", "error")) => Self::Error,
            Some(("is", "ok")) => Self::Succeeded,
            Some(("is", "queued")) => Self::Queued,
            _ => Self::Text(word),
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
            Self::Error => entry.is_error(),
            Self::Succeeded => {
                matches!(entry.stage, Stage::Ended(outcome) if outcome.is_success())
            }
            Self::Queued => entry.stage == Stage::Queued,
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
