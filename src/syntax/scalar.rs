//! A single value, as it was written.

use super::{Text, Word};
use crate::diagnostic::{Report, Span};

/// What a value says.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// A string, quoted or not.
    String(Text),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// `#true` or `#false`.
    Bool(bool),
    /// `#null`.
    Null,
}

/// A single value: an argument of a node, or what a property is set to.
#[derive(Clone, PartialEq, Debug)]
pub struct Scalar {
    /// What it says.
    pub literal: Literal,
    /// Where it was written, without its annotation.
    pub span: Span,
    /// The type in front of it: `env` in `(env)"NAME"`.
    pub annotation: Option<Word>,
}

impl Scalar {
    /// What kind of value it is, as a sentence can use it: "expected text, got an integer".
    pub fn kind(&self) -> &'static str {
        match self.literal {
            Literal::String(_) => "text",
            Literal::Integer(_) => "an integer",
            Literal::Float(_) => "a number",
            Literal::Bool(true) => "`#true`",
            Literal::Bool(false) => "`#false`",
            Literal::Null => "`#null`",
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.literal {
            Literal::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.literal {
            Literal::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_integer(&self) -> Option<i128> {
        match self.literal {
            Literal::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// The value as it was written, quotes included; `***` for a secret.
    pub fn source<'r>(&self, report: &'r Report) -> &'r str {
        report.text(self.span)
    }
}
