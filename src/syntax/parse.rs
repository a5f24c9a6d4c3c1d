//! One file: text -> nodes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::thread;

use kdl::{KdlDocument, KdlEntry, KdlError, KdlIdentifier, KdlNode, KdlValue};

use super::outline::{Outline, outline};
use super::scan::scan;
use super::slip::{Slip, SlipKind};
use super::token::{Meaning, Token};
use super::{Literal, Node, Scalar, Text, Word};
use crate::diagnostic::{Diagnostic, Report, SourceId, Span};

/// `kdl` follows blocks with the stack of its thread. What the outline lets through needs a small
/// part of this even in a debug build.
const STACK: usize = 16 * 1024 * 1024;

/// How many slips of one file are told: whoever reads the first of a thousand knows what it is.
const TOLD: usize = 50;

/// Reads one file, the first one or an included one. What is wrong is reported; none where that
/// leaves no nodes to go on with.
pub(super) fn parse(source: SourceId, is_included: bool, report: &mut Report) -> Option<Vec<Node>> {
    let text = report.source(source).text.clone();
    let outline = outline(&text, scan(&text));
    for masked in &outline.masked {
        report.mask(Span::new(source, masked.start, masked.end));
    }
    for slip in outline.slips.iter().take(TOLD) {
        slip.report(source, report);
    }
    if let Some(next) = outline.slips.get(TOLD) {
        let more = outline.slips.len() - TOLD;
        report.push(Diagnostic::error(
            Span::new(source, next.range.start, next.range.end),
            format!("{more} more like these from here on"),
        ));
    }
    let readable = outline.readable.as_ref()?;
    let builder = Builder {
        source,
        text: &text,
        values: &outline.values,
        blocks: &outline.blocks,
        start: 0,
    };
    // What is amiss in a piece is told as of the whole.
    let read = builder.read(readable, &outline.cuts);
    let read = match read {
        Err(_) if !outline.cuts.is_empty() => builder.read(readable, &[]),
        read => read,
    };
    let (nodes, found) = match read {
        Ok(read) => read,
        Err(error) => {
            complain(&text, source, &outline, error.as_ref(), report);
            return None;
        }
    };
    if nodes.is_empty() && outline.slips.is_empty() {
        Slip::new(SlipKind::Empty { is_included }, 0..0).report(source, report);
        return None;
    }
    for diagnostic in found {
        report.push(diagnostic);
    }
    Some(nodes)
}

/// Does something on a thread with a stack of its own. None where it gave up altogether.
fn isolated<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        thread::Builder::new()
            .name("kdl".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .ok()?
            .join()
            .ok()
    })
}

/// Passes on what `kdl` found, except where a slip has been named already.
fn complain(
    text: &str,
    source: SourceId,
    outline: &Outline,
    error: Option<&KdlError>,
    report: &mut Report,
) {
    let Some(error) = error else {
        report.push(Diagnostic::error(
            Span::new(source, 0, 0),
            "this file could not be read as KDL",
        ));
        return;
    };
    let breaks: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line_of = |at: usize| breaks.partition_point(|end| *end < at);
    let mut lines: HashSet<usize> = outline
        .slips
        .iter()
        .map(|slip| line_of(slip.range.start))
        .collect();
    for found in error.diagnostics.iter().take(TOLD) {
        let range = clamp(text, found.span.offset(), found.span.len());
        let line = line_of(range.start);
        // Its later complaints about a line follow from the first.
        if !lines.insert(line) {
            continue;
        }
        let message = found.message.as_deref().unwrap_or("this is not KDL");
        let mut diagnostic =
            Diagnostic::error(Span::new(source, range.start, range.end), plain(message));
        if let Some(help) = &found.help {
            diagnostic = diagnostic.help(plain(help));
        }
        report.push(diagnostic);
    }
    if outline.slips.is_empty() && error.diagnostics.is_empty() {
        complain(text, source, outline, None, report);
    }
}

fn clamp(text: &str, offset: usize, length: usize) -> Range<usize> {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(offset);
    start..boundary(offset.saturating_add(length)).max(start)
}

/// A message of `kdl` in our manner: lower case, no full stop.
fn plain(message: &str) -> String {
    let message = match message.trim().trim_end_matches('.') {
        "Expected end of document" => "this was not expected here",
        message => message,
    };
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => "this is not KDL".to_owned(),
    }
}

#[derive(Clone, Copy)]
struct Builder<'s> {
    source: SourceId,
    text: &'s str,
    values: &'s [Token],
    blocks: &'s HashMap<usize, Range<usize>>,
    /// Where the piece at hand starts.
    start: usize,
}

/// The nodes of a text, and what is amiss with them.
type Read = (Vec<Node>, Vec<Diagnostic>);

