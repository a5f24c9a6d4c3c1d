use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::load::Measured;

const SERVER_CORE: &str = "0";
const LOAD_CORE: &str = "1";

/// What is sent: 1 KiB by POST.
fn request() -> Vec<u8> {
    let body = "x".repeat(1024);
    format!("POST /accept HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n{body}")
        .into_bytes()
}

/// A server under measurement, which ends by SIGKILL.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// The bare server, which appends to a file in a directory.
    pub fn bare(directory: &Path) -> Self {
        let mut command = pinned(SERVER_CORE, &std::env::current_exe().unwrap());
        command.arg("--bare").arg(directory.join("plain"));
        Self::of(command, |line| Some(line.trim().to_owned()))
    }

    /// Hookyard with a configuration, on the state of a directory.
    pub fn hookyard(directory: &Path, flows: &str) -> Self {
        std::fs::write(directory.join("flows.kdl"), flows).unwrap();
        let mut command = pinned(SERVER_CORE, Path::new(env!("CARGO_BIN_EXE_hookyard")));
        command
            .args(["run", "flows.kdl", "--log-format", "json"])
            .current_dir(directory);
        Self::of(command, |line| {
            let line: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(line["listening"].as_str()?.to_owned())
        })
    }

    /// Starts a server, which prints a line from which its address can be read.
    fn of(mut command: Command, address: impl Fn(&str) -> Option<String>) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it does not serve");
            if let Some(address) = address(&line) {
                break address;
            }
        };
        std::thread::spawn(move || drain(out));
        Self { child, address }
    }

    /// Loads it from the other core for some seconds.
    pub fn load(&self, connections: usize, seconds: f64) -> Measured {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), request()).unwrap();
        let output = pinned(LOAD_CORE, &std::env::current_exe().unwrap())
            .args([
                "--load",
                &self.address,
                &connections.to_string(),
                &seconds.to_string(),
            ])
            .arg(file.path())
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Resident memory in MiB.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS"))
            .unwrap();
        let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads the log, or the server would wait for somebody to.
fn drain(mut out: BufReader<ChildStdout>) {
    let _ = std::io::copy(&mut out, &mut std::io::sink());
}

/// A command on one core, so that server and load do not take turns.
fn pinned(core: &str, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(program);
    command
}
