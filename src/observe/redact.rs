use std::{borrow::Cow, fmt};

use serde_json::Map;

use super::{
    Marks, SHOWN_BODY,
    bodies::kept_bodies,
    json::{TEXT, record_json_within},
};
use crate::run::{
    REDACTED, Reply, Request, RunRecord, TELLING, Value, Veil, credentials, from_url,
    is_secret_header, is_secret_parameter, json_bytes, secret_headers,
};

/// Takes secrets out of records before they are kept.
///
/// | what | what becomes of it |
/// | --- | --- |
/// | headers of credentials, and those whose name says token, secret, signature or API key; of what an `http` step was answered, too | the value is redacted |
/// | query parameters with such names, and `key`, `sig` and `password` | the value is redacted |
/// | the value of a named secret, anywhere, as it is, escaped as in JSON, a URL or HTML, or within base 64 | it is redacted where it stands; bytes that are no text are as a whole |
/// | what was redacted in a header or a parameter, elsewhere in the record | it is redacted there too |
///
/// What stands in its place is up to the [`Marks`].
#[derive(Clone)]
pub struct Redactor {
    marks: Marks,
    veil: Veil,
    /// The secrets that are no text.
    bytes: Vec<Box<[u8]>>,
}

/// What was taken out of a record in one place.
pub(super) struct Taken {
    text: String,
    mark: Cow<'static, str>,
}

impl Taken {
    pub fn new(text: impl Into<String>, marks: &Marks) -> Self {
        let text = text.into();
        let mark = marks.of(&text);
        Self { text, mark }
    }

    /// Whether it is taken out of the middle of a text, too.
    pub fn is_telling(&self) -> bool {
        self.text.len() >= TELLING
    }
}

impl Redactor {
    /// A redactor that knows these secrets.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s [u8]>, marks: Marks) -> Self {
        let mut redactor = Self {
            marks,
            veil: Veil::new(REDACTED),
            bytes: Vec::new(),
        };
        for secret in secrets {
            let text = String::from_utf8_lossy(secret);
            redactor.know(&Taken::new(text, &redactor.marks));
            redactor.veil.hide_encoded(secret);
            if std::str::from_utf8(secret).is_err() {
                redactor.bytes.push(secret.into());
            }
        }
        redactor
    }

    /// A record as it may be told.
    pub fn record(&self, record: &RunRecord) -> Value {
        self.record_within(record, SHOWN_BODY)
    }

    /// A record as the history keeps it, with more of its bodies where somebody may want them. It
    /// may take milliseconds then.
    pub fn kept(&self, record: &RunRecord) -> Value {
        self.record_within(record, kept_bodies(record))
    }

    /// A record with so many bytes of its bodies.
    pub fn record_within(&self, record: &RunRecord, bodies: usize) -> Value {
        let mut record = record_json_within(record, bodies);
        self.redact(&mut record);
        record
    }

    /// A text as it may be told by itself.
    pub fn text_alone(&self, text: &str) -> String {
        self.veil.over(text).into_owned()
    }

    /// What takes out of texts that are told of a request, and of its answer, what is redacted in
    /// their record.
    pub fn about(&self, request: &Request, reply: Option<&Reply>) -> About<'_> {
        let answered = reply.into_iter().flat_map(|it| secret_headers(&it.headers));
        let credentials = credentials(request).into_iter().chain(answered);
        let (telling, whole) = credentials
            .map(|text| Taken::new(text, &self.marks))
            .partition::<Vec<_>, _>(Taken::is_telling);
        let mut all = Cow::Borrowed(self);
        for taken in &telling {
            all.to_mut().know(taken);
        }
        About { all, whole }
    }

    /// Takes the secrets out of a record.
    fn redact(&self, record: &mut Value) {
        let mut taken = Vec::new();
        if let Some(target) = record.pointer_mut("/request/target") {
            redact_target(target, &self.marks, &mut taken);
        }
        for place in ["/request/headers", "/response/headers"] {
            if let Some(headers) = record.pointer_mut(place) {
                redact_headers(headers, &self.marks, &mut taken);
            }
        }
        let mut all = self.clone();
        let mut whole = Vec::new();
        for taken in taken {
            if taken.is_telling() {
                all.know(&taken);
            } else {
                whole.push(taken);
            }
        }
        let Some(members) = record.as_object_mut() else {
            return;
        };
        for (name, value) in members {
            match &**name {
                // Ours, and nothing that anybody sent.
                "id" | "continues" | "replay_of" | "flow" | "revision" | "received" | "outcome" => {
                }
                _ => all.value(value, Names::of(name), &whole),
            }
        }
    }

    pub(super) fn know(&mut self, taken: &Taken) {
        self.veil.hide_as(&taken.text, &taken.mark);
    }

    /// Redacts in a value and all that is in it; `whole` is redacted only where it is all of a
    /// text.
    fn value(&self, value: &mut Value, names: Names, whole: &[Taken]) {
        let taken_whole = |text: &str| {
            let taken = whole.iter().find(|taken| taken.text == *text)?;
            Some(&*taken.mark)
        };
        // Of bytes that are no text nothing can be told without what is in them.
        let bytes = value.get("base16").and_then(|_| json_bytes(value).ok());
        if bytes.is_some_and(|bytes| self.is_in(&bytes)) {
            *value = REDACTED.into();
            return;
        }
        match value {
            Value::String(text) => match taken_whole(text) {
                Some(mark) => *text = mark.to_owned(),
                None => self.text(text),
            },
            Value::Number(number) => {
                let text = number.to_string();
                let secret = self.veil.instead_of(&text);
                if let Some(mark) = secret.or_else(|| taken_whole(&text)) {
                    *value = mark.into();
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.value(item, names, whole);
                }
            }
            Value::Object(members) => {
                if names == Names::Theirs {
                    let old = std::mem::take(members);
                    members.extend(old.into_iter().map(|(mut name, value)| {
                        self.text(&mut name);
                        (name, value)
                    }));
                }
                for (name, value) in members {
                    // What another server answered has headers, too.
                    if name == "headers"
                        && let Value::Object(headers) = value
                    {
                        redact_named(headers, &self.marks);
                    }
                    self.value(value, names.inside(name), whole);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Redacts in a text that is whole.
    pub(super) fn whole_text(&self, text: &mut String) {
        if let Cow::Owned(told) = self.veil.over(text) {
            *text = told;
        }
    }

    fn text(&self, text: &mut String) {
        if let Cow::Owned(told) = self.over(text, text.len()) {
            *text = told;
        }
    }

    /// A text without the secrets, that many bytes of which are kept.
    fn over<'t>(&self, text: &'t str, kept: usize) -> Cow<'t, str> {
        const LONGEST_CHARACTER: usize = 4;
        match kept + LONGEST_CHARACTER <= TEXT {
            true => self.veil.over(text),
            // The cut may have gone through one.
            false => self.veil.over_start(text),
        }
    }

    /// Whether a secret is in bytes that are no text, or the beginning of one at their end, where
    /// they may have been cut.
    fn is_in(&self, bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes);
        let is_whole = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        matches!(self.over(&text, bytes.len()), Cow::Owned(_))
            || self.bytes.iter().any(|secret| is_whole(secret))
    }
}

