use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::{
    graph::Astray,
    payload, queue,
    run::{Outcome, Reply, Value},
};

/// Why a request is answered without a run, and with what. Boxed, since most requests are not
/// refused and every step of the pipeline may return one.
#[derive(Debug)]
pub(super) struct Refusal(Box<Reason>);

#[derive(Debug)]
struct Reason {
    status: StatusCode,
    /// For the sender.
    message: String,
    /// For the record, where it says more than the sender may know.
    detail: Option<String>,
    header: Option<(HeaderName, HeaderValue)>,
    outcome: Outcome,
    ends_connection: bool,
    /// What could be read of the flow's variables, for the record.
    variables: Vec<Option<Value>>,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self(Box::new(Reason {
            status,
            message: message.into(),
            detail: None,
            header: None,
            outcome: Outcome::Refused,
            ends_connection: false,
            variables: Vec::new(),
        }))
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }

    fn ending_connection(mut self) -> Self {
        self.0.ends_connection = true;
        self
    }

    /// The head is no sound HTTP.
    pub fn malformed(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message).ending_connection()
    }

    /// The credentials do not pass.
    pub fn unauthorized(challenge: HeaderValue) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "the credentials are missing or wrong",
        )
        .with(header::WWW_AUTHENTICATE, challenge)
    }

    /// Too many passwords are being hashed.
    pub fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many credentials are being verified; try again",
        )
        .with(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// The body is longer than `limit` bytes.
    pub fn too_large(limit: u64) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is longer than {limit} bytes"),
        )
        .ending_connection()
    }

    /// The body is encoded: taking it apart could make anything of it.
    pub fn encoded() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the body must not be encoded: Content-Encoding is identity or absent",
        )
        .with(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        )
    }

    /// The rest of the body did not come in time.
    pub fn stalled() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time").ending_connection()
    }

    /// The body ended early, or its chunks are malformed.
    pub fn broken_body() -> Self {
        Self::malformed("the body ended early or is malformed")
    }

    /// All requests that are being worked on hold on to too much.
    pub fn no_room() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too much is being worked on; try again",
        )
        .with(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// There is no room in the queue.
    pub fn queue_full() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many runs are waiting; try again",
        )
        .with(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }

    /// A run cannot be kept; the sender learns no more than that it may try again.
    pub fn not_kept(why: String) -> Self {
        let mut refusal = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the run cannot be kept now; try again",
        )
        .with(header::RETRY_AFTER, HeaderValue::from_static("5"));
        refusal.0.detail = Some(why);
        refusal
    }

    /// Something of ours failed; the sender learns no more than that.
    pub fn failed(detail: impl Into<String>) -> Self {
        let mut refusal = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the flow failed");
        refusal.0.detail = Some(detail.into());
        refusal.0.outcome = Outcome::Failed;
        refusal
    }

    /// How the request ended.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Whether the connection cannot go on: what comes next on it may be anything.
    pub fn ends_connection(&self) -> bool {
        self.0.ends_connection
    }

    /// Why, for the record.
    pub fn why(&self) -> String {
        self.0.detail.as_ref().unwrap_or(&self.0.message).clone()
    }

    /// Takes what could be read of the flow's variables.
    pub fn take_variables(&mut self) -> Vec<Option<Value>> {
        std::mem::take(&mut self.0.variables)
    }

    /// The answer: a line of plain text.
    pub fn into_reply(self) -> Reply {
        let reply = Reply::text(self.0.status, self.0.message + "\n");
        match self.0.header {
            Some((name, value)) => reply.with_header(name, value),
            None => reply,
        }
    }
}

impl From<Astray<'_>> for Refusal {
    fn from(astray: Astray<'_>) -> Self {
        let refusal = Self::new(astray.status(), astray.to_string());
        match astray.allow() {
            Some(allow) => refusal.with(header::ALLOW, allow),
            None => refusal,
        }
    }
}

impl From<payload::Refused> for Refusal {
    fn from(refused: payload::Refused) -> Self {
        let mut refusal = Self::new(refused.status, refused.message);
        refusal.0.variables = refused.variables;
        refusal
    }
}

impl From<queue::Refusal> for Refusal {
    fn from(refused: queue::Refusal) -> Self {
        match refused {
            queue::Refusal::Full => Self::queue_full(),
            queue::Refusal::Closed => Self::not_kept(refused.to_string()),
            queue::Refusal::Fault(why) => Self::not_kept(why),
        }
    }
}
