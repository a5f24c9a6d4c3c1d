use std::{fmt, ops::Range};

use super::{field::FieldShape, kind::KINDS};
use crate::diagnostic::did_you_mean;

/// Why a text is no filter, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilterError {
    /// The word, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong with it.
    pub(super) slip: Slip,
}

/// What can be wrong with a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slip {
    /// A field with a value that it does not take, or without any.
    Value(&'static FieldShape),
    /// `<` or `>`, where values have no order.
    Order(&'static FieldShape),
    /// A variable or a header that is compared with `<` or `>` to what is no number.
    Number,
    /// Something near to a field, which it is not.
    Near(&'static FieldShape),
    /// `|` with nothing in front of it.
    NothingBefore,
    /// `|` with nothing behind it.
    NothingBehind,
    /// `!` with nothing behind it.
    NothingToTurn,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.slip.fmt(f)
    }
}

impl fmt::Display for Slip {
    /// What would be taken: `is: takes error, failed, …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(shape) if shape.name == "is" => {
                let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                write!(f, "is: takes {}", names.join(", "))
            }
            Self::Value(shape) => write!(f, "{} takes {}", shape.prefix(), shape.takes),
            Self::Order(shape) => {
                write!(f, "{} does not take < or >", shape.prefix())
            }
            Self::Number => f.write_str("< and > take a number, like var.amount>=99.5"),
            Self::Near(shape) => {
                let meant = did_you_mean(&shape.prefix());
                write!(f, "{meant} In quotes it is text")
            }
            Self::NothingBefore => f.write_str("something has to stand in front of |"),
            Self::NothingBehind => f.write_str("something has to stand behind |"),
            Self::NothingToTurn => f.write_str("something has to stand behind !"),
        }
    }
}
