//! A node: a name, its entries, and what is in its block.

use super::{Fields, Scalar, Word};
use crate::diagnostic::Span;

/// A node: a name, its entries, and what is in its block.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub name: Word,
    /// Its head, from the name (or its annotation) to the last entry; not its block.
    pub span: Span,
    /// The type in front of its name.
    pub annotation: Option<Word>,
    pub(super) arguments: Vec<Scalar>,
    pub(super) properties: Vec<(Word, Scalar)>,
    pub(super) children: Option<Vec<Node>>,
}

impl Node {
    /// Starts to take the node apart.
    pub fn open(self) -> Fields {
        Fields::new(self)
    }
}
