//! Whatever is in a file, reading it gives an answer.

use proptest::prelude::*;

use super::{reading, told};
use crate::syntax::Node;

/// Pieces of files, so that random ones get beyond the first character.
const PIECES: [&str; 64] = [
    "flow", "password", "when", "secrets", "a", "ü", " ", " ", " ", " ", "\n", "\n", "\r\n", ";",
    "{", "{", "}", "}", "(", ")", "(env)", "=", "=", "\"", "\"", "\"\"\"", "\"\"\"\n", "\"x\"",
    "#", "#\"", "\"#", "##", "/-", "/-", "/*", "*/", "//", "\\", "\\\n", "\\n", "\\d", "\\u{",
    "\\u{e9}", "#true", "true", "1", "10s", "1.5", "-", "--", ",", "'", "“", "”", "[", "]", "{{",
    "}}", "https:", ">=", ":", "r", "\u{feff}", "\0",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)
        .prop_map(|pieces| pieces.concat())
}

/// Asks every text of the nodes for every place in it.
fn every_place(nodes: Vec<Node>, text: &str) {
    for node in nodes {
        assert!(text.get(node.span.start..node.span.end).is_some());
        let mut fields = node.open();
        let properties = fields.properties_left().into_iter().map(|(_, value)| value);
        for value in fields.arguments().into_iter().chain(properties) {
            assert!(text.get(value.span.start..value.span.end).is_some());
            let Some(written) = value.as_text() else {
                continue;
            };
            for (at, character) in written.value.char_indices() {
                let span = written.at(at..at + character.len_utf8());
                assert!(
                    text.get(span.start..span.end).is_some(),
                    "{text:?} {written:?} {at}"
                );
            }
        }
        every_place(fields.children(), text);
    }
}

/// A tree is complete, or it is said why not.
fn holds(text: &str) {
    let (tree, report) = reading(text);
    assert!(tree.complete || report.has_errors(), "{text:?}");
    report.lines();
    report.to_json();
    every_place(tree.nodes, text);
    told(text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        holds(&text);
    }

    #[test]
    fn any_soup_of_pieces_is_read_or_refused(text in soup()) {
        holds(&text);
    }

    #[test]
    fn any_soup_a_thousand_times_over_is_read_or_refused(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..5),
    ) {
        holds(&pieces.concat().repeat(300));
    }
}