/// A [`Redactor`] that knows what one request came with, too.
pub struct About<'r> {
    all: Cow<'r, Redactor>,
    /// What is redacted only where it is all of a text.
    whole: Vec<Taken>,
}

impl About<'_> {
    /// A text as it may be told.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.whole.iter().find(|taken| taken.text == text) {
            Some(taken) => taken.mark.clone(),
            None => self.all.veil.over(text),
        }
    }
}

/// Whose the names of an object's members are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// The record's own.
    Ours,
    /// The record's own, and its members are values.
    OverValues,
    /// A value's, which may be anything.
    Theirs,
}

impl Names {
    fn of(name: &str) -> Self {
        match name {
            "variables" | "detail" => Self::OverValues,
            _ => Self::Ours,
        }
    }

    fn inside(self, name: &str) -> Self {
        match (self, name) {
            (Self::Theirs, _) | (Self::Ours, "value") => Self::Theirs,
            (Self::OverValues, "conditions") => Self::Ours,
            (Self::OverValues, _) => Self::Theirs,
            (Self::Ours, name) => Self::of(name),
        }
    }
}

fn redact_headers(headers: &mut Value, marks: &Marks, taken: &mut Vec<Taken>) {
    for pair in headers.as_array_mut().into_iter().flatten() {
        if pair[0].as_str().is_some_and(is_secret_header) {
            taken.extend(redact_whole(&mut pair[1], marks));
        }
    }
}

/// Headers by their names, as an `http` step gives them.
fn redact_named(headers: &mut Map<String, Value>, marks: &Marks) {
    for (name, value) in headers {
        if is_secret_header(&name.to_ascii_lowercase()) {
            redact_whole(value, marks);
        }
    }
}

