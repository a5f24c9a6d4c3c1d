use std::ops::Range;

use super::{Found, cursor::Cursor};
use crate::{
    expr::{NodeId, PathSet},
    run::Value,
};

/// Reads the values at `paths` in one pass over a text: what no path leads to is gone over, and
/// not kept. `None` where [`Cursor`] gives up.
pub(super) fn find(text: &str, paths: &PathSet) -> Option<Vec<Option<Value>>> {
    let mut reader = Reader {
        text,
        cursor: Cursor::new(text),
        paths,
        found: Found::new(paths),
    };
    reader.value(paths.root())?;
    reader.cursor.white_space();
    reader.cursor.is_at_end().then_some(reader.found.values)
}

struct Reader<'t, 'p> {
    text: &'t str,
    cursor: Cursor<'t>,
    paths: &'p PathSet,
    found: Found<'p>,
}

impl Reader<'_, '_> {
    /// Reads a value that stands at a node of the paths.
    fn value(&mut self, node: NodeId) -> Option<()> {
        self.cursor.white_space();
        if !self.paths.captures(node).is_empty() {
            // What is kept whole has no paths of its own below it.
            let start = self.cursor.at();
            self.cursor.skip()?;
            return self.keep(node, start..self.cursor.at());
        }
        match self.cursor.peek()? {
            b'{' if self.paths.has_keys(node) => self.object(node),
            b'[' if self.paths.has_indexes(node) => self.array(node),
            // A path that goes on where the document ends finds nothing.
            _ => self.cursor.skip(),
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

    fn object(&mut self, node: NodeId) -> Option<()> {
        self.open()?;
        if self.closes(b'}') {
            return Some(());
        }
        loop {
            let key = self.cursor.key()?;
            match self.child(node, key)? {
                Some(child) => {
                    // The last of two equal keys counts.
                    self.found.clear(child);
                    self.value(child)?;
                }
                None => self.cursor.skip()?,
            }
            if !self.goes_on(b'}')? {
                return Some(());
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

    fn array(&mut self, node: NodeId) -> Option<()> {
        self.open()?;
        if self.closes(b']') {
            return Some(());
        }
        for index in 0.. {
            match self.paths.index(node, index) {
                Some(child) => self.value(child)?,
                None => self.cursor.skip()?,
            }
            if !self.goes_on(b']')? {
                break;
            }
        }
        Some(())
    }

    fn open(&mut self) -> Option<()> {
        self.cursor.next()?;
        self.cursor.go_in()?;
        self.cursor.white_space();
        Some(())
    }

    /// Whether nothing stands in what was opened; then it is closed again.
    fn closes(&mut self, end: u8) -> bool {
        let is_empty = self.cursor.peek() == Some(end);
        if is_empty {
            self.cursor.next();
            self.cursor.go_out();
        }
        is_empty
    }

    /// Whether another member or item follows.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        self.cursor.white_space();
        match self.cursor.next()? {
            b',' => Some(true),
            byte if byte == end => {
                self.cursor.go_out();
                Some(false)
            }
            _ => None,
        }
    }
}
