use std::ops::Range;

use wide::u8x16;

/// A text nested deeper is left to serde_json, which refuses from 128 levels on.
const DEEPEST: u32 = 120;
/// A number that is longer is left to serde_json: it may be out of range.
const LONGEST_NUMBER: usize = 300;

/// Goes over a JSON text, holding all of it to the grammar (RFC 8259). Every step gives `None`
/// where the text is malformed, or so unusual that telling is left to serde_json: exponents,
/// numbers of hundreds of digits, and nesting that is near the limit.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    bytes: &'t [u8],
    at: usize,
    depth: u32,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            depth: 0,
        }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    pub fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    pub fn white_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Goes into an object or a list.
    pub fn go_in(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth < DEEPEST).then_some(())
    }

    /// Goes out of it again.
    pub fn go_out(&mut self) {
        self.depth -= 1;
    }

    /// Reads a key and its colon, and gives the key as it is written.
    pub fn key(&mut self) -> Option<Range<usize>> {
        self.white_space();
        self.expect(b'"')?;
        let key = self.string()?;
        self.white_space();
        self.expect(b':')?;
        Some(key)
    }

    /// Goes over a value, whatever is in it.
    pub fn skip(&mut self) -> Option<()> {
        // All that is told to the caller is where the value ended: what happens on the way stays
        // in registers.
        let mut cursor = *self;
        cursor.skip_value()?;
        *self = cursor;
        Some(())
    }

    #[inline]
    fn skip_value(&mut self) -> Option<()> {
        // What is open, the innermost in the lowest bit: an object is a one, a list a zero.
        let mut open: u128 = 0;
        let outside = self.depth;
        loop {
            self.white_space();
            let first = self.next()?;
            match first {
                b'{' | b'[' => {
                    self.go_in()?;
                    let is_object = first == b'{';
                    open = open << 1 | u128::from(is_object);
                    self.white_space();
                    // `{` and `[` are two before what closes them.
                    if self.peek()? != first + 2 {
                        if is_object {
                            self.key()?;
                        }
                        continue;
                    }
                }
                _ => self.rest_of_scalar(first)?,
            }
            loop {
                if self.depth == outside {
                    return Some(());
                }
                self.white_space();
                let is_object = open & 1 == 1;
                match self.next()? {
                    b',' if is_object => {
                        self.key()?;
                        break;
                    }
                    b',' => break,
                    b'}' if is_object => {}
                    b']' if !is_object => {}
                    _ => return None,
                }
                open >>= 1;
                self.go_out();
            }
        }
    }

    /// Goes over a string, a number or a word whose first byte was read.
    pub fn rest_of_scalar(&mut self, first: u8) -> Option<()> {
        match first {
            b'"' => self.string().map(drop),
            b't' => self.word(b"rue"),
            b'f' => self.word(b"alse"),
            b'n' => self.word(b"ull"),
            b'-' | b'0'..=b'9' => self.number(first),
            _ => None,
        }
    }

    /// Goes over the rest of a string, and gives its content as it is written.
    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        loop {
            self.at += plain_length(&self.bytes[self.at..]);
            match self.next()? {
                b'"' => return Some(start..self.at - 1),
                b'\\' => self.escape()?,
                // A control character.
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
        if self.peek() == Some(b'.') {
            self.at += 1;
            let from = self.at;
            self.digits();
            if self.at == from {
                return None;
            }
        }
        let is_short = self.at - start < LONGEST_NUMBER;
        let has_exponent = matches!(self.peek(), Some(b'e' | b'E'));
        (is_short && !has_exponent).then_some(())
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn word(&mut self, rest: &[u8]) -> Option<()> {
        let is_there = self.bytes[self.at..].starts_with(rest);
        self.at += rest.len();
        is_there.then_some(())
    }
}

/// How many bytes stand before the first quote, backslash or control character: a block at a
/// time, since most strings are shorter than one.
#[inline]
fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    while let Some(block) = bytes[length..].first_chunk() {
        let stop = first_stop(block);
        length += stop;
        if stop < BLOCK {
            return length;
        }
    }
    let rest = &bytes[length..];
    let stop = rest
        .iter()
        .position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
    length + stop.unwrap_or(rest.len())
}

/// How many bytes are looked at together.
const BLOCK: usize = 16;

/// Where the first of those bytes stands; [`BLOCK`] where there is none.
#[inline]
fn first_stop(block: &[u8; BLOCK]) -> usize {
    let block = u8x16::new(*block);
    let is = |byte| block.simd_eq(u8x16::splat(byte));
    let control = block.min(u8x16::splat(0x1f)).simd_eq(block);
    let stops = (control | is(b'"') | is(b'\\')).to_bitmask();
    (stops | 1 << BLOCK).trailing_zeros() as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_block_at_a_time_stops_where_one_byte_at_a_time_would(
            bytes in prop::collection::vec(
                prop_oneof![6 => b' '..=b'~', 1 => any::<u8>(), 1 => 0x7f..=0xffu8],
                0..70,
            ),
        ) {
            let one = bytes.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
            prop_assert_eq!(plain_length(&bytes), one.unwrap_or(bytes.len()));
        }
    }
}
