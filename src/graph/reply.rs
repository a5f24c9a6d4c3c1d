use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::{
    expr::{JsonRenderer, Template},
    model::{BodyTemplate, ReplyTemplate, StatusTemplate},
    run::Reply,
};

/// An answer, compiled.
#[derive(Debug)]
pub enum ReplyRenderer {
    /// The same for every request: ready made.
    Constant(Reply),
    /// Rendered for each request.
    Rendered {
        /// The status.
        status: Status,
        /// The headers that are the same each time.
        constant_headers: Vec<(HeaderName, HeaderValue)>,
        /// The headers that are not.
        headers: Vec<(HeaderName, Template)>,
        /// The body.
        body: Body,
    },
}

/// A status, known or computed.
#[derive(Debug)]
pub enum Status {
    /// Known.
    Fixed(StatusCode),
    /// Rendered for each request.
    Computed(Template),
}

/// A body, compiled.
#[derive(Debug)]
pub enum Body {
    /// The same each time.
    Constant(Bytes),
    /// Text.
    Text(Template),
    /// JSON.
    Json(JsonRenderer),
}

impl ReplyRenderer {
    /// Compiles an answer; constant as far as it can be.
    pub fn compile(reply: ReplyTemplate) -> Self {
        let content_type = match &reply.body {
            BodyTemplate::Empty => None,
            BodyTemplate::Text(_) => Some("text/plain; charset=utf-8"),
            BodyTemplate::Json(_) => Some("application/json"),
        };
        let body = match reply.body {
            BodyTemplate::Empty => Body::Constant(Bytes::new()),
            BodyTemplate::Text(template) => match template.as_constant() {
                Some(text) => Body::Constant(Bytes::copy_from_slice(text.as_bytes())),
                None => Body::Text(template),
            },
            BodyTemplate::Json(tree) => {
                let renderer = JsonRenderer::compile(&tree);
                match renderer.as_constant() {
                    Some(text) => Body::Constant(Bytes::copy_from_slice(text.as_bytes())),
                    None => Body::Json(renderer),
                }
            }
        };
        let says_type = reply
            .headers
            .iter()
            .any(|(name, _)| name == header::CONTENT_TYPE);
        let mut constant_headers = Vec::new();
        let mut headers = Vec::new();
        if let (Some(content_type), false) = (content_type, says_type) {
            constant_headers.push((header::CONTENT_TYPE, HeaderValue::from_static(content_type)));
        }
        for (name, template) in reply.headers {
            match template.as_constant().map(HeaderValue::from_str) {
                Some(Ok(value)) => constant_headers.push((name, value)),
                _ => headers.push((name, template)),
            }
        }
        match (reply.status, body) {
            (StatusTemplate::Fixed(status), Body::Constant(body)) if headers.is_empty() => {
                Self::Constant(Reply {
                    status,
                    headers: constant_headers.into_iter().collect(),
                    body,
                })
            }
            (status, body) => Self::Rendered {
                status: match status {
                    StatusTemplate::Fixed(status) => Status::Fixed(status),
                    StatusTemplate::Computed(template) => Status::Computed(template),
                },
                constant_headers,
                headers,
                body,
            },
        }
    }
}
