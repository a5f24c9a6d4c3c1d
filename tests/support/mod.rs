//! The real binary, a real socket, and a client that says exactly what it is told to.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take before a test gives up; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The binary under test.
pub fn hookyard() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookyard"));
    command
        .env("NO_COLOR", "1")
        .env_remove("STATE_DIRECTORY")
        .env_remove("RUNTIME_DIRECTORY");
    command
}

/// Runs a command of the binary to its end.
pub fn run(args: &[&str], directory: &Path) -> Output {
    hookyard()
        .args(args)
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs")
}

/// What a command wrote to standard output.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a command wrote to standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server that runs until it is dropped, in a directory that may outlive it.
pub struct Server {
    child: Child,
    lines: Receiver<Value>,
    directory: Arc<TempDir>,
    address: SocketAddr,
    first: String,
}

impl Server {
    /// Serves a text as `flows.kdl`. Where it says nothing of `listen`, a free port is taken.
    pub fn start(flows: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("flows.kdl"), with_free_port(flows))
            .expect("flows.kdl is written");
        Self::start_in(directory, Path::new("flows.kdl"), |command| command)
    }

    /// Serves a file of a directory that is ready made.
    pub fn start_in(
        directory: impl Into<Arc<TempDir>>,
        file: &Path,
        prepare: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Self {
        let directory = directory.into();
        let mut command = hookyard();
        command
            .arg("run")
            .arg(file)
            .args(["--log-format", "json", "--state"])
            .arg(directory.path().join("state"))
            .current_dir(directory.path());
        prepare(&mut command);
        Self::of(command, directory)
    }

    /// A command that comes to serve a file of `directory`, logging as JSON to standard output.
    pub fn of(mut command: Command, directory: impl Into<Arc<TempDir>>) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let out = child.stdout.take().expect("its output is piped");
        let (tell, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        let mut server = Self {
            child,
            lines,
            directory: directory.into(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            first: String::new(),
        };
        let line = server.wait_for_line(|line| line["listening"].is_string());
        let listening = line["listening"].as_str().expect("checked above");
        if let Some(address) = listening.split(", ").find_map(|text| text.parse().ok()) {
            server.address = address;
        }
        message(&line).clone_into(&mut server.first);
        server
    }

    /// Ends it by SIGKILL, where it has not ended by itself; the directory, to be served again.
    pub fn kill(self) -> Arc<TempDir> {
        Arc::clone(&self.directory)
    }

    /// What it said once it served.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// Its directory, for whoever else needs it.
    pub fn share(&self) -> Arc<TempDir> {
        Arc::clone(&self.directory)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Its configuration.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("flows.kdl")
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next log line that `is_it` recognises.
    pub fn wait_for_line(&self, is_it: impl Fn(&Value) -> bool) -> Value {
        self.lines_until(is_it).pop().expect("the line itself")
    }

    /// All log lines from here to the next one that `is_it` recognises, which comes last.
    pub fn lines_until(&self, is_it: impl Fn(&Value) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    let is_last = is_it(&line);
                    seen.push(line);
                    if is_last {
                        return seen;
                    }
                }
                Err(error) => panic!("no such log line ({error}); there were: {seen:#?}"),
            }
        }
    }

    /// Waits until a saved configuration is live.
    pub fn wait_for_reload(&self) -> Value {
        self.wait_for_line(|line| message(line).ends_with("reloaded"))
    }

    /// Waits until a saved configuration was refused.
    pub fn wait_for_rejection(&self) -> Value {
        self.wait_for_line(|line| message(line).contains("goes on being served"))
    }

    /// Sends bytes as they are, and reads until the server closes or the answer is whole.
    pub fn send(&self, request: &[u8]) -> Reply {
        exchange(self.address, request)
    }

    /// A connection.
    pub fn connect(&self) -> TcpStream {
        connect(self.address)
    }

    /// A request with the usual headers.
    pub fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        self.send(&request(method, target, headers, body))
    }

    /// A JSON body by POST.
    pub fn post(&self, target: &str, body: &str) -> Reply {
        self.request(
            "POST",
            target,
            &[("Content-Type", "application/json")],
            body,
        )
    }

    /// Sends a signal.
    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill")
            .args([&format!("-{signal}"), &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }

    /// Stops it by a signal, and leaves its directory.
    pub fn stop(mut self, signal: &str) -> Arc<TempDir> {
        self.signal(signal);
        self.wait();
        Arc::clone(&self.directory)
    }

    /// Waits until the process ends; its exit code.
    pub fn wait(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the server does not end");
            std::thread::yield_now();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection to a server.
pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server takes connections");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// Sends bytes to a server as they are, and reads until it closes or the answer is whole.
pub fn exchange(address: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = connect(address);
    stream.write_all(request).expect("the request is sent");
    read_reply(&mut stream)
}

/// A log line's message.
pub fn message(line: &Value) -> &str {
    line["message"].as_str().unwrap_or_default()
}

/// The same configuration on a free port, where it says nothing of `listen`.
pub fn with_free_port(flows: &str) -> String {
    if flows.contains("listen ") {
        flows.to_owned()
    } else if flows.contains("server {") {
        flows.replacen("server {", "server {\n    listen \"127.0.0.1:0\"\n", 1)
    } else {
        format!("server {{ listen \"127.0.0.1:0\"; }}\n{flows}")
    }
}

/// A request as bytes, asking for the connection to be closed.
pub fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text =
        format!("{method} {target} HTTP/1.1\r\nHost: hooks.test\r\nConnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() || method == "POST" {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    text += "\r\n";
    text += body;
    text.into_bytes()
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The status code; 0 where the server closed without an answer.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| &**value)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }
}

/// Reads one answer: its head, then as much body as it says.
pub fn read_reply(stream: &mut impl Read) -> Reply {
    let mut reader = BufReader::new(stream);
    let mut reply = Reply {
        status: 0,
        headers: Vec::new(),
        body: String::new(),
    };
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return reply;
    }
    reply.status = line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| panic!("no status line: {line:?}"));
    loop {
        line.clear();
        reader.read_line(&mut line).expect("a header line");
        match line.trim_end().split_once(": ") {
            Some((name, value)) => reply
                .headers
                .push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = reply
        .header("content-length")
        .and_then(|text| text.parse().ok());
    let mut body = Vec::new();
    reader
        .take(length.unwrap_or(0))
        .read_to_end(&mut body)
        .expect("the body");
    reply.body = String::from_utf8_lossy(&body).into_owned();
    reply
}
