//! Where a value stands in a document.

use serde_json::Value;

use super::error::{ExprError, ExprErrorKind};
use super::json_path::{JsonPath, TooMuch};
use super::limits::{MAX_DEPTH, MAX_EXPRESSION};
use super::{Segment, names, walk};

/// Where a value stands in a document: a plain path (`order.items[0]['unit price']`), or
/// JSONPath (RFC 9535) where it starts with `$`.
#[derive(Clone, Debug)]
pub struct Path {
    text: Box<str>,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    /// A plain path, or a singular query, which says the same in other words.
    Segments(Box<[Segment]>),
    Query(Box<JsonPath>),
}

/// Two paths are equal where they are written alike.
impl PartialEq for Path {
    fn eq(&self, other: &Path) -> bool {
        self.text == other.text
    }
}

impl Eq for Path {}

impl Path {
    /// Parses a path: JSONPath where `text` starts with `$`, else
    /// `key *( "." key / "[" integer "]" / "['name']" )`.
    ///
    /// # Errors
    /// Where the text is neither, or over a limit.
    pub fn parse(text: &str) -> Result<Path, ExprError> {
        if text.is_empty() {
            return Err(ExprError::new(ExprErrorKind::Empty("the path"), 0..0));
        }
        if text.len() > MAX_EXPRESSION {
            return Err(super::syntax::too_long(0..text.len()));
        }
        let way = if text.starts_with('$') {
            let query = JsonPath::parse(text)?;
            match query.singular() {
                Some(segments) => Way::Segments(segments.into()),
                None => Way::Query(Box::new(query)),
            }
        } else {
            Way::Segments(Reader { text, at: 0 }.read()?.into())
        };
        Ok(Path {
            text: text.into(),
            way,
        })
    }

    /// The path as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is written as JSONPath.
    pub fn is_jsonpath(&self) -> bool {
        self.text.starts_with('$')
    }

    /// Whether it can give several values, and so gives a list. Only a JSONPath that is no
    /// singular query (RFC 9535, section 2.3.5.1) can.
    pub fn gives_many(&self) -> bool {
        matches!(self.way, Way::Query(_))
    }

    /// Its steps, for a plain path and for a singular query (`$.a[0]`); none for other JSONPath.
    pub fn segments(&self) -> Option<&[Segment]> {
        match &self.way {
            Way::Segments(segments) => Some(segments),
            Way::Query(_) => None,
        }
    }

    /// The variable the path gives its name to (`b.c` is `b_c`); none for JSONPath, nor where
    /// [`variable_name`](super::variable_name) has none.
    pub fn variable_name(&self) -> Option<String> {
        if self.is_jsonpath() {
            None
        } else {
            names::variable_name(&self.text)
        }
    }

    /// The value at the path. Null is absent; a path that gives many gives a list, which is
    /// empty where none match.
    ///
    /// # Errors
    /// Where it gives many: there is too much in the document to look for them.
    pub fn find(&self, document: &Value) -> Result<Option<Value>, TooMuch> {
        match &self.way {
            Way::Segments(segments) => Ok(walk(document, segments).cloned()),
            Way::Query(query) => query.find(document).map(|found| Some(Value::Array(found))),
        }
    }
}

