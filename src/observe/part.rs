//! What rounds, lanes and gaps are called, wherever the steps of a run are told.

use crate::run::Value;

/// Where steps are missing that were too many to be kept.
pub fn unkept_steps(count: u64) -> String {
    match count {
        1 => "… 1 more step is not kept".to_owned(),
        count => format!("… {count} more steps are not kept"),
    }
}

/// A round of a loop, and its item where that is known.
pub fn round(number: u64, item: Option<&Value>) -> String {
    match item {
        Some(item) => format!("round {number}: {item}"),
        None => format!("round {number}"),
    }
}

/// A lane, by its name, or by its number where it has none of its own.
pub fn lane(name: &str) -> String {
    match name.starts_with("lane ") {
        true => name.to_owned(),
        false => format!("lane {name}"),
    }
}
