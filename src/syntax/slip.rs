//! Common slips, and what is said about each.
//!
//! `kdl`'s own messages are about its grammar ("Expected integer"); these are about what somebody
//! most likely wanted to write.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Report, SourceId, Span};

/// How deep blocks and comments may be nested. `kdl` follows both with the machine's stack, and a
/// configuration nested this deep is generated or broken.
pub(super) const DEEPEST: usize = 48;

/// What there is to begin with, on one line.
const SMALLEST: &str = r#"flow "hello" mode="sync" { webhook "/hello"; respond 200; }"#;

/// A slip, and where.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Slip {
    pub(super) kind: SlipKind,
    pub(super) range: Range<usize>,
    pub(super) also: Vec<(Range<usize>, &'static str)>,
}

/// What went wrong.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum SlipKind {
    BlocksTooDeep,
    CommentsTooDeep,
    CommentNotClosed,
    TextNotClosed,
    LongTextNotClosed,
    RawNotClosed { closing: String },
    TextOverLines,
    RawOverLines,
    LongTextOnOneLine,
    Escape,
    Unicode,
    Indentation,
    ClosingQuotes,
    StartsWithDigit,
    StartsWithPoint,
    BareKeyword,
    WrongKeyword { right: &'static str },
    SingleQuotes,
    CurlyQuotes,
    HashComment,
    OldRawText,
    Comma,
    Url,
    Unquoted,
    List,
    Placeholder,
    Forbidden { character: char },
    Expression { node: String },
    ColonAfterName { name: String },
    ColonForEquals { name: String },
    NodeEquals { name: String },
    ValueMissing,
    SpaceMissing,
    AfterBlock,
    BraceOnItsOwn { node: String },
    BlockWithoutName,
    SecondBlock { node: String },
    CloseWithoutOpen,
    BlockNotClosed { node: String },
    AnnotationBroken,
    AnnotationAlone,
    StrayParenthesis,
    SecondEquals,
    NameMissing,
    NameIsNoWord,
    StraySemicolon,
    TooManyDigits,
    Empty { is_included: bool },
}

/// What is said: the sentence, a few words at the place, and what to write.
struct Wording {
    message: String,
    label: Option<String>,
    help: Option<String>,
}

impl Wording {
    fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

fn say(message: impl Into<String>) -> Wording {
    Wording {
        message: message.into(),
        label: None,
        help: None,
    }
}

impl Slip {
    pub(super) fn new(kind: SlipKind, range: Range<usize>) -> Self {
        Self {
            kind,
            range,
            also: Vec::new(),
        }
    }

    pub(super) fn also(mut self, range: Range<usize>, note: &'static str) -> Self {
        self.also.push((range, note));
        self
    }

