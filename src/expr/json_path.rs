//! JSONPath (RFC 9535), through `jsonpath-rust`.

use std::fmt;

use jsonpath_rust::parser::errors::JsonPathError;
use jsonpath_rust::parser::model::{JpQuery, Segment as QuerySegment, Selector};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use serde_json::Value;

use super::Segment;
use super::error::{ExprError, ExprErrorKind};
use super::limits::{MAX_DEPTH, MAX_QUERY_MEMORY};

/// How deep function calls may nest. The parser tries each of them several ways, so the time it
/// takes grows with a power of their depth; no real query nests two.
const MAX_CALLS: usize = 3;

/// A query, compiled.
#[derive(Clone, Debug)]
pub(super) struct JsonPath {
    query: JpQuery,
    /// How often it looks at all levels below.
    descents: u32,
}

impl JsonPath {
    /// Compiles a query of no more than the length of an expression.
    ///
    /// # Errors
    /// Where it nests too deep or is not a query.
    pub(super) fn parse(text: &str) -> Result<JsonPath, ExprError> {
        prescan(text)?;
        let query = parse_json_path(text).map_err(|error| in_plain_words(text, &error))?;
        let descents = text.matches("..").count() as u32;
        Ok(JsonPath { query, descents })
    }

    /// The steps of a singular query; `None` where the query can give several values.
    pub(super) fn singular(&self) -> Option<Vec<Segment>> {
        self.query
            .segments
            .iter()
            .map(|segment| match segment {
                QuerySegment::Selector(Selector::Name(name)) => {
                    Some(Segment::Key(name.as_str().into()))
                }
                QuerySegment::Selector(Selector::Index(index)) => Some(Segment::Index(*index)),
                _ => None,
            })
            .collect()
    }

    /// All values the query gives, in its order.
    ///
    /// # Errors
    /// It would take more than [`MAX_QUERY_MEMORY`].
    pub(super) fn find(&self, document: &Value) -> Result<Vec<Value>, TooMuch> {
        if self.memory(document) > MAX_QUERY_MEMORY {
            return Err(TooMuch);
        }
        // evaluation only fails where it would lose a reference, which `Value` never does
        let found = js_path_process(&self.query, document).unwrap_or_default();
        Ok(found
            .into_iter()
            .map(|reference| reference.val().clone())
            .collect())
    }

    /// About how much memory it takes at most to evaluate it, in bytes. The library writes out the
    /// path of each value that it comes by, and who looks at all levels may find each value as often
    /// as there are levels above it, and for each `..` once more.
    fn memory(&self, document: &Value) -> usize {
        let mut extent = Extent::default();
        extent.add(document, 0, 0);
        let once = extent
            .paths
            .saturating_add(extent.values.saturating_mul(BYTES_A_VALUE));
        let Some(more) = self.descents.checked_sub(1) else {
            return once;
        };
        once.saturating_mul(extent.depth.max(1).saturating_pow(more))
            .saturating_add(extent.levels.saturating_mul(BYTES_A_LEVEL))
    }
}

/// What a value takes in the lists of an evaluation, in bytes, beside its path.
const BYTES_A_VALUE: usize = 64;

/// What the copy of a value takes, in bytes, for each value above it.
const BYTES_A_LEVEL: usize = 32;

/// How much there is in a document.
#[derive(Default)]
struct Extent {
    values: usize,
    /// The length of all their paths.
    paths: usize,
    /// How many values there are above each, all in all.
    levels: usize,
    /// The most of them.
    depth: usize,
}

