use http::{HeaderName, header};

use crate::{
    expr::{Path, PathSet},
    run::Value,
};

/// The headers that are taken away once they are verified: no step and no record has them.
pub const WITHHELD_HEADERS: [HeaderName; 2] = [header::AUTHORIZATION, header::PROXY_AUTHORIZATION];

/// How many brackets a key of a query can have.
pub const MAX_QUERY_BRACKETS: usize = 8;

/// The highest index that a bracket of a query can name.
pub const MAX_QUERY_INDEX: usize = 100;

/// `parse { … }`, ready to be read by: names are header names, paths are compiled, and all plain
/// body paths are merged so that one pass over the body reads them.
#[derive(Debug)]
pub struct Parse {
    /// What is read, by slot: entry `i` fills variable `i`.
    pub entries: Vec<ParseEntry>,
    /// The plain body paths; [`BodySource::Plain`] indexes into it.
    pub body_paths: PathSet,
    /// Whether the whole JSON document is needed: by a JSONPath, or by `request.json` somewhere.
    pub needs_document: bool,
}

impl Parse {
    /// Whether anything is read from the body, so that it has to be of a known format.
    pub fn reads_body(&self) -> bool {
        self.needs_document
            || self
                .entries
                .iter()
                .any(|entry| matches!(entry.source, ParseSource::Body(_)))
    }

    /// Whether anything is read from the query.
    pub fn reads_query(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.source, ParseSource::Query(_)))
    }
}

/// One line of `parse`.
#[derive(Debug)]
pub struct ParseEntry {
    /// Where the value is.
    pub source: ParseSource,
    /// The type it must have.
    pub kind: Option<Kind>,
    /// What happens when it is not there.
    pub absence: Absence,
}

/// Where a value is.
#[derive(Debug)]
pub enum ParseSource {
    /// A header: its first value, or all of them as a list.
    Header {
        /// The header's name.
        name: HeaderName,
        /// `as-list=#true`.
        as_list: bool,
    },
    /// A place in the nested query.
    Query(Path),
    /// A `{name}` of the route.
    PathParameter(String),
    /// A place in the body.
    Body(BodySource),
}

/// A place in the body.
#[derive(Debug)]
pub enum BodySource {
    /// A plain path: its index in [`Parse::body_paths`], and its text.
    Plain(u32, Path),
    /// An RFC 9535 JSONPath.
    JsonPath(Path),
}

/// What happens when a value is not there.
#[derive(Clone, PartialEq, Debug)]
pub enum Absence {
    /// The variable is absent.
    Allowed,
    /// The request is refused with 422.
    Refused,
    /// This value stands in.
    Default(Value),
}

/// `type=`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Text; numbers and booleans become text.
    String,
    /// A number; text that is one becomes one.
    Number,
    /// A whole number; text that is one becomes one.
    Integer,
    /// A boolean; the texts `true` and `false` become one.
    Bool,
    /// A list; a single value becomes a list of one.
    List,
    /// Anything; text is read as JSON.
    Json,
}

impl Kind {
    /// All of them, in the order they are documented.
    pub const ALL: [Self; 6] = [
        Self::String,
        Self::Number,
        Self::Integer,
        Self::Bool,
        Self::List,
        Self::Json,
    ];

    /// The word in `type=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Bool => "bool",
            Self::List => "list",
            Self::Json => "json",
        }
    }
}

/// A body format that `accept` can name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `text/*`.
    Text,
    /// `application/xml`, `text/xml`, `+xml`.
    Xml,
}

impl Format {
    /// All of them, in the order they are documented.
    pub const ALL: [Self; 3] = [Self::Form, Self::Text, Self::Xml];

    /// The word in `accept`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Text => "text",
            Self::Xml => "xml",
        }
    }
}
