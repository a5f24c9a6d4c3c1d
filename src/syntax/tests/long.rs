//! A long file is read in pieces, and nobody can tell.

use super::reading;
use crate::{
    diagnostic::Span,
    syntax::{Literal, Node},
};

/// What a node can look like, in as many lines as its blocks and texts take.
const SAMPLE: &str = r##"
// a comment { "
a "x\n" key=(env)"Y" /* { */ { b 1; c #true { d "ü"; }; }
(type)e \
    "further" ; f r; /-
  g { h "no node"; }
i """
    over {
    lines
    """ /- { j; } { k #"raw " {"#; }
"##;

/// All that a node says, and what stands in the file for it.
fn told(node: &Node, text: &str) -> String {
    let at = |span: Span| &text[span.start..span.end];
    let scalar = |scalar: &crate::syntax::Scalar| {
        let annotation = scalar.annotation.as_ref();
        let annotation = annotation.map(|word| (&word.text, at(word.span)));
        let value = match &scalar.literal {
            Literal::String(text) => &text.value,
            other => return format!("{other:?} {}", at(scalar.span)),
        };
        format!("{annotation:?} {value:?} {}", at(scalar.span))
    };
    let arguments: Vec<_> = node.arguments.iter().map(scalar).collect();
    let properties: Vec<_> = node
        .properties
        .iter()
        .map(|(key, value)| (&key.text, at(key.span), scalar(value)))
        .collect();
    let children: Option<Vec<_>> = node
        .children
        .as_ref()
        .map(|children| children.iter().map(|child| told(child, text)).collect());
    format!(
        "{} {} {} {:?} {:?} {arguments:?} {properties:?} {children:?}",
        node.name.text,
        at(node.name.span),
        at(node.span),
        node.annotation.as_ref().map(|word| at(word.span)),
        node.block.map(at),
    )
}

#[test]
fn every_node_of_a_long_file_is_what_it_is_in_a_short_one() {
    let (tree, report) = reading(SAMPLE);
    assert!(report.is_empty(), "{:?}", report.lines());
    let once: Vec<_> = tree.nodes.iter().map(|node| told(node, SAMPLE)).collect();
    assert_eq!(once.len(), 4);

    let long = SAMPLE.repeat(700);
    let (tree, report) = reading(&long);
    assert!(report.is_empty(), "{:?}", report.lines());
    assert_eq!(tree.nodes.len(), 2_800);
    for nodes in tree.nodes.chunks(4) {
        let nodes: Vec<_> = nodes.iter().map(|node| told(node, &long)).collect();
        assert_eq!(nodes, once);
    }
}

#[test]
fn what_is_amiss_far_down_is_told_where_it_stands() {
    let long = SAMPLE.repeat(700);
    assert_eq!(
        super::told(&format!("{long}l x=1 x=2\n")),
        "  × `x` is set twice on `l`
      ╭─[flows.kdl:7001:7]
 7000 │     \"\"\" /- { j; } { k #\"raw \" {\"#; }
 7001 │ l x=1 x=2
      ·   ┬   ┬
      ·   │   ╰── again here
      ·   ╰── first here
      ╰────
"
    );
    // What only `kdl` finds.
    assert_eq!(
        super::told(&format!("{long}l (a)b=\"x\"\n")),
        "  × this was not expected here
      ╭─[flows.kdl:7001:7]
 7000 │     \"\"\" /- { j; } { k #\"raw \" {\"#; }
 7001 │ l (a)b=\"x\"
      ·       ─
      ╰────
"
    );
}
