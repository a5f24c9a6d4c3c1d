//! JSONPath (RFC 9535), through `jsonpath-rust`.

use jsonpath_rust::parser::errors::JsonPathError;
use jsonpath_rust::parser::model::{JpQuery, Segment as QuerySegment, Selector};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use serde_json::Value;

use super::Segment;
use super::error::{ExprError, ExprErrorKind};
use super::limits::MAX_DEPTH;

/// How deep function calls may nest. The parser tries each of them several ways, so the time it
/// takes grows with a power of their depth; no real query nests two.
const MAX_CALLS: usize = 3;

/// A query, compiled.
#[derive(Clone, Debug)]
pub(super) struct JsonPath {
    query: JpQuery,
}

impl JsonPath {
    /// Compiles a query of no more than the length of an expression.
    ///
    /// # Errors
    /// Where it nests too deep or is not a query.
    pub(super) fn parse(text: &str) -> Result<JsonPath, ExprError> {
        prescan(text)?;
        let query = parse_json_path(text).map_err(|error| in_plain_words(text, &error))?;
        Ok(JsonPath { query })
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
    pub(super) fn find(&self, document: &Value) -> Vec<Value> {
        // evaluation only fails where it would lose a reference, which `Value` never does
        let found = js_path_process(&self.query, document).unwrap_or_default();
        found
            .into_iter()
            .map(|reference| reference.val().clone())
            .collect()
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
            assert_eq!(path.find(&store()), Some(expected), "{query}");
        }
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
            assert_eq!(path.find(&store()), expected, "{query}");
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