/// Reads the grammar of plain paths.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Vec<Segment>, ExprError> {
        if self.text.starts_with('[') {
            return Err(self.error(
                "a path starts with a key; for a list at the top write `$[0]`",
                1,
            ));
        }
        let mut segments = vec![self.key()?];
        while let Some(next) = self.rest().chars().next() {
            let start = self.at;
            let segment = match next {
                '.' => {
                    self.at += 1;
                    self.key()?
                }
                '[' => self.subscript()?,
                ']' => return Err(self.error("`]` closes nothing", 1)),
                '\'' | '"' => {
                    return Err(self.error("quotes stand only within brackets: `['name']`", 1));
                }
                _ if next.is_whitespace() => {
                    let length = next.len_utf8();
                    return Err(
                        self.error("a key with white space is written `['two words']`", length)
                    );
                }
                _ => return Err(self.error("a `.` or `[` should follow `]`", next.len_utf8())),
            };
            segments.push(segment);
            if segments.len() > MAX_DEPTH {
                return Err(ExprError::new(ExprErrorKind::TooDeep, start..self.at));
            }
        }
        Ok(segments)
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn error(&self, message: &str, length: usize) -> ExprError {
        let kind = ExprErrorKind::Syntax(message.to_owned());
        ExprError::new(kind, self.at..(self.at + length).min(self.text.len()))
    }

    fn key(&mut self) -> Result<Segment, ExprError> {
        let length = self
            .rest()
            .find(|c: char| matches!(c, '.' | '[' | ']' | '\'' | '"') || c.is_whitespace())
            .unwrap_or(self.rest().len());
        if length == 0 {
            let next = self.rest().chars().next();
            return Err(match next {
                None => self.error("a key should follow the `.`", 0),
                Some('.') => self.error("a key should stand before this `.`", 1),
                Some('[') => self.error("a key should stand before this `[`", 1),
                Some('\'' | '"') => self.error("quotes stand only within brackets: `['name']`", 1),
                Some(next) if next.is_whitespace() => self.error(
                    "a key with white space is written `['two words']`",
                    next.len_utf8(),
                ),
                Some(next) => self.error("a key should stand here", next.len_utf8()),
            });
        }
        let key = self.rest()[..length].into();
        self.at += length;
        Ok(Segment::Key(key))
    }

    fn subscript(&mut self) -> Result<Segment, ExprError> {
        let open = self.at;
        self.at += 1;
        match self.rest().chars().next() {
            Some('\'') => {
                self.at += 1;
                let Some(length) = self.rest().find('\'') else {
                    self.at = open;
                    return Err(self.error("this name has no closing `'`", self.text.len() - open));
                };
                let key = self.rest()[..length].into();
                self.at += length + 1;
                if !self.rest().starts_with(']') {
                    let length = self.rest().chars().next().map_or(0, char::len_utf8);
                    return Err(self.error("a `]` should follow the name", length));
                }
                self.at += 1;
                Ok(Segment::Key(key))
            }
            Some('"') => Err(self.error("a name in brackets has single quotes: `['name']`", 1)),
            _ => {
                let Some(length) = self.rest().find(']') else {
                    self.at = open;
                    return Err(self.error("this `[` is not closed", self.text.len() - open));
                };
                let written = &self.rest()[..length];
                let digits = written.strip_prefix('-').unwrap_or(written);
                let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                let Some(index) = written.parse().ok().filter(|_| number) else {
                    let message = match written {
                        "" => "an index should stand between the brackets",
                        "*" => "a plain path has no `*`; JSONPath does: `$.items[*].id`",
                        _ if number => "this index is too large",
                        _ => "an index is a whole number; a name has quotes: `['name']`",
                    };
                    return Err(self.error(message, length.max(1)));
                };
                self.at += length + 1;
                Ok(Segment::Index(index))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(name: &str) -> Segment {
        Segment::Key(name.into())
    }

    #[test]
    fn a_plain_path_is_keys_indexes_and_quoted_names() {
        for (text, segments) in [
            ("a", vec![key("a")]),
            ("a.b", vec![key("a"), key("b")]),
            ("a[0]", vec![key("a"), Segment::Index(0)]),
            ("a[-1].b", vec![key("a"), Segment::Index(-1), key("b")]),
            ("a['b c.d']['']", vec![key("a"), key("b c.d"), key("")]),
            ("head-commit", vec![key("head-commit")]),
            ("@type.1a", vec![key("@type"), key("1a")]),
            ("größe.$ref", vec![key("größe"), key("$ref")]),
        ] {
            assert_eq!(
                Path::parse(text).unwrap().segments(),
                Some(&segments[..]),
                "{text}"
            );
        }
    }

    #[test]
    fn an_error_in_a_path_has_its_place() {
        for (text, range, message) in [
            ("", 0..0, "the path is empty"),
            (".a", 0..1, "a key should stand before this `.`"),
            ("a..b", 2..3, "a key should stand before this `.`"),
            ("a.", 2..2, "a key should follow the `.`"),
            (
                "a b",
                1..2,
                "a key with white space is written `['two words']`",
            ),
            ("a]", 1..2, "`]` closes nothing"),
            ("a[", 1..2, "this `[` is not closed"),
            ("a[]", 2..3, "an index should stand between the brackets"),
            (
                "a[x]",
                2..3,
                "an index is a whole number; a name has quotes: `['name']`",
            ),
            (
                "a[+1]",
                2..4,
                "an index is a whole number; a name has quotes: `['name']`",
            ),
            (
                "a[*]",
                2..3,
                "a plain path has no `*`; JSONPath does: `$.items[*].id`",
            ),
            ("a[99999999999999999999]", 2..22, "this index is too large"),
            ("a['b]", 1..5, "this name has no closing `'`"),
            ("a['b'c]", 5..6, "a `]` should follow the name"),
            (
                "a[\"b\"]",
                2..3,
                "a name in brackets has single quotes: `['name']`",
            ),
            ("a[0]b", 4..5, "a `.` or `[` should follow `]`"),
            (
                "[0]",
                0..1,
                "a path starts with a key; for a list at the top write `$[0]`",
            ),
            (
                "a'b'",
                1..2,
                "quotes stand only within brackets: `['name']`",
            ),
        ] {
            let error = Path::parse(text).unwrap_err();
            assert_eq!(
                (error.range.clone(), error.to_string()),
                (range, message.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_path_is_bounded() {
        assert!(matches!(
            Path::parse(&"a".repeat(1_001)).unwrap_err().kind,
            ExprErrorKind::TooLong {
                length: 1_001,
                limit: 1_000
            }
        ));
        let deep = vec!["a"; 49].join(".");
        assert_eq!(Path::parse(&deep).unwrap_err().kind, ExprErrorKind::TooDeep);
        assert!(Path::parse(&vec!["a"; 48].join(".")).is_ok());
    }

    #[test]
    fn null_is_absent_and_falsy_values_are_there() {
        let document = json!({"n": null, "z": 0, "f": false, "e": "", "l": [1, 2, 3]});
        let find = |text: &str| Path::parse(text).unwrap().find(&document).unwrap();
        assert_eq!(find("n"), None);
        assert_eq!(find("n.deeper"), None);
        assert_eq!(find("missing"), None);
        assert_eq!(find("z"), Some(json!(0)));
        assert_eq!(find("f"), Some(json!(false)));
        assert_eq!(find("e"), Some(json!("")));
        assert_eq!(find("l[-1]"), Some(json!(3)));
        assert_eq!(find("l[-4]"), None);
        assert_eq!(find("l.0"), None);
        assert_eq!(find("z.x"), None);
    }
}
