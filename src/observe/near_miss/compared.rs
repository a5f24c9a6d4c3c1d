use super::{
    sign::Sign,
    token::{Token, tokens},
};
use crate::run::{OperandRecord, Value};

/// Two values that a condition compares.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Compared {
    pub(super) left: Side,
    pub(super) sign: Sign,
    pub(super) right: Side,
}

/// One of them.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Side {
    pub(super) value: Value,
    /// Whether it was read, and does not stand in the condition itself.
    pub(super) read: bool,
}

/// The comparisons of a condition that are to be true, where both values are known.
pub(super) fn compared(condition: &str, operands: &[OperandRecord]) -> Vec<Compared> {
    let tokens = tokens(condition);
    let negated = negated(&tokens);
    let operands: Vec<(Vec<Token<'_>>, &Value)> = operands
        .iter()
        .filter_map(|operand| Some((self::tokens(&operand.text), operand.value.as_ref()?)))
        .collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Word(text) = token else { continue };
        let sign = match Sign::parse(text) {
            Some(Sign::In) if at > 0 && tokens[at - 1].is("not") => Sign::Other,
            Some(sign) => sign,
            None => continue,
        };
        if sign == Sign::Other || negated[at] {
            continue;
        }
        let (before, after) = (&tokens[..at], &tokens[at + 1..]);
        if let (Some(left), Some(right)) = (ends(before, &operands), begins(after, &operands))
            && (left.read || right.read)
        {
            found.push(Compared { left, sign, right });
        }
    }
    found
}

/// What stands in front of a sign, if it is all that does.
fn ends(tokens: &[Token<'_>], operands: &[(Vec<Token<'_>>, &Value)]) -> Option<Side> {
    let begins_there = |length: usize| {
        let rest = &tokens[..tokens.len() - length];
        rest.last()
            .is_none_or(|token| is_border(token) || token.is("("))
    };
    for (operand, value) in operands {
        if tokens.ends_with(operand) && begins_there(operand.len()) {
            return Some(read(value));
        }
    }
    (0..tokens.len()).rev().find_map(|start| {
        let value = literal(&tokens[start..])?;
        begins_there(tokens.len() - start).then_some(Side { value, read: false })
    })
}

/// The same for what stands behind it.
fn begins(tokens: &[Token<'_>], operands: &[(Vec<Token<'_>>, &Value)]) -> Option<Side> {
    let ends_there = |length: usize| {
        let next = tokens.get(length);
        next.is_none_or(|token| is_border(token) || token.is(")"))
    };
    for (operand, value) in operands {
        if tokens.starts_with(operand) && ends_there(operand.len()) {
            return Some(read(value));
        }
    }
    (1..=tokens.len()).find_map(|end| {
        let value = literal(&tokens[..end])?;
        ends_there(end).then_some(Side { value, read: false })
    })
}

fn read(value: &Value) -> Side {
    Side {
        value: value.clone(),
        read: true,
    }
}

/// Whether an operand ends where such a token is.
fn is_border(token: &Token<'_>) -> bool {
    matches!(token, Token::Word(word) if ["and", "or", "not"].contains(word) || Sign::parse(word).is_some())
}

/// What these tokens are, where they are one value that is written out.
fn literal(tokens: &[Token<'_>]) -> Option<Value> {
    match tokens {
        [Token::Literal(value)] => Some(value.clone()),
        [sign, Token::Literal(Value::Number(number))] if sign.is("-") => {
            serde_json::from_str(&format!("-{number}")).ok()
        }
        [Token::Word("true" | "True")] => Some(true.into()),
        [Token::Word("false" | "False")] => Some(false.into()),
        [open, items @ .., close] if open.is("[") && close.is("]") => {
            let items = items.strip_suffix(&[Token::Word(",")]).unwrap_or(items);
            // No list within a list: what is compared with one is text or a number.
            items
                .split(|token| token.is(","))
                .map(|item| literal(item).filter(|value| !value.is_array()))
                .collect::<Option<Vec<Value>>>()
                .map(Value::Array)
        }
        _ => None,
    }
}

/// Of each token, whether a `not` turns it round.
fn negated(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut negated = Vec::with_capacity(tokens.len());
    // Of each parenthesis that is open, whether it was turned round as a whole.
    let mut open = vec![false];
    let mut turned = false;
    for (at, token) in tokens.iter().enumerate() {
        let outside = open.last().copied().unwrap_or(false);
        if token.is("(") {
            open.push(outside || turned);
            turned = false;
        } else if token.is(")") {
            if open.len() > 1 {
                open.pop();
            }
            turned = false;
        } else if token.is("and") || token.is("or") {
            turned = false;
        } else if token.is("not") && !tokens.get(at + 1).is_some_and(|next| next.is("in")) {
            turned = true;
        }
        negated.push(open.last().copied().unwrap_or(false) || turned);
    }
    negated
}
