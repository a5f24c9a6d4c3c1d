use std::{fs, path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Server, message, with_free_port};

/// No test waits for this poll: what goes live was told by a watch.
pub const NEVER: [&str; 2] = ["--poll", "1h"];
/// Often enough that a test need not wait for it.
pub const OFTEN: [&str; 2] = ["--poll", "40ms"];

/// A flow at `/NAME` that answers with a text.
pub fn flow(name: &str, answer: &str) -> String {
    format!(
        "flow \"{name}\" mode=\"sync\" {{\n    webhook \"/{name}\"\n    respond 200 {{ body \"{answer}\" }}\n}}\n"
    )
}

/// A configuration with the flow `a`, on a free port.
pub fn answering(answer: &str) -> String {
    with_free_port(&flow("a", answer))
}

/// Serves a text as `flows.kdl`, with a watch alone.
pub fn serve(flows: &str) -> Server {
    serve_with(flows, &NEVER)
}

/// Serves a text as `flows.kdl`, with these arguments, and says what it looks at.
pub fn serve_with(flows: &str, args: &[&str]) -> Server {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("flows.kdl"), with_free_port(flows)).expect("it is written");
    serve_in(directory, "flows.kdl", args)
}

/// Serves a file of a directory that is ready made.
pub fn serve_in(directory: TempDir, file: &str, args: &[&str]) -> Server {
    Server::start_in(directory, Path::new(file), |command| {
        command.args(args).env("HOOKYARD_LOG", "debug")
    })
}

/// What the flow `a` answers.
pub fn answer(server: &Server) -> String {
    let reply = server.post("/a", "");
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.body
}

/// Saves in place.
pub fn save(server: &Server, flows: &str) {
    fs::write(server.file(), with_free_port(flows)).expect("it is saved");
}

/// Waits for the reload after which the flow `a` gives this answer. One before it may have seen
/// a part of what the test changed.
pub fn wait_for_answer(server: &Server, expected: &str) {
    loop {
        server.wait_for_reload();
        if answer(server) == expected {
            return;
        }
    }
}

/// Waits until somebody has looked at the configuration, and found this.
pub fn wait_for_look(server: &Server, found: &str) {
    server.wait_for_line(|line| line["found"] == found);
}

/// Waits until a server that has just started rests: it has looked once more at what may have
/// changed while it began to watch.
pub fn wait_for_rest(server: &Server) {
    wait_for_look(server, "unchanged");
}

/// Whether a log line says that something was refused.
pub fn is_rejection(line: &Value) -> bool {
    message(line).contains("goes on being served")
}

/// All messages, for looking at.
pub fn messages(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(message).collect()
}

/// Makes a named pipe, of which a plain reader never sees the end.
pub fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("there is mkfifo").success());
}
