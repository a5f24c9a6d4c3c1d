//! The lines of a `parse` block -> into a flow.
//!
//! An [`Addition`] is written by text at the flow's spans, so that the rest of the file stays as it
//! is.

mod addition;
mod edit;
mod flow;
mod replace;
#[cfg(test)]
mod tests;

pub use addition::{Addition, Refusal};
