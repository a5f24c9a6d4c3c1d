//! What nobody asked for is an error.

use super::reading;
use crate::diagnostic::Style;
use crate::syntax::Fields;

/// What is said when a node is taken apart by `take`.
fn left(text: &str, take: impl FnOnce(&mut Fields)) -> String {
    let (tree, mut report) = reading(text);
    let mut fields = tree.nodes[0].clone().open();
    take(&mut fields);
    fields.finish(&mut report);
    report.sort();
    report.render(Style::default())
}

#[test]
fn unknown_properties_and_nodes_are_told_what_is_near() {
    assert_eq!(
        left(
            "flow \"x\" tiemout=\"10s\" banana=1 {\n    webhok\n    timeout \"1s\"\n    split\n}\n",
            |fields| {
                fields.argument();
                fields.property("mode");
                fields.property("timeout");
                fields.children_named("webhook");
                fields.children_named("branch");
            }
        ),
        r#"  × `flow` has no property `tiemout`
   ╭─[flows.kdl:1:10]
 1 │ flow "x" tiemout="10s" banana=1 {
   ·          ───────
 2 │     webhok
   ╰────
  help: did you mean `timeout`?

  × `flow` has no property `banana`
   ╭─[flows.kdl:1:24]
 1 │ flow "x" tiemout="10s" banana=1 {
   ·                        ──────
 2 │     webhok
   ╰────
  help: it has `mode` and `timeout`

  × unknown node `webhok` in `flow`
   ╭─[flows.kdl:2:5]
 1 │ flow "x" tiemout="10s" banana=1 {
 2 │     webhok
   ·     ──────
 3 │     timeout "1s"
   ╰────
  help: did you mean `webhook`?

  × `timeout` is a property of `flow`
   ╭─[flows.kdl:3:5]
 2 │     webhok
 3 │     timeout "1s"
   ·     ───────
 4 │     split
   ╰────
  help: write it on the line of `flow`: `timeout=…`

  × unknown node `split` in `flow`
   ╭─[flows.kdl:4:5]
 3 │     timeout "1s"
 4 │     split
   ·     ─────
 5 │ }
   ╰────
  help: allowed here: `webhook` and `branch`
"#
    );
}

#[test]
fn values_too_many_are_told() {
    assert_eq!(
        left("log hello world again\n", |fields| {
            fields.argument();
        }),
        r#"  × `log` takes only one value
   ╭─[flows.kdl:1:11]
 1 │ log hello world again
   ·           ─────┬─────
   ·                ╰── not expected
   ╰────
  help: text of several words is one value in quotes; a node of its own starts behind `;`
"#
    );
    assert_eq!(
        left("stop 1 2\n", |_| {}),
        "  × `stop` takes no value
   ╭─[flows.kdl:1:6]
 1 │ stop 1 2
   ·      ─┬─
   ·       ╰── not expected
   ╰────
"
    );
}

#[test]
fn an_annotation_nobody_took_is_told() {
    assert_eq!(
        left("(x)stop\n", |_| {}),
        "  × `stop` takes no annotation like `(x)`
   ╭─[flows.kdl:1:2]
 1 │ (x)stop
   ·  ─
   ╰────
"
    );
}

#[test]
fn a_block_where_none_belongs_is_told_once() {
    assert_eq!(
        left("delay { a; b; }\n", |_| {}),
        "  × `delay` takes no block
   ╭─[flows.kdl:1:9]
 1 │ delay { a; b; }
   ·         ─
   ╰────
"
    );
}

#[test]
fn what_is_given_twice_is_told_with_both_places() {
    let (tree, mut report) = reading("webhook a=1 a=2 {\n    parse\n    parse\n}\n");
    let mut fields = tree.nodes[0].clone().open();
    let kept = fields.property("a").unwrap();
    assert_eq!(kept.as_integer(), Some(1), "the first one counts");
    assert!(fields.child("parse", &mut report).is_some());
    fields.finish(&mut report);
    report.sort();
    assert_eq!(
        report.render(Style::default()),
        "  × `a` is set twice on `webhook`
   ╭─[flows.kdl:1:13]
 1 │ webhook a=1 a=2 {
   ·         ┬   ┬
   ·         │   ╰── again here
   ·         ╰── first here
 2 │     parse
   ╰────

  × `parse` is given twice in `webhook`
   ╭─[flows.kdl:3:5]
 1 │ webhook a=1 a=2 {
 2 │     parse
   ·     ──┬──
   ·       ╰── first here
 3 │     parse
   ·     ──┬──
   ·       ╰── again here
 4 │ }
   ╰────
"
    );
}

#[test]
fn a_missing_argument_is_told_by_what_it_is() {
    let (tree, mut report) = reading("flow mode=\"sync\"\n");
    let mut fields = tree.nodes[0].clone().open();
    assert!(
        fields
            .expect_argument(&mut report, "the flow's name")
            .is_none()
    );
    fields.property("mode");
    fields.finish(&mut report);
    assert_eq!(
        report.lines(),
        ["flows.kdl:1:1: error: `flow` needs the flow's name"]
    );
}

#[test]
fn kinds_and_values_are_what_was_written() {
    let (tree, report) = reading("a \"x\" 1 1.5 #true #false #null\n");
    let values = tree.nodes[0].clone().open().arguments();
    let kinds: Vec<&str> = values.iter().map(|value| value.kind()).collect();
    assert_eq!(
        kinds,
        [
            "text",
            "an integer",
            "a number",
            "`#true`",
            "`#false`",
            "`#null`"
        ]
    );
    let sources: Vec<&str> = values.iter().map(|value| value.source(&report)).collect();
    assert_eq!(sources, ["\"x\"", "1", "1.5", "#true", "#false", "#null"]);
}
