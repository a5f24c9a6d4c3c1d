//! Text -> tokens. Never fails: what is wrong becomes a slip, and the token is repaired.

use std::cell::Cell;
use std::ops::Range;

use super::decode::{self, Decoded, Fault};
use super::slip::{DEEPEST, Slip, SlipKind};
use super::token::{Kind, Meaning, Token, is_bare, is_forbidden, is_newline, is_space};

/// What a scan of a file gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    pub(super) tokens: Vec<Token>,
    pub(super) slips: Vec<Slip>,
    /// The comments.
    pub(super) comments: Vec<Range<usize>>,
    /// Ranges that `kdl` must not see: what no token covers, but is no blank either.
    pub(super) blanks: Vec<Range<usize>>,
    /// Quotes do not pair up: nothing can be said about the blocks of the file.
    pub(super) quotes_broken: bool,
    /// Nothing beyond the scan must look at the file.
    pub(super) stopped: bool,
}

/// Scans a file.
pub(super) fn scan(source: &str) -> Scan {
    let mut scanner = Scanner {
        source,
        line: Cell::new(Line::new(source, 0)),
        at: 0,
        depth: 0,
        hash_comment: None,
        scan: Scan::default(),
    };
    scanner.run();
    scanner.scan
}

struct Scanner<'s> {
    source: &'s str,
    line: Cell<Line>,
    at: usize,
    depth: usize,
    /// Where the last `# comment` ended: a block of them is one slip.
    hash_comment: Option<usize>,
    scan: Scan,
}

/// A stretch of a file without a line break, from somewhere on a line to its end.
#[derive(Copy, Clone)]
struct Line {
    start: usize,
    end: usize,
    double_close: Option<usize>,
}

impl Line {
    fn new(source: &str, start: usize) -> Self {
        let rest = &source[start..];
        let end = start + rest.find(is_newline).unwrap_or(rest.len());
        let double_close = source[start..end].rfind("}}").map(|at| start + at);
        Self {
            start,
            end,
            double_close,
        }
    }
}

impl<'s> Scanner<'s> {
    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn slip(&mut self, kind: SlipKind, range: Range<usize>) {
        self.scan.slips.push(Slip::new(kind, range));
    }

    fn token(&mut self, kind: Kind, range: Range<usize>) {
        self.scan.tokens.push(Token {
            kind,
            range,
            meaning: None,
            decoded: None,
        });
    }

    /// A token that `kdl` must not see as it is.
    fn repaired(&mut self, kind: Kind, range: Range<usize>, meaning: Meaning) {
        self.scan.tokens.push(Token {
            kind,
            range,
            meaning: Some(meaning),
            decoded: None,
        });
    }

    /// Text that was meant as it stands.
    fn repaired_text(&mut self, range: Range<usize>) {
        let text = Meaning::Text(Decoded::verbatim(self.source, range.clone()));
        self.repaired(Kind::Bare, range, text);
    }

    /// The end of the line of a place. Many questions are asked about one line, and lines can be
    /// long: the last answer is kept.
    fn end_of_line(&self, from: usize) -> usize {
        let known = self.line.get();
        if (known.start..=known.end).contains(&from) {
            return known.end;
        }
        let line = Line::new(self.source, from);
        self.line.set(line);
        line.end
    }

    /// The last `}}` on the line of a place.
    fn last_double_close(&self, from: usize) -> Option<usize> {
        self.end_of_line(from);
        self.line.get().double_close.filter(|close| *close >= from)
    }