impl Builder<'_> {
    /// Lets `kdl` read a text piece by piece: what it makes of one is a hundred times its size. An
    /// error of none means that it gave up altogether.
    fn read(&self, readable: &str, cuts: &[usize]) -> Result<Read, Option<KdlError>> {
        let read = isolated(|| {
            let mut read = Read::default();
            let ends = cuts.iter().copied().chain([readable.len()]);
            let mut start = 0;
            for end in ends {
                let document = KdlDocument::parse_v2(&readable[start..end]).map_err(Some)?;
                let builder = Self { start, ..*self };
                read.0.extend(builder.nodes(&document, &mut read.1));
                start = end;
            }
            Ok(read)
        });
        read.unwrap_or(Err(None))
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn nodes(&self, document: &KdlDocument, found: &mut Vec<Diagnostic>) -> Vec<Node> {
        document
            .nodes()
            .iter()
            .map(|node| self.node(node, found))
            .collect()
    }

    fn node(&self, node: &KdlNode, found: &mut Vec<Diagnostic>) -> Node {
        let name = self.word(node.name());
        let annotation = node.ty().map(|ty| self.word(ty));
        let mut span = match &annotation {
            // From the parenthesis on.
            Some(annotation) => {
                let before = &self.text[..annotation.span.start];
                let start = before.rfind('(').unwrap_or(annotation.span.start);
                Span { start, ..name.span }
            }
            None => name.span,
        };
        let mut arguments = Vec::new();
        let mut properties: Vec<(Word, Scalar)> = Vec::new();
        for entry in node.entries() {
            let scalar = self.scalar(entry);
            span.end = span.end.max(scalar.span.end);
            let Some(key) = entry.name().map(|key| self.word(key)) else {
                arguments.push(scalar);
                continue;
            };
            match properties.iter().find(|(word, _)| word.text == key.text) {
                Some((first, _)) => found.push(
                    Diagnostic::error(
                        key.span,
                        format!("`{}` is set twice on `{}`", key.text, name.text),
                    )
                    .label("again here")
                    .also(first.span, "first here"),
                ),
                None => properties.push((key, scalar)),
            }
        }
        let children = node.children().map(|children| self.nodes(children, found));
        Node {
            block: self
                .blocks
                .get(&name.span.start)
                .map(|range| self.span(range.clone())),
            name,
            span,
            annotation,
            arguments,
            properties,
            children,
        }
    }

    fn word(&self, identifier: &KdlIdentifier) -> Word {
        let span = identifier.span();
        let range = clamp(self.text, self.start + span.offset(), span.len());
        let text = match self
            .value_at(range.start)
            .and_then(|token| token.meaning.as_ref())
        {
            Some(Meaning::Text(decoded)) => decoded.value.clone(),
            Some(_) => self.text[range.clone()].to_owned(),
            None => identifier.value().to_owned(),
        };
        Word {
            text,
            span: self.span(range),
        }
    }

    /// The value that starts at a place.
    fn value_at(&self, start: usize) -> Option<&Token> {
        let at = self
            .values
            .binary_search_by_key(&start, |token| token.range.start)
            .ok()?;
        self.values.get(at)
    }

    /// The last value that starts before a place.
    fn value_before(&self, end: usize) -> Option<&Token> {
        let after = self.values.partition_point(|token| token.range.start < end);
        self.values.get(after.checked_sub(1)?)
    }

    fn scalar(&self, entry: &KdlEntry) -> Scalar {
        let whole = entry.span();
        let whole = clamp(self.text, self.start + whole.offset(), whole.len());
        let annotation = entry.ty().map(|ty| self.word(ty));
        let token = self
            .value_before(whole.end)
            .filter(|token| whole.start <= token.range.start);
        let range = token.map_or(whole, |token| token.range.clone());
        let span = self.span(range);
        let literal = match token.and_then(|token| token.meaning.as_ref()) {
            Some(Meaning::Text(decoded)) => Literal::String(Text {
                value: decoded.value.clone(),
                span,
                pieces: decoded.pieces.clone(),
            }),
            Some(Meaning::Bool(value)) => Literal::Bool(*value),
            Some(Meaning::Null) => Literal::Null,
            None => match entry.value() {
                KdlValue::String(value) => Literal::String(Text {
                    value: value.clone(),
                    span,
                    pieces: token
                        .and_then(|token| token.decoded.as_ref())
                        .filter(|decoded| decoded.value == *value)
                        .map(|decoded| decoded.pieces.clone())
                        .unwrap_or_default(),
                }),
                KdlValue::Integer(value) => Literal::Integer(*value),
                KdlValue::Float(value) => Literal::Float(*value),
                KdlValue::Bool(value) => Literal::Bool(*value),
                KdlValue::Null => Literal::Null,
            },
        };
        Scalar {
            literal,
            span,
            annotation,
        }
    }
}
