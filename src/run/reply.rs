use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// An answer to a request, whole and ready to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// The status line's code.
    pub status: StatusCode,
    /// Headers beside the ones the connection needs.
    pub headers: HeaderMap,
    /// The body; its length becomes `Content-Length`.
    pub body: Bytes,
}

impl Reply {
    /// An answer without headers or body.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// What a run answers that ends well without a word.
    pub fn ok() -> Self {
        Self::empty(StatusCode::OK)
    }

    /// A plain-text answer.
    pub fn text(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::empty(status)
            .with_header(
                http::header::CONTENT_TYPE,
                HeaderValue::from_static("text/plain; charset=utf-8"),
            )
            .with_body(body)
    }

    /// The same answer with one header more.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// The same answer with this body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}
