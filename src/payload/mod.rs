//! Raw bytes -> values: bodies as JSON, forms, text and XML; the query; path parameters; headers.
//!
//! Every format comes to the same kind of value, so that a path reads them all alike. JSON with
//! plain paths is read in one pass that builds nothing but what the paths name; all else builds
//! the document first.

mod body;
mod coerce;
mod content;
mod json;
mod percent;
mod query;
mod read;
mod xml;

pub use body::document;
pub use content::is_json;
pub use json::slip;
pub use query::query;
pub use read::{Parsed, fit, read};

use http::StatusCode;

use crate::run::Value;

/// A request that cannot be read, in a plain sentence for its sender.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// 400 where it is malformed, 415 where the format is not taken, 422 where something required
    /// is not there or of another type.
    pub status: StatusCode,
    /// The sentence.
    pub message: String,
    /// What could be read of its variables all the same, by slot; nothing where the request as a
    /// whole is malformed.
    pub variables: Vec<Option<Value>>,
}

impl Refused {
    fn malformed(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
            variables: Vec::new(),
        }
    }

    fn unsupported(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            message: message.into(),
            variables: Vec::new(),
        }
    }

    fn unprocessable(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            message: message.into(),
            variables: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
