use std::collections::BTreeMap;

use super::{
    Refused,
    percent::{self, Plus},
};
use crate::{
    model::{MAX_QUERY_BRACKETS, MAX_QUERY_INDEX},
    run::Value,
};

/// How many places indexes can leave open in all: each is paid for, though nobody sent it.
const MOST_GAPS: usize = 4_096;

/// Reads a query, the part behind the `?`, as nested values: `a[b]=1` is `{"a": {"b": "1"}}`,
/// `a[1]=x` and `a[]=x` make lists, and a repeated key becomes a list of its values. Dots are
/// literal, `+` is a space, a key without `=` is empty text, and all values are text. Brackets
/// that do not pair up belong to the key.
///
/// # Errors
/// A bad `%`, an index above 100, more than 8 brackets, or a key that is two things at once.
pub fn query(raw: &str) -> Result<Value, Refused> {
    pairs(raw).map_err(|what| Refused::malformed(format!("malformed query: {what}")))
}

/// Reads an `application/x-www-form-urlencoded` body: the same grammar.
pub(super) fn form(body: &str) -> Result<Value, Refused> {
    pairs(body).map_err(|what| Refused::malformed(format!("malformed form: {what}")))
}

fn pairs(raw: &str) -> Result<Value, String> {
    let mut root = Some(Node::Map(BTreeMap::new()));
    let mut gaps = MOST_GAPS;
    for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text| percent::decode(text, Plus::IsSpace).map_err(|error| error.to_string());
        let (key, value) = (decode(key)?, decode(value)?);
        let steps = steps(&key)?;
        place(&mut root, &steps, value, &mut gaps).map_err(|why| match why {
            Misplaced::Conflict(kinds) => format!("`{key}` is {kinds}"),
            Misplaced::Gaps => "its indexes leave too many places open".to_owned(),
        })?;
    }
    Ok(root.map_or(Value::Null, Value::from))
}

/// One step of a key.
enum Step<'k> {
    /// The name before the brackets, or `[name]`.
    Key(&'k str),
    /// `[0]`.
    Index(usize),
    /// `[]`.
    Append,
}

fn steps(key: &str) -> Result<Vec<Step<'_>>, String> {
    let literal = || Ok(vec![Step::Key(key)]);
    let Some(open) = key.find('[').filter(|&open| open > 0) else {
        return literal();
    };
    let mut steps = vec![Step::Key(&key[..open])];
    let mut rest = &key[open..];
    while !rest.is_empty() {
        let Some((inner, behind)) = rest
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .filter(|(inner, _)| !inner.contains('['))
        else {
            return literal();
        };
        steps.push(step(key, inner)?);
        rest = behind;
    }
    if steps.len() > MAX_QUERY_BRACKETS + 1 {
        return Err(format!(
            "a key nests deeper than {MAX_QUERY_BRACKETS} brackets"
        ));
    }
    Ok(steps)
}

fn step<'k>(key: &str, inner: &'k str) -> Result<Step<'k>, String> {
    if inner.is_empty() {
        return Ok(Step::Append);
    }
    let is_index = inner.bytes().all(|byte| byte.is_ascii_digit())
        && (inner == "0" || !inner.starts_with('0'));
    if !is_index {
        return Ok(Step::Key(inner));
    }
    inner
        .parse()
        .ok()
        .filter(|&index| index <= MAX_QUERY_INDEX)
        .map(Step::Index)
        .ok_or_else(|| format!("`{key}` has an index above {MAX_QUERY_INDEX}"))
}

/// What a key has come to so far.
enum Node {
    Text(String),
    /// The values of a repeated key.
    Repeated(Vec<String>),
    /// Made by indexes; `None` is a place that none has named yet.
    List(Vec<Option<Node>>),
    Map(BTreeMap<String, Option<Node>>),
}

