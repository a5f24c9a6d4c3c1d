use std::{
    fs::File,
    io::{self, Read},
};

use crate::{
    draft::{Origin, Sample},
    observe::neutral,
};

/// The longest sample: far more than any server here would take.
const LONGEST: u64 = 16 << 20;

/// Reads an argument: the sample itself, `@file`, or `-` for standard input.
///
/// # Errors
/// It cannot be read, or is no sample; the sentence says why.
pub(super) fn read(argument: &str, origin: Option<Origin>) -> Result<Sample, String> {
    let (text, place) = fetch(argument)?;
    Sample::parse(&text, origin, &place).map_err(|error| error.to_string())
}

/// The text behind an argument, and words for where it came from.
fn fetch(argument: &str) -> Result<(String, String), String> {
    match argument.strip_prefix('@') {
        _ if argument == "-" || argument == "@-" => {
            let name = "standard input";
            let text = bounded(io::stdin().lock(), name)?;
            Ok((text, format!(" in {name}")))
        }
        Some(file) => {
            let name = neutral(file);
            let open = File::open(file).map_err(|error| format!("cannot read {name}: {error}"))?;
            Ok((bounded(open, &name)?, format!(" in {name}")))
        }
        None => Ok((argument.to_owned(), String::new())),
    }
}

fn bounded(from: impl Read, name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = from.take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("cannot read {name}: {error}"))?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("{name} is over {} MiB", LONGEST >> 20));
    }
    String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8 text"))
}
