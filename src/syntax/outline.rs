//! Tokens -> the outline of a file: which token is a name, which a value, which block is whose.
//!
//! It finds the slips that need more than one token to see, cuts out what `/-` comments out, and
//! tells which values are secrets. It never recurses, so no file can be too deep for it.

use std::ops::Range;

use super::decode::Decoded;
use super::mask;
use super::scan::Scan;
use super::slip::{Slip, SlipKind};
use super::token::{Kind, Meaning, Token};

/// What is known about a file before `kdl` reads it.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// The values, in order; those made of several tokens are one here.
    pub(super) values: Vec<Token>,
    /// The blocks, braces included, by where the name of their node starts.
    pub(super) blocks: std::collections::HashMap<usize, Range<usize>>,
    pub(super) slips: Vec<Slip>,
    /// The text as `kdl` may see it: as long as the original, with comments blank and slips
    /// repaired. None where `kdl` must not see it at all.
    pub(super) readable: Option<String>,
    /// A slip could not be repaired: nodes would be something else than was meant.
    pub(super) broken: bool,
    pub(super) masked: Vec<Range<usize>>,
}

/// Works out the outline of a scanned file.
pub(super) fn outline(source: &str, scan: Scan) -> Outline {
    let Scan {
        tokens,
        slips,
        comments,
        blanks,
        quotes_broken,
        stopped,
    } = scan;
    let mut outliner = Outliner {
        source,
        tokens,
        at: 0,
        stack: Vec::new(),
        head: Head::default(),
        previous: None,
        blanks,
        patches: Vec::new(),
        misindented: None,
        blocks_broken: quotes_broken || stopped,
        out: Outline {
            slips,
            ..Outline::default()
        },
    };
    outliner.run();
    for comment in &comments {
        let hidden = mask::by_words(source, comment.clone());
        outliner.out.masked.extend(hidden);
    }
    if outliner.blocks_broken {
        let hidden = mask::by_words(source, 0..source.len());
        outliner.out.masked.extend(hidden);
    }
    outliner.finish(&comments)
}

/// The node that is being read.
#[derive(Clone, Debug, Default)]
struct Head {
    /// Where the `/-` in front of it stands.
    dashed: Option<usize>,
    /// Where the `/-` in front of its next entry or block stands.
    entry_dashed: Option<usize>,
    name: Option<Range<usize>>,
    annotation: Option<String>,
    entries: usize,
    block: Option<Range<usize>>,
    end: usize,
}

/// A block that is open.
#[derive(Clone, Debug)]
struct Frame {
    open: Range<usize>,
    owner: Head,
    dashed: Option<usize>,
    secret: bool,
}

struct Outliner<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    at: usize,
    stack: Vec<Frame>,
    head: Head,
    /// The node that ended last, in the same block: a `{` below it was meant to be its own.
    previous: Option<Head>,
    blanks: Vec<Range<usize>>,
    patches: Vec<(usize, u8)>,
    /// The innermost block that a `}` closed from further left than it was opened.
    misindented: Option<(Range<usize>, String, Range<usize>)>,
    blocks_broken: bool,
    out: Outline,
}