/// Puts a mark in the place of a value; what it was, where that was a text.
fn redact_whole(value: &mut Value, marks: &Marks) -> Option<Taken> {
    match value.take() {
        Value::String(text) => {
            let taken = Taken::new(text, marks);
            *value = (&*taken.mark).into();
            Some(taken)
        }
        other => {
            *value = marks.of(&other.to_string()).into();
            None
        }
    }
}

fn redact_target(target: &mut Value, marks: &Marks, taken: &mut Vec<Taken>) {
    let Some((path, query)) = target.as_str().and_then(|target| target.split_once('?')) else {
        return;
    };
    *target = format!("{path}?{}", redacted_query(query, marks, taken)).into();
}

/// A query, or a form, without the values of its secret parameters, which are `taken`.
pub(super) fn redacted_query(query: &str, marks: &Marks, taken: &mut Vec<Taken>) -> String {
    let parameters = query.split('&').map(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if value.is_empty() || !is_secret_parameter(name) {
            return parameter.to_owned();
        }
        let decoded = Taken::new(from_url(value), marks);
        // However it is written, it is the same.
        let mark = decoded.mark.clone();
        let parameter = format!("{name}={mark}");
        taken.push(Taken {
            text: value.to_owned(),
            mark,
        });
        taken.push(decoded);
        parameter
    });
    let parameters: Vec<_> = parameters.collect();
    parameters.join("&")
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("veil", &self.veil)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::run::bytes_json;

    fn redacted(secrets: &[&str], mut record: Value) -> Value {
        let secrets = secrets.iter().map(|secret| secret.as_bytes());
        Redactor::new(secrets, Marks::Plain).redact(&mut record);
        record
    }

    /// The record of a request with this target and header.
    fn record(target: &str, header: (&str, &str)) -> Value {
        json!({
            "request": { "target": target, "headers": [[header.0, header.1]] },
            "response": null,
        })
    }

    #[test]
    fn headers_of_credentials_are_redacted_and_others_are_not() {
        for (name, is_secret) in [
            ("authorization", true),
            ("proxy-authorization", true),
            ("cookie", true),
            ("set-cookie", true),
            ("x-gitlab-token", true),
            ("x-hub-signature-256", true),
            ("x-shared-secret", true),
            ("x-api-key", true),
            ("apikey", true),
            ("content-type", false),
            ("x-request-id", false),
            ("x-key-id", false),
        ] {
            let value = if is_secret { REDACTED } else { "v" };
            assert_eq!(
                redacted(&[], record("/a", (name, "v"))),
                record("/a", (name, value)),
                "{name}"
            );
        }
    }

    #[test]
    fn query_parameters_of_credentials_are_redacted_and_others_are_not() {
        for (query, expected) in [
            ("token=abc&a=1", "token=[redacted]&a=1"),
            ("a=1&access_token=abc", "a=1&access_token=[redacted]"),
            ("Key=abc", "Key=[redacted]"),
            ("api_key=abc&keys=b", "api_key=[redacted]&keys=b"),
            ("q[password]=abc", "q[password]=[redacted]"),
            ("%74oken=abc", "%74oken=[redacted]"),
            (
                "sig=abc&signature=abc",
                "sig=[redacted]&signature=[redacted]",
            ),
            ("secret=&token", "secret=&token"),
            ("monkey=abc&a=token", "monkey=abc&a=token"),
        ] {
            assert_eq!(
                redacted(&[], record(&format!("/a?{query}"), ("a", "b"))),
                record(&format!("/a?{expected}"), ("a", "b")),
            );
        }
    }

    #[test]
    fn a_named_secret_is_redacted_wherever_it_stands_and_however_it_is_written() {
        let secret = "s3cr\"t&x";
        let record = json!({
            "flow": "job",
            "request": {
                "target": "/a?b=s3cr%22t%26x",
                "headers": [["x-a", "Bearer s3cr\"t&x!"], ["x-b", { "base16": "0073336372227426780a" }]],
                "body": "{\"a\": \"s3cr\\\"t&x\"}",
            },
            "variables": { "a": { "s3cr\"t&x": [1, "s3cr\"t&x"] } },
            "steps": [{
                "title": "s3cr\"t&x",
                "detail": { "output": { "s3cr\"t&x": null }, "action": "curl s3cr\"t&x" },
            }],
            "response": null,
            "error": { "message": "no s3cr\"t&x", "step": 0 },
        });
        assert_eq!(
            redacted(&[secret], record),
            json!({
                "flow": "job",
                "request": {
                    "target": "/a?b=[redacted]",
                    "headers": [["x-a", "Bearer [redacted]!"], ["x-b", "[redacted]"]],
                    "body": "{\"a\": \"[redacted]\"}",
                },
                "variables": { "a": { "[redacted]": [1, "[redacted]"] } },
                "steps": [{
                    "title": "[redacted]",
                    "detail": { "output": { "[redacted]": null }, "action": "curl [redacted]" },
                }],
                "response": null,
                "error": { "message": "no [redacted]", "step": 0 },
            })
        );
    }

    #[test]
    fn a_secret_that_is_a_part_of_another_leaves_nothing_of_it() {
        let record = |body: &str| json!({ "request": { "body": body }, "response": null });
        let expected = record("[redacted] [redacted]");
        assert_eq!(redacted(&["abc", "abcdef"], record("abcdef abc")), expected);
    }

    #[test]
    fn headers_that_another_server_answered_are_redacted_like_the_others() {
        let output = |cookie: &str| {
            let mut record = record("/a", ("a", "b"));
            let headers = json!({ "set-cookie": cookie, "etag": "x" });
            let step = json!({ "detail": { "output": { "status": 200, "headers": headers } } });
            record["steps"] = json!([step]);
            record
        };
        assert_eq!(redacted(&[], output("id=1")), output(REDACTED));
    }

    #[test]
    fn a_number_that_is_a_secret_is_redacted() {
        let mut before = record("/a", ("a", "b"));
        before["variables"] = json!({ "pin": 123456, "other": 1234567 });
        let mut after = record("/a", ("a", "b"));
        after["variables"] = json!({ "pin": "[redacted]", "other": 1234567 });
        assert_eq!(redacted(&["123456"], before), after);
    }

    #[test]
    fn what_a_header_or_a_parameter_held_is_redacted_in_the_rest_of_the_record() {
        let mut before = record("/a?token=long+enough", ("x-api-key", "abc"));
        before["variables"] = json!({ "a": "abc", "b": "abcd", "c": "say long enough" });
        let mut after = record("/a?token=[redacted]", ("x-api-key", REDACTED));
        after["variables"] = json!({ "a": REDACTED, "b": "abcd", "c": "say [redacted]" });
        assert_eq!(redacted(&[], before), after);
    }

    #[test]
    fn a_cut_through_a_secret_leaves_no_part_of_it() {
        let text = format!("{}hunter", "x".repeat(TEXT - 6));
        let mut before = record("/a", ("a", "b"));
        before["request"]["body"] = text.clone().into();
        let mut after = record("/a", ("a", "b"));
        after["request"]["body"] = text.replace("hunter", REDACTED).into();
        assert_eq!(redacted(&["hunter2hunter2"], before), after);
    }

    #[test]
    fn bytes_that_are_no_text_are_redacted_where_a_secret_is_in_them_or_cut_at_their_end() {
        let told = |bytes: &[u8]| {
            let mut before = record("/a?token=long+enough", ("a", "b"));
            before["request"]["body"] = bytes_json(bytes);
            redacted(&["hunter2hunter2"], before)["request"]["body"].clone()
        };
        let cut = |end: &[u8]| [&vec![0xff; TEXT - end.len()], end].concat();
        for bytes in [
            b"\xffhunter2hunter2".to_vec(),
            b"\xff\xfehunter2hunter2\xff".to_vec(),
            // What a header or a parameter held.
            b"\xfflong enough".to_vec(),
            b"\xffaHVudGVyMmh1bnRlcjI".to_vec(),
            cut(b"hunt"),
            cut(b"hunter2hunter"),
        ] {
            assert_eq!(told(&bytes), REDACTED, "{bytes:?}");
        }
        for bytes in [b"\xffhunter2".to_vec(), cut(b"hun"), cut(b"hunter!")] {
            assert_eq!(told(&bytes), bytes_json(&bytes));
        }
    }

    #[test]
    fn what_is_equal_has_equal_marks_however_it_is_written_and_wherever_it_stands() {
        let marks = Marks::keyed();
        let [token, cookie, short, s3cret] =
            ["long enough", "id=12345", "abc", "s3cr\"t"].map(|secret| marks.of(secret));
        let mut before = record("/a?token=long+enough&key=abc", ("cookie", "id=12345"));
        before["variables"] = json!({ "a": "abc", "b": "id=12345; long enough", "c": "s3cr%22t" });
        let mut after = record(
            &format!("/a?token={token}&key={short}"),
            ("cookie", &cookie),
        );
        after["variables"] = json!({ "a": short, "b": format!("{cookie}; {token}"), "c": s3cret });
        Redactor::new([&b"s3cr\"t"[..]], marks).redact(&mut before);
        assert_eq!(before, after);
    }
}
