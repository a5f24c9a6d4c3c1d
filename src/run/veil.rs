use std::{borrow::Cow, fmt, ops::Range};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};

/// What is shorter may end a text by chance, in bytes.
const TELLING: usize = 4;

/// What is shorter is not looked for within base 64, in bytes: the digits that are made of it alone
/// would be two, which stand in every other text.
pub const SHORTEST_ENCODED: usize = 3;

/// Hides secrets in texts, however whoever quotes them has written them: as they are, escaped as in
/// JSON (by any of the ways there are, and in JSON inside of JSON), in a URL, or in HTML; and, where
/// it is asked for, within something in base 64.
#[derive(Clone)]
pub struct Veil {
    secrets: Vec<Hidden>,
    /// Digits of base 64 that are made of a secret alone.
    digits: Vec<String>,
    /// The bytes that a quoted secret can start with.
    starts: [bool; 256],
    instead: &'static str,
}

/// One secret.
#[derive(Clone)]
struct Hidden {
    text: String,
    /// What is put in its place, where that tells it from others.
    instead: Option<Box<str>>,
}

/// Where secrets are quoted in a text.
struct Quote<'v> {
    at: Range<usize>,
    /// The one secret that this is all of; `None` where it is cut, or several reach into each
    /// other.
    of: Option<&'v Hidden>,
}

impl Quote<'_> {
    /// Takes in one that begins no later than this ends.
    fn join(&mut self, other: &Self) {
        if other.at.start < self.at.start || other.at.end > self.at.end {
            self.of = None;
        }
        self.at = self.at.start.min(other.at.start)..self.at.end.max(other.at.end);
    }
}

/// How a text writes characters that mean something to it.
#[derive(Clone, Copy)]
enum Script {
    Plain,
    /// `\"`, `\/`, `\u00e9`.
    Backslashes,
    /// `%22`, and `+` for a space.
    Percents,
    /// `&quot;`, `&#34;`.
    Entities,
}

const SCRIPTS: [Script; 4] = [
    Script::Plain,
    Script::Backslashes,
    Script::Percents,
    Script::Entities,
];

impl Veil {
    /// A veil over nothing yet, which puts `instead` in the place of secrets.
    pub fn new(instead: &'static str) -> Self {
        Self {
            secrets: Vec::new(),
            digits: Vec::new(),
            starts: [false; 256],
            instead,
        }
    }

    /// Hides one more; an empty one is in every text, and hides nothing.
    pub fn hide(&mut self, secret: &str) {
        self.add(secret, None);
    }

    /// Hides one more, which is told from others by what is put in its place wherever the whole of
    /// it stands.
    pub fn hide_as(&mut self, secret: &str, instead: &str) {
        self.add(secret, Some(instead.into()));
    }

    fn add(&mut self, secret: &str, instead: Option<Box<str>>) {
        if secret.is_empty() {
            return;
        }
        self.start_at(secret);
        if !self.secrets.iter().any(|known| known.text == secret) {
            self.secrets.push(Hidden {
                text: secret.to_owned(),
                instead,
            });
        }
    }

