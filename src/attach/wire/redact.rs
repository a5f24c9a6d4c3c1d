use std::fmt;

use crate::run::{RunRecord, Value};

/// What may be told of what was sent.
pub struct Redact {
    /// Of a record.
    pub record: Box<dyn Fn(&RunRecord) -> Value + Send + Sync>,
    /// Of a text that stands by itself.
    pub text: Box<dyn Fn(&str) -> String + Send + Sync>,
}

impl fmt::Debug for Redact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redact").finish_non_exhaustive()
    }
}
