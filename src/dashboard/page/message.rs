use http::{HeaderMap, Method, Uri};

use super::{Page, Tone, words};
use crate::{
    dashboard::{
        fold::{Folded, folded},
        indent::indented,
        text::{self, width},
    },
    run::{Extent, Outcome, RunRecord},
};

/// Up to what size a body is laid out as JSON.
const PRETTY: usize = 1 << 20;
/// How many members of a list or an object are shown until it is unfolded.
const MEMBERS: usize = 20;

/// How bodies are shown.
#[derive(Clone, Copy, Debug)]
pub struct Bodies<'v> {
    /// Whether all members are shown of lists and objects that have many.
    pub unfolded: bool,
    /// How one ends that is not whole.
    pub end: &'v str,
}

pub(super) fn write_request(page: &mut Page, record: &RunRecord, bodies: Bodies<'_>) {
    let request = &record.request;
    request_line(page, &request.method, &request.uri);
    page.line().put(
        Tone::Dim,
        &format!(
            "from {} at {}",
            request.peer,
            text::timestamp(request.received)
        ),
    );
    headers(page, &request.headers);
    let length = request.headers.get(http::header::CONTENT_LENGTH);
    let unread = length.is_some_and(|length| length != "0")
        || request
            .headers
            .contains_key(http::header::TRANSFER_ENCODING);
    if unread && request.body.is_empty() {
        page.blank();
        page.line().put(
            Tone::Dim,
            "the body was not read: the request was refused before",
        );
    } else {
        body(page, &request.body, record.cut.request, bodies);
    }
}

/// The first line of a request.
pub(super) fn request_line(page: &mut Page, method: &Method, target: &Uri) {
    page.line()
        .put(Tone::Strong, method.as_str())
        .put(Tone::Plain, " ")
        .put(Tone::Plain, &target.to_string())
        .hang(4);
}

pub(super) fn write_reply(page: &mut Page, record: &RunRecord, bodies: Bodies<'_>) {
    let Some(reply) = &record.reply else {
        page.line().put(Tone::Dim, "Nothing was answered.");
        return;
    };
    page.line()
        .put(words::status(reply.status.as_u16()), reply.status.as_str())
        .put(Tone::Plain, " ")
        .put(
            Tone::Strong,
            reply.status.canonical_reason().unwrap_or_default(),
        );
    if record.outcome != Outcome::Refused && record.flow.as_ref().is_some_and(|flow| !flow.sync) {
        page.line().put(Tone::Dim, "answered before the run began");
    }
    headers(page, &reply.headers);
    body(page, &reply.body, record.cut.response, bodies);
}

fn headers(page: &mut Page, headers: &HeaderMap) {
    if headers.is_empty() {
        return;
    }
    page.blank();
    let widest = headers
        .keys()
        .map(|name| width(name.as_str()))
        .max()
        .unwrap_or(0)
        .min(24);
    for (name, value) in headers {
        page.line()
            .put(Tone::Accent, name.as_str())
            .fill_to(widest + 2)
            .put(Tone::Plain, &String::from_utf8_lossy(value.as_bytes()))
            .hang(widest + 2);
    }
}

fn body(page: &mut Page, body: &[u8], extent: Extent, bodies: Bodies<'_>) {
    page.blank();
    if body.is_empty() {
        page.line().put(Tone::Dim, "no body");
        return;
    }
    let pretty = (body.len() <= PRETTY).then(|| indented(body)).flatten();
    let kind = match (&pretty, std::str::from_utf8(body)) {
        (Some(_), _) => "JSON, ",
        (None, Ok(_)) => "",
        (None, Err(_)) => "not UTF-8, ",
    };
    let cut = text::cut(body.len(), extent);
    let size = cut.clone().unwrap_or_else(|| text::bytes(body.len()));
    page.line().put(Tone::Dim, &format!("{kind}{size}"));
    match &pretty {
        Some(pretty) => json(
            page,
            pretty,
            if bodies.unfolded { usize::MAX } else { MEMBERS },
        ),
        None => page.text(Tone::Plain, 0, &String::from_utf8_lossy(body)),
    }
    if cut.is_some() {
        page.lacks_some();
        page.line().put(Tone::Dim, bodies.end);
    }
}

fn json(page: &mut Page, pretty: &str, members: usize) {
    for line in folded(pretty, members) {
        match line {
            Folded::Line(line) => page.text(Tone::Plain, 0, line),
            Folded::More { indent, count } => {
                page.line()
                    .put(Tone::Plain, &" ".repeat(indent))
                    .put(Tone::Dim, &format!("… {count} more (z unfolds)"));
            }
        }
    }
}
