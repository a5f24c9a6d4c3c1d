use std::ops::Range;

use super::{check::Check, kind::Kind};
use crate::observe::{Entry, Moment};

/// Terms of which one has to hold.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Clause {
    pub(super) terms: Vec<Term>,
    /// Its place in the text.
    pub(super) span: Range<usize>,
}

/// Checks of which one has to hold, or none where it is turned round.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Term {
    pub(super) turned: bool,
    pub(super) checks: Vec<Check>,
}

impl Term {
    pub(super) fn new(turned: bool, check: Check) -> Self {
        Self {
            turned,
            checks: vec![check],
        }
    }
}

impl Clause {
    pub(super) fn holds(&self, entry: &Entry, now: Moment) -> bool {
        self.terms
            .iter()
            .any(|term| term.checks.iter().any(|check| check.holds(entry, now)) != term.turned)
    }

    /// Whether it is `is:error` and nothing else.
    pub(super) fn is_any_error(&self) -> bool {
        matches!(&*self.terms, [Term { turned: false, checks }] if **checks == [Check::Is(Kind::Error)])
    }

    /// Whether it holds for nothing but errors.
    pub(super) fn is_of_errors(&self) -> bool {
        let is_error = |check: &Check| matches!(check, Check::Is(kind) if kind.is_error());
        self.terms
            .iter()
            .all(|term| !term.turned && term.checks.iter().all(is_error))
    }
}
