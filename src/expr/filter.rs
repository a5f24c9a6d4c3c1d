//! The filters (`value | word`), strict about what they take.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::datum::{Datum, Kind};
use super::limits::MAX_OUTPUT;
use super::number::Number;
use super::text::text_to;

/// A filter of conditions and templates.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Filter {
    Default,
    Length,
    Lower,
    Upper,
    Trim,
    String,
    Int,
    Float,
    Abs,
    Round,
    First,
    Last,
    Join,
    Replace,
    Split,
    Keys,
    ToJson,
    UrlEncode,
}

/// The words of the filters; `count` and `d` are Jinja's other names.
pub(super) const FILTERS: [(&str, Filter); 20] = [
    ("default", Filter::Default),
    ("d", Filter::Default),
    ("length", Filter::Length),
    ("count", Filter::Length),
    ("lower", Filter::Lower),
    ("upper", Filter::Upper),
    ("trim", Filter::Trim),
    ("string", Filter::String),
    ("int", Filter::Int),
    ("float", Filter::Float),
    ("abs", Filter::Abs),
    ("round", Filter::Round),
    ("first", Filter::First),
    ("last", Filter::Last),
    ("join", Filter::Join),
    ("replace", Filter::Replace),
    ("split", Filter::Split),
    ("keys", Filter::Keys),
    ("tojson", Filter::ToJson),
    ("urlencode", Filter::UrlEncode),
];

/// The filter of that name.
pub(super) fn find(word: &str) -> Option<Filter> {
    FILTERS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, filter)| *filter)
}

/// The words of all filters.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|(name, _)| *name)
}

/// Why a filter gave nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum FilterFault {
    /// What it needs in place of its input.
    Input(&'static str),
    /// What it needs in place of an argument, counted from 0.
    Argument(usize, &'static str),
    /// Its result is over the limit.
    TooLarge,
}

/// RFC 3986: everything but the unreserved characters is escaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Filter {
    /// How many arguments it takes, and how to say so.
    pub(super) fn arity(self) -> (std::ops::RangeInclusive<usize>, &'static str) {
        match self {
            Filter::Default => (1..=1, "one argument"),
            Filter::Replace => (2..=2, "two arguments"),
            Filter::Round | Filter::Join | Filter::Split => (0..=1, "at most one argument"),
            _ => (0..=0, "no arguments"),
        }
    }

    /// Whether it makes something of an absent value.
    pub(super) fn accepts_absent(self) -> bool {
        self == Filter::Default
    }

    /// Applies the filter.
    ///
    /// # Errors
    /// Where the input or an argument is not what the filter takes, or the text it gives is over
    /// [`MAX_OUTPUT`].
    pub(super) fn apply<'a>(
        self,
        input: Datum<'a>,
        arguments: &[Datum<'a>],
    ) -> Result<Datum<'a>, FilterFault> {
        match self.result(input, arguments)? {
            // what is borrowed was there before
            Datum::Text(Cow::Owned(text)) if text.len() > MAX_OUTPUT => Err(FilterFault::TooLarge),
            result => Ok(result),
        }
    }

    fn result<'a>(
        self,
        input: Datum<'a>,
        arguments: &[Datum<'a>],
    ) -> Result<Datum<'a>, FilterFault> {
        Ok(match self {
            Filter::Default => match (input, arguments.first()) {
                (Datum::Absent, Some(fallback)) => fallback.clone(),
                (input, _) => input,
            },
            Filter::Length => integer(match &input {
                Datum::Text(text) => text.chars().count(),
                Datum::List(items) => items.len(),
                Datum::Object(members) => members.len(),
                _ => return Err(FilterFault::Input("text, a list or an object")),
            }),
            Filter::Lower => Datum::text(text(&input)?.to_lowercase()),
            Filter::Upper => Datum::text(text(&input)?.to_uppercase()),
            Filter::Trim => match input {
                Datum::Text(Cow::Borrowed(text)) => Datum::Text(Cow::Borrowed(text.trim())),
                other => Datum::text(text(&other)?.trim().to_owned()),
            },
            Filter::String => match input {
                Datum::Absent => return Err(FilterFault::Input("a value")),
                Datum::Text(text) => Datum::Text(text),
                other => Datum::text(other.to_text()),
            },
            Filter::Int => to_integer(input)?,
            Filter::Float => to_float(input)?,
            Filter::Abs => match number(&input)? {
                Number::Integer(integer) => Datum::Number(Number::Integer(integer.abs())),
                Number::Float(float) => Datum::Number(Number::Float(float.abs())),
            },
            Filter::Round => round(number(&input)?, arguments)?,
            Filter::First => end(input, 0)?,
            Filter::Last => end(input, -1)?,
            Filter::Join => join(input, arguments)?,
            Filter::Replace => replace(&input, arguments)?,
            Filter::Split => split(&input, arguments)?,
            Filter::Keys => match input {
                Datum::Object(members) => Datum::List(Cow::Owned(
                    members
                        .keys()
                        .map(|key| Value::from(key.as_str()))
                        .collect(),
                )),
                _ => return Err(FilterFault::Input("an object")),
            },
            Filter::ToJson => Datum::text(input.to_value().to_string()),
            Filter::UrlEncode => match input.kind() {
                Kind::Text | Kind::Number | Kind::Bool => {
                    Datum::text(utf8_percent_encode(&input.to_text(), ESCAPED).to_string())
                }
                _ => return Err(FilterFault::Input("text, a number or a boolean")),
            },
        })
    }
}

fn text<'d>(datum: &'d Datum<'_>) -> Result<&'d str, FilterFault> {
    match datum {
        Datum::Text(text) => Ok(text),
        _ => Err(FilterFault::Input("text")),
    }
}

