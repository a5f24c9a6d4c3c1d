use std::{fmt, time::Duration};

use http::{HeaderName, Method, StatusCode};
use url::Url;

use crate::expr::{JsonTemplate, Template};

/// `http "POST" "https://…" { … }`: a request to another server. `J` is its JSON, as written or
/// compiled.
#[derive(Debug)]
pub struct Http<J = JsonTemplate> {
    /// The method.
    pub method: Method,
    /// The URL; what `query` says is added to it.
    pub url: Template,
    /// The URL as written, without user and password: what may be shown of it.
    pub shown: String,
    /// The scheme, host and port that are written out; `None` where a template chooses them, and
    /// [`super::Outbound`] has to cover the host.
    pub origin: Option<Origin>,
    /// Names and values to be added to the URL's query.
    pub query: Vec<(String, Template)>,
    /// Headers in the order of the file.
    pub headers: Vec<(HeaderName, Template)>,
    /// The body.
    pub body: Payload<J>,
    /// The statuses that are a success beside 2xx.
    pub accept_status: Vec<StatusCode>,
    /// How many redirects are followed.
    pub redirects: u32,
    /// The longest body of an answer, in bytes.
    pub max_response: u64,
    /// How long all of it may take, redirects and the answer's body included.
    pub timeout: Duration,
    /// The variable that takes the answer.
    pub output: Option<u32>,
}

/// Where a URL leads (RFC 6454): in lower case, as a URL parser writes them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: String,
    /// A name or an address; one of IPv6 is in brackets.
    pub host: String,
    /// The port, the scheme's own where none is written.
    pub port: u16,
}

/// A request's body, by kind.
#[derive(Debug)]
pub enum Payload<J = JsonTemplate> {
    /// None.
    Empty,
    /// `body "…"`: `text/plain`, where no header says else.
    Text(Template),
    /// `json { … }`: `application/json`, where no header says else.
    Json(J),
    /// `form { … }`: `application/x-www-form-urlencoded`, where no header says else.
    Form(Vec<(String, Template)>),
}

impl Origin {
    /// The origin of a URL; `None` where it is none of a web server.
    pub fn of(url: &Url) -> Option<Self> {
        let scheme = Some(url.scheme()).filter(|scheme| matches!(*scheme, "http" | "https"))?;
        Some(Self {
            scheme: scheme.to_owned(),
            host: url.host_str().filter(|host| !host.is_empty())?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// The origin of a URL that is written out; `None` where it is no URL, or none of a web
    /// server.
    pub fn parse(url: &str) -> Option<Self> {
        Self::of(&Url::parse(url).ok()?)
    }
}

impl fmt::Display for Origin {
    /// As messages name the other side: `ntfy.example.org:443`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl<J> Http<J> {
    /// The same with its JSON, where it has any, made into something else.
    pub fn map_json<K>(self, map: impl FnOnce(J) -> K) -> Http<K> {
        Http {
            method: self.method,
            url: self.url,
            shown: self.shown,
            origin: self.origin,
            query: self.query,
            headers: self.headers,
            body: match self.body {
                Payload::Empty => Payload::Empty,
                Payload::Text(template) => Payload::Text(template),
                Payload::Json(json) => Payload::Json(map(json)),
                Payload::Form(fields) => Payload::Form(fields),
            },
            accept_status: self.accept_status,
            redirects: self.redirects,
            max_response: self.max_response,
            timeout: self.timeout,
            output: self.output,
        }
    }
}