impl Extent {
    fn add(&mut self, value: &Value, path: usize, depth: usize) {
        self.values += 1;
        self.paths += path;
        self.levels += depth;
        self.depth = self.depth.max(depth);
        match value {
            Value::Array(items) => {
                for item in items {
                    self.add(item, path + LENGTH_OF_INDEX, depth + 1);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.add(member, path + name.len() + LENGTH_OF_QUOTES, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// `[1000]`, and `['']`.
const LENGTH_OF_INDEX: usize = 6;
const LENGTH_OF_QUOTES: usize = 4;

/// A JSONPath is not evaluated: it would take too much memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMuch;

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("would look at too much: the body is too large and too deep for it")
    }
}

/// Refuses what nests too deep for a parser that recurses.
fn prescan(text: &str) -> Result<(), ExprError> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if let Some(delimiter) = quote {
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if character == delimiter {
                quote = None;
            }
            continue;
        }
        match character {
            '\'' | '"' => quote = Some(character),
            '(' => open.push(before.is_ascii_alphanumeric() || before == '_'),
            '[' => open.push(false),
            ')' | ']' => {
                open.pop();
            }
            _ => {}
        }
        let calls = open.iter().filter(|is_call| **is_call).count();
        if open.len() > MAX_DEPTH || calls > MAX_CALLS {
            let range = at..at + character.len_utf8();
            return Err(ExprError::new(ExprErrorKind::TooDeep, range));
        }
        before = character;
    }
    Ok(())
}

fn in_plain_words(text: &str, error: &JsonPathError) -> ExprError {
    let (message, range) = match error {
        JsonPathError::PestError(error) => {
            // the type of the location is of a crate we do not use: `Pos(7)`, `Span((7, 9))`
            let at = format!("{:?}", error.location)
                .split(|c: char| !c.is_ascii_digit())
                .find_map(|digits| digits.parse().ok())
                .filter(|at| text.is_char_boundary(*at))
                .unwrap_or(0);
            match text[at..].chars().next() {
                Some(next) => (
                    format!("JSONPath has no place for `{next}` here"),
                    at..at + next.len_utf8(),
                ),
                None => ("this JSONPath ends too early".to_owned(), at..at),
            }
        }
        JsonPathError::InvalidJsonPath(message) | JsonPathError::InvalidNumber(message) => {
            (format!("this is not JSONPath: {message}"), 0..text.len())
        }
        _ => ("this is not JSONPath (RFC 9535)".to_owned(), 0..text.len()),
    };
    ExprError::new(ExprErrorKind::Syntax(message), range)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{ExprErrorKind, Path};
    use super::TooMuch;

    /// The example of RFC 9535, section 1.5.
    fn store() -> Value {
        json!({"store": {
            "book": [
                {"category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95},
                {"category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99},
                {"category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99},
                {"category": "fiction", "author": "J. R. R. Tolkien", "title": "The Lord of the Rings", "isbn": "0-395-19395-8", "price": 22.99},
            ],
            "bicycle": {"color": "red", "price": 399},
        }})
    }

    #[test]
    fn queries_give_what_the_rfc_says() {
        let all = json!([
            "Nigel Rees",
            "Evelyn Waugh",
            "Herman Melville",
            "J. R. R. Tolkien"
        ]);
        for (query, expected) in [
            ("$.store.book[*].author", all.clone()),
            ("$..author", all),
            ("$..book[2].title", json!(["Moby Dick"])),
            ("$..book[-1].title", json!(["The Lord of the Rings"])),
            ("$..book[0,1].price", json!([8.95, 12.99])),
            ("$..book[:2].price", json!([8.95, 12.99])),
            (
                "$..book[?@.isbn].title",
                json!(["Moby Dick", "The Lord of the Rings"]),
            ),
            (
                "$..book[?@.price<10].title",
                json!(["Sayings of the Century", "Moby Dick"]),
            ),
            (
                "$.store.book[?@.price > 10 && @.category == 'fiction'].price",
                json!([12.99, 22.99]),
            ),
            (
                "$.store.book[?(@.author == 'Nigel Rees' || !@.category)].price",
                json!([8.95]),
            ),
            (
                "$.store.book[?length(@.title) < 10].title",
                json!(["Moby Dick"]),
            ),
            (
                "$.store.book[?match(@.isbn, '0-5.*')].title",
                json!(["Moby Dick"]),
            ),
            (
                "$.store.book[?search(@.title, 'Honour')].price",
                json!([12.99]),
            ),
            ("$.store.book[?count(@.*) > 4].price", json!([8.99, 22.99])),
            ("$.store.bicycle['color','price']", json!(["red", 399])),
            ("$.store.book[::2].price", json!([8.95, 8.99])),
            ("$.nothing[*]", json!([])),
        ] {
            let path = Path::parse(query).unwrap();
            assert!(
                path.gives_many() && path.is_jsonpath() && path.segments().is_none(),
                "{query}"
            );
            assert_eq!(path.variable_name(), None);
            assert_eq!(path.find(&store()), Ok(Some(expected)), "{query}");
        }
    }

    #[test]
    fn what_would_take_too_much_memory_is_not_evaluated() {
        let key = "k".repeat(1_000);
        let mut deep = json!(vec![0; 200]);
        for _ in 0..100 {
            deep = json!({ &key: deep });
        }
        let wide = json!({ "items": vec![json!({ "sku": "a", "count": 1 }); 20_000] });
        let found = |query: &str, document: &Value| {
            let found = Path::parse(query).unwrap().find(document);
            found.map(|found| found.map_or(0, |found| found.as_array().map_or(1, Vec::len)))
        };
        assert_eq!(found("$..sku", &wide), Ok(20_000));
        assert_eq!(found("$.items[*].sku", &wide), Ok(20_000));
        assert_eq!(found("$..sku", &deep), Ok(0));
        assert_eq!(found("$..sku..a", &deep), Err(TooMuch));
        let deeper = json!(vec![deep; 5]);
        assert_eq!(found("$..sku", &deeper), Err(TooMuch));
        assert_eq!(found("$.*[*]", &deeper), Err(TooMuch));
        assert_eq!(found("$[0]", &deeper), Ok(1));
    }

    #[test]
    fn a_singular_query_gives_one_value() {
        for (query, expected) in [
            ("$.store.bicycle.color", Some(json!("red"))),
            ("$['store']['book'][0]['price']", Some(json!(8.95))),
            ("$.store.book[-1].price", Some(json!(22.99))),
            ("$.store.book[9]", None),
            ("$['sto\\u0072e'].bicycle.price", Some(json!(399))),
            ("$", Some(store())),
        ] {
            let path = Path::parse(query).unwrap();
            assert!(!path.gives_many(), "{query}");
            assert_eq!(path.find(&store()), Ok(expected), "{query}");
        }
    }

    #[test]
    fn what_is_no_query_is_refused_with_its_place() {
        for (query, part, message) in [
            ("$.", "", "this JSONPath ends too early"),
            ("$.head-commit", "-", "JSONPath has no place for `-` here"),
            ("$.@type", "@", "JSONPath has no place for `@` here"),
            ("$.a[", "", "this JSONPath ends too early"),
            ("$.a[?@.b >]", "]", "JSONPath has no place for `]` here"),
            ("$x", "x", "JSONPath has no place for `x` here"),
        ] {
            let error = Path::parse(query).unwrap_err();
            assert!(matches!(error.kind, ExprErrorKind::Syntax(_)), "{query}");
            assert_eq!(
                (&query[error.range.clone()], error.to_string().as_str()),
                (part, message),
                "{query}"
            );
        }
    }
}
