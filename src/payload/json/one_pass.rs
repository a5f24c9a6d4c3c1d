use std::ops::Range;

use super::Found;
use crate::{
    expr::{NodeId, PathSet},
    run::Value,
};

/// A text nested deeper is left to serde_json, which refuses from 128 levels on.
const DEEPEST: usize = 120;
/// A number that is longer is left to serde_json: it may be out of range.
const LONGEST_NUMBER: usize = 300;

/// Reads the values at `paths` in one pass over a text that is whole and holds nothing unusual:
/// all of it is held to the grammar (RFC 8259), and only what a path leads to is kept. `None`
/// where it is malformed, or so unusual that telling is left to serde_json: exponents, numbers of
/// hundreds of digits, and nesting that is near the limit.
pub(super) fn find(text: &str, paths: &PathSet) -> Option<Vec<Option<Value>>> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        paths,
        found: Found::new(paths),
    };
    reader.value(Some(paths.root()))?;
    reader.white_space();
    (reader.at == reader.bytes.len()).then_some(reader.found.values)
}

struct Reader<'t, 'p> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    paths: &'p PathSet,
    found: Found<'p>,
}

/// The bytes that end a run of plain characters in a string: the quote, the backslash, and the
/// control characters that may not stand there.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        stops[byte] = true;
        byte += 1;
    }
    stops[b'"' as usize] = true;
    stops[b'\\' as usize] = true;
    stops
};

impl Reader<'_, '_> {
    /// Reads a value that stands at a node of the paths, or at none.
    fn value(&mut self, node: Option<NodeId>) -> Option<()> {
        self.white_space();
        let start = self.at;
        let is_kept = node.is_some_and(|node| !self.paths.captures(node).is_empty());
        // What is kept whole has no paths of its own below it.
        let below = if is_kept { None } else { node };
        match self.next()? {
            b'{' => self.object(below)?,
            b'[' => self.array(below)?,
            b'"' => self.string().map(drop)?,
            b't' => self.rest_of("rue")?,
            b'f' => self.rest_of("alse")?,
            b'n' => self.rest_of("ull")?,
            first @ (b'-' | b'0'..=b'9') => self.number(first)?,
            _ => return None,
        }
        match node {
            Some(node) if is_kept => self.keep(node, start..self.at),
            _ => Some(()),
        }
    }

    fn keep(&mut self, node: NodeId, range: Range<usize>) -> Option<()> {
        let text = &self.text[range];
        let plain = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .filter(|content| !content.contains('\\'));
        let value = match plain {
            Some(content) => Value::String(content.to_owned()),
            None => serde_json::from_str(text).ok()?,
        };
        self.found.keep(node, value);
        Some(())
    }

    fn object(&mut self, node: Option<NodeId>) -> Option<()> {
        let node = node.filter(|node| self.paths.has_keys(*node));
        self.go_in()?;
        self.white_space();
        if self.is_next(b'}') {
            return self.go_out();
        }
        loop {
            self.white_space();
            self.expect(b'"')?;
            let key = self.string()?;
            self.white_space();
            self.expect(b':')?;
            let child = match node {
                Some(node) => self.child(node, key)?,
                None => None,
            };
            if let Some(child) = child {
                // The last of two equal keys counts.
                self.found.clear(child);
            }
            self.value(child)?;
            self.white_space();
            match self.next()? {
                b',' => {}
                b'}' => return self.go_out(),
                _ => return None,
            }
        }
    }

    fn child(&self, node: NodeId, key: Range<usize>) -> Option<Option<NodeId>> {
        let key = &self.text[key];
        if key.contains('\\') {
            let key: String = serde_json::from_str(&format!("\"{key}\"")).ok()?;
            return Some(self.paths.key(node, &key));
        }
        Some(self.paths.key(node, key))
    }

    fn array(&mut self, node: Option<NodeId>) -> Option<()> {
        let node = node.filter(|node| self.paths.has_indexes(*node));
        self.go_in()?;
        self.white_space();
        if self.is_next(b']') {
            return self.go_out();
        }
        for index in 0.. {
            let child = node.and_then(|node| self.paths.index(node, index));
            self.value(child)?;
            self.white_space();
            match self.next()? {
                b',' => {}
                b']' => break,
                _ => return None,
            }
        }
        self.go_out()
    }

    fn go_in(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth < DEEPEST).then_some(())
    }

    // As the end of a container, it gives what reading one gives.
    #[expect(clippy::unnecessary_wraps, reason = "every reading gives an option")]
    fn go_out(&mut self) -> Option<()> {
        self.depth -= 1;
        Some(())
    }

    /// The content of a string whose opening quote was read.
    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        loop {
            let byte = self.next()?;
            if !STOPS[usize::from(byte)] {
                continue;
            }
            match byte {
                b'"' => return Some(start..self.at - 1),
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => match self.hex()? {
                // A surrogate stands for nothing alone.
                0xD800..=0xDBFF => {
                    self.expect(b'\\')?;
                    self.expect(b'u')?;
                    matches!(self.hex()?, 0xDC00..=0xDFFF).then_some(())
                }
                0xDC00..=0xDFFF => None,
                _ => Some(()),
            },
            _ => None,
        }
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(code)
    }

    fn number(&mut self, first: u8) -> Option<()> {
        let start = self.at;
        let first = if first == b'-' { self.next()? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.is_next(b'.') {
            let from = self.at;
            self.digits();
            if self.at == from {
                return None;
            }
        }
        let is_short = self.at - start < LONGEST_NUMBER;
        let has_exponent = matches!(self.bytes.get(self.at), Some(b'e' | b'E'));
        (is_short && !has_exponent).then_some(())
    }

    fn digits(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    fn rest_of(&mut self, word: &str) -> Option<()> {
        let is_there = self.bytes[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        is_there.then_some(())
    }

    fn white_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    /// Whether this comes next; then it is read.
    fn is_next(&mut self, wanted: u8) -> bool {
        let is_there = self.bytes.get(self.at) == Some(&wanted);
        self.at += usize::from(is_there);
        is_there
    }
}
