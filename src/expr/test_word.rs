//! The tests (`value is word`).

use super::datum::Datum;
use super::number::Number;

/// A test of conditions and templates.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Test {
    Defined,
    Undefined,
    None,
    String,
    Number,
    Integer,
    Float,
    Boolean,
    List,
    Object,
    StartingWith,
    EndingWith,
    Containing,
    In,
}

/// The words of the tests; some go by Jinja's word and by the one JSON has.
pub(super) const TESTS: [(&str, Test); 16] = [
    ("defined", Test::Defined),
    ("undefined", Test::Undefined),
    ("none", Test::None),
    ("string", Test::String),
    ("number", Test::Number),
    ("integer", Test::Integer),
    ("float", Test::Float),
    ("boolean", Test::Boolean),
    ("list", Test::List),
    ("sequence", Test::List),
    ("object", Test::Object),
    ("mapping", Test::Object),
    ("startingwith", Test::StartingWith),
    ("endingwith", Test::EndingWith),
    ("containing", Test::Containing),
    ("in", Test::In),
];

/// The test of that name.
pub(super) fn find(word: &str) -> Option<Test> {
    TESTS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, test)| *test)
}

/// The words of all tests.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    TESTS.iter().map(|(name, _)| *name)
}

/// Which side is not what a test needs, and what it needs there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum TestFault {
    Input(&'static str),
    Argument(&'static str),
}

impl Test {
    /// How many arguments it takes, and how to say so.
    pub(super) fn arity(self) -> (usize, &'static str) {
        match self {
            Test::StartingWith | Test::EndingWith | Test::Containing | Test::In => {
                (1, "one argument")
            }
            _ => (0, "no arguments"),
        }
    }

    /// Whether it has an answer for an absent value.
    pub(super) fn accepts_absent(self) -> bool {
        matches!(self, Test::Defined | Test::Undefined | Test::None)
    }

    /// Applies the test.
    ///
    /// # Errors
    /// Where the input or the argument is not what the test takes.
    pub(super) fn apply(
        self,
        input: &Datum<'_>,
        argument: Option<&Datum<'_>>,
    ) -> Result<bool, TestFault> {
        if input.is_absent() && !self.accepts_absent() {
            return Err(TestFault::Input("a value"));
        }
        let argument = argument.unwrap_or(&Datum::Absent);
        Ok(match self {
            Test::Defined => !input.is_absent(),
            Test::Undefined | Test::None => input.is_absent(),
            Test::String => matches!(input, Datum::Text(_)),
            Test::Number => matches!(input, Datum::Number(_)),
            Test::Integer => matches!(input, Datum::Number(Number::Integer(_))),
            Test::Float => matches!(input, Datum::Number(Number::Float(_))),
            Test::Boolean => matches!(input, Datum::Bool(_)),
            Test::List => matches!(input, Datum::List(_)),
            Test::Object => matches!(input, Datum::Object(_)),
            Test::StartingWith | Test::EndingWith => {
                let Datum::Text(text) = input else {
                    return Err(TestFault::Input("text"));
                };
                let Datum::Text(part) = argument else {
                    return Err(TestFault::Argument("text"));
                };
                if self == Test::StartingWith {
                    text.starts_with(part.as_ref())
                } else {
                    text.ends_with(part.as_ref())
                }
            }
            Test::Containing => contains(input, argument).map_err(|fault| match fault {
                TestFault::Input(needs) => TestFault::Argument(needs),
                TestFault::Argument(needs) => TestFault::Input(needs),
            })?,
            Test::In => contains(argument, input)?,
        })
    }
}

/// Whether `container` holds `item`: a list an equal item, an object a key, text a part.
///
/// # Errors
/// In the words of `item in container`: the item is the input, the container the argument.
pub(super) fn contains(container: &Datum<'_>, item: &Datum<'_>) -> Result<bool, TestFault> {
    match (container, item) {
        (Datum::List(_), Datum::Absent) => Err(TestFault::Input("a value")),
        (Datum::List(items), item) => Ok(items
            .iter()
            .any(|other| Datum::borrowed(other).equals(item) == Some(true))),
        (Datum::Object(members), Datum::Text(key)) => Ok(members.contains_key(key.as_ref())),
        (Datum::Text(text), Datum::Text(part)) => Ok(text.contains(part.as_ref())),
        (Datum::Object(_) | Datum::Text(_), _) => Err(TestFault::Input("text")),
        _ => Err(TestFault::Argument("a list, an object or text")),
    }
}
