//! Tokens -> the outline of a file: which token is a name, which a value, which block is whose.
//!
//! It finds the slips that need more than one token to see, cuts out what `/-` comments out, and
//! tells which values are secrets. It never recurses, so no file can be too deep for it.

use std::collections::HashSet;
use std::ops::Range;

use super::decode::Decoded;
use super::mask::{self, Hiding};
use super::scan::Scan;
use super::slip::{Slip, SlipKind};
use super::token::{Kind, Meaning, Token};

/// About how long the pieces are that `kdl` reads a file in, in bytes.
const PIECE: usize = 64 * 1024;

/// What is known about a file before `kdl` reads it.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// The values, in order; those made of several tokens are one here.
    pub(super) values: Vec<Token>,
    /// The blocks, braces included, by where the name of their node starts.
    pub(super) blocks: std::collections::HashMap<usize, Range<usize>>,
    pub(super) slips: Vec<Slip>,
    /// The text as `kdl` may see it: as long as the original, with comments blank and slips
    /// repaired. None where a slip cannot be repaired.
    pub(super) readable: Option<String>,
    /// Where one piece of it ends and the next begins: between two nodes at its top.
    pub(super) cuts: Vec<usize>,
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
    let lines = Lines::new(source);
    let lost_lines = slips
        .iter()
        .filter(|slip| slip.kind == SlipKind::TextNotClosed)
        .map(|slip| lines.start(slip.range.start))
        .collect();
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
        unopened: None,
        early: None,
        blocks_broken: quotes_broken || stopped,
        broken: false,
        merged: Vec::new(),
        lines,
        lost_lines,
        secret_entry: false,
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
    hiding: Option<Hiding>,
}

