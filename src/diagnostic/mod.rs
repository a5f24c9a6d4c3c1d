//! What is told to people about their configuration: sources, spans, diagnostics, the report that
//! collects them, and how they are drawn.
//!
//! Nothing here knows what a flow is. The report owns the text of every file, so a [`Span`] is all
//! that later stages need to carry to point at a place. Ranges that hold secrets are masked in the
//! source itself: no snippet can show one, whoever asks for it.

#[expect(
    clippy::module_inception,
    reason = "one type per file, and the type is what the module is named after"
)]
mod diagnostic;
mod harmful;
mod render;
mod report;
mod source;
mod span;
mod suggest;

pub use diagnostic::{Diagnostic, Severity};
pub use harmful::{is_harmful, is_joiner};
pub use render::Style;
pub use report::Report;
pub use source::Source;
pub use span::{SourceId, Span};
pub use suggest::{did_you_mean, nearest};
