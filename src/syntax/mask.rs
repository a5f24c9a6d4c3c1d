//! Which parts of a file are secrets.
//!
//! Where the blocks and quotes of a file pair up, the outline knows which values are secret. Where
//! they do not, and in comments, only the words on a line tell: then rather too much is hidden.

use std::ops::Range;

use super::token::is_newline;

/// What stands in parentheses before a text that only names where a secret is kept.
pub const SECRET_PLACES: [&str; 4] = ["env", "file", "credential", "secret"];

/// Nodes and properties whose values are secrets.
const NAMES: [&str; 3] = ["password", "secret", "token"];

/// What may stand in front of a node where it is commented out.
const LEAD: [char; 5] = [' ', '\t', '/', '*', '-'];

/// Whether a text with this annotation only names where a secret is kept.
pub fn is_secret_place(annotation: &str) -> bool {
    SECRET_PLACES.contains(&annotation)
}

/// Whether the values of a node or property of this name are secrets.
pub(super) fn is_secret(name: &str) -> bool {
    NAMES.contains(&name)
}

/// A node whose values all are secrets, and those in its block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hiding {
    /// `secrets`: all but the path of the env-file.
    Secrets,
    /// `auth`, and `basic` wherever it stands: all but the user.
    Auth,
}

impl Hiding {
    const NODES: [(&'static str, Self); 3] = [
        ("secrets", Self::Secrets),
        ("auth", Self::Auth),
        ("basic", Self::Auth),
    ];

    /// What the node of this name hides.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::NODES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, hiding)| *hiding)
    }

    /// Whether a value of a node within is none of the secrets.
    pub(super) fn shows(self, node: &str, property: Option<&str>) -> bool {
        match self {
            Self::Secrets => node == "env-file" && property.is_none(),
            Self::Auth => property.unwrap_or(node) == "user",
        }
    }
}

/// What to hide in a stretch of text that cannot be told apart into nodes.
pub(super) fn by_words(source: &str, stretch: Range<usize>) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    let mut block: Option<Block> = None;
    let mut at = stretch.start;
    while at < stretch.end {
        let end = source[at..stretch.end]
            .find(is_newline)
            .map_or(stretch.end, |length| at + length);
        let line = &source[at..end];
        let lead = line.len() - line.trim_start_matches(LEAD).len();
        if lead < line.len() {
            block = block.filter(|block| !block.is_over(lead, &line[lead..]));
        }
        if let Some(word) = secret_word(line) {
            hide(source, at + word..end, &mut hidden);
        }
        match &mut block {
            Some(block) => {
                hide_values(source, at + lead..end, block.hiding, &mut hidden);
                block.is_open |= line.contains('{');
                block.balance += balance(line);
            }
            None => {
                if let Some((start, hiding)) = hiding_node(line) {
                    hide_values(source, at + start..end, hiding, &mut hidden);
                    block = Some(Block {
                        hiding,
                        lead,
                        is_open: line[start..].contains('{'),
                        balance: balance(&line[start..]),
                    });
                }
            }
        }
        at = end + source[end..].chars().next().map_or(1, char::len_utf8);
    }
    hidden
}

/// A block of secrets, in a text whose braces cannot be relied on.
struct Block {
    hiding: Hiding,
    /// How far the line that opens it is indented.
    lead: usize,
    /// Whether its brace has been seen: it may stand on a line of its own.
    is_open: bool,
    /// How many more braces were opened than closed since.
    balance: isize,
}

impl Block {
    /// Whether a line is the first one behind the block, or the one that closes it. A brace too
    /// many does not end it before the lines stand further left again.
    fn is_over(&self, lead: usize, line: &str) -> bool {
        if !self.is_open {
            return !line.starts_with('{');
        }
        let closers = line.len() - line.trim_start_matches('}').len();
        let is_closed = self.balance <= closers as isize;
        (lead <= self.lead && is_closed) || (lead < self.lead && closers > 0)
    }
}

/// How many more braces a line opens than it closes, outside of quotes that pair up.
fn balance(line: &str) -> isize {
    let mut balance = 0;
    let mut rest = line;
    while let Some(at) = rest.find(['{', '}', '"']) {
        let (length, is_whole) = match &rest[at..=at] {
            "\"" => word(&rest[at..]),
            brace => {
                balance += if brace == "{" { 1 } else { -1 };
                (1, true)
            }
        };
        rest = &rest[at + if is_whole { length } else { 1 }..];
    }
    balance
}

/// Where a node starts on a line whose values are secrets. It is the first word, or one behind a
/// brace or semicolon; `auth {` and `secrets {` are told by their brace alone.
fn hiding_node(line: &str) -> Option<(usize, Hiding)> {
    let nodes = Hiding::NODES.iter().filter_map(|(name, hiding)| {
        let end = words(line, name).find(|end| {
            let before = line[..end - name.len()].trim_end_matches(LEAD);
            before.is_empty()
                || before.ends_with(['{', '}', ';'])
                || line[*end..].trim_start().starts_with('{')
        })?;
        Some((end - name.len(), *hiding))
    });
    nodes.min_by_key(|(start, _)| *start)
}

