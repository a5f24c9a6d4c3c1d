use http::{HeaderName, StatusCode};

use crate::expr::{JsonTemplate, Template};

/// An answer, as the file writes it.
#[derive(Debug)]
pub struct ReplyTemplate {
    /// The status.
    pub status: StatusTemplate,
    /// Headers in the order of the file; a value is rendered for each answer.
    pub headers: Vec<(HeaderName, Template)>,
    /// The body.
    pub body: BodyTemplate,
}

impl ReplyTemplate {
    /// The answer of an async trigger that writes none: `200`, `ok`.
    pub fn ok() -> Self {
        Self {
            status: StatusTemplate::Fixed(StatusCode::OK),
            headers: Vec::new(),
            body: BodyTemplate::Text(Template::literal("ok")),
        }
    }
}

/// A status, written out or computed.
#[derive(Debug)]
pub enum StatusTemplate {
    /// `respond 200`.
    Fixed(StatusCode),
    /// `respond "{{ code }}"`: it must come to 200 to 599.
    Computed(Template),
}

/// A status that an answer may have, from 200 to 599: 1xx are the server's own to send, and nothing
/// above is a status (RFC 9110, section 15).
pub fn parse_status(text: &str) -> Option<StatusCode> {
    let code = text.parse().ok().filter(|code| (200..600).contains(code))?;
    StatusCode::from_u16(code).ok()
}

/// A body, by kind.
#[derive(Debug)]
pub enum BodyTemplate {
    /// None.
    Empty,
    /// `body "…"`: `text/plain`, where no header says else.
    Text(Template),
    /// `json { … }`: `application/json`, where no header says else.
    Json(JsonTemplate),
}

/// Whether an answer of this status has no body (RFC 9110, 15.3.5, 15.3.6 and 15.4.5).
pub fn has_no_body(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
    )
}