    fn run(&mut self) {
        if self.source.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        while let Some(character) = self.peek() {
            if self.scan.stopped {
                return;
            }
            let start = self.at;
            let one = start..start + character.len_utf8();
            match character {
                _ if is_newline(character) => {
                    let length = if self.rest().starts_with("\r\n") {
                        2
                    } else {
                        one.len()
                    };
                    self.at += length;
                    self.token(Kind::Newline, start..self.at);
                }
                _ if is_space(character) => self.at = one.end,
                '/' => self.slash(),
                '\\' => match self.continued_line() {
                    Some(next) => self.at = next,
                    None => self.unquoted(start),
                },
                '{' if self.rest().starts_with("{{") && self.last_double_close(start).is_some() => {
                    self.placeholder()
                }
                '{' => {
                    self.at = one.end;
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        self.slip(SlipKind::BlocksTooDeep, one);
                        self.scan.stopped = true;
                        return;
                    }
                    self.token(Kind::Open, one);
                }
                '}' => {
                    self.at = one.end;
                    self.depth = self.depth.saturating_sub(1);
                    self.token(Kind::Close, one);
                }
                '(' | ')' | ';' | '=' => {
                    self.at = one.end;
                    let kind = match character {
                        '(' => Kind::LeftParen,
                        ')' => Kind::RightParen,
                        ';' => Kind::Semicolon,
                        _ => Kind::Equals,
                    };
                    self.token(kind, one);
                }
                '"' if self.rest().starts_with("\"\"\"") => self.three_quotes(),
                '"' => self.quoted(),
                '#' => self.hash(),
                '\'' | '`' => self.other_quotes(character, SlipKind::SingleQuotes),
                '“' | '”' | '„' | '«' | '‘' | '’' => {
                    self.other_quotes(character, SlipKind::CurlyQuotes)
                }
                '[' | ']' => self.unquoted(start),
                _ if is_forbidden(character) => {
                    self.at = one.end;
                    self.scan.blanks.push(one.clone());
                    self.slip(SlipKind::Forbidden { character }, one);
                }
                _ => self.bare(),
            }
        }
    }

    fn slash(&mut self) {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with("//") {
            self.at = self.end_of_line(start);
            self.scan.comments.push(start..self.at);
        } else if rest.starts_with("/*") {
            match self.end_of_comment(start) {
                Some(end) => {
                    self.at = end;
                    self.scan.comments.push(start..end);
                }
                None => {
                    // `end_of_comment` has said why.
                    self.at = self.source.len();
                    self.scan.comments.push(start..self.at);
                    self.scan.stopped = true;
                }
            }
        } else if rest.starts_with("/-") {
            self.at += 2;
            self.token(Kind::Slashdash, start..self.at);
        } else {
            self.unquoted(start);
        }
    }

    fn end_of_comment(&mut self, start: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut depth = 0;
        let mut at = start;
        while at + 1 < bytes.len() {
            match &bytes[at..at + 2] {
                b"/*" => {
                    depth += 1;
                    if depth > DEEPEST {
                        self.slip(SlipKind::CommentsTooDeep, at..at + 2);
                        return None;
                    }
                    at += 2;
                }
                b"*/" => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => at += 1,
            }
        }
        self.slip(SlipKind::CommentNotClosed, start..start + 2);
        None
    }

    /// Behind a `\` at the end of a line, where the next line continues it.
    fn continued_line(&mut self) -> Option<usize> {
        let mut at = self.at + 1;
        loop {
            let rest = &self.source[at..];
            match rest.chars().next() {
                None => return Some(at),
                Some(character) if is_newline(character) => {
                    let length = if rest.starts_with("\r\n") {
                        2
                    } else {
                        character.len_utf8()
                    };
                    return Some(at + length);
                }
                Some(character) if is_space(character) => at += character.len_utf8(),
                Some(_) if rest.starts_with("//") => {
                    let end = self.end_of_line(at);
                    self.scan.comments.push(at..end);
                    at = end;
                }
                Some(_) if rest.starts_with("/*") => {
                    let end = self.end_of_comment(at)?;
                    self.scan.comments.push(at..end);
                    at = end;
                }
                Some(_) => return None,
            }
        }
    }

    /// A word that goes on with characters no bare word can hold.
    fn unquoted(&mut self, start: usize) {
        if self.source[start..].starts_with('[')
            && let Some(end) = self.end_of_list(start)
        {
            self.at = end;
            self.slip(SlipKind::List, start..end);
            self.repaired_text(start..end);
            return;
        }
        self.at = self.end_of_unquoted(start);
        let mut range = start..self.at;
        let text = &self.source[range.clone()];
        let kind = SlipKind::Unquoted;
        let kept = text.trim_end_matches(',').len();
        if kept > 0 && kept < text.len() {
            self.comma(start + kept..range.end);
            range.end = start + kept;
        }
        self.slip(kind, range.clone());
        self.repaired_text(range);
    }

    /// The end of what somebody meant as one word: the next blank, quote, `;` or brace.
    fn end_of_unquoted(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(character) = self.source[at..].chars().next() {
            let rest = &self.source[at..];
            if rest.starts_with("{{")
                && self.last_double_close(at).is_some()
                && let Some(close) = rest.find("}}")
            {
                at += close + 2;
                continue;
            }
            if is_space(character)
                || is_newline(character)
                || is_forbidden(character)
                || matches!(character, '"' | ';' | '{' | '}')
            {
                break;
            }
            at += character.len_utf8();
        }
        if at == start {
            // A lone stray character is still a token: scanning has to go on.
            at += self.source[at..].chars().next().map_or(0, char::len_utf8);
        }
        at
    }

    /// The `]` that closes a `[` on the same line.
    fn end_of_list(&self, start: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (at, character) in self.source[start..self.end_of_line(start)].char_indices() {
            match character {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(start + at + 1);
            }
        }
        None
    }

    fn placeholder(&mut self) {
        let start = self.at;
        let end = self
            .last_double_close(start)
            .map_or(start + 2, |close| close + 2);
        self.at = end;
        self.slip(SlipKind::Placeholder, start..end);
        self.repaired_text(start..end);
    }

    fn comma(&mut self, range: Range<usize>) {
        self.scan.blanks.push(range.clone());
        self.slip(SlipKind::Comma, range);
    }

    fn bare(&mut self) {
        let start = self.at;
        let length = self
            .rest()
            .find(|character| !is_bare(character))
            .unwrap_or(self.rest().len());
        let end = start + length.max(self.peek().map_or(0, char::len_utf8));
        let text = &self.source[start..end];
        self.at = end;
        let behind = self.rest();
        if is_scheme(text) && behind.starts_with("//") {
            self.at = self.end_of_unquoted(start);
            self.slip(SlipKind::Url, start..self.at);
            self.repaired_text(start..self.at);
            return;
        }
        if text == "r" && self.old_raw(start) {
            return;
        }
        let goes_on = match behind.chars().next() {
            Some('[' | ']' | '(') => true,
            Some('/') => !(behind.starts_with("//") || behind.starts_with("/*")),
            Some('\\') => self.continued_line().is_none(),
            Some('{') => behind.starts_with("{{"),
            _ => false,
        };
        if goes_on {
            self.unquoted(start);
            return;
        }
        let kept = start + text.trim_end_matches(',').len();
        if kept < end {
            self.comma(kept..end);
        }
        if kept > start {
            self.word(start..kept);
        }
    }

    /// A word of nothing but allowed characters.
    fn word(&mut self, range: Range<usize>) {
        let text = &self.source[range.clone()];
        match text {
            "true" | "false" => {
                self.slip(SlipKind::BareKeyword, range.clone());
                self.repaired(Kind::Keyword, range, Meaning::Bool(text == "true"));
            }
            "null" => {
                self.slip(SlipKind::BareKeyword, range.clone());
                self.repaired(Kind::Keyword, range, Meaning::Null);
            }
            "inf" | "-inf" | "nan" => {
                self.slip(SlipKind::BareKeyword, range.clone());
                self.repaired_text(range);
            }
            _ if is_number(text) => {
                // What no 128 bits hold, `kdl` refuses.
                if text.bytes().filter(u8::is_ascii_digit).count() > 38 {
                    self.slip(SlipKind::TooManyDigits, range.clone());
                    self.repaired_text(range);
                } else {
                    self.token(Kind::Number, range);
                }
            }
            _ => {
                let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
                let pointed = unsigned.strip_prefix('.');
                let digit = |text: &str| text.starts_with(|digit: char| digit.is_ascii_digit());
                if digit(unsigned) {
                    self.slip(SlipKind::StartsWithDigit, range.clone());
                    self.repaired_text(range);
                } else if pointed.is_some_and(digit) {
                    self.slip(SlipKind::StartsWithPoint, range.clone());
                    self.repaired_text(range);
                } else {
                    self.scan.tokens.push(Token {
                        kind: Kind::Bare,
                        decoded: Some(Decoded::verbatim(self.source, range.clone())),
                        range,
                        meaning: None,
                    });
                }
            }
        }
    }

    /// `'…'` and its like: up to the partner on the same line.
    fn other_quotes(&mut self, open: char, kind: SlipKind) {
        let start = self.at;
        let partners: &[char] = match open {
            '\'' => &['\''],
            '`' => &['`'],
            '«' => &['»'],
            '‘' | '’' => &['’', '‘'],
            _ => &['”', '“'],
        };
        let inside = start + open.len_utf8();
        let line = &self.source[inside..self.end_of_line(inside)];
        let Some(closed) = line.find(partners) else {
            let end = self.end_of_unquoted(start);
            self.at = end;
            self.slip(kind, start..end);
            self.repaired_text(start..end);
            return;
        };
        let close = inside + closed;
        let end = close
            + self.source[close..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        self.at = end;
        self.slip(kind, start..end);
        let text = Meaning::Text(Decoded::verbatim(self.source, inside..close));
        self.repaired(Kind::Quoted, start..end, text);
    }

    fn hash(&mut self) {
        let start = self.at;
        let hashes = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        let behind = &self.source[start + hashes..];
        if behind.starts_with('"') {
            self.raw(start, hashes);
            return;
        }
        let length = behind
            .find(|character| !is_bare(character))
            .unwrap_or(behind.len());
        let word = behind[..length].trim_end_matches(',');
        let end = start + hashes + word.len();
        if hashes == 1 {
            if matches!(word, "true" | "false" | "null" | "nan" | "inf" | "-inf") {
                self.at = end;
                self.token(Kind::Keyword, start..end);
                return;
            }
            let meant = match word.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(("#true", Meaning::Bool(true))),
                "false" | "no" | "off" => Some(("#false", Meaning::Bool(false))),
                "null" | "none" | "nil" => Some(("#null", Meaning::Null)),
                _ => None,
            };
            if let Some((right, meaning)) = meant {
                self.at = end;
                self.slip(SlipKind::WrongKeyword { right }, start..end);
                self.repaired(Kind::Keyword, start..end, meaning);
                return;
            }
        }
        self.at = self.end_of_line(start);
        let goes_on = self
            .hash_comment
            .is_some_and(|last| self.source[last..start].trim().is_empty());
        if !goes_on {
            self.slip(SlipKind::HashComment, start..self.at);
        }
        self.hash_comment = Some(self.at);
        self.scan.comments.push(start..self.at);
        self.scan.blanks.push(start..self.at);
    }

    /// `r"…"` and `r#"…"#`, as KDL 1 wrote raw text.
    fn old_raw(&mut self, start: usize) -> bool {
        let behind = self.rest();
        let hashes = behind.bytes().take_while(|byte| *byte == b'#').count();
        if !behind[hashes..].starts_with('"') {
            return false;
        }
        let inside = self.at + hashes + 1;
        let closing = format!("\"{}", "#".repeat(hashes));
        let line = &self.source[inside..self.end_of_line(inside)];
        let Some(length) = line.find(&closing) else {
            return false;
        };
        let close = inside + length;
        self.at = close + closing.len();
        self.slip(SlipKind::OldRawText, start..self.at);
        let text = Meaning::Text(Decoded::verbatim(self.source, inside..close));
        self.repaired(Kind::Raw, start..self.at, text);
        true
    }

    fn raw(&mut self, start: usize, hashes: usize) {
        let quotes = start + hashes;
        let hash = "#".repeat(hashes);
        let behind = &self.source[quotes..];
        if behind.starts_with("\"\"\"") && starts_line(&behind[3..]) {
            let closing = format!("\"\"\"{hash}");
            let inside = behind_newline(self.source, quotes + 3);
            match self.source[inside..].find(&closing) {
                Some(length) => {
                    let close = inside + length;
                    self.several(start..close + closing.len(), inside..close, true);
                }
                None => self.endless(start..quotes + 3, SlipKind::RawNotClosed { closing }),
            }
            return;
        }
        let closing = format!("\"{hash}");
        let inside = quotes + 1;
        let end_of_line = self.end_of_line(inside);
        if let Some(length) = self.source[inside..end_of_line].find(&closing) {
            let close = inside + length;
            self.single(start..close + closing.len(), inside..close, true);
        } else if let Some(length) = self.source[inside..].find(&closing) {
            let close = inside + length;
            self.at = close + closing.len();
            self.slip(SlipKind::RawOverLines, start..self.at);
            let text = Meaning::Text(Decoded::verbatim(self.source, inside..close));
            self.repaired(Kind::Raw, start..self.at, text);
        } else {
            self.lost_line(start, SlipKind::RawNotClosed { closing });
        }
    }

    fn three_quotes(&mut self) {
        let start = self.at;
        let behind = &self.source[start + 3..];
        if starts_line(behind) {
            let inside = behind_newline(self.source, start + 3);
            match closing_quotes(self.source, inside) {
                Some(close) => self.several(start..close + 3, inside..close, false),
                None => self.endless(start..start + 3, SlipKind::LongTextNotClosed),
            }
            return;
        }
        match closing_quotes(self.source, start + 3) {
            Some(close) => {
                self.at = close + 3;
                self.slip(SlipKind::LongTextOnOneLine, start..self.at);
                let body = start + 3..close;
                let text = decode::single(self.source, body, false, &mut Vec::new());
                self.repaired(Kind::Quoted, start..self.at, Meaning::Text(text));
            }
            None => self.lost_line(start, SlipKind::LongTextNotClosed),
        }
    }

    fn quoted(&mut self) {
        let start = self.at;
        let inside = start + 1;
        let mut at = inside;
        loop {
            let rest = &self.source[at..];
            match rest.chars().next() {
                Some('"') => return self.single(start..at + 1, inside..at, false),
                Some('\\') => {
                    let blanks = rest[1..]
                        .find(|character| !(is_space(character) || is_newline(character)))
                        .unwrap_or(rest.len() - 1);
                    at += 1;
                    at += if blanks > 0 {
                        blanks
                    } else {
                        rest[1..].chars().next().map_or(0, char::len_utf8)
                    };
                }
                Some(character) if !is_newline(character) => at += character.len_utf8(),
                _ => break,
            }
        }
        // The line ends first. Either the partner was forgotten, or it stands some lines below.
        if let Some(close) = self.partner_below(at) {
            self.at = close + 1;
            self.slip(SlipKind::TextOverLines, start..self.at);
            let text = decode::single(self.source, inside..close, false, &mut Vec::new());
            self.repaired(Kind::Quoted, start..self.at, Meaning::Text(text));
        } else {
            self.lost_line(start, SlipKind::TextNotClosed);
        }
    }

    /// The next quote below, where it looks like a closing one: alone on its line, with nothing
    /// glued to it.
    fn partner_below(&self, end_of_line: usize) -> Option<usize> {
        let close = end_of_line + self.source[end_of_line..].find('"')?;
        let line_start = self.source[..close]
            .rfind(is_newline)
            .map_or(0, |at| at + 1);
        let line = self
            .source
            .get(line_start..self.end_of_line(close))
            .unwrap_or_default();
        let behind = self.source[close + 1..].chars().next();
        let closes = behind.is_none_or(|character| {
            is_space(character) || is_newline(character) || matches!(character, '}' | ';')
        });
        (closes && line.matches('"').count() % 2 == 1).then_some(close)
    }

    /// Text without an end takes the rest of its line, but not the brace that opens a block there:
    /// the blocks below should still pair up.
    fn lost_line(&mut self, start: usize, kind: SlipKind) {
        let end_of_line = self.end_of_line(start);
        let line = self.source[start..end_of_line].trim_end();
        let kept = line.strip_suffix('{').map_or(line, str::trim_end);
        let end = start + kept.len().max(1);
        self.at = end;
        self.scan.quotes_broken = true;
        self.slip(kind, start..end);
        self.repaired_text(start..end);
    }

    /// Text over several lines without an end takes the rest of the file.
    fn endless(&mut self, opening: Range<usize>, kind: SlipKind) {
        self.slip(kind, opening.clone());
        self.at = self.source.len();
        self.scan.quotes_broken = true;
        self.repaired_text(opening.start..self.at);
    }

    fn single(&mut self, range: Range<usize>, body: Range<usize>, raw: bool) {
        let mut faults = Vec::new();
        let decoded = decode::single(self.source, body.clone(), raw, &mut faults);
        self.text(range, body, raw, decoded, faults);
    }

    fn several(&mut self, range: Range<usize>, body: Range<usize>, raw: bool) {
        let mut faults = Vec::new();
        let decoded = decode::several(self.source, body.clone(), raw, &mut faults);
        self.text(range, body, raw, decoded, faults);
    }

    fn text(
        &mut self,
        range: Range<usize>,
        body: Range<usize>,
        raw: bool,
        decoded: Decoded,
        faults: Vec<Fault>,
    ) {
        let kind = if raw { Kind::Raw } else { Kind::Quoted };
        self.at = range.end;
        let body_text = &self.source[body.clone()];
        let forbidden = body_text
            .char_indices()
            .find(|(_, character)| is_forbidden(*character));
        if let Some((at, character)) = forbidden {
            let place = body.start + at..body.start + at + character.len_utf8();
            self.slip(SlipKind::Forbidden { character }, place);
        }
        // A raw text of one quote reads as the start of a longer one.
        let ambiguous = raw && body_text == "\"";
        if faults.is_empty() && forbidden.is_none() && !ambiguous {
            self.scan.tokens.push(Token {
                kind,
                range,
                meaning: None,
                decoded: Some(decoded),
            });
            return;
        }
        // The first of each kind is enough: whoever mends one mends all of a text.
        let mut seen = Vec::new();
        for fault in faults {
            let (slip, place) = match fault {
                Fault::Escape(place) => (SlipKind::Escape, place),
                Fault::Unicode(place) => (SlipKind::Unicode, place),
                Fault::Indentation(place) => (SlipKind::Indentation, place),
                Fault::Closing(place) => (SlipKind::ClosingQuotes, place),
            };
            if !seen.contains(&slip) {
                seen.push(slip.clone());
                self.slip(slip, place);
            }
        }
        self.repaired(kind, range, Meaning::Text(decoded));
    }
}

/// Whether nothing but the line's end follows.
fn starts_line(rest: &str) -> bool {
    rest.chars().next().is_some_and(is_newline)
}

fn behind_newline(source: &str, at: usize) -> usize {
    let rest = &source[at..];
    if rest.starts_with("\r\n") {
        at + 2
    } else {
        at + rest.chars().next().map_or(0, char::len_utf8)
    }
}

/// The next `"""` that no `\` takes away.
fn closing_quotes(source: &str, from: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// `https:` and its like.
fn is_scheme(text: &str) -> bool {
    text.strip_suffix(':').is_some_and(|scheme| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// Whether a word is a number as KDL writes them.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |text: &str, radix: u32| {
        text.starts_with(|first: char| first.is_digit(radix))
            && text
                .chars()
                .all(|digit| digit == '_' || digit.is_digit(radix))
    };
    for (prefixes, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
        for prefix in prefixes {
            if let Some(rest) = unsigned.strip_prefix(prefix) {
                return digits(rest, radix);
            }
        }
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole, 10)
        && fraction.is_none_or(|fraction| digits(fraction, 10))
        && exponent.is_none_or(|exponent| {
            digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), 10)
        })
}
