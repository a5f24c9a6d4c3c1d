use std::ops::Range;

use super::{
    check::{Check, Place},
    comparison::Comparison,
    error::{FilterError, Slip},
    field::{FIELDS, Field, FieldShape},
    kind::Kind,
    pattern::Pattern,
    status::Digits,
    token::Char,
};
use crate::{diagnostic::nearest, run::parse_duration};

/// What the value of a word is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Subject {
    /// Anything: it is text to look for.
    Text,
    /// What the field takes.
    Field {
        shape: &'static FieldShape,
        /// Of a variable or a header.
        name: String,
        /// What a value without a sign is compared by.
        plain: Comparison,
        /// Whether values have signs: behind `=` they are what they look like.
        signs: bool,
    },
}

impl Subject {
    /// The field that a word begins with, if any, and the rest of the word.
    pub(super) fn read(chars: &[Char]) -> Option<(Self, &[Char])> {
        let (name, rest) = split(chars)?;
        let (shape, name) = FIELDS.iter().find_map(|shape| {
            let left = name.strip_prefix(shape.name)?;
            let left = if shape.named {
                left.strip_prefix('.').filter(|name| !name.is_empty())?
            } else {
                Some(left).filter(|left| left.is_empty())?
            };
            Some((shape, left.to_owned()))
        })?;
        let (plain, signs, skipped) = match rest[0].c {
            ':' => (Comparison::Like, true, 1),
            '=' => (Comparison::Equal, false, 1),
            // It is the first value's, and not that of those behind `|`.
            _ => (Comparison::Equal, true, 0),
        };
        let subject = Self::Field {
            shape,
            name,
            plain,
            signs,
        };
        Some((subject, &rest[skipped..]))
    }

    /// The field whose name the word nearly begins with.
    pub(super) fn near(chars: &[Char]) -> Option<&'static FieldShape> {
        let (name, _) = split(chars)?;
        let (word, named) = match name.split_once('.') {
            Some((word, name)) => (word, !name.is_empty()),
            None => (&*name, false),
        };
        let shapes = || {
            FIELDS.iter().filter(|shape| {
                // Two letters are near to many words that are text.
                shape.named == named && shape.name.len().min(word.len()) > 2
            })
        };
        let near = nearest(word, shapes().map(|shape| shape.name))?;
        shapes().find(|shape| shape.name == near)
    }

    /// What one of its values asks for.
    pub(super) fn check(
        &self,
        value: &[Char],
        span: &Range<usize>,
        quoted: bool,
    ) -> Result<Check, FilterError> {
        let Self::Field {
            shape,
            name,
            plain,
            signs,
        } = self
        else {
            return Ok(Check::Text(Place::Anywhere, part(value)));
        };
        let wrong = |slip: Slip| {
            Err(FilterError {
                span: span.clone(),
                slip,
            })
        };
        let begins: String = value
            .iter()
            .take(if *signs { 2 } else { 0 })
            .take_while(|char| !char.quoted)
            .map(|char| char.c)
            .collect();
        let (comparison, length) = Comparison::begins(&begins).unwrap_or((*plain, 0));
        let value = &value[length..];
        if value.is_empty() && !quoted {
            return wrong(Slip::Value(shape));
        }
        let text: String = value
            .iter()
            .flat_map(|char| char.c.to_lowercase())
            .collect();
        let check = match shape.field {
            Field::Status if comparison == Comparison::Like => {
                Digits::parse(&text).map(Check::Status)
            }
            Field::Status => text
                .parse()
                .ok()
                .filter(|status| (100..1_000).contains(status))
                .map(|status| Check::StatusOrder(comparison, status)),
            Field::Took => parse_duration(&text).map(|time| {
                // Nothing takes exactly as long.
                let comparison = match comparison {
                    Comparison::Like => Comparison::GreaterOrEqual,
                    comparison => comparison,
                };
                Check::Took(comparison, time)
            }),
            _ if comparison.is_order() && !shape.named => return wrong(Slip::Order(shape)),
            Field::Since => parse_duration(&text).map(Check::Since),
            Field::Is => Kind::parse(&text).map(Check::Is),
            Field::Flow => Some(text_check(Place::Flow, value, comparison)),
            Field::Branch => Some(text_check(Place::Branch, value, comparison)),
            Field::Method => Some(text_check(Place::Method, value, comparison)),
            Field::Path => Some(text_check(Place::Path, value, comparison)),
            Field::Id => Some(text_check(Place::Id, value, comparison)),
            Field::Variable | Field::Header => {
                let place = match shape.field {
                    Field::Variable => Place::Variable(name.clone()),
                    _ => Place::Header(name.clone()),
                };
                if !comparison.is_order() {
                    return Ok(text_check(place, value, comparison));
                }
                match text.parse::<f64>() {
                    Ok(number) if number.is_finite() => {
                        Some(Check::Number(place, comparison, number))
                    }
                    _ => return wrong(Slip::Number),
                }
            }
        };
        check.map_or_else(|| wrong(Slip::Value(shape)), Ok)
    }
}

/// What stands in front of the first sign, and the rest; nothing where a part of it is quoted.
fn split(chars: &[Char]) -> Option<(String, &[Char])> {
    let at = chars
        .iter()
        .position(|char| [':', '=', '<', '>'].iter().any(|sign| char.is_sign(*sign)))?;
    let (name, rest) = chars.split_at(at);
    if name.iter().any(|char| char.quoted) {
        return None;
    }
    let name = name.iter().flat_map(|char| char.c.to_lowercase()).collect();
    Some((name, rest))
}

fn text_check(place: Place, value: &[Char], comparison: Comparison) -> Check {
    let whole = comparison == Comparison::Equal;
    Check::Text(place, Pattern::new(value.iter().map(meant), whole))
}

/// Text that may stand anywhere, however many `*` are within.
fn part(value: &[Char]) -> Pattern {
    const ANYTHING: [(char, bool); 1] = [('*', false)];
    let value = || value.iter().map(meant);
    if value().any(|char| char == ANYTHING[0]) {
        Pattern::new(ANYTHING.into_iter().chain(value()).chain(ANYTHING), false)
    } else {
        Pattern::new(value(), false)
    }
}

fn meant(char: &Char) -> (char, bool) {
    (char.c, char.quoted)
}
