//! Samples -> lines of `parse`, typed and aligned.

use std::collections::{HashMap, hash_map::Entry};

use unicode_width::UnicodeWidthStr;

use super::{
    leaves::{self, Wanted},
    path, quote,
    sample::{Origin, Sample},
    shown,
};
use crate::{
    expr::Segment,
    model::{Kind, WITHHELD_HEADERS},
    run::Value,
};

/// Columns wider than this are not waited for by the others.
const WIDEST_COLUMN: usize = 48;

/// Headers that are rarely wanted: cookies, and what only the two ends of a connection tell each
/// other.
pub(super) const SKIPPED_HEADERS: [&str; 11] = [
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What a line reads. Two lines that read the same are one, however they write it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    /// A header, in lower case.
    Header(String),
    /// A place in the query or the body.
    Place(Origin, Vec<Segment>),
}

/// One line of `parse`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Where it reads.
    pub origin: Origin,
    /// The path, or the header's name.
    pub place: String,
    /// The steps of the path; a header's name is one.
    pub steps: Vec<Segment>,
    /// The name it is given, where the place has none of its own.
    pub as_name: Option<String>,
    /// The type of what was there.
    pub kind: Option<Kind>,
    /// A header that came more than once.
    pub as_list: bool,
    /// The sample's value, ready for a comment.
    pub shown: String,
}

impl Line {
    /// What it reads.
    pub fn key(&self) -> Key {
        match self.origin {
            Origin::Header => Key::Header(self.place.to_ascii_lowercase()),
            origin => Key::Place(origin, self.steps.clone()),
        }
    }

    /// What a variable that it fills is said to come from: `body order.id`.
    pub fn source(&self) -> String {
        format!("{} {}", self.origin.word(), self.place)
    }

    /// The line up to its properties.
    pub fn start(&self) -> String {
        format!("{} {}", self.origin.word(), quote::quoted(&self.place))
    }

    fn properties(&self) -> String {
        let mut properties = Vec::new();
        if let Some(name) = &self.as_name {
            properties.push(format!("as={}", quote::quoted(name)));
        }
        if let Some(kind) = self.kind {
            properties.push(format!("type={}", quote::quoted(kind.name())));
        }
        if self.as_list {
            properties.push("as-list=#true".to_owned());
        }
        properties.join(" ")
    }
}

/// The lines that samples come to, headers first, and what there is to say about them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Lines {
    pub lines: Vec<Line>,
    /// What is missing, and why.
    pub notes: Vec<String>,
    /// What is left out on purpose.
    pub hints: Vec<String>,
    /// There are more places than were looked at.
    pub cut: bool,
}

/// Works out the lines of some samples; `all` are inner places, each item of each list, and
/// headers that are rarely wanted.
pub(super) fn lines(samples: &[Sample], all: bool) -> Lines {
    let mut gathered = Gathered::default();
    for sample in samples {
        match sample {
            Sample::Headers(headers) => gathered.headers(headers, all),
            Sample::Query(values) => gathered.document(Origin::Query, values, all),
            Sample::Body(document) => gathered.document(Origin::Body, document, all),
        }
    }
    gathered.finish()
}

#[derive(Default)]
struct Gathered {
    out: Lines,
    index: HashMap<Key, usize>,
    /// Lines that samples disagree on the type of.
    mixed: Vec<usize>,
    unreachable: Vec<String>,
    skipped: Vec<String>,
    folded: bool,
}

