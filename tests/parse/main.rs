//! `hookyard parse`, through the real binary.

mod print;
mod write;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// Runs the binary in a directory, with a text on standard input.
fn run_with(directory: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hookyard"))
        .args(args)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .env_remove("STATE_DIRECTORY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("its input is piped");
    // A command that has no use for its input may be gone by now.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the binary ends")
}

fn run(directory: &Path, args: &[&str]) -> Output {
    run_with(directory, args, "")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// What a command that has nothing to complain about prints.
fn printed(directory: &Path, args: &[&str], input: &str) -> String {
    let output = run_with(directory, args, input);
    assert_eq!(stderr(&output), "", "{args:?}");
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    stdout(&output)
}

/// Fails unless `hookyard check` finds nothing at all to say.
fn assert_sound(directory: &Path) {
    let output = run(directory, &["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(!stdout(&output).contains("warning"), "{}", stdout(&output));
}
