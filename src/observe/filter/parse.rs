use std::ops::Range;

use super::{
    clause::{Clause, Term},
    error::{FilterError, Slip},
    subject::Subject,
    token::{Char, Token, tokens},
};

/// Reads the clauses of a filter.
pub(super) fn parse(text: &str) -> Result<Vec<Clause>, FilterError> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut last = Subject::Text;
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
        let bar = bar.take();
        // Behind a `|` without blanks stands another value of what stands in front of it.
        let is_value = matches!(bar, Some((_, false))) && word.is_bare();
        if !is_value {
            last = word.subject;
        }
        let check = last.check(word.value, &span, quoted)?;
        match clauses.last_mut().filter(|_| bar.is_some()) {
            Some(clause) => {
                clause.span.end = span.end;
                match clause.terms.last_mut() {
                    Some(term) if is_value => term.checks.push(check),
                    _ => clause.terms.push(Term::new(word.turned, check)),
                }
            }
            None => clauses.push(Clause {
                terms: vec![Term::new(word.turned, check)],
                span,
            }),
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
    subject: Subject,
    value: &'c [Char],
}

impl<'c> Word<'c> {
    fn read(chars: &'c [Char], span: &Range<usize>) -> Result<Self, FilterError> {
        let turned = chars.first().is_some_and(|first| first.is_sign('!'));
        let chars = &chars[usize::from(turned)..];
        if turned && chars.is_empty() {
            return Err(slip(span.clone(), Slip::NothingToTurn));
        }
        let (subject, value) = match (Subject::read(chars), Subject::near(chars)) {
            (Some(read), _) => read,
            (None, Some(near)) => return Err(slip(span.clone(), Slip::Near(near))),
            (None, None) => (Subject::Text, chars),
        };
        Ok(Self {
            turned,
            subject,
            value,
        })
    }

    /// Whether it is nothing but a value.
    fn is_bare(&self) -> bool {
        !self.turned && self.subject == Subject::Text
    }
}
