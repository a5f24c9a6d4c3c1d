use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

use crate::run::RunId;

/// A request that a viewer has made of the one of a run. What was redacted in that may stand in it
/// as it was told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edited {
    /// The run whose request it was.
    pub run: RunId,
    /// The method.
    pub method: Method,
    /// The path, and the query.
    pub target: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}