    /// Hides it where it is a part of something in base 64, too, as the password is in credentials
    /// of Basic. One of fewer bytes than [`SHORTEST_ENCODED`] stays there.
    pub fn hide_encoded(&mut self, secret: &[u8]) {
        if secret.len() < SHORTEST_ENCODED {
            return;
        }
        // How many bytes stand before it modulo three, and how many digits are theirs as well.
        for (before, shared) in [(0, 0), (1, 2), (2, 3)] {
            let bytes = [&[0; 2][..before], secret].concat();
            let own = shared..bytes.len() * 8 / 6;
            for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
                let digits = engine.encode(&bytes)[own.clone()].to_owned();
                if !self.digits.contains(&digits) {
                    self.start_at(&digits);
                    self.digits.push(digits);
                }
            }
        }
    }

    fn start_at(&mut self, quoted: &str) {
        self.starts[usize::from(quoted.as_bytes()[0])] = true;
        for escape in *b"\\%&+" {
            self.starts[usize::from(escape)] = true;
        }
    }

    /// What is put in the place of a text that is a secret, the whole of it.
    pub fn instead_of(&self, text: &str) -> Option<&str> {
        let secret = self.secrets.iter().find(|secret| secret.text == text)?;
        Some(self.instead(Some(secret)))
    }

    fn instead<'v>(&'v self, of: Option<&'v Hidden>) -> &'v str {
        of.and_then(|secret| secret.instead.as_deref())
            .unwrap_or(self.instead)
    }

    /// The text without the secrets.
    pub fn over<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.without(text, self.found(text, false))
    }

    /// The text without the secrets, and without the beginning of one at its end: somebody has cut
    /// it there.
    pub fn over_start<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.without(text, self.found(text, true))
    }

    fn without<'t>(&self, text: &'t str, found: Vec<Quote<'_>>) -> Cow<'t, str> {
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut told = String::with_capacity(text.len());
        let mut at = 0;
        for Quote { at: hidden, of } in found {
            told += &text[at..hidden.start];
            told += self.instead(of);
            at = hidden.end;
        }
        told += &text[at..];
        Cow::Owned(told)
    }

    /// Where secrets are quoted. One may be a part of another, or reach into it.
    fn found(&self, text: &str, is_cut: bool) -> Vec<Quote<'_>> {
        let mut found: Vec<Quote<'_>> = Vec::new();
        let bytes = text.bytes().enumerate();
        for (at, _) in bytes.filter(|(_, byte)| self.starts[usize::from(*byte)]) {
            // No character starts with a byte from the middle of one.
            let rest = &text[at..];
            let plain = longest(&self.secrets, |secret| quoted(rest, &secret.text, is_cut)).map(
                |(length, of)| Quote {
                    at: at..at + length,
                    of,
                },
            );
            // It may have bits of what stands beside the secret, and is not all of that.
            let encoded =
                longest(&self.digits, |digits| quoted(rest, digits, is_cut)).map(|(length, _)| {
                    Quote {
                        at: with_shared_digits(text, at..at + length),
                        of: None,
                    }
                });
            for quote in plain.into_iter().chain(encoded) {
                match found.last_mut() {
                    Some(last) if quote.at.start < last.at.end => last.join(&quote),
                    _ => found.push(quote),
                }
            }
        }
        found
    }
}

/// Which one is quoted in the most bytes, and whether that is all of it.
fn longest<S>(
    secrets: &[S],
    quoted: impl Fn(&S) -> Option<(usize, bool)>,
) -> Option<(usize, Option<&S>)> {
    let quotes = secrets.iter().filter_map(|secret| {
        let (length, is_whole) = quoted(secret)?;
        Some((length, is_whole.then_some(secret)))
    });
    quotes.max_by_key(|(length, of)| (*length, of.is_some()))
}

/// How many bytes of a text quote a secret at its start, in whichever script they are the most, and
/// whether that is all of it.
fn quoted(text: &str, secret: &str, is_cut: bool) -> Option<(usize, bool)> {
    let quotes = SCRIPTS
        .iter()
        .filter_map(|script| script.quoted(text, secret, is_cut));
    quotes.max()
}

/// The digits beside a secret's own may have some of its bits.
fn with_shared_digits(text: &str, own: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let is_digit =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let before = own.start.checked_sub(1).and_then(|at| bytes.get(at));
    let start = own.start - usize::from(before.is_some_and(is_digit));
    let end = own.end + usize::from(bytes.get(own.end).is_some_and(is_digit));
    start..end
}

impl Script {
    /// How many bytes of a text quote a secret at its start, and whether that is all of it; of a
    /// text that is cut, or says by `…` where it was, all up to there where the secret goes on.
    fn quoted(self, text: &str, secret: &str, is_cut: bool) -> Option<(usize, bool)> {
        let mut rest = text;
        let mut secret = secret.chars().peekable();
        while let Some(c) = secret.next() {
            // How many there are is told by how deep the text is escaped.
            while c == '\\' && matches!(self, Self::Backslashes) && secret.peek() == Some(&'\\') {
                secret.next();
            }
            let Some(length) = self.length(rest, c) else {
                let quoted = text.len() - rest.len();
                if quoted < TELLING {
                    return None;
                }
                if is_cut && (rest.is_empty() || is_start_of_escape(rest)) {
                    return Some((text.len(), false));
                }
                return marked_end(rest).map(|end| (quoted + end, false));
            };
            rest = &rest[length..];
        }
        Some((text.len() - rest.len(), true))
    }

