use std::ops::Range;

use super::{
    check::{Check, Place},
    clause::{Clause, Term},
    comparison::Comparison,
    error::{FilterError, Slip},
    field::{FIELDS, Field, FieldShape},
    kind::Kind,
    pattern::Pattern,
    status::Digits,
    token::{Char, Token, tokens},
};
use crate::run::parse_duration;

/// Reads the clauses of a filter.
pub(super) fn parse(text: &str) -> Result<Vec<Clause>, FilterError> {
    let mut clauses: Vec<Clause> = Vec::new();
    // The subject of the last word: values behind `|` are of the same.
    let mut last = None::<Subject>;
    let mut bar = None::<(usize, bool)>;
    for token in tokens(text) {
        let (chars, span, quoted) = match token {
            Token::Word {
                chars,
                span,
                quoted,
            } => (chars, span, quoted),
            Token::Bar { at, apart } => {
                if bar.is_some() || clauses.is_empty() {
                    return Err(slip(at..at + 1, Slip::NothingBefore));
                }
                bar = Some((at, apart));
                continue;
            }
        };
        let word = Word::read(&chars, &span)?;
        match (bar.take(), clauses.last_mut()) {
            (Some((_, apart)), Some(clause)) => {
                let is_value = !apart && !word.turned && word.subject.is_none();
                let subject = match &last {
                    Some(subject) if is_value => subject.clone(),
                    _ => word.subject.clone().unwrap_or(Subject::Text),
                };
                let check = subject.check(word.value, &span, quoted)?;
                clause.span.end = span.end;
                match clause.terms.last_mut() {
                    Some(term) if is_value => term.checks.push(check),
                    _ => clause.terms.push(Term {
                        turned: word.turned,
                        checks: vec![check],
                    }),
                }
                last = Some(subject);
            }
            _ => {
                let subject = word.subject.unwrap_or(Subject::Text);
                clauses.push(Clause {
                    terms: vec![Term {
                        turned: word.turned,
                        checks: vec![subject.check(word.value, &span, quoted)?],
                    }],
                    span,
                });
                last = Some(subject);
            }
        }
    }
    match bar {
        Some((at, _)) => Err(slip(at..at + 1, Slip::NothingBehind)),
        None => Ok(clauses),
    }
}

fn slip(span: Range<usize>, slip: Slip) -> FilterError {
    FilterError { span, slip }
}

/// A word taken apart.
struct Word<'c> {
    turned: bool,
    subject: Option<Subject>,
    value: &'c [Char],
}

/// What the value of a word is about.
#[derive(Clone)]
enum Subject {
    Text,
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

impl<'c> Word<'c> {
    fn read(chars: &'c [Char], span: &Range<usize>) -> Result<Self, FilterError> {
        let turned = chars.first().is_some_and(|first| is_sign(first, '!'));
        let chars = &chars[usize::from(turned)..];
        if turned && chars.is_empty() {
            return Err(slip(span.clone(), Slip::NothingToTurn));
        }
        let (subject, value) = match Subject::read(chars) {
            Some((subject, value)) => (Some(subject), value),
            None => (None, chars),
        };
        Ok(Self {
            turned,
            subject,
            value,
        })
    }
}

impl Subject {
    /// The field that a word begins with, if any, and the rest of the word.
    fn read(chars: &[Char]) -> Option<(Self, &[Char])> {
        let at = chars
            .iter()
            .position(|char| [':', '=', '<', '>'].iter().any(|sign| is_sign(char, *sign)))?;
        let (name, rest) = chars.split_at(at);
        if name.iter().any(|char| char.quoted) {
            return None;
        }
        let name: String = name.iter().flat_map(|char| char.c.to_lowercase()).collect();
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

    fn check(
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
        let wrong = |problem: Slip| Err(slip(span.clone(), problem));
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

fn is_sign(char: &Char, sign: char) -> bool {
    char.c == sign && !char.quoted
}
