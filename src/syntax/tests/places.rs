//! Every byte of a string knows where it was written.

use super::reading;
use crate::syntax::Text;

/// The first argument of the first node, and what stands in the file for a part of its value.
fn written(source: &str, part: &str) -> String {
    let (tree, report) = reading(source);
    assert!(report.is_empty(), "{:?}", report.lines());
    let argument = tree.nodes[0].clone().open().argument().unwrap();
    let text: &Text = argument.as_text().unwrap();
    let at = text.value.find(part).expect(&text.value);
    let span = text.at(at..at + part.len());
    source[span.start..span.end].to_owned()
}

#[test]
fn plain_text_maps_byte_for_byte() {
    assert_eq!(written("a \"x {{ y }} z\"", "y"), "y");
    assert_eq!(written("ä \"ö {{ ü }} z\"", "ü }"), "ü }");
    assert_eq!(written("a word", "or"), "or");
}

#[test]
fn escapes_map_to_the_whole_escape() {
    assert_eq!(written(r#"a "x\ny \u{e9}z""#, "\n"), r"\n");
    assert_eq!(written(r#"a "x\ny \u{e9}z""#, "é"), r"\u{e9}");
    assert_eq!(written(r#"a "x\ny \u{e9}z""#, "éz"), r"\u{e9}z");
    assert_eq!(written(r#"a "x\ny \u{e9}z""#, "z"), "z");
    assert_eq!(written(r#"a "x\"y\\ z""#, "z"), "z");
    assert_eq!(written("a \"x \\   \n   y\"", "y"), "y");
    assert_eq!(written("a \"x \\   \n   y\"", "x y"), "x \\   \n   y");
}

#[test]
fn raw_text_maps_byte_for_byte() {
    assert_eq!(written("a ##\"x \\d \"# y\"##", "\\d \"# y"), "\\d \"# y");
}

#[test]
fn text_over_lines_maps_past_its_indentation() {
    let text = "a \"\"\"\n    one {{ x }}\n\n      two \\t {{ y }}\n    \"\"\"\n";
    assert_eq!(written(text, "x"), "x");
    assert_eq!(written(text, "y"), "y");
    assert_eq!(written(text, "\t"), "\\t");
    assert_eq!(written(text, "  two"), "  two");
    assert_eq!(written(text, "}}\n\n"), "}}\n\n");
    let raw = text
        .replace("\"\"\"", "#\"\"\"")
        .replace("    #\"\"\"\n", "    \"\"\"#\n");
    assert_eq!(written(&raw, "{{ y"), "{{ y");
    let windows = text.replace('\n', "\r\n");
    assert_eq!(written(&windows, "y"), "y");
    assert_eq!(written(&windows, "\n\n"), "\r\n\r\n");
}

#[test]
fn the_end_of_a_text_is_in_front_of_its_quotes() {
    let (tree, _) = reading("a \"xy\"");
    let argument = tree.nodes[0].clone().open().argument().unwrap();
    let text = argument.as_text().unwrap();
    assert_eq!((text.at(2..2).start, text.at(2..2).end), (5, 5));
    assert_eq!(text.at(0..2).start, 3);
    assert_eq!(
        text.at(1..9),
        text.span,
        "beyond the end: the whole literal"
    );
}

#[test]
fn nodes_and_entries_know_their_places_behind_characters_of_several_bytes() {
    let source = "\u{feff}/* ü */ (ä)nöde \"ö\" kéy=(ß)\"v\" { ünter 1; }\n";
    let (tree, report) = reading(source);
    assert!(report.is_empty(), "{:?}", report.lines());
    let shown = |span: crate::diagnostic::Span| &source[span.start..span.end];
    let node = tree.nodes[0].clone();
    assert_eq!(shown(node.span), "(ä)nöde \"ö\" kéy=(ß)\"v\"");
    let mut fields = node.open();
    assert_eq!(shown(fields.name.span), "nöde");
    assert_eq!(shown(fields.annotation().unwrap().span), "ä");
    assert_eq!(shown(fields.argument().unwrap().span), "\"ö\"");
    let (key, value) = fields.properties_left().remove(0);
    assert_eq!(shown(key.span), "kéy");
    assert_eq!(shown(value.span), "\"v\"");
    assert_eq!(shown(value.annotation.unwrap().span), "ß");
    assert_eq!(shown(fields.children()[0].name.span), "ünter");
}

#[test]
fn what_is_commented_out_is_gone_and_places_behind_it_hold() {
    let source =
        "a /- 1 2 /- x=3 y=4 /- { b } { c /* { */ 5; /- d { e } \n f }\n/- g {\n h\n}\ni\n";
    let (tree, report) = reading(source);
    assert!(report.is_empty(), "{:?}", report.lines());
    let names: Vec<&str> = tree
        .nodes
        .iter()
        .map(|node| node.name.text.as_str())
        .collect();
    assert_eq!(names, ["a", "i"]);
    let mut fields = tree.nodes[0].clone().open();
    let arguments: Vec<_> = fields
        .arguments()
        .iter()
        .map(|value| value.as_integer())
        .collect();
    assert_eq!(arguments, [Some(2)]);
    assert!(fields.property("x").is_none());
    let y = fields.property("y").unwrap();
    assert_eq!(&source[y.span.start..y.span.end], "4");
    let children = fields.children();
    let names: Vec<&str> = children
        .iter()
        .map(|node| node.name.text.as_str())
        .collect();
    assert_eq!(names, ["c", "f"]);
}