/// Hides the values of the nodes on a line, as far as they can be told from names.
fn hide_values(source: &str, line: Range<usize>, hiding: Hiding, hidden: &mut Vec<Range<usize>>) {
    let mut node: Option<&str> = None;
    let mut property: Option<&str> = None;
    let mut is_reference = false;
    let mut at = line.start;
    while at < line.end {
        let rest = &source[at..line.end];
        let Some(first) = rest.chars().next() else {
            break;
        };
        match first {
            '{' | '}' | ';' => {
                (node, property, is_reference) = (None, None, false);
                at += 1;
            }
            '(' if place(rest).is_some() => {
                is_reference = true;
                at += place(rest).unwrap_or_default();
            }
            ' ' | '\t' | '=' | ':' => at += 1,
            // In front of a node that is commented out.
            '/' | '*' | '-' if node.is_none() => at += 1,
            _ => {
                let (length, is_whole) = word(rest);
                let text = &rest[..length];
                at += length;
                let is_name = !text.contains('"');
                let behind = source[at..line.end].trim_start_matches([' ', '\t']);
                if behind.starts_with('=') && is_whole && node.is_some() {
                    property = Some(text.trim_matches('"'));
                    continue;
                }
                if node.is_none() && is_name {
                    node = Some(text);
                    continue;
                }
                let shown = is_reference || hiding.shows(node.unwrap_or_default(), property);
                if !(shown && is_whole) {
                    hidden.push(at - length..at);
                }
                (property, is_reference) = (None, false);
            }
        }
    }
}

/// How long the `(env)` is that a text starts with.
fn place(text: &str) -> Option<usize> {
    let (annotation, _) = text.strip_prefix('(')?.split_once(')')?;
    is_secret_place(annotation.trim_matches([' ', '\t', '"'])).then_some(annotation.len() + 2)
}

/// How long the word or quoted text is that a text starts with, and whether its quotes pair up.
fn word(text: &str) -> (usize, bool) {
    let mut quoted = false;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if quoted => {
                let raw = text[at + 1..].len() - text[at + 1..].trim_start_matches('#').len();
                return (at + 1 + raw, true);
            }
            '"' => quoted = true,
            ' ' | '\t' | '=' | ';' | '{' | '}' if !quoted && at > 0 => return (at, true),
            _ => {}
        }
    }
    (text.len(), !quoted)
}

/// Hides everything that is not blank or punctuation at the start, and no mere reference.
fn hide(source: &str, mut range: Range<usize>, hidden: &mut Vec<Range<usize>>) {
    loop {
        let text = &source[range.clone()];
        let lead = text.len()
            - text
                .trim_start_matches([' ', '\t', '=', ':', ';', '{', '}'])
                .len();
        let text = &text[lead..];
        range.start += lead;
        if let Some(annotation) = place(text) {
            let behind = &text[annotation..];
            let blank = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            let (length, is_whole) = word(&behind[blank..]);
            if is_whole && length > 0 {
                range.start += annotation + blank + length;
                continue;
            }
        }
        let kept = text.trim_end_matches([' ', '\t', '{', '}']).len();
        if kept > 0 {
            hidden.push(range.start..range.start + kept);
        }
        return;
    }
}

/// Behind the first word of a line that announces a secret.
fn secret_word(line: &str) -> Option<usize> {
    NAMES
        .iter()
        .filter_map(|name| words(line, name).next())
        .min()
}

/// Behind each place where a word stands on its own.
fn words<'l>(line: &'l str, name: &'l str) -> impl Iterator<Item = usize> + 'l {
    let in_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    line.match_indices(name).filter_map(move |(at, _)| {
        let end = at + name.len();
        let before = line[..at].strip_suffix("/-").unwrap_or(&line[..at]);
        let alone = !before.ends_with(in_word) && !line[end..].starts_with(in_word);
        alone.then_some(end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> String {
        let mut bytes = source.as_bytes().to_vec();
        for range in by_words(source, 0..source.len()) {
            bytes[range].fill(b'*');
        }
        String::from_utf8(bytes).unwrap_or_default()
    }

    #[test]
    fn in_auth_all_is_hidden_but_the_user_and_where_a_secret_is_kept() {
        for (source, expected) in [
            (
                "auth {\n  basic \"shop\" \"hunter2\"\n",
                "auth {\n  basic ****** *********\n",
            ),
            (
                "auth { basic user=\"x\" pass=\"hunter2\"",
                "auth { basic user=\"x\" pass=*********",
            ),
            (
                "basic user=\"x\" { pasword \"hunter2\" }",
                "basic user=\"x\" { pasword ********* }",
            ),
            (
                "basic user=\"x\" password=(env)\"A\" pass=(env)\"B\" \"hunter2\"",
                "basic user=\"x\" password=(env)\"A\" ***********************",
            ),
            ("basic user=\"hunter2", "basic user=********"),
            ("basic hunter2 hunter3", "basic ******* *******"),
            ("auth {}\nlog \"x\"", "auth {}\nlog \"x\""),
            (
                "flow {\n  auth {\n  }\n  log \"x\"",
                "flow {\n  auth {\n  }\n  log \"x\"",
            ),
        ] {
            assert_eq!(shown(source), expected, "{source}");
        }
    }

    #[test]
    fn braces_that_are_off_do_not_show_the_secrets_behind_them() {
        for source in [
            "  auth {\n    basic user=\"x\" }\n    pasword \"hunter2\"\n  }\n",
            "  auth {\n    basic user=\"x\" {\n    }\n    pasword \"hunter2\"\n  }\n",
            "auth {\nbasic user=\"x\" {\n}\npasword \"hunter2\"\n}\n",
            "auth\n{\nbasic \"hunter2\"\n}\n",
            "secrets {\n  a { }\n  b \"hunter2\"\n",
            "secrets { a (env)\"A\"; b \"hunter2\"\n",
            "// auth {\n//   basic x hunter2\n",
            "/- auth { pasword \"hunter2\"\n",
            "password (env)\"A\" \"hunter2\"\n",
        ] {
            let shown = shown(source);
            assert!(!shown.contains("hunter"), "{shown}");
        }
    }
}
