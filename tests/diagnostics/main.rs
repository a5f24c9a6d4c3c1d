//! What the real binary says about a configuration: whole outputs, compared exactly.

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod calls;
mod conditions;
mod exec;
mod exit_codes;
mod files;
mod flows;
mod guards;
mod http;
mod json;
mod limits;
mod loops;
mod parse;
mod secrets;
mod server;
mod slips;
mod steps;
mod templates;

use std::{fs, path::Path};

/// Writes files into a directory of their own and checks its `flows.kdl`: the exit code, and all
/// that is printed.
fn check_files(files: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String) {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a directory for it");
        fs::write(path, text).expect("a file is written");
    }
    let mut command = support::hookyard();
    let output = command
        .arg("check")
        .args(arguments)
        .current_dir(directory.path())
        .env_remove("CREDENTIALS_DIRECTORY")
        .output()
        .expect("the binary runs");
    assert_eq!(support::stderr(&output), "");
    (output.status.code(), support::stdout(&output))
}

/// Checks a configuration: what is printed is all of `expected`, and the exit code is that of a
/// broken one.
#[track_caller]
fn refused(flows: &str, expected: &str) {
    refused_files(&[("flows.kdl", flows)], expected);
}

/// The same of several files.
#[track_caller]
fn refused_files(files: &[(&str, &str)], expected: &str) {
    let (code, printed) = check_files(files, &[]);
    assert_same(&printed, expected);
    assert_eq!(code, Some(2));
}

/// Checks a configuration that can be served: what is printed is all of `expected`.
#[track_caller]
fn accepted(flows: &str, expected: &str) {
    let (code, printed) = check_files(&[("flows.kdl", flows)], &[]);
    assert_same(&printed, expected);
    assert_eq!(code, Some(0));
}

/// An expectation starts on the line below its quotes.
#[track_caller]
fn assert_same(printed: &str, expected: &str) {
    let expected = expected.strip_prefix('\n').unwrap_or(expected);
    assert!(
        printed == expected,
        "printed:\n{printed}\nexpected:\n{expected}"
    );
}
