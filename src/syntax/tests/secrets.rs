//! Secrets are never shown, not even in a file that does not read.

use super::{reading, told};
use crate::diagnostic::{Diagnostic, Report, Span, Style};

/// Draws every line of a text.
fn drawn(text: &str) -> String {
    let (_, read) = reading(text);
    let mut report = Report::new();
    let id = report.add_source("flows.kdl", "flows.kdl", text);
    for masked in &read.sources()[0].masked {
        report.mask(Span::new(id, masked.start, masked.end));
    }
    let mut at = 0;
    for line in text.lines() {
        report.push(Diagnostic::error(Span::new(id, at, at), "here"));
        at += line.len() + 1;
    }
    format!(
        "{}{}",
        report.render(Style::default()),
        read.render(Style::default())
    )
}

#[test]
fn secrets_are_hidden_wherever_they_are_written_and_references_are_not() {
    for text in [
        "password \"hunter2\"",
        "password hunter2",
        "password 'hunter2'",
        "password “hunter2”",
        "password r\"hunter2\"",
        "password #\"hunter2\"#",
        "password \"\"\"\n    hunter2\n    \"\"\"",
        "password \"x\" \"hunter2\"",
        "password \"x\"\"hunter2\"",
        "password (raw)\"hunter2\"",
        "password (env \"hunter2\"",
        "password /hunter2",
        "password [\"hunter2\"]",
        "password = \"hunter2\"",
        "password: \"hunter2\"",
        "password \"hunter2",
        "password \"\\d hunter2\"",
        "password hunter2 == x",
        "password 2hunter2",
        "secret \"hunter2\"",
        "token \"hunter2\"",
        "basic user=\"x\" password=\"hunter2\"",
        "basic user=\"x\" password = hunter2",
        "basic user=\"x\" password:\"hunter2\"",
        "basic user=\"x\" token=\"a\"\"hunter2\"",
        "basic user=\"x\" password=(env \"hunter2\"",
        "basic user=\"x { password \"hunter2\" }",
        "secrets { ntfy \"hunter2\" }",
        "secrets { ntfy hunter2; }",
        "secrets { ntfy value=\"hunter2\" }",
        "secrets { ntfy { deep \"hunter2\" } }",
        "secrets {\n    ntfy \"hunter2\n}",
        "secrets {\n    ntfy \"hunter2\"\n",
        "secrets\n{\n    ntfy \"hunter2\"\n}",
        "/- password \"hunter2\"",
        "// password \"hunter2\"",
        "/* secrets {\n  x \"hunter2\"\n} */",
        "# password \"hunter2\"",
        "auth { basic user=\"x\" { password \"hunter2\" } } }",
    ] {
        let drawn = drawn(&format!("{text}\n"));
        assert!(!drawn.contains("hunter"), "{text:?}\n{drawn}");
    }
    for text in [
        "password (env)\"VISIBLE\"",
        "password (file)VISIBLE",
        "secret (credential)\"VISIBLE\"",
        "basic password=(secret)\"VISIBLE\"",
        "secrets { ntfy (env)\"VISIBLE\"; env-file \"VISIBLE\" }",
        "flow \"VISIBLE\"",
    ] {
        let drawn = drawn(text);
        assert!(drawn.contains("VISIBLE"), "{text:?}\n{drawn}");
    }
}

#[test]
fn a_secret_with_a_slip_is_not_quoted_back() {
    assert_eq!(
        told("password 2hunter\n"),
        r#"  × `***` is neither a number nor text
   ╭─[flows.kdl:1:10]
 1 │ password *******
   ·          ───┬───
   ·             ╰── text starting with a digit is quoted
   ╰────
  help: write `"***"`
"#
    );
}

#[test]
fn a_secret_is_no_text_to_quote_for_the_checker_either() {
    let (tree, report) = reading("password \"hunter2\" 5\n");
    let mut fields = tree.nodes[0].clone().open();
    let sources: Vec<String> = fields
        .arguments()
        .iter()
        .map(|value| value.source(&report).to_owned())
        .collect();
    assert_eq!(sources, ["***", "***"]);
}
