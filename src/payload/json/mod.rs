mod cursor;
mod one_pass;

use std::str;

use super::Refused;
use crate::{
    expr::{NodeId, PathSet, walk},
    run::Value,
};

/// Reads a JSON text (RFC 8259) as a value.
pub(super) fn document(bytes: &[u8]) -> Result<Value, Refused> {
    serde_json::from_str(text(bytes)?).map_err(|error| malformed(&error))
}

/// Reads the values at `paths` from a JSON text; only they are kept. It takes and refuses the same
/// texts as [`document`] does, and of two equal keys the last one counts.
pub(super) fn find(bytes: &[u8], paths: &PathSet) -> Result<Vec<Option<Value>>, Refused> {
    if let Some(found) = one_pass::find(text(bytes)?, paths) {
        return Ok(found);
    }
    // Malformed, and serde_json says where; or so unusual that a tree may be built of it.
    let mut found = Found::new(paths);
    found.walk(paths.root(), &document(bytes)?);
    Ok(found.values)
}

/// The values at some paths, as they are found.
struct Found<'p> {
    paths: &'p PathSet,
    values: Vec<Option<Value>>,
}

impl<'p> Found<'p> {
    fn new(paths: &'p PathSet) -> Self {
        Self {
            paths,
            values: vec![None; paths.len()],
        }
    }

    /// Forgets what was found at and below a node.
    fn clear(&mut self, node: NodeId) {
        for &slot in &self.paths.slots()[self.paths.subtree(node)] {
            self.values[slot as usize] = None;
        }
    }

    /// Keeps what the paths that end at a node, or go on inside of what is kept there, lead to.
    fn keep(&mut self, node: NodeId, value: Value) {
        let captures = self.paths.captures(node);
        if let [capture] = captures
            && capture.rest.is_empty()
        {
            self.values[capture.slot as usize] = (!value.is_null()).then_some(value);
            return;
        }
        for capture in captures {
            self.values[capture.slot as usize] = walk(&value, &capture.rest).cloned();
        }
    }

    /// Goes down a document and the paths side by side.
    fn walk(&mut self, node: NodeId, value: &Value) {
        let paths = self.paths;
        if !paths.captures(node).is_empty() {
            self.keep(node, value.clone());
            return;
        }
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if let Some(child) = paths.key(node, key) {
                        self.walk(child, value);
                    }
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    if let Some(child) = paths.index(node, index) {
                        self.walk(child, value);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Checked once for the whole text, since skipped strings would otherwise not be. A byte order
/// mark is refused, as by most parsers (RFC 8259, section 8.1 leaves it open).
fn text(bytes: &[u8]) -> Result<&str, Refused> {
    if bytes.is_empty() {
        return Err(Refused::malformed("the body is empty"));
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let lines = before.split(|&byte| byte == b'\n');
        let column = lines.clone().next_back().map_or(0, <[u8]>::len) + 1;
        let line = lines.count();
        Refused::malformed(format!(
            "malformed JSON at line {line} column {column}: not UTF-8"
        ))
    })?;
    if text.starts_with('\u{feff}') {
        return Err(Refused::malformed(
            "malformed JSON at line 1 column 1: a byte order mark",
        ));
    }
    Ok(text)
}

fn malformed(error: &serde_json::Error) -> Refused {
    let (line, column, what) = (error.line(), error.column(), slip(error));
    Refused::malformed(format!(
        "malformed JSON at line {line} column {column}: {what}"
    ))
}

/// What is wrong with a text that is no JSON, without its place.
pub fn slip(error: &serde_json::Error) -> String {
    let mut what = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    if what.ends_with(&place) {
        what.truncate(what.len() - place.len());
    }
    what
}

#[cfg(test)]
mod tests;
