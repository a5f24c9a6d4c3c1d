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
    /// Its block, braces included.
    pub block: Option<Span>,
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

#[cfg(test)]
mod tests {
    use crate::diagnostic::Report;
    use crate::syntax::read_text;

    #[test]
    fn a_node_knows_where_its_block_stands() {
        let text =
            "a { b { c; }; d }\n\"e\" \"{\" /- { x; } {\n} // }\nf /- { y; }\n/- g { z; }\n(t)h {}";
        let mut report = Report::new();
        let tree = read_text("flows.kdl", text, &mut report);
        assert!(report.is_empty(), "{:?}", report.lines());
        let blocks: Vec<_> = tree
            .nodes
            .iter()
            .map(|node| {
                let block = node.block.map(|block| report.text(block).to_owned());
                (node.name.text.clone(), block)
            })
            .collect();
        let expected = [
            ("a", Some("{ b { c; }; d }")),
            ("e", Some("{\n}")),
            ("f", None),
            ("h", Some("{}")),
        ];
        let owned =
            |(name, block): (&str, Option<&str>)| (name.to_owned(), block.map(str::to_owned));
        assert_eq!(blocks, expected.map(owned));
        let inner = tree.nodes[0].clone().open().children();
        assert_eq!(
            inner[0].block.map(|block| report.text(block)),
            Some("{ c; }")
        );
        assert_eq!(inner[1].block, None);
    }
}
