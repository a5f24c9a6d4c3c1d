//! The one static binary that is deployed: it needs nothing beside itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/mod.rs"]
mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const TARGET: &str = "x86_64-unknown-linux-gnu";
const FLOWS: &str = r#"
server { listen "127.0.0.1:0" "unix:/hookyard.sock"; }
flow "hello" mode="sync" {
    webhook "/hello/{name}" { parse { path "name"; }; }
    respond 200 { body "hello {{ name }}"; }
}
flow "hidden" { webhook; }
"#;

/// How it is built: as the Justfile says.
const CONFIG: &str = "--config .cargo/static.toml";

/// What it may weigh, stripped.
const BYTES: u64 = 12 << 20;

/// Ends what it holds, whatever becomes of the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs chroot and a static build"]
fn the_static_binary_serves_in_a_directory_with_nothing_else_in_it() {
    let binary = build();
    assert_static(&binary);
    let size = fs::metadata(&binary).unwrap().len();
    assert!(size < BYTES, "it weighs {size} bytes");
    println!("it weighs {size} bytes");

    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    fs::copy(&binary, root.join("hookyard")).unwrap();
    fs::write(root.join("flows.kdl"), FLOWS).unwrap();

    let check = chrooted(root, &["check"]).output().unwrap();
    assert!(check.status.success(), "{}", support::stderr(&check));
    let urls = chrooted(root, &["urls"]).output().unwrap();
    assert!(
        support::stdout(&urls).contains("/hello/{name}"),
        "{}",
        support::stderr(&urls)
    );

    let mut server = Ended(
        chrooted(root, &["run", "--log-format", "json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut said = BufReader::new(server.0.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let listening = line["listening"].as_str().unwrap();
    let address: SocketAddr = listening.split(", ").next().unwrap().parse().unwrap();
    let request = support::request("POST", "/hello/world", &[], "");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&request).unwrap();
    assert_eq!(support::read_reply(&mut stream).body, "hello world");
    let mut stream = std::os::unix::net::UnixStream::connect(root.join("hookyard.sock")).unwrap();
    stream.write_all(&request).unwrap();
    assert_eq!(support::read_reply(&mut stream).body, "hello world");

    // A save is seen there as well.
    let later = FLOWS.replace("hello {{ name }}", "goodbye {{ name }}");
    fs::write(root.join("flows.kdl"), later).unwrap();
    let mut line = String::new();
    while !line.contains("flows.kdl reloaded") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0);
    }
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&request).unwrap();
    assert_eq!(support::read_reply(&mut stream).body, "goodbye world");

    let pid = server.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(server.0.wait().unwrap().code(), Some(0), "{rest}");
}

// As the documentation says to, but in a directory that no other build uses.
fn build() -> PathBuf {
    assert!(include_str!("../Justfile").contains(CONFIG));
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("static");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked"])
        .args(CONFIG.split(' '))
        // They would take the place of the file's.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("CARGO_TARGET_DIR", &directory)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(status.success());
    directory.join(TARGET).join("release/hookyard")
}

fn assert_static(binary: &Path) {
    let output = Command::new("ldd").arg(binary).output().unwrap();
    let said = support::stdout(&output) + &support::stderr(&output);
    assert!(
        said.contains("not a dynamic executable") || said.contains("statically linked"),
        "{said}"
    );
}

fn chrooted(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("chroot");
    command
        .arg(root)
        .arg("/hookyard")
        .args(args)
        .env_clear()
        // The one thing that is not inside: where `chroot` itself is found.
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null());
    command
}
