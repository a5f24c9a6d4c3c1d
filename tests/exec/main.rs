//! The `exec` step through the real binary: what a program is given, what becomes of it and of
//! all that it started, and what is told of it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod arguments;
mod calling;
mod continuing;
mod environment;
mod leftovers;
mod processes;
mod results;
mod retry;
mod stdin;

use std::{fs, path::Path, process::Command, time::Instant};

use support::{PATIENCE, Reply, Server, with_free_port};

/// A sync flow on `/` that takes `a` from the body, runs steps, and answers with what the
/// variable `out` has; where a step fails it answers 500 with why.
fn flow(steps: &str) -> String {
    format!(
        r#"
secrets {{ token (env)"TEST_TOKEN"; }}
flow "run" mode="sync" {{
    webhook "/" {{ parse {{ body "a" default="" type="string"; }}; }}
    {steps}
    respond 200 {{ json "{{{{ out }}}}"; }}
    on-error {{ respond 500 {{ body "{{{{ error.message }}}}"; }}; }}
}}
"#
    )
}

/// Serves such a flow.
fn serve(steps: &str) -> Server {
    serve_files(&[("flows.kdl", &flow(steps))], |command| command)
}

/// Serves files, the first of them, with a change to the server's command.
fn serve_files(
    files: &[(&str, &str)],
    prepare: impl FnOnce(&mut Command) -> &mut Command,
) -> Server {
    let directory = tempfile::tempdir().unwrap();
    for (i, (name, text)) in files.iter().enumerate() {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match i {
            0 => fs::write(path, with_free_port(text)).unwrap(),
            _ => fs::write(path, text).unwrap(),
        }
    }
    Server::start_in(directory, Path::new(files[0].0), |command| {
        prepare(command.env("TEST_TOKEN", "s3cret-t0ken"))
    })
}

/// Status and body of an answer.
fn told(reply: &Reply) -> (u16, &str) {
    (reply.status, &reply.body)
}

/// What a flow answers to a body with this `a`.
fn ask(server: &Server, a: &str) -> Reply {
    server.post("/", &serde_json::json!({ "a": a }).to_string())
}

/// Waits until a process is gone, or only waits to be reaped by whoever adopted it.
fn wait_until_dead(process: &str) {
    let deadline = Instant::now() + PATIENCE;
    let stat = format!("/proc/{}/stat", process.trim());
    while let Ok(stat) = fs::read_to_string(&stat) {
        if stat.rsplit_once(") ").unwrap().1.starts_with('Z') {
            return;
        }
        assert!(Instant::now() < deadline, "it still runs: {stat}");
        std::thread::yield_now();
    }
}

/// Waits until a file of a directory has a whole line, and gives it.
fn wait_for_file(directory: &Path, name: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match fs::read_to_string(directory.join(name)) {
            Ok(text) if text.ends_with('\n') => return text,
            _ => assert!(Instant::now() < deadline, "nothing is in {name}"),
        }
        std::thread::yield_now();
    }
}
