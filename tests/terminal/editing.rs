//! The viewer's own editor has the terminal for a while.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::{support::with_free_port, terminal::Terminal};

const FLOWS: &str = r#"
flow "payment" mode="sync" {
    webhook "/payments" { parse { body "amount" type="number" required=#true; }; }
    branch "big order?" {
        when "amount >= 100" label="big" { respond 200 { body "ok"; }; }
        otherwise { respond 422 { body "too small"; }; }
    }
}
"#;

/// A dashboard with one run in it, and a script in the place of an editor.
pub fn start(script: &str) -> Terminal {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), script);
    fs::write(directory.path().join("flows.kdl"), with_free_port(FLOWS)).unwrap();
    fs::create_dir(directory.path().join("run")).unwrap();
    let (editor, run) = (
        directory.path().join("edit.sh"),
        directory.path().join("run"),
    );
    let args = ["run", "flows.kdl", "--state", "state"];
    let terminal = Terminal::open(directory, &args, move |command| {
        command.env_remove("VISUAL");
        command.env("EDITOR", format!("{} --wait", editor.display()));
        command.env("XDG_RUNTIME_DIR", run);
    });
    let address = terminal.address();
    terminal.post(address, "/payments?a=1", r#"{"amount":250}"#);
    terminal.wait_text("Runs 1");
    terminal
}

/// Puts other words into the script: `$2` is the file.
fn write(directory: &Path, script: &str) {
    let path = directory.join("edit.sh");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Edits until an answer has come: the history writes what ended a moment later.
fn edit_until(terminal: &mut Terminal, text: &str) -> String {
    loop {
        terminal.press("E");
        let screen = terminal.wait("an answer", |screen| {
            screen.contains(text) || screen.contains("it has not ended")
        });
        if screen.contains(text) {
            return screen;
        }
        terminal.press("\x1b");
        terminal.wait("no answer any more", |screen| {
            !screen.contains("it has not ended")
        });
    }
}

#[test]
fn an_edited_request_is_dry_run_and_sent_only_after_a_yes() {
    let mut terminal =
        start(r#"stat -c %a "$2" > mode; cp "$2" seen; sed -i 's/250/25/; s/a=1/a=2/' "$2""#);
    let screen = edit_until(&mut terminal, "path: changed, end: changed");
    assert!(screen.contains("branch big order? → otherwise"), "{screen}");
    assert!(
        screen.contains("R sends it, E edits it on, Esc closes"),
        "{screen}"
    );
    let read = |name: &str| fs::read_to_string(terminal.directory().join(name)).unwrap();
    assert_eq!(
        (&*read("mode"), read("seen").lines().nth(4).unwrap()),
        ("600\n", "POST /payments?a=1")
    );
    assert_eq!(
        fs::read_dir(terminal.directory().join("run"))
            .unwrap()
            .count(),
        0
    );
    terminal.press("R");
    let screen = terminal.wait_text("send it? y/N");
    assert!(screen.contains("POST /payments?a=2"), "{screen}");
    assert!(
        screen.contains("Its flow does nothing outside."),
        "{screen}"
    );
    terminal.press("n");
    terminal.wait("no question any more", |screen| {
        !screen.contains("send it? y/N")
    });
    assert!(terminal.look(|screen| screen.contents().contains("Runs 1")));
    // The newest in the list is the dry-run, above which stands what it was made of.
    terminal.press("k");
    edit_until(&mut terminal, "path: changed, end: changed");
    terminal.press("R");
    terminal.wait_text("send it? y/N");
    terminal.press("y");
    terminal.wait_text("edited, is sent as");
    terminal.press("\x1b");
    terminal.wait("the new run", |screen| {
        screen.contains("Runs 2") && screen.contains("a=2")
    });
    terminal.press("q");
    terminal.wait_text("quit? y/n");
    terminal.press("y");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
}

#[test]
fn a_mistake_is_told_with_its_line_and_the_same_text_is_opened_again() {
    let mut terminal = start(r#"sed -i 's/{"amount"/{amount/' "$2""#);
    terminal.press("E");
    terminal.wait_text("the body is no JSON: key must be a string · E opens it again");
    write(
        terminal.directory(),
        r#"cp "$2" seen; sed -i 's/{amount/{"amount"/; s/250/5/' "$2""#,
    );
    edit_until(&mut terminal, "path: changed, end: changed");
    let seen = fs::read_to_string(terminal.directory().join("seen")).unwrap();
    assert!(seen.contains("{amount"), "{seen}");
}

#[test]
fn nothing_is_done_by_an_editor_that_fails_or_changes_nothing() {
    let mut terminal = start("exit 3");
    terminal.press("E");
    terminal.wait_text("--wait ended with status 3");
    for (script, says) in [
        (":", "nothing was changed, and nothing is done"),
        (r#": > "$2""#, "thrown away: nothing is done"),
        ("kill -9 $$", "--wait was ended by a signal"),
        (
            r#"head -c 200000 /dev/zero > "$2""#,
            "what was edited is over 128 KiB",
        ),
    ] {
        write(terminal.directory(), script);
        terminal.press("E");
        terminal.wait_text(says);
    }
}

#[test]
fn keys_that_interrupt_or_stop_a_terminal_reach_the_editor_and_not_the_server() {
    let mut terminal = start(
        "trap 'echo interrupted; exit 1' INT\necho begun\nread line\necho went on\nread line",
    );
    terminal.press("E");
    terminal.wait_text("begun");
    assert!(terminal.look(|screen| !screen.alternate_screen()));
    terminal.press("\x1a\n");
    terminal.wait_text("went on");
    terminal.press("\x03");
    terminal.wait_text("ended with status 1");
    let address = terminal.address();
    assert_eq!(
        terminal
            .post(address, "/payments", r#"{"amount":1}"#)
            .status,
        422
    );
    terminal.wait_text("Runs 2");
}

#[test]
fn a_server_that_is_told_to_stop_does_not_wait_for_an_editor() {
    let mut terminal = start("echo begun\nwhile :; do sleep 1; done");
    terminal.press("E");
    terminal.wait_text("begun");
    terminal.signal("TERM");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
}
