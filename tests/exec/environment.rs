use std::{path::Path, process::Command};

use serde_json::json;

use super::{
    flow, serve_files,
    support::{Server, hookyard, request, with_free_port},
};

const KNOWN: [(&str, &str); 5] = [
    ("HOME", "/home/of"),
    ("LANG", "C.UTF-8"),
    ("PATH", "/usr/bin:/bin"),
    ("TZ", "Etc/UTC"),
    ("USER", "somebody"),
];

fn known(command: &mut Command) -> &mut Command {
    command
        .env_clear()
        .envs(KNOWN)
        .env("OTHER", "of the server")
}

/// The lines of what a program wrote, sorted.
fn lines(server: &Server, headers: &[(&str, &str)]) -> Vec<String> {
    let reply = server.send(&request("POST", "/", headers, "{}"));
    let value = reply.json();
    let mut lines: Vec<_> = value["stdout"].as_str().unwrap().lines().collect();
    lines.sort_unstable();
    lines.into_iter().map(str::to_owned).collect()
}

fn serve(steps: &str) -> Server {
    // Cleared last, so that the secret is a plain one here.
    let text = flow(steps).replace("(env)\"TEST_TOKEN\"", "\"t0ken\"");
    serve_files(&[("flows.kdl", &text)], known)
}

#[test]
fn a_program_gets_five_variables_of_the_server_and_nothing_of_the_request() {
    let server = serve(r#"exec "env" as="out""#);
    let headers = [
        ("Content-Type", "application/json"),
        ("Proxy", "http://evil.example"),
        ("X-Y", "1"),
        ("X_Y", "2"),
    ];
    let expected: Vec<_> = KNOWN.map(|(name, value)| format!("{name}={value}")).into();
    assert_eq!(lines(&server, &headers), expected);
}

#[test]
fn env_adds_variables_and_replaces_those_of_the_server() {
    let server = serve(
        r#"exec "env" as="out" {
            env "TOKEN" "of {{ request.method }}"
            env "LANG" "C"
        }"#,
    );
    assert_eq!(
        lines(&server, &[("Content-Type", "application/json")]),
        [
            "HOME=/home/of",
            "LANG=C",
            "PATH=/usr/bin:/bin",
            "TOKEN=of POST",
            "TZ=Etc/UTC",
            "USER=somebody",
        ]
    );
}

#[test]
fn a_program_has_three_descriptors_whatever_the_server_was_left() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("flows.kdl"),
        with_free_port(&flow(r#"exec "ls" "/proc/self/fd" as="out""#)),
    )
    .unwrap();
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg("exec 7<flows.kdl 9<&7; exec \"$0\" run --log-format json --state state")
        .arg(Path::new(hookyard().get_program()))
        .env("TEST_TOKEN", "s3cret-t0ken")
        .current_dir(directory.path());
    let server = Server::of(command, directory);
    // The fourth is the list itself.
    assert_eq!(
        server.post("/", "{}").json()["stdout"],
        json!("0\n1\n2\n3\n")
    );
}
