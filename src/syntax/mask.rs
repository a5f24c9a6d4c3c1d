//! Which parts of a file are secrets.
//!
//! Where the blocks and quotes of a file pair up, the outline knows which values are secret. Where
//! they do not, and in comments, only the words on a line tell: then rather too much is hidden.

use std::ops::Range;

use super::token::is_newline;

/// Nodes and properties whose values are secrets.
const NAMES: [&str; 3] = ["password", "secret", "token"];

/// The block whose values all are.
pub(super) const BLOCK: &str = "secrets";

/// Whether the values of a node or property of this name are secrets.
pub(super) fn is_secret(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Whether a text with this annotation only names where a secret is kept.
pub(super) fn is_reference(annotation: &str) -> bool {
    matches!(annotation, "env" | "file" | "credential" | "secret")
}

/// What to hide in a stretch of text that cannot be told apart into nodes.
pub(super) fn by_words(source: &str, stretch: Range<usize>) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    let mut in_block = false;
    let mut at = stretch.start;
    while at < stretch.end {
        let end = source[at..stretch.end]
            .find(is_newline)
            .map_or(stretch.end, |length| at + length);
        let line = &source[at..end];
        if in_block
            && line
                .trim_start_matches([' ', '\t', '/', '*', '-'])
                .starts_with('}')
        {
            in_block = false;
        }
        if in_block {
            // Behind the name of the secret.
            let lead = line.len() - line.trim_start_matches([' ', '\t', '/', '*', '-']).len();
            if let Some(blank) = line[lead..].find([' ', '\t', '=']) {
                hide(source, at + lead + blank..end, &mut hidden);
            }
        } else if let Some(word) = secret_word(line) {
            hide(source, at + word..end, &mut hidden);
        }
        if let Some(word) = find_word(line, BLOCK)
            && line[word..].contains('{')
        {
            in_block = true;
            hide(source, at + word..end, &mut hidden);
        }
        at = end + source[end..].chars().next().map_or(1, char::len_utf8);
    }
    hidden
}

/// Hides everything that is not blank or punctuation at the start, and not a mere reference.
fn hide(source: &str, range: Range<usize>, hidden: &mut Vec<Range<usize>>) {
    let text = &source[range.clone()];
    let lead = text.len() - text.trim_start_matches([' ', '\t', '=', ':', '{']).len();
    let text = &text[lead..];
    let reference = text
        .strip_prefix('(')
        .and_then(|text| text.split_once(')'))
        .is_some_and(|(annotation, _)| is_reference(annotation.trim()));
    let kept = text.trim_end_matches([' ', '\t', '{', '}']).len();
    if !reference && kept > 0 {
        hidden.push(range.start + lead..range.start + lead + kept);
    }
}

/// Behind the first word of a line that announces a secret.
fn secret_word(line: &str) -> Option<usize> {
    NAMES.iter().filter_map(|name| find_word(line, name)).min()
}

/// Behind a word of its own.
fn find_word(line: &str, name: &str) -> Option<usize> {
    let in_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    line.match_indices(name).find_map(|(at, _)| {
        let end = at + name.len();
        let alone = !line[..at].ends_with(in_word) && !line[end..].starts_with(in_word);
        alone.then_some(end)
    })
}