    /// Puts the slip into words. A masked place is never quoted.
    pub(super) fn report(&self, source: SourceId, report: &mut Report) {
        let span = |range: &Range<usize>| Span::new(source, range.start, range.end);
        let wording = self.kind.wording(report.text(span(&self.range)));
        let mut diagnostic = Diagnostic::error(span(&self.range), wording.message);
        diagnostic.label = wording.label;
        diagnostic.help = wording.help;
        for (range, note) in &self.also {
            diagnostic = diagnostic.also(span(range), *note);
        }
        report.push(diagnostic);
    }
}

impl SlipKind {
    fn wording(&self, shown: &str) -> Wording {
        let quoted = quoted(shown);
        match self {
            Self::BlocksTooDeep => say(format!("blocks are nested more than {DEEPEST} deep")),
            Self::CommentsTooDeep => say(format!("comments are nested more than {DEEPEST} deep")),
            Self::CommentNotClosed => say("this comment is not closed")
                .label("starts here")
                .help("close it with `*/`"),
            Self::TextNotClosed => say("this text is not closed")
                .label("starts here")
                .help("close it with `\"` on the same line"),
            Self::LongTextNotClosed => say("this text is not closed")
                .label("starts here")
                .help("close it with `\"\"\"` on a line of its own"),
            Self::RawNotClosed { closing } => say("this raw text is not closed")
                .label("starts here")
                .help(format!("close it with `{closing}`")),
            Self::TextOverLines => say("text in plain quotes ends on the line it starts on").help(
                "put `\"\"\"` on a line before and after it for several lines, or write `\\n` for a line break",
            ),
            Self::RawOverLines => say("raw text in plain quotes ends on the line it starts on")
                .help("put `#\"\"\"` on the line before and `\"\"\"#` on the line after it for several lines"),
            Self::LongTextOnOneLine => say("text in three quotes starts on the line below them")
                .help("use single `\"` quotes for one line, or start a new line behind `\"\"\"`"),
            Self::Escape => say(format!("`{shown}` is no escape"))
                .label("not an escape")
                .help(format!(
                    "write `\\{shown}` for a `\\`, or take everything as it stands with a raw string: `#\"…\"#`"
                )),
            Self::Unicode => say(format!("`{shown}` names no character"))
                .help("an escape of this kind has one to six hex digits, like `\\u{e9}`"),
            Self::Indentation => say("this line is indented less than the closing `\"\"\"`")
                .help("the spaces in front of the closing `\"\"\"` are taken off every line: start each with the same ones"),
            Self::ClosingQuotes => say("the closing `\"\"\"` belongs on a line of its own"),
            Self::StartsWithDigit => say(format!("`{shown}` is neither a number nor text"))
                .label("text starting with a digit is quoted")
                .help(format!("write `{quoted}`")),
            Self::StartsWithPoint => say(format!("`{shown}` is no number"))
                .help("a number has a digit in front of the point: `0.5`"),
            Self::BareKeyword => {
                let word = shown.trim_start_matches('-');
                match word {
                    "true" | "false" => say(format!("`{shown}` is written `#{shown}`"))
                        .help(format!("write `#{shown}`, or `\"{shown}\"` if it is text")),
                    _ => say(format!("`{shown}` alone is not allowed"))
                        .help(format!("write `\"{shown}\"` if it is text, `#{shown}` if not")),
                }
            }
            Self::WrongKeyword { right } => {
                say(format!("there is no `{shown}`")).help(format!("write `{right}`"))
            }
            Self::SingleQuotes => say("text is written in double quotes")
                .label("single quotes")
                .help(format!("write `\"{}\"`", trimmed(shown))),
            Self::CurlyQuotes => say("text is written in straight quotes")
                .label("curly quotes")
                .help(format!("write `\"{}\"`", trimmed(shown))),
            Self::HashComment => say("a comment starts with `//`, not `#`")
                .help("write `// …`; if it is text, put it in quotes"),
            Self::OldRawText => say("raw text is written `#\"…\"#`, without an `r`")
                .help("that is how KDL 2 writes it; `r\"…\"` was KDL 1"),
            Self::Comma => say("there are no commas between values")
                .label("remove it")
                .help("a space is enough; a comma that is part of a text is quoted with it"),
            Self::Url => say("this URL is not quoted: everything from `//` on reads as a comment")
                .help(format!("write `{quoted}`")),
            Self::Unquoted => say(format!("`{shown}` is not quoted"))
                .label("not allowed without quotes")
                .help(format!("write `{quoted}`")),
            Self::List => say("there are no `[…]` lists")
                .help("values follow each other: `\"a\" \"b\"`; in a `json` block each element is a node called `-`"),
            Self::Placeholder => say("this placeholder is not quoted").help(format!("write `{quoted}`")),
            Self::Forbidden { character } => say(format!(
                "the character U+{:04X} is not allowed in a file",
                u32::from(*character)
            ))
            .help(match character {
                '\u{feff}' => "it is a byte order mark: an editor left it there; delete it".to_owned(),
                '\0' => "is this a text file?".to_owned(),
                _ => format!("delete it, or write `\\u{{{:x}}}` in a text", u32::from(*character)),
            }),
            Self::Expression { node } => say("an expression is one text, in quotes")
                .label("not quoted")
                .help(format!("write `{node} {quoted}`")),
            Self::ColonAfterName { name } => say(format!("there is no colon after a name like `{name}`"))
                .label("remove the colon")
                .help(format!("write `{name}`, a space, and the value")),
            Self::ColonForEquals { name } => say("a property is set with `=`, not `:`")
                .help(format!("write `{name}=…`")),
            Self::NodeEquals { name } => say(format!("there is no `=` after `{name}` at the start of a line"))
                .label("remove it")
                .help(format!(
                    "`{name}` is a node here: write `{name} …`; a property is written on the line of its node"
                )),
            Self::ValueMissing => say("there is no value behind this `=`"),
            Self::SpaceMissing => say("there is no space between these two values")
                .label("put a space in front of this")
                .help("a `\"` inside of text is written `\\\"`"),
            Self::AfterBlock => say("a node ends with its block")
                .label("belongs on the next line")
                .help("values and properties of the node stand in front of its `{`"),
            Self::BraceOnItsOwn { node } => {
                say(format!("the `{{` of `{node}` belongs on the line of `{node}`"))
                    .label("move it up")
                    .help(format!("write `{node} … {{`"))
            }
            Self::BlockWithoutName => say("this block has no name in front of it"),
            Self::SecondBlock { node } => say(format!("`{node}` has a second block")),
            Self::CloseWithoutOpen => say("this `}` closes nothing").label("no block is open here"),
            Self::BlockNotClosed { node } if node.is_empty() => {
                say("this block is not closed").label("opened here").help("a `}` is missing")
            }
            Self::BlockNotClosed { node } => say(format!("the block of `{node}` is not closed"))
                .label("opened here")
                .help("a `}` is missing"),
            Self::AnnotationBroken => say("an annotation is one word in parentheses")
                .help("like `(env)\"NAME\"`; a text with parentheses is quoted"),
            Self::AnnotationAlone => say(format!("there is nothing behind `{shown}`"))
                .label("an annotation stands in front of a value")
                .help("like `(env)\"NAME\"`"),
            Self::StrayParenthesis => say("this `)` closes nothing"),
            Self::SecondEquals => say("there is a second `=` here")
                .help("put a value that contains `=` in quotes"),
            Self::NameMissing => say("there is no name in front of this `=`"),
            Self::NameIsNoWord => say(format!("a node starts with its name, and `{shown}` is none"))
                .help(format!("if it is a name, write `{quoted}`; if it is a value, put it behind its node")),
            Self::StraySemicolon => say("there is nothing in front of this `;`").label("remove it"),
            Self::TooManyDigits => say("this number has too many digits")
                .help("if it is an identifier, put it in quotes"),
            Self::Empty { is_included: true } => say("there is nothing in this file")
                .help("if it should be so, remove the file; a half-written save looks the same"),
            Self::Empty { is_included: false } => say("there is nothing in this file")
                .help(format!("write a flow, like `{SMALLEST}`; a half-written save looks the same")),
        }
    }
}

/// A value as it should have been written.
fn quoted(shown: &str) -> String {
    let line = shown.trim();
    if line.contains('"') || line.contains('\\') {
        format!("#\"{line}\"#")
    } else {
        format!("\"{line}\"")
    }
}

/// A value without the wrong quotes around it.
fn trimmed(shown: &str) -> &str {
    shown.trim_matches(['\'', '`', '“', '”', '„', '‟', '‘', '’', '‚', '«', '»'])
}
