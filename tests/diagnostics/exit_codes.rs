//! What is left for programs: exit codes, and JSON.

use super::{check_files, support};

const BROKEN: &str = "flow \"a\" { webhook \"/a\"; }\nflow \"a\" { webhok \"/b\"; }\n";

#[test]
fn a_sound_configuration_exits_with_0_a_broken_one_with_2() {
    let sound = check_files(&[("flows.kdl", "flow \"a\" { webhook \"/a\"; }\n")], &[]);
    assert_eq!(sound, (Some(0), "flows.kdl: 1 flow\n".to_owned()));
    assert_eq!(check_files(&[("flows.kdl", BROKEN)], &[]).0, Some(2));
}

#[test]
fn a_file_that_is_not_there_is_a_broken_configuration() {
    let missing = check_files(&[], &["gone.kdl"]);
    let printed = "  × there is no file `gone.kdl`\ngone.kdl: 1 error\n";
    assert_eq!(missing, (Some(2), printed.to_owned()));
}

#[test]
fn a_directory_is_no_configuration() {
    let (code, printed) = check_files(&[], &["."]);
    assert_eq!(code, Some(2));
    assert!(printed.contains("is a directory, not a file"), "{printed}");
}

#[test]
fn wrong_arguments_exit_with_2() {
    let directory = tempfile::tempdir().expect("a directory");
    for arguments in [
        &["chekc"][..],
        &["check", "--jsn"],
        &["check", "a.kdl", "b.kdl"],
    ] {
        let output = support::run(arguments, directory.path());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(support::stdout(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_not_there_leaves_nothing_behind_and_what_was_meant_is_said() {
    let directory = tempfile::tempdir().expect("a directory");
    let smallest = r#"hookyard: there is no file `flows.kdl`

This is a whole one; docs/flows.md has the rest:

    flow "hello" mode="sync" {
        webhook "/hello" { methods "GET" "POST"; }
        respond 200 { body "hello\n"; }
    }
"#;
    let chekc = "hookyard: there is no file `chekc`; did you mean the command `check`?\n";
    let gone = "hookyard: there is no file `gone/flows.kdl`\n";
    for (arguments, told) in [
        (&["--headless"][..], smallest),
        (&["urls"], smallest),
        (&["chekc"], chekc),
        (&["run", "gone/flows.kdl"], gone),
    ] {
        let output = support::run(arguments, directory.path());
        assert_eq!(support::stderr(&output), told, "{arguments:?}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    let left = std::fs::read_dir(directory.path()).expect("it can be listed");
    assert_eq!(left.count(), 0);
}

#[test]
fn the_flow_that_is_shown_to_begin_with_is_sound() {
    let directory = tempfile::tempdir().expect("a directory");
    let told = support::stderr(&support::run(&[], directory.path()));
    let flow: String = told
        .lines()
        .filter_map(|line| Some(format!("{}\n", line.strip_prefix("    ")?)))
        .collect();
    let checked = check_files(&[("flows.kdl", &flow)], &[]);
    assert_eq!(checked, (Some(0), "flows.kdl: 1 flow\n".to_owned()));
}

#[test]
fn a_configuration_that_is_broken_is_not_served() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("flows.kdl"), BROKEN).expect("it is written");
    let output = support::run(&["run", "--headless"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(support::stdout(&output), "");
    let told = support::stderr(&output);
    assert!(told.contains("two flows are named `a`"), "{told}");
    assert!(told.contains("did you mean `webhook`?"), "{told}");
    let checked = support::run(&["check"], directory.path());
    let checked = support::stdout(&checked);
    assert_eq!(told.lines().last(), checked.lines().last());
}

#[test]
fn a_secret_that_is_missing_is_an_error_to_whoever_serves() {
    let directory = tempfile::tempdir().expect("a directory");
    let flows = "flow \"a\" { webhook \"/a\" { auth { basic user=\"u\" password=(env)\"HOOKYARD_TEST_MISSING\"; }; }; }\n";
    std::fs::write(directory.path().join("flows.kdl"), flows).expect("it is written");
    let output = support::run(&["run", "--headless"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(support::stderr(&output).contains("HOOKYARD_TEST_MISSING is not set"));
}

#[test]
fn json_says_all_that_people_are_told() {
    let (code, printed) = check_files(&[("flows.kdl", BROKEN)], &["--json"]);
    assert_eq!(code, Some(2));
    let expected = r#"{
  "diagnostics": [
    {
      "column": 6,
      "end_column": 9,
      "end_line": 2,
      "file": "flows.kdl",
      "help": null,
      "label": null,
      "line": 2,
      "message": "two flows are named `a`",
      "related": [
        {
          "column": 6,
          "end_column": 9,
          "end_line": 1,
          "file": "flows.kdl",
          "line": 1,
          "message": "the other one"
        }
      ],
      "severity": "error"
    },
    {
      "column": 12,
      "end_column": 18,
      "end_line": 2,
      "file": "flows.kdl",
      "help": "did you mean `webhook`?",
      "label": null,
      "line": 2,
      "message": "unknown node `webhok` in `flow`",
      "related": [],
      "severity": "error"
    }
  ],
  "errors": 2,
  "ok": false,
  "warnings": 0
}
"#;
    assert_eq!(printed, expected);
}

#[test]
fn json_of_a_sound_configuration_has_no_diagnostics() {
    let flows = "flow \"a\" { webhook \"/a\"; }\n";
    let (code, printed) = check_files(&[("flows.kdl", flows)], &["--json"]);
    assert_eq!(code, Some(0));
    let expected =
        "{\n  \"diagnostics\": [],\n  \"errors\": 0,\n  \"ok\": true,\n  \"warnings\": 0\n}\n";
    assert_eq!(printed, expected);
}

#[test]
fn json_has_no_text_of_the_file_and_so_no_secret() {
    let flows = "flow \"a\" { webhook \"/a\" { auth { basic user=\"u\" password=\"hunter2\" passwrd=\"hunter3\"; }; }; }\n";
    let (code, printed) = check_files(&[("flows.kdl", flows)], &["--json"]);
    assert_eq!(code, Some(2));
    assert!(!printed.contains("hunter"), "{printed}");
}
