//! KDL text -> nodes that report their leftovers.
//!
//! [`read`] takes an entry file, follows its `include`s and gives a [`Tree`]. A scanner of our own
//! looks at each file first (`scan`, `outline`): it bounds nesting, which the `kdl` crate would
//! follow until the stack overflows, names common slips better than a grammar can, and hides
//! secrets from every snippet. What it recognises as a slip is repaired in memory, so that `kdl`
//! and everything after it still see the rest of the file: all errors come in one go.
//!
//! [`Node::open`] hands out the [`Fields`] of a node one by one; whatever nobody asked for is an
//! error when it is finished.

mod decode;
mod fields;
mod files;
mod mask;
mod node;
mod outline;
mod parse;
mod read;
mod scalar;
mod scan;
mod slip;
mod text;
mod token;
mod tree;

pub use fields::{Fields, unknown_node};
pub use files::Files;
pub use mask::{SECRET_PLACES, is_secret_place};
pub use node::Node;
pub use read::{read, read_text, tidy};
pub use scalar::{Literal, Scalar};
pub use text::{Text, Word};
pub use tree::Tree;

#[cfg(test)]
mod tests;
