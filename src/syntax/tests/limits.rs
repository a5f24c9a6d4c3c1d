//! No file may take a running server down: not with nesting, not with length.

use std::time::{Duration, Instant};

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
fn a_hundred_thousand_of_anything_neither_overflows_the_stack_nor_takes_forever() {
    let many = 20_000;
    for piece in [
        "{",
        "}",
        "a {",
        "a{\n",
        "a { }",
        "{ }",
        "/*",
        "*",
        "/* ",
        "*/",
        "/-",
        "/- ",
        "/-{",
        "a /-{",
        "a /-b /-{",
        "(",
        ")",
        "(a)",
        "a (b",
        "((",
        "[",
        "]",
        "\"",
        "\" ",
        "\"\"\"",
        "\"\"\"\n",
        "#",
        "#\"",
        "##\"",
        "# ",
        "=",
        "a=",
        "a=b ",
        "a=b=",
        "\\",
        "\\\n",
        "\"\\",
        ",",
        ";",
        "a",
        "a ",
        "a\n",
        "a;",
        "1",
        "1s ",
        "1.",
        "-",
        "'",
        "“",
        "{{",
        "}}",
        "r\"",
        "\r",
        "\u{feff}",
        "\u{0}",
        "é ",
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
    ] {
        for lead in ["", "a ", "a /* ", "a \"", "a {\n"] {
            let text = format!("{lead}{}", piece.repeat(many));
            eprint!("{lead:?} {piece:?}\r");
            let started = Instant::now();
            read_on_a_small_stack(text);
            let took = started.elapsed();
            if took > Duration::from_millis(700) {
                println!("{lead:?} {piece:?}: {took:?}");
            }
        }
    }
}

#[test]
fn a_comment_of_stars_is_just_a_comment() {
    let banner = format!("/{}/\nflow \"x\"\n", "*".repeat(50_000));
    let report = read_on_a_small_stack(banner);
    assert!(report.is_empty(), "{}", report.render(Style::default()));
}
