//! The languages inside strings: paths into a request, conditions, and templates.
//!
//! | type | what it is |
//! | --- | --- |
//! | [`Path`] | where a value stands in a document: a plain path, or JSONPath (RFC 9535) |
//! | [`PathSet`] | several plain paths as one trie, so that one pass reads them all |
//! | [`Condition`] | a Jinja expression with an evaluation of our own, which never guesses |
//! | [`Template`] | text with placeholders: constant, a few segments, or a Jinja template |
//! | [`JsonTemplate`] | JSON with templates in it, compiled to a [`JsonRenderer`] |
//!
//! Expressions are checked against a [`Scope`] when a configuration is loaded and read a
//! [`Context`] when a flow runs. This module is the only user of `minijinja` and of
//! `jsonpath-rust`, and knows no other module.

mod analysis;
mod condition;
mod context;
mod datum;
mod error;
mod filter;
mod json_path;
mod json_template;
mod limits;
mod names;
mod number;
mod path;
mod path_set;
mod root;
mod span;
mod syntax;
mod template;
mod test_word;
mod text;

#[cfg(test)]
mod limits_test;
#[cfg(test)]
mod test_support;

pub use condition::{Condition, EvalError, Operand};
pub use context::{Context, Segment, walk};
pub use datum::Kind as ValueKind;
pub use error::{ExprError, ExprErrorKind};
pub use json_path::TooMuch;
pub use json_template::{JsonRenderer, JsonTemplate};
pub use limits::{MAX_DEPTH, MAX_EXPRESSION, MAX_OUTPUT, MAX_QUERY_MEMORY};
pub use names::{is_name, is_variable_name, reserved, variable_name};
pub use number::is_exact;
pub use path::Path;
pub use path_set::{Capture, NodeId, PathSet};
pub use root::{Binding, Root, Scope};
pub use template::{BLANK, Lenience, RenderError, Template, placeholder};
pub use text::write_text;

#[cfg(test)]
mod tests {
    #[test]
    fn everything_can_be_shared_between_threads() {
        fn shared<T: Send + Sync + 'static>() {}
        shared::<super::Path>();
        shared::<super::PathSet>();
        shared::<super::Condition>();
        shared::<super::Template>();
        shared::<super::JsonRenderer>();
    }
}
