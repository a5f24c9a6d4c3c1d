use std::sync::Arc;
use std::{
    path::Path,
    process::Output,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{PATIENCE, Server, run, stderr, stdout, with_free_port};

pub const FLOWS: &str = r#"
flow "order" mode="sync" {
    webhook "/orders" {
        parse { body "amount" type="number" required=#true; body "note" default=""; }
    }
    branch "big?" {
        when "amount >= 100" label="big" { respond 200 { body "big {{ amount }}"; }; }
        otherwise { respond 422 { body "small"; }; }
    }
}
flow "print" mode="async" {
    webhook "/print" { parse { body "file" required=#true; }; respond 202 { body "queued"; }; }
    exec "cat" "{{ file }}" as="printed"
    log "{{ printed.stdout }}"
}
flow "wait" mode="async" concurrency=1 {
    webhook "/wait"
    delay "3d"
}
"#;

/// Serves [`FLOWS`] in a directory of its own, state beside them.
pub fn serve() -> Server {
    serve_text(FLOWS)
}

pub fn serve_text(flows: &str) -> Server {
    let directory = tempfile::tempdir().unwrap();
    save(directory.path(), flows);
    serve_in(directory)
}

pub fn save(directory: &Path, flows: &str) {
    std::fs::write(directory.join("flows.kdl"), with_free_port(flows)).unwrap();
}

/// Serves what is in a directory.
pub fn serve_in(directory: impl Into<Arc<TempDir>>) -> Server {
    Server::start_in(directory, Path::new("flows.kdl"), |command| {
        command.env("NTFY", "s3cr3t-value")
    })
}

/// A command over the runs of a directory.
pub fn command(directory: &Path, args: &[&str]) -> Output {
    run(&[args, &["--state", "state"]].concat(), directory)
}

/// What a command that goes well prints.
pub fn printed(directory: &Path, args: &[&str]) -> String {
    let output = command(directory, args);
    assert_eq!(
        (stderr(&output), output.status.code()),
        (String::new(), Some(0))
    );
    stdout(&output)
}

/// The runs as they are listed for machines, the latest first.
pub fn listed(directory: &Path, args: &[&str]) -> Vec<Value> {
    let output = command(directory, &[&["runs", "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let lines = stdout(&output);
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Flow and status of each listed run, the latest first.
pub fn statuses(directory: &Path, args: &[&str]) -> Vec<String> {
    let runs = listed(directory, args);
    let told = runs.iter().map(|run| {
        let word = |name: &str| run[name].as_str().unwrap().to_owned();
        word("flow") + " " + &word("status")
    });
    told.collect()
}

/// Waits until the runs that are listed are these.
pub fn wait_for_statuses(directory: &Path, expected: &[&str]) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let seen = statuses(directory, &[]);
        if seen == expected {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{seen:?} instead of {expected:?}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The id of the latest run.
pub fn latest(directory: &Path) -> String {
    listed(directory, &["--limit", "1"])[0]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A text with all that differs from time to time replaced, and runs of blanks within its lines by
/// one.
pub fn stable(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let indent = line.len() - line.trim_start().len();
        let words: Vec<_> = line.split_whitespace().map(stable_word).collect();
        " ".repeat(indent) + &words.join(" ") + "\n"
    });
    lines.collect()
}

fn stable_word(word: &str) -> String {
    let core = word.trim_matches(['+', '(', ')', ',', ':', '#']);
    let is_hex = core.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let is_of = |allowed: &str| {
        core.chars()
            .all(|c| c.is_ascii_digit() || allowed.contains(c))
    };
    let length = core.trim_end_matches(['µ', 'm', 's']);
    let is_length = length.len() < core.len()
        && !length.is_empty()
        && length.chars().all(|c| c.is_ascii_digit() || c == '.');
    let name = match core.len() {
        36 if is_hex => "ID",
        8 if is_hex && core.contains(char::is_alphanumeric) => "SHORT",
        12 if is_hex => "REVISION",
        10 if is_of("-") && core.contains('-') => "DATE",
        8 | 12 if is_of(":.") && core.contains(':') => "TIME",
        24 if is_of("-T:.Z") => "TIMESTAMP",
        _ if is_length => "TOOK",
        _ if core.starts_with("127.0.0.1") => "PEER",
        _ => return word.to_owned(),
    };
    word.replace(core, name)
}

/// One run each that is dead, refused, succeeded and parked, the latest first.
pub const ONE_OF_EACH: [&str; 4] = [
    "print dead",
    "order refused",
    "order succeeded",
    "wait parked",
];

/// A server that has [`ONE_OF_EACH`].
pub fn serve_one_of_each() -> Server {
    let server = serve();
    server.post("/wait", "");
    server.post("/orders", r#"{"amount": 5}"#);
    server.post("/orders", "{}");
    server.post("/print", r#"{"file": "none"}"#);
    wait_for_statuses(server.directory(), &ONE_OF_EACH);
    server
}