fn number(datum: &Datum<'_>) -> Result<Number, FilterFault> {
    match datum {
        Datum::Number(number) => Ok(*number),
        _ => Err(FilterFault::Input("a number")),
    }
}

fn text_argument<'d>(
    arguments: &'d [Datum<'_>],
    index: usize,
) -> Result<Option<&'d str>, FilterFault> {
    match arguments.get(index) {
        None => Ok(None),
        Some(Datum::Text(text)) => Ok(Some(text)),
        Some(_) => Err(FilterFault::Argument(index, "text")),
    }
}

fn integer(count: usize) -> Datum<'static> {
    Datum::Number(Number::Integer(i128::try_from(count).unwrap_or(i128::MAX)))
}

fn to_integer(input: Datum<'_>) -> Result<Datum<'static>, FilterFault> {
    const NEEDS: FilterFault = FilterFault::Input("a number, or text that is a whole number");
    let number = match input {
        Datum::Number(Number::Integer(integer)) => Number::Integer(integer),
        Datum::Number(Number::Float(float)) => Number::Integer(float.trunc() as i128),
        Datum::Text(text) => Number::Integer(text.trim().parse().map_err(|_| NEEDS)?),
        _ => return Err(NEEDS),
    };
    number.checked().map(Datum::Number).ok_or(NEEDS)
}

fn to_float(input: Datum<'_>) -> Result<Datum<'static>, FilterFault> {
    const NEEDS: FilterFault = FilterFault::Input("a number, or text that is a number");
    let float = match input {
        Datum::Number(number) => number.as_float(),
        Datum::Text(text) => text.trim().parse().map_err(|_| NEEDS)?,
        _ => return Err(NEEDS),
    };
    Number::Float(float)
        .checked()
        .map(Datum::Number)
        .ok_or(NEEDS)
}

fn round(number: Number, arguments: &[Datum<'_>]) -> Result<Datum<'static>, FilterFault> {
    const NEEDS: FilterFault = FilterFault::Argument(0, "a whole number from 0 to 15");
    let digits = match arguments.first() {
        None => 0,
        Some(Datum::Number(Number::Integer(digits @ 0..=15))) => {
            usize::try_from(*digits).map_err(|_| NEEDS)?
        }
        Some(_) => return Err(NEEDS),
    };
    Ok(Datum::Number(match number {
        Number::Integer(integer) => Number::Integer(integer),
        // as in Jinja a tie goes to the even digit, and formatting rounds the exact value
        Number::Float(float) => Number::Float(format!("{float:.digits$}").parse().unwrap_or(float)),
    }))
}

fn end(input: Datum<'_>, index: i64) -> Result<Datum<'_>, FilterFault> {
    match input {
        Datum::Text(text) => {
            let character = if index == 0 {
                text.chars().next()
            } else {
                text.chars().last()
            };
            Ok(character.map_or(Datum::Absent, |character| Datum::text(character.into())))
        }
        list @ Datum::List(_) => Ok(list.step(&super::Segment::Index(index))),
        _ => Err(FilterFault::Input("a list or text")),
    }
}

fn join(input: Datum<'_>, arguments: &[Datum<'_>]) -> Result<Datum<'static>, FilterFault> {
    const NEEDS: FilterFault = FilterFault::Input("a list of texts, numbers and booleans");
    let Datum::List(items) = input else {
        return Err(NEEDS);
    };
    let between = text_argument(arguments, 0)?.unwrap_or_default();
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if matches!(item, Value::Null | Value::Array(_) | Value::Object(_)) {
            return Err(NEEDS);
        }
        if index > 0 {
            if out.len() + between.len() > MAX_OUTPUT {
                return Err(FilterFault::TooLarge);
            }
            out.push_str(between);
        }
        // writing to a String cannot fail
        let _ = text_to(item, &mut out);
        if out.len() > MAX_OUTPUT {
            return Err(FilterFault::TooLarge);
        }
    }
    Ok(Datum::text(out))
}

fn replace(input: &Datum<'_>, arguments: &[Datum<'_>]) -> Result<Datum<'static>, FilterFault> {
    let input = text(input)?;
    let from = text_argument(arguments, 0)?.unwrap_or_default();
    let to = text_argument(arguments, 1)?.unwrap_or_default();
    let matches = input.matches(from).count();
    let kept = input.len() - matches * from.len();
    if matches.saturating_mul(to.len()).saturating_add(kept) > MAX_OUTPUT {
        return Err(FilterFault::TooLarge);
    }
    Ok(Datum::text(input.replace(from, to)))
}

fn split(input: &Datum<'_>, arguments: &[Datum<'_>]) -> Result<Datum<'static>, FilterFault> {
    let input = text(input)?;
    let parts: Option<Vec<Value>> = match text_argument(arguments, 0)? {
        Some("") => return Err(FilterFault::Argument(0, "text that is not empty")),
        Some(between) => counted(input.split(between)),
        None => counted(input.split_whitespace()),
    };
    let parts = parts.ok_or(FilterFault::TooLarge)?;
    Ok(Datum::List(Cow::Owned(parts)))
}

/// The parts as a list, if that is not too large: a part takes up far more than its text.
fn counted<'t>(parts: impl Iterator<Item = &'t str>) -> Option<Vec<Value>> {
    const ROOM: usize = size_of::<Value>();
    let mut left = MAX_OUTPUT * 8;
    parts
        .map(|part| {
            left = left.checked_sub(ROOM + part.len())?;
            Some(Value::from(part))
        })
        .collect()
}
