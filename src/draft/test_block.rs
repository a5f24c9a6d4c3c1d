use http::header;

use super::{
    json::{INDENT, node, text},
    quote::quoted,
};
use crate::{
    observe::{Capture, REDACTED},
    payload::is_json,
    run::{Extent, FlowShape, RunRecord, Value},
};

/// Longer answers are not expected to the letter, in bytes.
const SHORT: usize = 400;

/// A `test` block that sends what was captured, and expects what became of it; without
/// credentials. Of the request it has what the flow reads. `None` where no flow has its path.
pub fn test_block(record: &RunRecord) -> Option<String> {
    let shape = record.flow.as_deref()?;
    let capture = Capture::new(&record.request);
    let mut out = format!(
        "test {} flow={} {{\n",
        quoted(&title(record, shape)),
        quoted(&shape.name)
    );
    let request = request(shape, &capture);
    let expectations = expectations(record, shape, &capture);
    let mut comment = |text: &str| out.push_str(&format!("{}// {text}\n", " ".repeat(INDENT)));
    if record.cut.request != Extent::Whole {
        comment("The body is not whole: put the rest of it in before this passes.");
    }
    if [&request, &expectations]
        .iter()
        .any(|lines| lines.contains(REDACTED))
    {
        comment("Credentials are not copied: fill in what is [redacted] before this passes.");
    }
    block(&mut out, "request", request);
    block(&mut out, "expect", expectations);
    out.push_str("}\n");
    Some(out)
}

/// Adds a node with those lines in it.
fn block(out: &mut String, name: &str, lines: String) {
    let indent = " ".repeat(INDENT);
    if lines.is_empty() {
        out.push_str(&format!("{indent}{name}\n"));
    } else {
        out.push_str(&format!("{indent}{name} {{\n{lines}{indent}}}\n"));
    }
}

fn line(words: &[&str]) -> String {
    format!("{}{}\n", " ".repeat(2 * INDENT), words.join(" "))
}

fn title(record: &RunRecord, shape: &FlowShape) -> String {
    let mut title = shape.name.to_string();
    let arms: Vec<&str> = branches(record, shape)
        .into_iter()
        .map(|(_, arm)| arm)
        .collect();
    if !arms.is_empty() {
        title += &format!(" goes {}", arms.join(", "));
    }
    if let Some(reply) = &record.reply {
        let and = if arms.is_empty() { "" } else { " and" };
        title += &format!("{and} answers {}", reply.status.as_u16());
    }
    title
}

fn request(shape: &FlowShape, capture: &Capture) -> String {
    let mut lines = String::new();
    let method = capture.method.as_str();
    let usual = shape.methods.first().map_or("POST", String::as_str);
    if method != usual {
        lines += &line(&["method", &quoted(method)]);
    }
    let (path, query) = match capture.target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (&*capture.target, None),
    };
    if shape.path.contains('{') {
        lines += &line(&["path", &quoted(path)]);
    }
    let reads = Reads(shape);
    if let Some(query) = query.filter(|_| reads.query()) {
        lines += &line(&["query", &quoted(query)]);
    }
    let body = Body::of(capture);
    for (name, value) in &capture.headers {
        let is_read = if *name == header::CONTENT_TYPE {
            reads.header(name.as_str()) || body.needs_type()
        } else {
            reads.header(name.as_str())
        };
        if is_read {
            let value = String::from_utf8_lossy(value.as_bytes());
            lines += &line(&["header", &quoted(name.as_str()), &text(&value)]);
        }
    }
    for name in &capture.withheld {
        if reads.header(name.as_str()) {
            lines += &line(&["header", &quoted(name.as_str()), &quoted(REDACTED)]);
        }
    }
    lines + &body.lines()
}

/// What of a request a flow reads, as far as its shape tells.
struct Reads<'s>(&'s FlowShape);

impl Reads<'_> {
    fn query(&self) -> bool {
        let variables = &self.0.variables;
        variables
            .iter()
            .any(|variable| variable.source.starts_with("query "))
            || self.is_named("request.query")
    }

    fn header(&self, name: &str) -> bool {
        let variables = &self.0.variables;
        variables.iter().any(|variable| {
            let source = variable.source.strip_prefix("header ");
            source.is_some_and(|source| source.eq_ignore_ascii_case(name))
        }) || (self.is_named("request.headers") && self.is_named(name))
    }

    /// Whether a condition, or the title of a step, says a word.
    fn is_named(&self, word: &str) -> bool {
        let says = |text: &str| text.to_ascii_lowercase().contains(word);
        self.0.steps.iter().any(|step| {
            let mut conditions = step.arms.iter().filter_map(|arm| arm.condition.as_deref());
            says(&step.title) || conditions.any(says)
        })
    }
}

/// A body as a test has it.
enum Body<'c> {
    Nothing,
    Json(Value),
    Text(&'c str),
    /// So many bytes that are no text.
    Bytes(usize),
}

impl<'c> Body<'c> {
    fn of(capture: &'c Capture) -> Self {
        if capture.body.is_empty() {
            return Self::Nothing;
        }
        let kind = capture
            .headers
            .iter()
            .find(|(name, _)| *name == header::CONTENT_TYPE);
        let is_json = kind.is_none_or(|(_, value)| is_json(value));
        match (
            std::str::from_utf8(&capture.body),
            serde_json::from_slice::<Value>(&capture.body),
        ) {
            (Ok(_), Ok(value)) if is_json && node("json", &value, 0).is_some() => Self::Json(value),
            (Ok(text), _) => Self::Text(text),
            (Err(_), _) => Self::Bytes(capture.body.len()),
        }
    }

    /// Whether only its `Content-Type` tells what it is.
    fn needs_type(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Bytes(_))
    }

    fn lines(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Json(value) => node("json", value, 2 * INDENT).unwrap_or_default(),
            Self::Text(body) => line(&["body", &text(body)]),
            Self::Bytes(count) => line(&[&format!("// a body of {count} bytes that are no text")]),
        }
    }
}

fn expectations(record: &RunRecord, shape: &FlowShape, capture: &Capture) -> String {
    let mut lines = String::new();
    if let Some(reply) = &record.reply {
        lines += &line(&["status", reply.status.as_str()]);
    }
    for (branch, arm) in branches(record, shape) {
        lines += &line(&["branch", &quoted(branch), &quoted(arm)]);
    }
    let Some(reply) = &record.reply else {
        return lines;
    };
    let body = std::str::from_utf8(&reply.body).unwrap_or_default();
    // The next run has another id.
    if body.is_empty() || body.len() > SHORT || body.contains(&record.id.to_string()) {
        return lines;
    }
    let body = capture.redacted_text(body);
    let json = reply
        .headers
        .get(header::CONTENT_TYPE)
        .filter(|kind| is_json(kind))
        .and_then(|_| serde_json::from_str(&body).ok())
        .and_then(|value: Value| node("json", &value, 2 * INDENT));
    lines + &json.unwrap_or_else(|| line(&["body", &text(&body)]))
}

/// The branches that have a name, and the arms that were taken, each pair once.
fn branches<'s>(record: &RunRecord, shape: &'s FlowShape) -> Vec<(&'s str, &'s str)> {
    let mut branches = Vec::new();
    for (branch, arm) in shape.branches(&record.taken) {
        if let Some(arm) = arm {
            let pair = (&*branch.title, &*arm.title);
            if !branch.title.is_empty() && !branches.contains(&pair) {
                branches.push(pair);
            }
        }
    }
    branches
}
