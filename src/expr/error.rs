//! What can be wrong with the text of an expression, and in which words it is told.

use std::fmt;
use std::ops::Range;

use super::limits::{MAX_DEPTH, MAX_TREE};

/// An error in an expression's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExprError {
    /// What is wrong.
    pub kind: ExprErrorKind,
    /// Where, in bytes of the text that was parsed.
    pub range: Range<usize>,
}

impl ExprError {
    pub(super) fn new(kind: ExprErrorKind, range: Range<usize>) -> ExprError {
        ExprError { kind, range }
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for ExprError {}

/// The ways an expression's text can be wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExprErrorKind {
    /// Nothing was written; what should have been.
    Empty(&'static str),
    /// The text does not follow the grammar.
    Syntax(String),
    /// The text, or one placeholder in it, is over its limit.
    TooLong {
        /// How long it is, in bytes.
        length: usize,
        /// How long it may be.
        limit: usize,
    },
    /// Brackets, signs, members, operators or blocks nest too deep.
    TooDeep,
    /// A name that means nothing here.
    UnknownName(String),
    /// A member its root does not have.
    UnknownMember {
        /// The root, as written.
        root: String,
        /// The member, as written.
        member: String,
    },
    /// A filter (`| word`) that does not exist here.
    UnknownFilter {
        /// The filter, as written.
        name: String,
        /// Whether it stands in a template, which has more of them than a condition.
        in_template: bool,
    },
    /// A test (`is word`) that does not exist.
    UnknownTest(String),
    /// A function that does not exist.
    UnknownFunction(String),
    /// A statement (`{% word %}`) that does not exist.
    UnknownStatement(String),
    /// `a if b else c` in a condition.
    InlineIf,
    /// A call in a condition, or of something that is no function.
    Call,
    /// A name that may be absent is used without a guard.
    MayBeAbsent(String),
    /// A part of a condition that no run could decide.
    NeverDecided {
        /// What it is, and what is needed.
        message: String,
        /// What to write in its place, where that can be told.
        help: Option<String>,
    },
    /// Something the language has and this place has not.
    NotAllowed {
        /// What it is.
        what: String,
        /// What to write in its place, where there is something.
        instead: Option<&'static str>,
    },
    /// A filter or test is given too few or too many arguments.
    Arguments {
        /// The filter or test.
        name: String,
        /// What it takes.
        takes: &'static str,
    },
}

impl ExprErrorKind {
    /// The unknown word, for a suggestion of a near one.
    pub fn name(&self) -> Option<&str> {
        match self {
            ExprErrorKind::UnknownName(name)
            | ExprErrorKind::UnknownFilter { name, .. }
            | ExprErrorKind::UnknownTest(name)
            | ExprErrorKind::UnknownFunction(name)
            | ExprErrorKind::UnknownStatement(name) => Some(name),
            ExprErrorKind::UnknownMember { member, .. } => Some(member),
            _ => None,
        }
    }

    /// The words that would have been known in place of [`name`](Self::name), where this module
    /// knows them: filters, tests, functions and statements.
    pub fn known(&self) -> Vec<&'static str> {
        match self {
            ExprErrorKind::UnknownFilter { in_template, .. } => {
                let more = super::template::TEMPLATE_FILTERS;
                let more = more.into_iter().filter(|_| *in_template);
                super::filter::words().chain(more).collect()
            }
            ExprErrorKind::UnknownTest(_) => super::test_word::words().collect(),
            ExprErrorKind::UnknownFunction(_) => vec!["now"],
            ExprErrorKind::UnknownStatement(_) => super::template::STATEMENTS.to_vec(),
            _ => Vec::new(),
        }
    }

    /// What to do about it, where one sentence can say.
    pub fn help(&self) -> Option<String> {
        match self {
            ExprErrorKind::MayBeAbsent(name) => Some(format!(
                "make it `required=#true`, give it a `default=`, or guard it: `{name} is defined and …`, `{name} | default(…)`"
            )),
            ExprErrorKind::NeverDecided { help, .. } => help.clone(),
            ExprErrorKind::InlineIf => Some("use `and` and `or`, or a further `when`".into()),
            ExprErrorKind::Call => Some("use a filter: `name | length`".into()),
            ExprErrorKind::NotAllowed { instead, .. } => instead.map(str::to_owned),
            ExprErrorKind::TooLong { .. } => {
                Some("put parts of it into variables with `set`".into())
            }
            ExprErrorKind::UnknownFilter { .. }
            | ExprErrorKind::UnknownTest(_)
            | ExprErrorKind::UnknownFunction(_)
            | ExprErrorKind::UnknownStatement(_) => {
                Some(format!("there are: {}", self.known().join(", ")))
            }
            _ => None,
        }
    }
}

impl fmt::Display for ExprErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExprErrorKind::Empty(what) => write!(f, "{what} is empty"),
            ExprErrorKind::Syntax(message) => f.write_str(message),
            ExprErrorKind::TooLong { length, limit } => {
                write!(f, "this is {length} bytes long, and may be {limit}")
            }
            ExprErrorKind::TooDeep => {
                write!(
                    f,
                    "this is too complex: at most {MAX_DEPTH} levels of brackets, {MAX_TREE} operators"
                )
            }
            ExprErrorKind::UnknownName(name) => write!(f, "nothing is called `{name}` here"),
            ExprErrorKind::UnknownMember { root, member } => {
                write!(f, "`{root}` has no `{member}`")
            }
            ExprErrorKind::UnknownFilter { name, .. } => write!(f, "there is no filter `{name}`"),
            ExprErrorKind::UnknownTest(name) => write!(f, "there is no test `{name}`"),
            ExprErrorKind::UnknownFunction(name) => write!(f, "there is no function `{name}`"),
            ExprErrorKind::UnknownStatement(name) => {
                write!(f, "there is no statement `{name}`")
            }
            ExprErrorKind::NeverDecided { message, .. } => f.write_str(message),
            ExprErrorKind::InlineIf => f.write_str("a condition has no inline `if`"),
            ExprErrorKind::Call => f.write_str("nothing can be called here"),
            ExprErrorKind::MayBeAbsent(name) => write!(f, "`{name}` may be absent"),
            ExprErrorKind::NotAllowed { what, .. } => write!(f, "{what} cannot be used here"),
            ExprErrorKind::Arguments { name, takes } => write!(f, "`{name}` takes {takes}"),
        }
    }
}
