use std::{
    io::{Read, Write},
    path::Path,
};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::harness::*;

/// What a command writes to a terminal, where somebody types `answer`.
fn on_a_terminal(directory: &Path, args: &[&str], answer: &str, no_color: bool) -> String {
    let size = PtySize {
        rows: 40,
        cols: 120,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pty = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_hookyard"));
    command.args(args);
    command.args(["--state", "state"]);
    command.cwd(directory);
    command.env_remove("NO_COLOR");
    if no_color {
        command.env("NO_COLOR", "1");
    }
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let mut keys = pty.master.take_writer().unwrap();
    keys.write_all(answer.as_bytes()).unwrap();
    let mut seen = Vec::new();
    // A terminal that nobody writes to any more ends with an error.
    let _ = reader.read_to_end(&mut seen);
    child.wait().unwrap();
    String::from_utf8_lossy(&seen).replace("\r\n", "\n")
}

#[test]
fn a_terminal_has_colours_unless_somebody_says_otherwise() {
    let server = serve();
    server.post("/orders", r#"{"amount": 5}"#);
    let directory = server.stop("TERM");
    let seen = on_a_terminal(directory.path(), &["runs"], "", false);
    assert!(seen.contains(" \u{1b}[32msucceeded\u{1b}[0m "), "{seen:?}");
    let plain = on_a_terminal(directory.path(), &["runs"], "", true);
    assert_eq!(plain, printed(directory.path(), &["runs"]));
}

#[test]
fn on_a_terminal_a_purge_asks_and_does_what_is_answered() {
    let server = serve();
    server.post("/orders", r#"{"amount": 5}"#);
    let directory = server.stop("TERM");
    let seen = on_a_terminal(directory.path(), &["runs", "purge"], "n\n", true);
    let asked = "remove 1 run for good? [y/N] ";
    assert!(seen.contains(asked), "{seen:?}");
    assert!(seen.ends_with("hookyard: nothing was done\n"), "{seen:?}");
    assert_eq!(statuses(directory.path(), &[]), ["order succeeded"]);
    let seen = on_a_terminal(directory.path(), &["runs", "purge"], "y\n", true);
    assert!(seen.ends_with("1 run removed\n"), "{seen:?}");
    assert_eq!(statuses(directory.path(), &[]), [""; 0]);
}
