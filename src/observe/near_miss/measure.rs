use serde_json::Number;

use super::{
    NearMiss,
    compared::{Compared, Side},
    sign::Sign,
};
use crate::run::Value;

/// Longer texts are not compared character by character.
const COMPARED: usize = 256;

/// How near a comparison came; none where it holds, or nothing came near.
pub(super) fn measure(compared: &Compared) -> Option<NearMiss> {
    let Compared { left, sign, right } = compared;
    match sign {
        Sign::Equal => {
            let (is, wanted) = sides(left, right);
            values(is, wanted).or_else(|| kinds(is, wanted))
        }
        Sign::In => within(left, right),
        Sign::Less => order(left, right, "<", false),
        Sign::LessOrEqual => order(left, right, "<=", false),
        Sign::Greater => order(left, right, ">", true),
        Sign::GreaterOrEqual => order(left, right, ">=", true),
        Sign::Other => None,
    }
}

/// What was read, then what it was compared with.
fn sides<'c>(left: &'c Side, right: &'c Side) -> (&'c Value, &'c Value) {
    if left.read {
        (&left.value, &right.value)
    } else {
        (&right.value, &left.value)
    }
}

fn values(is: &Value, wanted: &Value) -> Option<NearMiss> {
    match (is, wanted) {
        (Value::String(is), Value::String(wanted)) => texts(is, wanted),
        (Value::Number(is), Value::Number(wanted)) => {
            numbers(is, wanted).filter(|_| is.as_f64() != wanted.as_f64())
        }
        _ => None,
    }
}

fn texts(is: &str, wanted: &str) -> Option<NearMiss> {
    if is == wanted {
        return None;
    }
    let both = || (is.to_owned(), wanted.to_owned());
    if is.to_lowercase() == wanted.to_lowercase() {
        let (is, wanted) = both();
        return Some(NearMiss::Case { is, wanted });
    }
    if is.trim() == wanted.trim() {
        let (is, wanted) = both();
        return Some(NearMiss::Blanks { is, wanted });
    }
    affix(is, wanted, true)
        .or_else(|| affix(wanted, is, false))
        .or_else(|| characters(is, wanted))
}

/// What the longer text has more at one end.
fn affix(longer: &str, shorter: &str, is_longer: bool) -> Option<NearMiss> {
    // A single character is part of nearly everything.
    shorter.chars().nth(1)?;
    let (by, start) = match (longer.strip_prefix(shorter), longer.strip_suffix(shorter)) {
        (Some(by), _) => (by, false),
        (None, Some(by)) => (by, true),
        (None, None) => return None,
    };
    let (is, wanted) = if is_longer {
        (longer, shorter)
    } else {
        (shorter, longer)
    };
    Some(NearMiss::Affix {
        is: is.to_owned(),
        wanted: wanted.to_owned(),
        longer: is_longer,
        by: by.to_owned(),
        start,
    })
}

fn characters(is: &str, wanted: &str) -> Option<NearMiss> {
    if is.len().max(wanted.len()) > COMPARED {
        return None;
    }
    let count = strsim::levenshtein(is, wanted);
    let shorter = is.chars().count().min(wanted.chars().count());
    // Two short words are never far from each other.
    (count <= 2 && count * 3 <= shorter).then(|| NearMiss::Characters {
        is: is.to_owned(),
        wanted: wanted.to_owned(),
        count,
    })
}

/// Numbers that are no farther apart than a tenth of what was asked for, or than one.
fn numbers(is: &Number, wanted: &Number) -> Option<NearMiss> {
    let (one, other) = (is.as_f64()?, wanted.as_f64()?);
    let far = (one - other).abs();
    if far > (other.abs() / 10.0).max(1.0) {
        return None;
    }
    let gap = match (is.as_i64(), wanted.as_i64()) {
        (Some(one), Some(other)) => one.abs_diff(other).to_string(),
        _ => decimal(far),
    };
    Some(NearMiss::Number {
        is: is.to_string(),
        wanted: wanted.to_string(),
        gap,
        above: one > other,
    })
}

/// A difference of two decimals without what only binary digits add: 0.3 - 0.1 is 0.2.
fn decimal(number: f64) -> String {
    let text = format!("{number:.9}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "0" {
        number.to_string()
    } else {
        text.to_owned()
    }
}

fn order(left: &Side, right: &Side, sign: &'static str, greater: bool) -> Option<NearMiss> {
    let (Value::Number(one), Value::Number(other)) = (&left.value, &right.value) else {
        let (is, wanted) = sides(left, right);
        return kinds(is, wanted);
    };
    let (a, b) = (one.as_f64()?, other.as_f64()?);
    let is_strict = !sign.ends_with('=');
    if a == b {
        return is_strict.then(|| NearMiss::Edge {
            is: one.to_string(),
            sign,
        });
    }
    if (a > b) == greater {
        return None;
    }
    match sides(left, right) {
        (Value::Number(is), Value::Number(wanted)) => numbers(is, wanted),
        _ => None,
    }
}

/// What is looked for in a list, in the names of an object, or in a text.
fn within(left: &Side, right: &Side) -> Option<NearMiss> {
    let wanted = |item: &Value| {
        let item = Side {
            value: item.clone(),
            read: right.read,
        };
        let (is, wanted) = sides(left, &item);
        values(is, wanted).or_else(|| kinds(is, wanted).filter(|_| written(is) == written(wanted)))
    };
    match &right.value {
        Value::Array(items) if !items.contains(&left.value) => {
            items.iter().filter_map(wanted).min()
        }
        Value::Object(members) => members
            .keys()
            .filter_map(|name| wanted(&Value::from(name.as_str())))
            .min(),
        Value::String(text) => {
            let part = left.value.as_str()?;
            let is_near =
                !text.contains(part) && text.to_lowercase().contains(&part.to_lowercase());
            is_near.then(|| NearMiss::Part {
                is: text.clone(),
                wanted: part.to_owned(),
            })
        }
        _ => None,
    }
}

fn kinds(is: &Value, wanted: &Value) -> Option<NearMiss> {
    let told = |value: &Value| (value.to_string(), kind(value));
    (kind(is) != kind(wanted)).then(|| NearMiss::Kinds {
        is: told(is),
        wanted: told(wanted),
    })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value as a template writes it.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
