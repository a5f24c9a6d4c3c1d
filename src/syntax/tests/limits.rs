//! No file may take a running server down: not with nesting, not with length.

use crate::diagnostic::{Report, Style};
use crate::syntax::read_text;

/// Reads a text on a thread with an ordinary stack, which an overflow would abort the process on.
fn read_on_a_small_stack(text: String) -> Report {
    std::thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(move || {
            let mut report = Report::new();
            read_text("flows.kdl", &text, &mut report);
            report
        })
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn a_hundred_thousand_levels_of_anything_do_not_overflow_the_stack() {
    for piece in [
        "{", "a {", "a{\n", "/*", "/*/", "*/", "/-", "/-{", "a /-{", "(", "(a", "[", "\"", "#\"",
        "\"\"\"\n", "=", "}", "{{", "\\", "#",
    ] {
        read_on_a_small_stack(piece.repeat(100_000));
    }
}

#[test]
fn a_long_row_of_anything_does_not_overflow_the_stack() {
    for piece in [
        "a { }",
        "{ }",
        "*",
        "/* ",
        "/- ",
        "a /-b /-{",
        ")",
        "(a)",
        "a (b",
        "]",
        "\" ",
        "\"\"\"",
        "##\"",
        "# ",
        "a=",
        "a=b ",
        "a=b=",
        "\\\n",
        "\"\\",
        ",",
        ";",
        "a ",
        "a\n",
        "a;",
        "1",
        "1s ",
        "1.",
        "-",
        "'",
        "“",
        "}}",
        "r\"",
        "\r",
        "\u{feff}",
        "\0",
        "é\n",
        "a: ",
        "a:b ",
        "a >= b\n",
        "true ",
        "//",
        "// x\n",
        "when a b\n",
        "a {} b ",
        "a\n{\n",
        "\"\"\"\n\"\"\"\n",
    ] {
        for lead in ["", "a ", "a {\n"] {
            read_on_a_small_stack(format!("{lead}{}", piece.repeat(2_000)));
        }
    }
}

#[test]
fn a_comment_of_stars_is_just_a_comment() {
    let banner = format!("/{}/\nflow \"x\"\n", "*".repeat(50_000));
    let report = read_on_a_small_stack(banner);
    assert!(report.is_empty(), "{}", report.render(Style::default()));
}

#[test]
fn forty_eight_levels_are_read_and_one_more_is_refused() {
    let nested = |levels: usize| format!("{}{}", "a {\n".repeat(levels), "}\n".repeat(levels));
    assert!(read_on_a_small_stack(nested(48)).is_empty());
    assert_eq!(
        read_on_a_small_stack(nested(49)).lines(),
        ["flows.kdl:49:3: error: blocks are nested more than 48 deep"]
    );
    let comment = |levels: usize| format!("a {}{}", "/*".repeat(levels), "*/".repeat(levels));
    assert!(read_on_a_small_stack(comment(48)).is_empty());
    assert_eq!(
        read_on_a_small_stack(comment(49)).lines(),
        ["flows.kdl:1:99: error: comments are nested more than 48 deep"]
    );
    let commented_out =
        |levels: usize| format!("{}{}", "a /-{ ".repeat(levels), "}".repeat(levels));
    assert!(read_on_a_small_stack(commented_out(48)).is_empty());
    assert!(read_on_a_small_stack(commented_out(49)).has_errors());
}