impl Gathered {
    fn headers(&mut self, headers: &[(String, String)], all: bool) {
        // Within a sample a header that comes again is a list; another sample only repeats it.
        let mut values: Vec<(&str, Vec<&str>)> = Vec::new();
        for (name, value) in headers {
            match values
                .iter_mut()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
            {
                Some((_, values)) => values.push(value),
                None => values.push((name, vec![value])),
            }
        }
        for (name, values) in values {
            if WITHHELD_HEADERS
                .iter()
                .any(|withheld| name.eq_ignore_ascii_case(withheld.as_str()))
            {
                continue;
            }
            if !all && SKIPPED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                if !self.skipped.iter().any(|known| known == name) {
                    self.skipped.push(name.to_owned());
                }
                continue;
            }
            let as_list = values.len() > 1;
            let value = match values.as_slice() {
                [value] => Value::from(*value),
                values => Value::from(values.to_vec()),
            };
            self.add(Line {
                origin: Origin::Header,
                place: name.to_owned(),
                steps: vec![Segment::Key(name.into())],
                as_name: None,
                kind: None,
                as_list,
                shown: shown_of(&value, shown::is_secret(name)),
            });
        }
    }

    fn document(&mut self, origin: Origin, document: &Value, all: bool) {
        // Each parameter of a query was spelled out by somebody; the items of a list in a body
        // rather come from a loop.
        let found = leaves::leaves(
            document,
            Wanted {
                inner: all,
                every_item: all || origin == Origin::Query,
            },
        );
        self.folded |= found.folded;
        self.out.cut |= found.cut;
        for leaf in found.found {
            // The whole query is no place of its own, nor is a gap that indexes leave.
            if origin == Origin::Query && (leaf.steps.is_empty() || leaf.value.is_null()) {
                continue;
            }
            let Some(place) = path::written(&leaf.steps, origin == Origin::Body) else {
                self.unreachable
                    .push(format!("{} {}", origin.word(), shown::steps(&leaf.steps)));
                continue;
            };
            let hide = leaf.steps.iter().any(|step| match step {
                Segment::Key(key) => shown::is_secret(key),
                Segment::Index(_) => false,
            });
            self.add(Line {
                origin,
                place,
                kind: kind(origin, leaf.value),
                steps: leaf.steps,
                as_name: None,
                as_list: false,
                shown: shown_of(leaf.value, hide),
            });
        }
    }

    fn add(&mut self, line: Line) {
        match self.index.entry(line.key()) {
            Entry::Vacant(entry) => {
                entry.insert(self.out.lines.len());
                self.out.lines.push(line);
            }
            Entry::Occupied(entry) => {
                let at = *entry.get();
                let first = &mut self.out.lines[at];
                first.as_list |= line.as_list;
                if first.shown == "null" {
                    first.kind = line.kind;
                    first.shown = line.shown;
                } else if first.kind != line.kind && line.shown != "null" {
                    self.mixed.push(at);
                }
            }
        }
    }

    fn finish(self) -> Lines {
        let mut out = self.out;
        for at in self.mixed {
            out.lines[at].kind = None;
        }
        out.lines.sort_by_key(|line| line.origin);
        if let Some(first) = self.unreachable.first() {
            let count = self.unreachable.len();
            let others = match count - 1 {
                0 => String::new(),
                1 => " and one more place".to_owned(),
                more => format!(" and {more} more places"),
            };
            out.notes
                .push(format!("no path reaches {first}{others}: left out"));
        }
        if self.folded {
            out.hints.push(
                "of each list the first item stands for the others; --all lists them".to_owned(),
            );
        }
        if !self.skipped.is_empty() {
            let skipped = self.skipped.join(", ");
            out.hints
                .push(format!("left out: {skipped}; --all adds them"));
        }
        out
    }
}

fn shown_of(value: &Value, hide: bool) -> String {
    if hide && !value.is_null() {
        shown::hidden()
    } else {
        shown::shown(value)
    }
}

/// What is in a query is text anyway; null has no type.
fn kind(origin: Origin, value: &Value) -> Option<Kind> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(Kind::Bool),
        Value::Number(_) => Some(Kind::Number),
        Value::String(_) => (origin == Origin::Body).then_some(Kind::String),
        Value::Array(_) => Some(Kind::List),
        Value::Object(_) => Some(Kind::Json),
    }
}

/// The lines as text, in columns: place, properties, sample.
pub(super) fn aligned(lines: &[Line]) -> Vec<String> {
    let word = lines.iter().map(|line| line.origin.word().len()).max();
    let cells: Vec<[String; 3]> = lines
        .iter()
        .map(|line| {
            let word = pad(line.origin.word(), word.unwrap_or_default());
            [
                format!("{word} {}", quote::quoted(&line.place)),
                line.properties(),
                format!("// {}", line.shown),
            ]
        })
        .collect();
    let width = |column: usize| {
        let widths = cells.iter().map(|cells| cells[column].width());
        widths
            .filter(|width| *width <= WIDEST_COLUMN)
            .max()
            .unwrap_or_default()
    };
    let widths = [width(0), width(1)];
    cells
        .iter()
        .map(|[place, properties, comment]| {
            let mut text = pad(place, widths[0]);
            // No column where no line has anything in it.
            if widths[1] > 0 || !properties.is_empty() {
                text.push(' ');
                text.push_str(&pad(properties, widths[1]));
            }
            text.push(' ');
            text.push_str(comment);
            text
        })
        .collect()
}

fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(samples: &[Sample], all: bool) -> Vec<String> {
        aligned(&lines(samples, all).lines)
    }

    fn headers(pairs: &[(&str, &str)]) -> Sample {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Sample::Headers(pairs.iter().map(owned).collect())
    }

    #[test]
    fn every_kind_of_value_has_its_type() {
        let body = json!({
            "bool": true, "empty": {}, "float": 1.5, "list": [1], "none": [], "null": null,
            "text": "5",
        });
        assert_eq!(
            printed(&[Sample::Body(body)], false),
            [
                r#"body "bool"  type="bool"   // true"#,
                r#"body "empty" type="json"   // {}"#,
                r#"body "float" type="number" // 1.5"#,
                r#"body "list"  type="list"   // [1]"#,
                r#"body "none"  type="list"   // []"#,
                r#"body "null"                // null"#,
                r#"body "text"  type="string" // "5""#,
            ]
        );
    }

    #[test]
    fn origins_stand_in_one_order_whatever_order_they_come_in() {
        let samples = [
            Sample::Body(json!({"a": 1})),
            Sample::Query(json!({"q": [{"x": "1"}, {"x": "2"}], "tag": ["a", "b"]})),
            headers(&[("X-Id", "1")]),
        ];
        assert_eq!(
            printed(&samples, false),
            [
                r#"header "X-Id"                 // "1""#,
                r#"query  "q[0].x"               // "1""#,
                r#"query  "q[1].x"               // "2""#,
                r#"query  "tag"    type="list"   // ["a","b"]"#,
                r#"body   "a"      type="number" // 1"#,
            ]
        );
    }

    #[test]
    fn credentials_and_hop_by_hop_headers_are_left_out() {
        let sample = headers(&[
            ("Host", "x"),
            ("authorization", "Basic eA=="),
            ("X-Id", "1"),
            ("Via", "a"),
            ("via", "b"),
        ]);
        let found = lines(std::slice::from_ref(&sample), false);
        assert_eq!(
            aligned(&found.lines),
            [
                r#"header "X-Id"               // "1""#,
                r#"header "Via"  as-list=#true // ["a","b"]"#,
            ]
        );
        assert_eq!(found.hints, ["left out: Host; --all adds them"]);
        assert_eq!(
            printed(&[sample], true),
            [
                r#"header "Host"               // "x""#,
                r#"header "X-Id"               // "1""#,
                r#"header "Via"  as-list=#true // ["a","b"]"#,
            ]
        );
    }

    #[test]
    fn samples_of_one_kind_add_up() {
        let samples = [
            Sample::Body(json!({"a": null, "b": 1, "c": 1})),
            Sample::Body(json!({"a": 1, "b": "x", "c": null, "d": 1})),
        ];
        assert_eq!(
            printed(&samples, false),
            [
                r#"body "a" type="number" // 1"#,
                r#"body "b"               // 1"#,
                r#"body "c" type="number" // 1"#,
                r#"body "d" type="number" // 1"#,
            ]
        );
    }

    #[test]
    fn a_place_that_no_path_reaches_is_told() {
        let found = lines(
            &[Sample::Query(json!({"a.b": "1", "c": "1", "d d": "1"}))],
            false,
        );
        assert_eq!(aligned(&found.lines), [r#"query "c" // "1""#]);
        assert_eq!(
            found.notes,
            ["no path reaches query [\"a.b\"] and one more place: left out"]
        );
    }

    #[test]
    fn what_stands_below_a_secret_is_secret() {
        assert_eq!(
            printed(
                &[Sample::Body(json!({"secrets": {"db": {"port": 5}}}))],
                false
            ),
            [r#"body "secrets.db.port" type="number" // ***"#]
        );
    }
}