    /// How many bytes write a character at the start of a text.
    fn length(self, text: &str, c: char) -> Option<usize> {
        match self {
            Self::Plain => plain(text, c),
            Self::Backslashes => backslashed(text, c),
            Self::Percents => percented(text, c),
            Self::Entities => entity(text, c).or_else(|| unless_escaped(text, c)),
        }
    }
}

fn plain(text: &str, c: char) -> Option<usize> {
    text.starts_with(c).then(|| c.len_utf8())
}

/// As it is, or behind backslashes: one, or more where what is escaped is escaped again.
fn unless_escaped(text: &str, c: char) -> Option<usize> {
    let escapes = if c.is_alphanumeric() || c == '\\' {
        0
    } else {
        backslashes(text)
    };
    Some(escapes + plain(&text[escapes..], c)?)
}

/// How many backslashes a text starts with, as far as anybody would nest escapes: a text may be
/// nothing but backslashes.
fn backslashes(text: &str) -> usize {
    const MOST: usize = 1 << 4;
    let bytes = text.bytes().take(MOST);
    bytes.take_while(|byte| *byte == b'\\').count()
}

fn backslashed(text: &str, c: char) -> Option<usize> {
    let escapes = backslashes(text);
    if escapes == 0 {
        return plain(text, c);
    }
    let mut units = [0; 2];
    let mut length = 0;
    for unit in c.encode_utf16(&mut units) {
        let Some(digits) = numbered(&text[length..], *unit) else {
            length = 0;
            break;
        };
        length += digits;
    }
    if length > 0 {
        return Some(length);
    }
    let letter = match c {
        '\\' => return Some(escapes),
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        c if c.is_alphanumeric() => return None,
        c => c,
    };
    Some(escapes + plain(&text[escapes..], letter)?)
}

/// The length of `\u` and four digits that stand for a unit of UTF-16.
fn numbered(text: &str, unit: u16) -> Option<usize> {
    let escapes = backslashes(text);
    let digits = text[escapes..].strip_prefix('u')?.get(..4)?;
    let is_it = escapes > 0 && digits.eq_ignore_ascii_case(&format!("{unit:04x}"));
    is_it.then_some(escapes + 1 + 4)
}

fn percented(text: &str, c: char) -> Option<usize> {
    if text.starts_with('%') {
        let mut utf8 = [0; 4];
        let bytes = c.encode_utf8(&mut utf8).bytes();
        let code = bytes.fold(String::new(), |code, byte| code + &format!("%{byte:02x}"));
        let written = text.get(..code.len())?;
        return written.eq_ignore_ascii_case(&code).then_some(code.len());
    }
    if c == ' ' && text.starts_with('+') {
        return Some(1);
    }
    unless_escaped(text, c)
}

fn entity(text: &str, c: char) -> Option<usize> {
    /// `&#1114111;`, which stands for the last character there is.
    const LONGEST: usize = 10;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let written = text[..end].strip_prefix('&')?;
    let named = match c {
        '"' => "quot",
        '&' => "amp",
        '\'' => "apos",
        '<' => "lt",
        '>' => "gt",
        _ => "",
    };
    let number = || {
        let number = written.strip_prefix('#')?;
        match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        }
    };
    let is_it = !written.is_empty() && (written == named || number() == Some(c.into()));
    is_it.then_some(written.len() + 2)
}

/// Where a text is cut in its first character, which may be written by an escape, and says so.
fn marked_end(text: &str) -> Option<usize> {
    // Long enough for an escape and the mark.
    let start = &text[..text.floor_char_boundary(10)];
    let end = start.find('…')?;
    (end == 0 || is_start_of_escape(&text[..end])).then_some(end)
}