enum Misplaced {
    Conflict(&'static str),
    Gaps,
}

fn place(
    node: &mut Option<Node>,
    steps: &[Step<'_>],
    value: String,
    gaps: &mut usize,
) -> Result<(), Misplaced> {
    let Some((first, rest)) = steps.split_first() else {
        *node = Some(match node.take() {
            None => Node::Text(value),
            Some(Node::Text(first)) => Node::Repeated(vec![first, value]),
            Some(Node::Repeated(mut values)) => {
                values.push(value);
                Node::Repeated(values)
            }
            Some(Node::List(_)) => return Err(Misplaced::Conflict("both text and a list")),
            Some(Node::Map(_)) => return Err(Misplaced::Conflict("both text and an object")),
        });
        return Ok(());
    };
    match first {
        Step::Key(key) => match node.get_or_insert_with(|| Node::Map(BTreeMap::new())) {
            Node::Map(members) => match members.get_mut(*key) {
                Some(member) => place(member, rest, value, gaps),
                None => place(
                    members.entry((*key).to_owned()).or_default(),
                    rest,
                    value,
                    gaps,
                ),
            },
            Node::List(_) => Err(Misplaced::Conflict("both a list and an object")),
            Node::Text(_) | Node::Repeated(_) => {
                Err(Misplaced::Conflict("both text and an object"))
            }
        },
        Step::Index(_) | Step::Append => match node.get_or_insert_with(|| Node::List(Vec::new())) {
            Node::List(items) => {
                let index = match first {
                    Step::Index(index) => *index,
                    _ => items.len(),
                };
                if index >= items.len() {
                    let open = index - items.len();
                    *gaps = gaps.checked_sub(open).ok_or(Misplaced::Gaps)?;
                    items.resize_with(index + 1, || None);
                }
                place(&mut items[index], rest, value, gaps)
            }
            Node::Map(_) => Err(Misplaced::Conflict("both a list and an object")),
            Node::Text(_) | Node::Repeated(_) => Err(Misplaced::Conflict("both text and a list")),
        },
    }
}

impl From<Node> for Value {
    fn from(node: Node) -> Self {
        match node {
            Node::Text(text) => Self::String(text),
            Node::Repeated(values) => values.into(),
            Node::List(items) => Self::Array(items.into_iter().map(or_null).collect()),
            Node::Map(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(key, node)| (key, or_null(node)))
                    .collect(),
            ),
        }
    }
}

fn or_null(node: Option<Node>) -> Value {
    node.map_or(Value::Null, Value::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_nest_dots_are_literal_and_repeated_keys_are_lists() {
        for (raw, expected) in [
            ("", json!({})),
            ("a=1", json!({"a": "1"})),
            ("a", json!({"a": ""})),
            ("&a=&&", json!({"a": ""})),
            ("a=b=c", json!({"a": "b=c"})),
            ("a=1&a=2&a=3", json!({"a": ["1", "2", "3"]})),
            ("a[b]=1&a[c]=2", json!({"a": {"b": "1", "c": "2"}})),
            ("query[0][a]=1", json!({"query": [{"a": "1"}]})),
            ("a[]=1&a[]=2", json!({"a": ["1", "2"]})),
            ("a[][b]=1&a[][b]=2", json!({"a": [{"b": "1"}, {"b": "2"}]})),
            ("a[2]=x&a[0]=y", json!({"a": ["y", null, "x"]})),
            ("a[b]=1&a[b]=2", json!({"a": {"b": ["1", "2"]}})),
            ("a.b=1", json!({"a.b": "1"})),
            ("a[x.y]=1", json!({"a": {"x.y": "1"}})),
            ("a%5Bb%5D=%2B+x", json!({"a": {"b": "+ x"}})),
            ("a[01]=1", json!({"a": {"01": "1"}})),
            ("=1", json!({"": "1"})),
            ("[a]=1", json!({"[a]": "1"})),
            ("a[b=1", json!({"a[b": "1"})),
            ("a[b]c=1", json!({"a[b]c": "1"})),
            ("a[[b]]=1", json!({"a[[b]]": "1"})),
            ("a[100]=1&a[100]=2", {
                let mut list = vec![Value::Null; 100];
                list.push(json!(["1", "2"]));
                json!({ "a": list })
            }),
        ] {
            assert_eq!(query(raw), Ok(expected), "{raw}");
        }
    }

    #[test]
    fn slips_are_refused_in_plain_sentences() {
        for (raw, message) in [
            ("a=%zz", "a `%` without two hexadecimal digits behind it"),
            ("%f=1", "a `%` without two hexadecimal digits behind it"),
            ("a=%ff", "bytes that are not UTF-8"),
            ("a[101]=1", "`a[101]` has an index above 100"),
            (
                "a[99999999999999999999999]=1",
                "`a[99999999999999999999999]` has an index above 100",
            ),
            ("a=1&a[b]=2", "`a[b]` is both text and an object"),
            ("a[b]=1&a=2", "`a` is both text and an object"),
            ("a[0]=1&a[b]=2", "`a[b]` is both a list and an object"),
            ("a[b]=1&a[]=2", "`a[]` is both a list and an object"),
            ("a=1&a[]=2", "`a[]` is both text and a list"),
            ("a[]=1&a=2", "`a` is both text and a list"),
            (
                "a[1][2][3][4][5][6][7][8][9]=1",
                "a key nests deeper than 8 brackets",
            ),
        ] {
            let refused = query(raw).unwrap_err();
            assert_eq!(
                refused.message,
                format!("malformed query: {message}"),
                "{raw}"
            );
            assert_eq!(refused.status, 400);
        }
        assert!(query("a[1][2][3][4][5][6][7][8]=1").is_ok());
    }

    #[test]
    fn a_short_form_cannot_claim_much_memory() {
        let bomb: String = (0..2_000)
            .map(|i| format!("{i}[100][100][100][100]=&"))
            .collect();
        assert_eq!(
            form(&bomb).unwrap_err().message,
            "malformed form: its indexes leave too many places open"
        );
        let many: String = (0..20_000).map(|i| format!("a[]={i}&")).collect();
        assert!(form(&many).is_ok());
    }
}
