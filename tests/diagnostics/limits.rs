//! What is built to break the program is answered like any other mistake.

use super::check_files;

/// The first line of what is told, and where: the text of the file is left out.
fn told(flows: &str) -> (Option<i32>, Vec<String>) {
    let (code, printed) = check_files(&[("flows.kdl", flows)], &[]);
    let told = printed
        .lines()
        .filter(|line| {
            ["  × ", "  ⚠ ", "  help: ", "flows.kdl: "]
                .iter()
                .any(|start| line.starts_with(start))
                || line.contains("╭─[")
        })
        .map(|line| line.trim().trim_start_matches("╭─").to_owned())
        .collect();
    (code, told)
}

fn broken(lines: &[&str]) -> (Option<i32>, Vec<String>) {
    (Some(2), lines.iter().map(|&line| line.to_owned()).collect())
}

fn nested(open: &str, count: usize, close: &str) -> String {
    open.repeat(count) + &close.repeat(count)
}

/// A sync flow with this condition.
fn flow_with(condition: &str) -> String {
    format!(
        "flow \"a\" mode=\"sync\" {{\n webhook \"/a\" {{ parse {{ body \"n\" type=\"number\" required=#true; }}; }}\n branch {{ when \"{condition}\" {{ stop; }}; }}\n}}\n"
    )
}

#[test]
fn blocks_nest_48_deep_and_no_deeper() {
    let deepest = told(&nested("a {", 48, "}"));
    assert_eq!(
        deepest,
        broken(&[
            "× unknown node `a`",
            "[flows.kdl:1:1]",
            "help: allowed here: `server`, `secrets`, `flow` and `include`",
            "flows.kdl: 1 error"
        ])
    );
    for levels in [49, 100_000] {
        assert_eq!(
            told(&nested("a {", levels, "}")),
            broken(&[
                "× blocks are nested more than 48 deep",
                "[flows.kdl:1:147]",
                "flows.kdl: 1 error"
            ]),
            "{levels}"
        );
    }
    assert_eq!(told(&"a {".repeat(100_000)).0, Some(2));
}

#[test]
fn branches_within_branches_are_bounded_with_the_blocks() {
    let deep = |levels: usize| {
        let branches = nested("branch { when \"n > 3\" {", levels, "}; }");
        format!(
            "flow \"a\" {{ webhook \"/a\" {{ parse {{ body \"n\" type=\"number\" required=#true; }}; }}\n{branches}\n}}\n"
        )
    };
    let (code, printed) = check_files(&[("flows.kdl", &deep(20))], &[]);
    assert_eq!((code, printed.as_str()), (Some(0), "flows.kdl: 1 flow\n"));
    assert_eq!(
        told(&deep(24)).1[0],
        "× blocks are nested more than 48 deep"
    );
    assert_eq!(told(&deep(10_000)).0, Some(2));
}

#[test]
fn comments_nest_48_deep_and_no_deeper() {
    for levels in [300, 100_000] {
        assert_eq!(
            told(&nested("/*", levels, "*/")),
            broken(&[
                "× comments are nested more than 48 deep",
                "[flows.kdl:1:97]",
                "flows.kdl: 1 error"
            ]),
            "{levels}"
        );
    }
}

#[test]
fn a_condition_is_bounded_in_length_and_depth() {
    assert_eq!(
        told(&flow_with(&"(".repeat(100_000))),
        broken(&[
            "× this is 100000 bytes long, and may be 1000",
            "[flows.kdl:3:17]",
            "help: put parts of it into variables with `set`",
            "flows.kdl: 1 error"
        ])
    );
    assert_eq!(
        told(&flow_with(&nested("(", 60, ")"))),
        broken(&[
            "× this is too complex: at most 48 levels of brackets, 128 operators",
            "[flows.kdl:3:65]",
            "flows.kdl: 1 error"
        ])
    );
    assert_eq!(
        told(&flow_with(&format!("n > {}3", "-".repeat(900)))).0,
        Some(2)
    );
    assert_eq!(told(&flow_with(&"not ".repeat(240))).0, Some(2));
    assert_eq!(
        told(&flow_with(&format!("n{}", ".a".repeat(450)))).0,
        Some(2)
    );
    assert_eq!(
        told(&flow_with(&format!("n > 3{}", " and n > 3".repeat(90)))).0,
        Some(0)
    );
}

#[test]
fn a_placeholder_is_bounded_where_the_text_around_it_is_not() {
    let flow = |body: &str| {
        format!(
            "flow \"a\" mode=\"sync\" {{ webhook \"/a\"; respond 200 {{ body \"{body}\"; }}; }}\n"
        )
    };
    assert_eq!(told(&flow(&"x".repeat(100_000))).0, Some(0));
    assert_eq!(told(&flow(&"{{ run.id }}".repeat(5_000))).0, Some(0));
    let long = format!("{{{{ run.id ~ '{}' }}}}", "x".repeat(1_000));
    assert_eq!(
        told(&flow(&long)),
        broken(&[
            "× this is 1014 bytes long, and may be 1000",
            "[flows.kdl:1:58]",
            "help: put parts of it into variables with `set`",
            "flows.kdl: 1 error"
        ])
    );
    assert_eq!(told(&flow(&"{% if run.id %}".repeat(10_000))).0, Some(2));
    assert_eq!(
        told(&flow(&format!("{{{{ {} }}}}", "[".repeat(100_000)))).0,
        Some(2)
    );
}

#[test]
fn a_path_is_bounded() {
    let flow = |path: &str| {
        format!("flow \"a\" {{ webhook \"/a\" {{ parse {{ body \"{path}\" as=\"x\"; }}; }}; }}\n")
    };
    assert_eq!(told(&flow(&vec!["a"; 48].join("."))).0, Some(0));
    assert_eq!(told(&flow(&vec!["a"; 49].join("."))).0, Some(2));
    assert_eq!(told(&flow(&"a".repeat(1_001))).0, Some(2));
    assert_eq!(told(&flow(&format!("$[?{}", "(".repeat(900)))).0, Some(2));
}

#[test]
fn a_thousand_slips_of_a_file_are_told_as_fifty() {
    let (code, told) = told(&"a 'x'\n".repeat(1_000));
    assert_eq!(code, Some(2));
    assert!(
        told.iter()
            .any(|line| line == "× 950 more like these from here on"),
        "{told:#?}"
    );
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("flows.kdl"), [0xff, 0xfe, 0]).expect("it is written");
    let output = super::support::run(&["check"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        super::support::stdout(&output),
        "  × `flows.kdl` is not UTF-8 text\nflows.kdl: 1 error\n"
    );
}