/// Whether a text is what is left of an escape that was cut.
fn is_start_of_escape(text: &str) -> bool {
    const LONGEST: usize = 8;
    text.len() < LONGEST
        && text.starts_with(['\\', '%', '&'])
        && text[1..]
            .chars()
            .all(|c| c == '\\' || c == '#' || c.is_ascii_alphanumeric())
}

impl fmt::Debug for Veil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Veil")
            .field("secrets", &self.secrets.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil(secrets: &[&str]) -> Veil {
        let mut veil = Veil::new("***");
        for secret in secrets {
            veil.hide(secret);
        }
        veil
    }

    #[test]
    fn a_secret_is_hidden_however_it_is_written() {
        for (secret, written) in [
            ("s3cret", "s3cret"),
            ("a/b", r"a\/b"),
            ("a\"b\\c", r#"a\"b\\c"#),
            ("a\"b\\c", r#"a\\\"b\\\\c"#),
            ("a\\\"b", r#"a\\\"b"#),
            ("a\\\\b", r"a\\b"),
            ("a\\\\b", r"a\\\\b"),
            ("a\nb\tc\r", r"a\nb\tc\r"),
            ("a\nb", r"a\\nb"),
            ("\"a", r#"\"a"#),
            ("a<b>&'c", r"a\u003cb\u003E\u0026\u0027c"),
            ("a<b>&'c", r"a\\u003cb\\u003E\\u0026\\u0027c"),
            ("a\\b", r"a\u005cb"),
            ("näme", r"n\u00e4me"),
            ("näme", r"n\u00E4me"),
            ("a😀b", r"a\ud83d\ude00b"),
            ("a😀/b", r"a\ud83d\ude00\/b"),
            ("näme&x y", "n%C3%A4me%26x%20y"),
            ("näme&x y", "n%c3%a4me%26x+y"),
            ("a b/\"", "a%20b/%22"),
            ("a b/\"", r"a%20b\/%22"),
            ("a%25b", "a%25b"),
            ("a%25b", "a%2525b"),
            ("a+b c", "a+b c"),
            ("a+b c", "a%2Bb+c"),
            ("a\"b&<c>'d", "a&quot;b&amp;&lt;c&gt;&#39;d"),
            ("a\"b&<c>'d", "a&#34;b&#x26;&#X3C;c&#62;&apos;d"),
            ("a&amp;b", "a&amp;b"),
            ("a&amp;b", "a&amp;amp;b"),
        ] {
            let text = format!("<{written}>");
            assert_eq!(veil(&[secret]).over(&text), "<***>", "{written}");
        }
    }

    #[test]
    fn the_beginning_of_a_secret_is_hidden_where_a_text_says_that_it_was_cut() {
        for (text, told) in [
            ("no \"s3cret-a…, but text", "no \"***…, but text"),
            ("s3cret-an\"…", "***…"),
            ("s3cret-an\\…", "***…"),
            ("s3cret-an%2…", "***…"),
            // What is so short, or goes on, is none of it.
            ("s3c…", "s3c…"),
            ("s3cret-b…", "s3cret-b…"),
            ("s3cret-a", "s3cret-a"),
        ] {
            assert_eq!(veil(&["s3cret-an\"d-more"]).over(text), told, "{text}");
        }
    }

    #[test]
    fn a_secret_is_hidden_within_something_in_base_64_wherever_it_begins() {
        let secret = "s3cr>t?!";
        let mut veil = Veil::new("***");
        veil.hide_encoded(secret.as_bytes());
        for (whole, told) in [
            ("s3cr>t?!", "***"),
            ("s3cr>t?!!!", "***hIQ"),
            ("u:s3cr>t?!", "dT***"),
            ("me:s3cr>t?!", "bWU***"),
            ("you:s3cr>t?!", "eW91O***"),
            ("user:s3cr>t?! and more", "dXNlcj***BhbmQgbW9yZQ"),
            ("user:s3cr>t", "dXNlcjpzM2NyPnQ"),
        ] {
            let standard = BASE64_STANDARD_NO_PAD.encode(whole);
            assert_eq!(veil.over(&standard), told, "{whole}");
            let in_url = BASE64_URL_SAFE_NO_PAD.encode(whole);
            assert_eq!(veil.over(&in_url), told, "{whole} in a URL");
            let text = format!("<{standard}>").replace('/', "\\/");
            assert_eq!(veil.over(&text), format!("<{told}>"), "{whole} in JSON");
        }
        assert_eq!(veil.over_start("Basic dXNlcjpzM2Ny"), "Basic dXNlcj***");
        assert_eq!(veil.over(secret), secret);
    }

    #[test]
    fn a_short_secret_is_hidden_in_base_64_from_three_bytes_on() {
        let told = |secret: &[u8], whole: &str| {
            let mut veil = Veil::new("***");
            veil.hide_encoded(secret);
            veil.over(&BASE64_STANDARD_NO_PAD.encode(whole))
                .into_owned()
        };
        for (secret, whole, expected) in [
            ("abcd", "abcd", "***"),
            ("abcd", "u:abcd", "dT***"),
            ("abcd", "me:abcd", "bWU***"),
            ("abcd", "you:abcd", "eW91O***"),
            ("7#x", "7#x", "***"),
            ("7#x", "u:7#x", "dT***"),
            ("7#x", "me:7#x", "bWU***"),
            ("7#x", "you:7#x!", "eW91O***E"),
        ] {
            assert_eq!(told(secret.as_bytes(), whole), expected, "{whole}");
        }
        for whole in ["ab", "x:ab", "xy:ab", "xyz:ab"] {
            let encoded = BASE64_STANDARD_NO_PAD.encode(whole);
            assert_eq!(told(b"ab", whole), encoded);
        }
    }

    #[test]
    fn what_is_no_secret_is_left_as_it_is() {
        let veil = veil(&["a/b", "", "näme"]);
        for text in [
            "",
            "a b",
            r"a\b",
            "a%2",
            "a%2Gb",
            "a&#47b",
            "n\\u00e",
            "nä",
            "\u{fffd}ä😀",
        ] {
            assert_eq!(veil.over(text), text);
        }
    }

    #[test]
    fn of_secrets_that_reach_into_each_other_nothing_is_left() {
        for (secrets, text, told) in [
            (&["abc", "abcdef"][..], "abcdef abc", "*** ***"),
            (&["abcd", "cdefgh"], "<abcdefgh>", "<***>"),
            (&["aa"], "<aaa>", "<***>"),
            (&["ab"], "abab", "******"),
        ] {
            assert_eq!(veil(secrets).over(text), told);
        }
    }

    #[test]
    fn of_a_secret_that_is_cut_nothing_is_left() {
        let veil = veil(&["hunter\"2hunter"]);
        for (text, told) in [
            ("x hunter", "x ***"),
            ("x hunter\"2hunte", "x ***"),
            (r"x hunter\", "x ***"),
            (r"x hunter\u00", "x ***"),
            (r"x hunter\u0022h", "x ***"),
            ("x hunter%2", "x ***"),
            ("x hunter&quo", "x ***"),
            ("x hunt", "x ***"),
            ("x hun", "x hun"),
            ("x hunter 3", "x hunter 3"),
            (r"x hunter \", r"x hunter \"),
        ] {
            assert_eq!(veil.over_start(text), told);
            assert_eq!(veil.over(text), text, "it is no secret where it is whole");
        }
    }

    #[test]
    fn what_stands_for_a_secret_tells_it_from_others_only_where_it_is_whole_and_alone() {
        let mut veil = Veil::new("***");
        veil.hide_as("abcdef", "<1>");
        veil.hide_as("a\"b", "<2>");
        veil.hide_as("defghi", "<3>");
        veil.hide("xyz");
        for (text, told) in [
            ("abcdef, defghi", "<1>, <3>"),
            (r#"a"b, a\"b, a%22b"#, "<2>, <2>, <2>"),
            ("abcdefghi", "***"),
            ("xyz", "***"),
            ("... abcde", "... ***"),
        ] {
            assert_eq!(veil.over_start(text), told);
        }
        assert_eq!(veil.instead_of("abcdef"), Some("<1>"));
        assert_eq!(veil.instead_of("xyz"), Some("***"));
        assert_eq!(veil.instead_of("abcdef!"), None);
    }
}