struct Outliner<'s> {
    source: &'s str,
    lines: Lines,
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
    /// The first node without a block that is followed by one further right, in the same block:
    /// its `{` may be missing.
    unopened: Option<Range<usize>>,
    /// The first `}` that closed a block from further right than the line that opened it.
    early: Option<Range<usize>>,
    blocks_broken: bool,
    /// The expressions that several tokens were made one of.
    merged: Vec<Range<usize>>,
    /// A slip could not be repaired: nodes would be something else than was meant.
    broken: bool,
    /// The lines on which a text is not closed.
    lost_lines: HashSet<usize>,
    /// Whether the last entry was a secret: what is glued to it is one too.
    secret_entry: bool,
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
                    let semicolon = token.kind == Kind::Semicolon;
                    let end = range.end;
                    if semicolon && self.head.name.is_none() {
                        self.slip(SlipKind::StraySemicolon, range.clone());
                        self.blanks.push(range);
                    } else if semicolon || self.head.entry_dashed.is_none() {
                        if semicolon && self.head.dashed.is_some() {
                            self.blanks.push(range);
                        }
                        // What `/-` comments out may start some lines below it.
                        if self.head.name.is_some() || self.head.dashed.is_none() {
                            self.end_node();
                            self.cut(end);
                        }
                    }
                    if semicolon {
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
                    // Whatever it turns out to belong to, `kdl` never sees one.
                    self.blanks.push(range);
                    self.at += 1;
                }
                Kind::Open => self.open(range),
                Kind::Close => self.close(range),
                Kind::LeftParen => self.annotation(range),
                Kind::RightParen => {
                    self.slip(SlipKind::StrayParenthesis, range.clone());
                    self.blanks.push(range);
                    self.broken = true;
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

    /// A node has ended before a place, where a piece may.
    fn cut(&mut self, at: usize) {
        let last = self.out.cuts.last().copied().unwrap_or(0);
        if self.stack.is_empty() && at - last >= PIECE {
            self.out.cuts.push(at);
        }
    }

    fn end_node(&mut self) {
        let head = std::mem::take(&mut self.head);
        if let Some(start) = head.dashed {
            self.blanks.push(start..head.end.max(start + 2));
        }
        if head.name.is_some() {
            self.previous = Some(head);
        }
    }

    /// The node before, where what follows it looks like its block.
    fn without_its_brace(&self, name: &Range<usize>) -> Option<Range<usize>> {
        let previous = self.previous.as_ref()?;
        let before = previous.name.clone().filter(|_| previous.block.is_none())?;
        let indentation = |at| self.lines.indentation(self.source, at);
        (indentation(name.start)? > indentation(before.start)?).then_some(before)
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
                    self.broken = true;
                    // Nothing is left of it for `kdl` to stumble over.
                    dashed = Some(self.head.dashed.unwrap_or(range.start));
                }
            }
        } else if self.head.block.is_some() && dashed.is_none() {
            let node = self.name_of(&self.head);
            self.slip(SlipKind::SecondBlock { node }, range.clone());
            self.broken = true;
            dashed = Some(range.start);
        }
        let hiding = self.hiding();
        self.stack.push(Frame {
            open: range,
            owner: std::mem::take(&mut self.head),
            dashed,
            hiding,
        });
        self.previous = None;
    }

    fn close(&mut self, range: Range<usize>) {
        self.at += 1;
        self.end_node();
        self.previous = None;
        let Some(frame) = self.stack.pop() else {
            if !self.blocks_broken {
                let mut slip = Slip::new(SlipKind::CloseWithoutOpen, range);
                if let Some(name) = self.unopened.take() {
                    slip = slip.also(name, "is the `{` of this one missing?");
                } else if let Some(close) = self.early.take() {
                    slip = slip.also(close, "is this one too many?");
                }
                self.out.slips.push(slip);
            }
            self.blocks_broken = true;
            return;
        };
        let alone = self.lines.indentation(self.source, range.start);
        let around = self.lines.start(frame.open.start);
        let around = self
            .lines
            .indentation(self.source, first_word(self.source, around));
        if let (Some(here), Some(there)) = (alone, around)
            && here < there
            && self.misindented.is_none()
        {
            let node = self.name_of(&frame.owner);
            self.misindented = Some((frame.open.clone(), node, range.clone()));
        }
        let is_below = self.lines.start(range.start) != self.lines.start(frame.open.start);
        if is_below && self.early.is_none() && alone.is_none_or(|here| Some(here) > around) {
            self.early = Some(range.clone());
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
            Some(word) if closed && is_word(self.tokens[self.at + 1].kind) => {
                if self.at > 0
                    && self.tokens[self.at - 1].kind.is_value()
                    && self.glued(self.at).is_some()
                {
                    self.slip(SlipKind::SpaceMissing, range.clone());
                    self.broken = true;
                }
                self.out.values.push(self.tokens[self.at + 1].clone());
                self.head.annotation = Some(self.text(&word).trim_matches('"').to_owned());
                let close = self.tokens[self.at + 2].range.end;
                self.at += 3;
                if !self.kind(self.at).is_some_and(Kind::is_value) {
                    let whole = range.start..close;
                    self.slip(SlipKind::AnnotationAlone, whole.clone());
                    self.blanks.push(whole);
                    self.broken = true;
                    self.head.annotation = None;
                }
                self.head.end = self.head.end.max(close);
            }
            _ => {
                // From here to where it would end, it says nothing that `kdl` could use.
                let line = self.source[range.start..].find('\n');
                let limit = line.map_or(self.source.len(), |at| range.start + at);
                let mut end = range.end;
                self.at += 1;
                while let Some(token) = self.tokens.get(self.at)
                    && token.range.start < limit
                    && (token.kind.is_value() || token.kind == Kind::RightParen)
                {
                    end = token.range.end;
                    self.at += 1;
                    if self.tokens[self.at - 1].kind == Kind::RightParen {
                        break;
                    }
                }
                self.slip(SlipKind::AnnotationBroken, range.start..end);
                self.blanks.push(range.start..end);
                if self.secret_entry || self.hides(None) {
                    self.out.masked.push(range.start..end);
                }
                self.broken = true;
                self.head.end = end;
            }
        }
    }

    /// An `=` that no entry has taken.
    fn equals(&mut self, range: Range<usize>) {
        self.at += 1;
        if self.head.name.is_some() && self.head.entries == 0 && self.head.block.is_none() {
            let name = self.name_of(&self.head);
            self.slip(SlipKind::NodeEquals { name }, range.clone());
        } else if self.head.name.is_none() {
            self.slip(SlipKind::NameMissing, range.clone());
            self.broken = true;
            // What it would be set to is no node either.
            if let Some(value) = self.tokens.get(self.at).filter(|next| next.kind.is_value()) {
                let range = value.range.clone();
                if self.hides(None) {
                    self.hide(range.clone());
                }
                self.blanks.push(range);
                self.at += 1;
            }
        } else {
            self.slip(SlipKind::SecondEquals, range.clone());
            self.broken = true;
        }
        self.blanks.push(range);
    }

    fn name(&mut self, range: Range<usize>) {
        if self.unopened.is_none() {
            self.unopened = self.without_its_brace(&range);
        }
        self.head.name = Some(range.clone());
        self.head.annotation = None;
        self.head.end = range.end;
        self.secret_entry = false;
        let mut token = self.tokens[self.at].clone();
        self.at += 1;
        let text = &self.source[range.clone()];
        if matches!(token.kind, Kind::Number | Kind::Keyword) {
            if token.meaning.is_none() {
                self.slip(SlipKind::NameIsNoWord, range.clone());
            }
            let text = Decoded::verbatim(self.source, range.clone());
            token.meaning = Some(Meaning::Text(text));
        }
        if token.kind == Kind::Bare
            && token.meaning.is_none()
            && let Some(name) = text.strip_suffix(':').filter(|name| !name.is_empty())
        {
            let name = name.to_owned();
            let colon = range.end - 1..range.end;
            self.slip(SlipKind::ColonAfterName { name }, colon.clone());
            self.blanks.push(colon.clone());
            token.range.end = colon.start;
            token.meaning = Some(Meaning::Text(Decoded::verbatim(
                self.source,
                token.range.clone(),
            )));
            self.head.name = Some(token.range.clone());
        } else if self.glued(self.at).is_some_and(Kind::is_value) {
            self.space_missing();
        }
        self.out.values.push(token);
        self.expression();
    }

    /// The value at hand stands right behind another one.
    fn space_missing(&mut self) {
        let range = self.tokens[self.at].range.clone();
        self.broken = true;
        self.at += 1;
        self.blanks.push(range.clone());
        let token = self.tokens[self.at - 1].clone();
        let secret = self.secret_entry || self.hides(None);
        self.mask_value(&token, secret);
        // A quote without a partner is the reason, and has been told.
        if !self.lost_lines.contains(&self.lines.start(range.start)) {
            self.slip(SlipKind::SpaceMissing, range);
        }
    }

    /// A value behind the block of its node.
    fn after_block(&mut self, range: Range<usize>) {
        self.slip(SlipKind::AfterBlock, range.clone());
        if self.hides(None) {
            self.hide(range.clone());
        }
        if self.head.end < range.start {
            self.patches.push((self.head.end, b';'));
        } else {
            self.blanks.push(range);
            self.broken = true;
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
        let mut annotation = None;
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
            self.secret_entry = self.hides(Some(&name));
            let equals = self.tokens[at - 1].range.clone();
            if self.kind(at) == Some(Kind::LeftParen)
                && self.kind(at + 1).is_some_and(is_word)
                && self.kind(at + 2) == Some(Kind::RightParen)
            {
                annotation = Some(self.tokens[at + 1].clone());
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
                    self.broken = true;
                    self.blanks.push(first.range.start..equals.end);
                    self.head.end = equals.end;
                    self.head.entry_dashed = None;
                    self.at = at.max(self.at + 1);
                    return;
                }
            }
            at += 1;
            self.mask_value(&value, self.secret_entry);
        } else {
            self.secret_entry = self.hides(None);
            self.mask_value(&value, self.secret_entry);
        }
        self.head.entries += 1;
        self.head.annotation = None;
        self.head.end = value.range.end;
        if first.range != value.range {
            self.out.values.push(first);
        }
        self.out.values.extend(annotation);
        if let Some(start) = self.head.entry_dashed.take() {
            self.blanks.push(start..value.range.end);
        }
        self.at = at;
        self.out.values.push(value);
        if self.glued(self.at).is_some_and(Kind::is_value) {
            self.space_missing();
        }
    }

    /// What the node at hand hides: what stands around it, or the node itself.
    fn hiding(&self) -> Option<Hiding> {
        let around = self.stack.last().and_then(|frame| frame.hiding);
        around.or_else(|| Hiding::of(&self.name_of(&self.head)))
    }

    /// Whether a value of the node at hand is a secret, unless it says where one is kept.
    fn hides(&self, property: Option<&str>) -> bool {
        let node = self.name_of(&self.head);
        match self.hiding() {
            Some(hiding) => !hiding.shows(&node, property),
            None => mask::is_secret(property.unwrap_or(&node)),
        }
    }

    fn mask_value(&mut self, value: &Token, secret: bool) {
        let reference = self
            .head
            .annotation
            .as_deref()
            .is_some_and(mask::is_secret_place);
        if secret && !reference {
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
        self.broken |= self.glued(first).is_some();
        let node = self.name_of(&self.head);
        self.slip(SlipKind::Expression { node }, range.clone());
        let merged = Token {
            kind: Kind::Bare,
            range: range.clone(),
            meaning: Some(Meaning::Text(Decoded::verbatim(self.source, range.clone()))),
            decoded: None,
        };
        let secret = self.hides(None);
        self.mask_value(&merged, secret);
        self.head.entries += 1;
        self.head.end = range.end;
        self.out.values.push(merged);
        self.merged.push(range);
        self.at = end;
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
        let merged = std::mem::take(&mut self.merged);
        self.out.slips.retain(|slip| {
            // What is inside an expression is told by the expression.
            let after = merged.partition_point(|range| range.start <= slip.range.start);
            let inside = after
                .checked_sub(1)
                .is_some_and(|at| slip.range.start < merged[at].end);
            !inside || matches!(slip.kind, SlipKind::Expression { .. })
        });
        self.out.slips.sort_by_key(|slip| slip.range.start);
        if self.blocks_broken || self.broken {
            // `kdl` follows what it cannot place with the stack, too: it gets to see only what
            // there is no doubt about.
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

/// Whether an annotation can be made of it.
fn is_word(kind: Kind) -> bool {
    matches!(kind, Kind::Bare | Kind::Quoted | Kind::Raw)
}

/// Where the lines of a file start.
struct Lines(Vec<usize>);

impl Lines {
    fn new(source: &str) -> Self {
        let breaks = source.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(breaks).collect())
    }

    /// The start of the line of a place.
    fn start(&self, at: usize) -> usize {
        let after = self.0.partition_point(|start| *start <= at);
        after.checked_sub(1).map_or(0, |line| self.0[line])
    }

    /// How far a place is indented, in bytes; none if something stands in front of it.
    fn indentation(&self, source: &str, at: usize) -> Option<usize> {
        let start = self.start(at);
        (first_word(source, start) == at).then_some(at - start)
    }
}

/// The first place of a line that is not blank.
fn first_word(source: &str, line: usize) -> usize {
    let rest = &source[line..];
    line + rest
        .find(|character| !matches!(character, ' ' | '\t'))
        .unwrap_or(rest.len())
}
