//! The words all runs are told in, whoever tells them: the engine that walks, the queue that
//! keeps, the stream that reports, the dashboard that draws.

mod bytes;
mod cancelled;
mod continues;
mod credential;
mod curl;
mod flow_shape;
mod headers;
mod id;
mod outcome;
mod policy;
mod record;
mod replay_of;
mod reply;
mod request;
mod shell;
mod shortened;
mod spent;
mod time;
mod value;
mod veil;

pub use bytes::{BytesJson, bytes_json, json_bytes};
pub use cancelled::Cancelled;
pub use continues::Continues;
pub use credential::{
    REDACTED, TELLING, credentials, from_url, is_secret_header, is_secret_member,
    is_secret_parameter, secret_headers, without_credentials,
};
pub use curl::Curl;
pub use flow_shape::{ArmShape, FlowShape, StepShape, VariableShape, known_word};
pub use headers::{HeadersJson, headers_json, json_headers};
pub use id::RunId;
pub use outcome::Outcome;
pub use policy::{Overlap, Policy};
pub use record::{
    CallRecord, ConditionRecord, Cut, Extent, OperandRecord, Part, RunError, RunRecord, StepDetail,
    StepRecord, Taken, Within,
};
pub use replay_of::ReplayOf;
pub use reply::Reply;
pub use request::{Peer, Request};
pub use shell::shell_word;
pub use shortened::shortened;
pub use spent::Spent;
pub use time::{
    LONGEST_DURATION, duration_text, from_millis, micros, millis, millis_not_before,
    parse_duration, parse_timestamp, timestamp, timestamp_shown,
};
pub use value::value_bytes;
pub use veil::{SHORTEST_ENCODED, Veil};

/// The one value type: what JSON can say. Numbers are `u64`, `i64` or `f64`.
pub use serde_json::Value;
