use std::{fmt, str};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::Refused;
use crate::{
    expr::{NodeId, PathSet, walk},
    run::Value,
};

/// Reads a JSON text (RFC 8259) as a value.
pub(super) fn document(bytes: &[u8]) -> Result<Value, Refused> {
    serde_json::from_str(text(bytes)?).map_err(|error| malformed(&error))
}

/// Reads the values at `paths` from a JSON text, in one pass that keeps nothing else. It takes and
/// refuses the same texts as [`document`] does, and of two equal keys the last one counts.
pub(super) fn find(bytes: &[u8], paths: &PathSet) -> Result<Vec<Option<Value>>, Refused> {
    let text = text(bytes)?;
    let mut found = vec![None; paths.len()];
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let walker = Walker {
        paths,
        node: paths.root(),
        skip: Skip {
            is_plain: is_plain(bytes),
        },
        found: &mut found,
    };
    walker
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|error| malformed(&error))?;
    Ok(found)
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
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let place = format!(" at line {line} column {column}");
    let what = message.strip_suffix(&place).unwrap_or(&message);
    Refused::malformed(format!(
        "malformed JSON at line {line} column {column}: {what}"
    ))
}

/// Goes down the document and the paths side by side.
struct Walker<'p, 'f> {
    paths: &'p PathSet,
    node: NodeId,
    skip: Skip,
    found: &'f mut [Option<Value>],
}

impl Walker<'_, '_> {
    fn child(&mut self, node: NodeId) -> Walker<'_, '_> {
        Walker {
            paths: self.paths,
            node,
            skip: self.skip,
            found: self.found,
        }
    }

    /// Forgets what was found at and below a node.
    fn clear(&mut self, node: NodeId) {
        for &slot in &self.paths.slots()[self.paths.subtree(node)] {
            self.found[slot as usize] = None;
        }
    }

    fn capture(&mut self, mut value: Value) {
        let captures = self.paths.captures(self.node);
        if let [capture] = captures
            && capture.rest.is_empty()
        {
            self.found[capture.slot as usize] = (!value.is_null()).then(|| value.take());
            return;
        }
        for capture in captures {
            self.found[capture.slot as usize] = walk(&value, &capture.rest).cloned();
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walker<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        if self.paths.captures(self.node).is_empty() {
            deserializer.deserialize_any(self)
        } else {
            let value = Value::deserialize(deserializer)?;
            self.capture(value);
            Ok(())
        }
    }
}

impl<'de> Visitor<'de> for Walker<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        if !self.paths.has_keys(self.node) {
            return self.skip.visit_map(members);
        }
        while let Some(child) = members.next_key_seed(Key(self.paths, self.node))? {
            match child {
                Some(node) => {
                    self.clear(node);
                    members.next_value_seed(self.child(node))?;
                }
                None => members.next_value_seed(self.skip)?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        if !self.paths.has_indexes(self.node) {
            return self.skip.visit_seq(items);
        }
        for index in 0.. {
            let more = match self.paths.index(self.node, index) {
                Some(node) => items.next_element_seed(self.child(node))?,
                None => items.next_element_seed(self.skip)?,
            };
            if more.is_none() {
                break;
            }
        }
        Ok(())
    }

    // A path that goes on where the document ends finds nothing.
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The child of a node for a key.
struct Key<'p>(&'p PathSet, NodeId);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<NodeId>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<NodeId>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.key(self.1, key))
    }
}

/// Reads a value and drops it.
///
/// The parser's own way to ignore a value is twice as fast as reading it, and lets lone
/// surrogates, numbers out of range and any depth pass. No path may make a difference to what is
/// taken, so that way is only gone where a text can have none of the three.
#[derive(Clone, Copy)]
struct Skip {
    is_plain: bool,
}

/// Whether a text surely has no lone surrogate, no number out of range, and no nesting that is
/// refused. It looks at bytes wherever they stand, and so may say no to a text that has none of
/// them; it is written for the compiler to look at many at once, and so costs next to nothing.
fn is_plain(bytes: &[u8]) -> bool {
    !has_escape_or_exponent(bytes) && !has_long_number(bytes) && !has_many_brackets(bytes)
}

/// `\u`, or a digit and an `e`.
fn has_escape_or_exponent(bytes: &[u8]) -> bool {
    let seconds = bytes.get(1..).unwrap_or_default();
    let found = bytes.iter().zip(seconds).fold(0, |found, (first, second)| {
        let escape = u8::from(*first == b'\\') & u8::from(*second == b'u');
        let exponent = u8::from(first.is_ascii_digit()) & u8::from(*second | 0x20 == b'e');
        found | escape | exponent
    });
    found != 0
}

/// A number without an exponent is out of range from 310 digits on, and then has one of these
/// pieces to itself.
fn has_long_number(bytes: &[u8]) -> bool {
    bytes.chunks_exact(64).fold(false, |found, piece| {
        let digits = piece
            .iter()
            .fold(1, |all, byte| all & u8::from(byte.is_ascii_digit()));
        found | (digits == 1)
    })
}

/// More brackets than may nest.
fn has_many_brackets(bytes: &[u8]) -> bool {
    const MOST: usize = 127;
    // `[` and `{` differ in one bit. So many bytes that a count of them fits into a byte.
    let brackets: usize = bytes
        .chunks(128)
        .map(|piece| {
            let count: u8 = piece
                .iter()
                .map(|byte| u8::from(*byte | 0x20 == b'{'))
                .sum();
            usize::from(count)
        })
        .sum();
    brackets > MOST
}

impl<'de> DeserializeSeed<'de> for Skip {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.is_plain {
            IgnoredAny::deserialize(deserializer).map(drop)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'de> Visitor<'de> for Skip {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_key_seed(SkipKey(self))?.is_some() {
            members.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A key that no path has.
struct SkipKey(Skip);

impl<'de> DeserializeSeed<'de> for SkipKey {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self.0)
    }
}

#[cfg(test)]
mod tests;
