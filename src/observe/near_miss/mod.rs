//! How near a condition came to being true: its text is read for what it [`compared`], the values
//! are those that were recorded, and of all comparisons that failed the nearest is told.

mod compared;
mod measure;
mod sign;
#[cfg(test)]
mod tests;
mod token;

use std::{borrow::Cow, fmt};

use crate::run::{OperandRecord, Value, shortened};
use compared::compared;
use measure::measure;

/// Longer texts are cut where they are told, in characters.
const SHOWN: usize = 120;

/// What a value lacked to make a comparison true. The nearest kind is first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NearMiss {
    /// The same but for capitals.
    Case {
        /// The value there was.
        is: String,
        /// The value that was asked for.
        wanted: String,
    },
    /// The same but for white space at the ends.
    Blanks {
        /// The value there was.
        is: String,
        /// The value that was asked for.
        wanted: String,
    },
    /// Values of two kinds.
    Kinds {
        /// The value there was, as JSON, and its kind.
        is: (String, &'static str),
        /// The value that was asked for.
        wanted: (String, &'static str),
    },
    /// A text is there in other capitals.
    Part {
        /// The text that was looked through.
        is: String,
        /// The text that was looked for.
        wanted: String,
    },
    /// The same but for what one has more at one end.
    Affix {
        /// The value there was.
        is: String,
        /// The value that was asked for.
        wanted: String,
        /// Whether the value there was is the longer one.
        longer: bool,
        /// By what.
        by: String,
        /// Whether that stands at the start.
        start: bool,
    },
    /// The same but for a few characters.
    Characters {
        /// The value there was.
        is: String,
        /// The value that was asked for.
        wanted: String,
        /// How many.
        count: usize,
    },
    /// Exactly the number that no longer counts.
    Edge {
        /// The number.
        is: String,
        /// `<` or `>`.
        sign: &'static str,
    },
    /// A number that is close.
    Number {
        /// The value there was.
        is: String,
        /// The value that was asked for.
        wanted: String,
        /// By how much.
        gap: String,
        /// Whether the value there was is the larger one.
        above: bool,
    },
}

/// The nearest miss of a condition that was not true; none where nothing came near.
pub fn near_miss(condition: &str, operands: &[OperandRecord]) -> Option<NearMiss> {
    let comparisons = compared(condition, operands);
    comparisons.iter().filter_map(measure).min()
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case { is, wanted } => {
                write!(f, "`{}` differs by case from `{}`", cut(is), cut(wanted))
            }
            Self::Blanks { is, wanted } => write!(
                f,
                "{} differs by white space from {}",
                Value::from(cut(is)),
                Value::from(cut(wanted))
            ),
            Self::Kinds { is, wanted } => write!(
                f,
                "{} is {}, {} is {}",
                cut(&is.0),
                is.1,
                cut(&wanted.0),
                wanted.1
            ),
            Self::Part { is, wanted } => {
                write!(f, "`{}` has `{}` in another case", cut(is), cut(wanted))
            }
            Self::Affix {
                is,
                wanted,
                longer,
                by,
                start,
            } => write!(
                f,
                "`{}` is {} by `{}`{} than `{}`",
                cut(is),
                if *longer { "longer" } else { "shorter" },
                cut(by),
                if *start { " at the start" } else { "" },
                cut(wanted)
            ),
            Self::Characters { is, wanted, count } => write!(
                f,
                "`{}` differs by {count} character{} from `{}`",
                cut(is),
                if *count == 1 { "" } else { "s" },
                cut(wanted)
            ),
            Self::Edge { is, sign } => {
                write!(f, "{is} is the very limit, and `{sign}` excludes it")
            }
            Self::Number {
                is,
                wanted,
                gap,
                above,
            } => {
                let side = if *above { "above" } else { "below" };
                write!(f, "{is} is {gap} {side} {wanted}")
            }
        }
    }
}

fn cut(text: &str) -> Cow<'_, str> {
    shortened(text, SHOWN)
}