impl Outliner<'_> {
    fn text(&self, range: &Range<usize>) -> &str {
        &self.source[range.clone()]
    }

    fn slip(&mut self, kind: SlipKind, range: Range<usize>) {
        self.out.slips.push(Slip::new(kind, range));
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The kind of a token that stands right behind the one before it, without a blank.
    fn glued(&self, at: usize) -> Option<Kind> {
        let before = self.tokens.get(at.checked_sub(1)?)?;
        let token = self.tokens.get(at)?;
        (before.range.end == token.range.start).then_some(token.kind)
    }

    /// A name as it is said: without quotes.
    fn name_of(&self, head: &Head) -> String {
        head.name.as_ref().map_or_else(String::new, |range| {
            self.text(range).trim_matches(['"', '#']).to_owned()
        })
    }

    fn run(&mut self) {
        while let Some(token) = self.tokens.get(self.at) {
            let range = token.range.clone();
            match token.kind {
                Kind::Newline | Kind::Semicolon => {
                    let ends = self.head.entry_dashed.is_none();
                    if ends && (self.head.name.is_some() || self.head.dashed.is_none()) {
                        self.end_node();
                    }
                    if self.kind(self.at) == Some(Kind::Semicolon) {
                        self.previous = None;
                    }
                    self.at += 1;
                }
                Kind::Slashdash => {
                    if self.head.name.is_none() {
                        self.head.dashed.get_or_insert(range.start);
                    } else {
                        self.head.entry_dashed.get_or_insert(range.start);
                    }
                    self.at += 1;
                }
                Kind::Open => self.open(range),
                Kind::Close => self.close(range),
                Kind::LeftParen => self.annotation(range),
                Kind::RightParen => {
                    self.out.broken = true;
                    self.at += 1;
                }
                Kind::Equals => self.equals(range),
                _ if self.head.name.is_none() => self.name(range),
                _ if self.head.block.is_some() => self.after_block(range),
                _ => self.entry(),
            }
        }
        self.end_node();
        self.unclosed();
    }

    fn end_node(&mut self) {
        let head = std::mem::take(&mut self.head);
        if let Some(start) = head.dashed {
            self.blanks.push(start..head.end.max(start + 2));
        }
        if let Some(start) = head.entry_dashed {
            self.blanks.push(start..start + 2);
        }
        if head.name.is_some() {
            self.previous = Some(head);
        }
    }

    fn open(&mut self, range: Range<usize>) {
        self.at += 1;
        let mut dashed = self.head.entry_dashed.take();
        if self.head.name.is_none() {
            match self.previous.take() {
                Some(previous) if previous.block.is_none() && previous.dashed.is_none() => {
                    let node = self.name_of(&previous);
                    let slip = Slip::new(SlipKind::BraceOnItsOwn { node }, range.clone());
                    let slip = match &previous.name {
                        Some(name) => slip.also(name.clone(), "the block belongs to this"),
                        None => slip,
                    };
                    self.out.slips.push(slip);
                    self.blanks.push(previous.end..range.start);
                    self.head = previous;
                }
                _ => {
                    self.slip(SlipKind::BlockWithoutName, range.clone());
                    self.out.broken = true;
                    // Nothing is left of it for `kdl` to stumble over.
                    dashed = Some(self.head.dashed.unwrap_or(range.start));
                }
            }
        } else if self.head.block.is_some() && dashed.is_none() {
            let node = self.name_of(&self.head);
            self.slip(SlipKind::SecondBlock { node }, range.clone());
            self.out.broken = true;
            dashed = Some(range.start);
        }
        let secret = self.stack.last().is_some_and(|frame| frame.secret)
            || self.name_of(&self.head) == mask::BLOCK;
        self.stack.push(Frame {
            open: range,
            owner: std::mem::take(&mut self.head),
            dashed,
            secret,
        });
        self.previous = None;
    }

    fn close(&mut self, range: Range<usize>) {
        self.at += 1;
        self.end_node();
        self.previous = None;
        let Some(frame) = self.stack.pop() else {
            if !self.blocks_broken {
                self.slip(SlipKind::CloseWithoutOpen, range);
            }
            self.blocks_broken = true;
            return;
        };
        let inside = indentation(self.source, frame.open.start);
        let here = indentation(self.source, range.start);
        let alone = self.source[..range.start]
            .ends_with(&self.source[range.start - here..range.start])
            && starts_its_line(self.source, range.start);
        if alone && here < inside && self.misindented.is_none() {
            let node = self.name_of(&frame.owner);
            self.misindented = Some((frame.open.clone(), node, range.clone()));
        }
        self.head = frame.owner;
        self.head.end = range.end;
        match frame.dashed {
            Some(start) => self.blanks.push(start..range.end),
            None => {
                let block = frame.open.start..range.end;
                if let Some(name) = &self.head.name {
                    self.out.blocks.insert(name.start, block.clone());
                }
                self.head.block = Some(block);
            }
        }
    }

    fn unclosed(&mut self) {
        if self.stack.is_empty() || self.blocks_broken {
            self.blocks_broken |= !self.stack.is_empty();
            return;
        }
        self.blocks_broken = true;
        if let Some((open, node, close)) = self.misindented.take() {
            let slip = Slip::new(SlipKind::BlockNotClosed { node }, open)
                .also(close, "this closes it, though it stands further left");
            self.out.slips.push(slip);
            return;
        }
        let mut open = std::mem::take(&mut self.stack).into_iter().rev();
        if let Some(innermost) = open.next() {
            let node = self.name_of(&innermost.owner);
            let mut slip = Slip::new(SlipKind::BlockNotClosed { node }, innermost.open);
            for outer in open.take(3) {
                slip = slip.also(outer.open, "nor is this one");
            }
            self.out.slips.push(slip);
        }
    }

    /// `(name)` in front of a name or value.
    fn annotation(&mut self, range: Range<usize>) {
        let word = self
            .tokens
            .get(self.at + 1)
            .map(|token| token.range.clone());
        let closed = self.kind(self.at + 2) == Some(Kind::RightParen);
        match word {
            Some(word) if closed && self.tokens[self.at + 1].kind.is_value() => {
                self.head.annotation = Some(self.text(&word).trim_matches('"').to_owned());
                let close = self.tokens[self.at + 2].range.end;
                self.head.end = close;
                self.at += 3;
            }
            _ => {
                // `kdl` says what is wrong with it.
                self.out.broken = true;
                self.head.end = range.end;
                self.at += 1;
            }
        }
    }

    /// An `=` that no entry has taken.
    fn equals(&mut self, range: Range<usize>) {
        self.at += 1;
        if self.head.name.is_some() && self.head.entries == 0 && self.head.block.is_none() {
            let name = self.name_of(&self.head);
            self.slip(SlipKind::NodeEquals { name }, range.clone());
            self.blanks.push(range);
        } else {
            self.out.broken = true;
        }
    }

    fn name(&mut self, range: Range<usize>) {
        self.head.name = Some(range.clone());
        self.head.annotation = None;
        self.head.end = range.end;
        let token = self.tokens[self.at].clone();
        self.at += 1;
        let text = &self.source[range.clone()];
        if token.kind == Kind::Bare
            && token.meaning.is_none()
            && let Some(name) = text.strip_suffix(':').filter(|name| !name.is_empty())
        {
            let name = name.to_owned();
            let colon = range.end - 1..range.end;
            self.slip(SlipKind::ColonAfterName { name }, colon.clone());
            self.blanks.push(colon.clone());
            self.head.name = Some(range.start..colon.start);
        } else if self.glued(self.at).is_some_and(Kind::is_value) {
            self.space_missing();
        }
        self.out.values.push(token);
        self.expression();
    }

    /// The value at hand stands right behind another one.
    fn space_missing(&mut self) {
        let range = self.tokens[self.at].range.clone();
        self.out.broken = true;
        self.at += 1;
        self.blanks.push(range.clone());
        self.hide(range.clone());
        if !self.out.slips.iter().any(|slip| {
            slip.kind == SlipKind::TextNotClosed && same_line(self.source, &slip.range, &range)
        }) {
            self.slip(SlipKind::SpaceMissing, range);
        }
    }

    /// A value behind the block of its node.
    fn after_block(&mut self, range: Range<usize>) {
        self.slip(SlipKind::AfterBlock, range.clone());
        if self.head.end < range.start {
            self.patches.push((self.head.end, b';'));
        } else {
            self.blanks.push(range);
            self.out.broken = true;
            self.at += 1;
            return;
        }
        self.end_node();
    }

    /// `[name=]value`, or `name=(type)value`.
    fn entry(&mut self) {
        let first = self.tokens[self.at].clone();
        let mut name = None;
        let mut value = first.clone();
        let mut at = self.at + 1;
        let colon = first.kind == Kind::Bare
            && first.meaning.is_none()
            && self.text(&first.range).ends_with(':')
            && first.range.len() > 1
            && self.glued(at).is_some_and(Kind::is_value);
        if colon {
            let word = first.range.start..first.range.end - 1;
            let text = self.text(&word).to_owned();
            self.slip(
                SlipKind::ColonForEquals { name: text.clone() },
                word.end..first.range.end,
            );
            self.patches.push((word.end, b'='));
            name = Some(text);
        } else if self.kind(at) == Some(Kind::Equals) {
            name = Some(self.text(&first.range).trim_matches('"').to_owned());
            at += 1;
        }
        if let Some(name) = name {
            self.head.annotation = None;
            let equals = self.tokens[at - 1].range.clone();
            if self.kind(at) == Some(Kind::LeftParen) && self.kind(at + 2) == Some(Kind::RightParen)
            {
                let word = self.tokens[at + 1].range.clone();
                self.head.annotation = Some(self.text(&word).trim_matches('"').to_owned());
                at += 3;
            }
            match self.tokens.get(at) {
                Some(token) if token.kind.is_value() => value = token.clone(),
                _ => {
                    if !colon && self.kind(at) != Some(Kind::LeftParen) {
                        self.slip(SlipKind::ValueMissing, equals.clone());
                    }
                    self.out.broken = true;
                    self.blanks.push(first.range.start..equals.end);
                    self.head.end = equals.end;
                    self.head.entry_dashed = None;
                    self.at = at.max(self.at + 1);
                    return;
                }
            }
            at += 1;
            self.mask_value(&value, mask::is_secret(&name));
        } else {
            let node = self.name_of(&self.head);
            self.mask_value(&value, mask::is_secret(&node));
        }
        self.head.entries += 1;
        self.head.annotation = None;
        self.head.end = value.range.end;
        if let Some(start) = self.head.entry_dashed.take() {
            self.blanks.push(start..value.range.end);
        }
        self.at = at;
        self.out.values.push(value);
        if self.glued(self.at).is_some_and(Kind::is_value) {
            self.space_missing();
        }
    }

    fn mask_value(&mut self, value: &Token, by_name: bool) {
        let in_block = self.stack.last().is_some_and(|frame| frame.secret)
            && self.name_of(&self.head) != "env-file";
        let reference = self
            .head
            .annotation
            .as_deref()
            .is_some_and(mask::is_reference);
        if (by_name || in_block) && !reference {
            self.hide(value.range.clone());
        }
    }

    /// Hides a value, but not its quotes: they show that something is there.
    fn hide(&mut self, range: Range<usize>) {
        let text = &self.source[range.clone()];
        let quotes = |character: char| matches!(character, '"' | '#');
        let inside = text.trim_start_matches(quotes);
        let start = range.start + text.len() - inside.len();
        let end = start + inside.trim_end_matches(quotes).len();
        self.out.masked.push(start..end);
    }

    /// `when amount >= 100 {`: an expression that was not quoted is one value.
    fn expression(&mut self) {
        let first = self.at;
        let mut end = first;
        while self.tokens.get(end).is_some_and(|token| {
            token.kind.is_value()
                || matches!(
                    token.kind,
                    Kind::Equals | Kind::LeftParen | Kind::RightParen
                )
        }) {
            end += 1;
        }
        // Properties at the end are still properties.
        while end >= first + 3
            && self.tokens[end - 1].kind.is_value()
            && self.glued(end - 1).is_some()
            && self.glued(end - 2) == Some(Kind::Equals)
            && self.tokens[end - 3].kind == Kind::Bare
            && self.is_plain_name(end - 3)
            && !(end - 3 > first && self.glued(end - 3).is_some())
        {
            end -= 3;
        }
        if end == first {
            return;
        }
        let is_when = self.text(self.head.name.as_ref().unwrap_or(&(0..0))) == "when"
            && end - first > 1
            && self.tokens[first].kind != Kind::Quoted
            && self.tokens[first].kind != Kind::Raw;
        if !is_when && !(first..end).any(|at| self.is_operator(at, end)) {
            return;
        }
        // `name = …` is no comparison but a slip of its own.
        if self.kind(first) == Some(Kind::Equals) && self.glued(first + 1) != Some(Kind::Equals) {
            return;
        }
        let range = self.tokens[first].range.start..self.tokens[end - 1].range.end;
        self.out
            .slips
            .retain(|slip| slip.range.end <= range.start || range.end <= slip.range.start);
        let node = self.name_of(&self.head);
        self.slip(SlipKind::Expression { node }, range.clone());
        let merged = Token {
            kind: Kind::Bare,
            range: range.clone(),
            meaning: Some(Meaning::Text(Decoded::verbatim(self.source, range.clone()))),
            decoded: None,
        };
        self.tokens.splice(first..end, [merged]);
    }

    fn is_plain_name(&self, at: usize) -> bool {
        let text = self.text(&self.tokens[at].range);
        text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    }

    fn is_operator(&self, at: usize, end: usize) -> bool {
        let token = &self.tokens[at];
        let text = self.text(&token.range);
        let then_equals = at + 1 < end && self.glued(at + 1) == Some(Kind::Equals);
        match token.kind {
            Kind::Equals => then_equals,
            Kind::Bare => {
                matches!(text, "<" | ">" | "&&" | "||" | "<>")
                    || (then_equals && text.ends_with(['<', '>', '!']))
            }
            _ => false,
        }
    }

    fn finish(mut self, comments: &[Range<usize>]) -> Outline {
        self.out.slips.sort_by_key(|slip| slip.range.start);
        if self.blocks_broken {
            self.out.broken = true;
            return self.out;
        }
        let mut bytes = self.source.as_bytes().to_vec();
        for comment in comments {
            bytes[comment.clone()].fill(b' ');
        }
        for value in self
            .out
            .values
            .iter()
            .filter(|value| value.meaning.is_some())
        {
            bytes[value.range.clone()].fill(b'_');
        }
        for blank in &self.blanks {
            bytes[blank.clone()].fill(b' ');
        }
        for (at, byte) in &self.patches {
            bytes[*at] = *byte;
        }
        // Every range above starts and ends between characters, so this holds.
        self.out.readable = String::from_utf8(bytes).ok();
        self.out
    }
}

/// How far the line of `at` is indented, in bytes.
fn indentation(source: &str, at: usize) -> usize {
    let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    source[start..at].len() - source[start..at].trim_start_matches([' ', '\t']).len()
}

fn starts_its_line(source: &str, at: usize) -> bool {
    let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    source[start..at].trim().is_empty()
}

fn same_line(source: &str, one: &Range<usize>, other: &Range<usize>) -> bool {
    let (first, last) = (one.start.min(other.start), one.start.max(other.start));
    !source[first..last].contains('\n')
}
