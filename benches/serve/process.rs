use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::{configuration, load::Measured};

const SERVER_CORE: &str = "0";
const LOAD_CORE: &str = "1";

/// A server under measurement.
pub struct Server {
    child: Running,
    pub address: String,
    pub directory: tempfile::TempDir,
    lines: Option<Receiver<serde_json::Value>>,
    /// Who looks at it over the socket.
    tail: Option<Child>,
}

enum Running {
    Piped(Child),
    Pty {
        child: Box<dyn portable_pty::Child + Send + Sync>,
        // Held open, read or not: the terminal lives as long as this end.
        _master: Box<dyn portable_pty::MasterPty + Send>,
    },
}

/// Who looks at a server's terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody who reads all that is drawn.
    Reads,
    /// Somebody whose terminal takes nothing any more.
    Stalls,
}

impl Server {
    /// The bare hyper server.
    pub fn bare() -> Self {
        let mut child = pinned(SERVER_CORE, &std::env::current_exe().unwrap())
            .arg("--bare")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child: Running::Piped(child),
            address: line.trim().to_owned(),
            directory: tempfile::tempdir().unwrap(),
            lines: None,
            tail: None,
        }
    }

    /// Hookyard without a dashboard, its log read and thrown away.
    pub fn headless(flows: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("flows.kdl"), flows).unwrap();
        let mut child = pinned(SERVER_CORE, Path::new(env!("CARGO_BIN_EXE_hookyard")))
            .args(["run", "flows.kdl", "--log-format", "json"])
            .current_dir(directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, lines) = mpsc::channel();
        let out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // Lines about requests are not what anybody waits for.
                if !line.contains("\"request\"") {
                    let _ = tell.send(serde_json::from_str(&line).unwrap_or_default());
                }
            }
        });
        let mut server = Self {
            child: Running::Piped(child),
            address: String::new(),
            directory,
            lines: Some(lines),
            tail: None,
        };
        let line = server.wait_for(|line| line["listening"].is_string());
        server.address = line["listening"].as_str().unwrap().to_owned();
        server
    }

    /// The same, with somebody who reads all that is told over the socket. That takes place on the
    /// core of the load: what is measured is what the server has to do for it.
    pub fn with_tail(flows: &str) -> Self {
        let mut server = Self::headless(flows);
        let mut tail = pinned(LOAD_CORE, Path::new(env!("CARGO_BIN_EXE_hookyard")))
            .args(["tail", "flows.kdl", "--json"])
            .current_dir(server.directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(tail.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains(r#""type":"live""#) {
            line.clear();
            let read = out.read_line(&mut line).unwrap();
            assert!(read > 0, "the server tells what it does");
        }
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        server.tail = Some(tail);
        server
    }

    /// Hookyard with its dashboard on a terminal of 120 columns and 40 lines.
    pub fn with_dashboard(flows: &str, viewer: Viewer) -> Self {
        // The dashboard prints no log to read a free port from.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let directory = tempfile::tempdir().unwrap();
        let flows = flows.replace("127.0.0.1:0", &port.to_string());
        std::fs::write(directory.path().join("flows.kdl"), flows).unwrap();
        let pair = native_pty_system()
            .openpty(PtySize {
                rows: 40,
                cols: 120,
                ..PtySize::default()
            })
            .unwrap();
        let mut command = CommandBuilder::new("taskset");
        command.args([
            "-c",
            SERVER_CORE,
            env!("CARGO_BIN_EXE_hookyard"),
            "run",
            "flows.kdl",
        ]);
        command.cwd(directory.path());
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        if viewer == Viewer::Reads {
            std::thread::spawn(move || {
                let mut buffer = [0; 64 * 1024];
                while matches!(reader.read(&mut buffer), Ok(read) if read > 0) {}
            });
        }
        let server = Self {
            child: Running::Pty {
                child,
                _master: pair.master,
            },
            address: port.to_string(),
            directory,
            lines: None,
            tail: None,
        };
        while std::net::TcpStream::connect(&server.address).is_err() {
            std::thread::sleep(Duration::from_millis(5));
        }
        server
    }

    /// The next log line that `is_it` recognises.
    pub fn wait_for(&self, is_it: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let lines = self
            .lines
            .as_ref()
            .expect("only a headless server has a log");
        loop {
            let line = lines.recv_timeout(Duration::from_secs(60)).unwrap();
            if is_it(&line) {
                return line;
            }
        }
    }

    /// Loads it from the other core for some seconds.
    pub fn load(&self, connections: usize, seconds: f64) -> Sample {
        let before = self.cpu();
        let measured = self.start_load(connections, seconds).finish();
        let cpu = self.cpu() - before;
        Sample {
            per_cpu_second: measured.requests as f64 / cpu,
            rss: self.memory(),
            measured,
        }
    }

    /// Begins a load, and leaves it running.
    pub fn start_load(&self, connections: usize, seconds: f64) -> Load {
        let file = self.directory.path().join("request");
        std::fs::write(&file, configuration::request()).unwrap();
        let child = pinned(LOAD_CORE, &std::env::current_exe().unwrap())
            .args([
                "--load",
                &self.address,
                &connections.to_string(),
                &seconds.to_string(),
            ])
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Load(child)
    }

    fn pid(&self) -> u32 {
        match &self.child {
            Running::Piped(child) => child.id(),
            Running::Pty { child, .. } => child.process_id().unwrap(),
        }
    }

    /// Seconds of CPU time so far, user and system.
    fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        // The name may have blanks; the fields behind it have none.
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        ticks as f64 / 100.0
    }

    /// Resident memory in MiB.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
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
        if let Some(tail) = &mut self.tail {
            let _ = tail.kill();
            let _ = tail.wait();
        }
        match &mut self.child {
            Running::Piped(child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            Running::Pty { child, .. } => {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }
}

/// A load that runs.
pub struct Load(Child);

impl Load {
    pub fn finish(self) -> Measured {
        let output = self.0.wait_with_output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// One measurement of one server.
#[derive(Clone)]
pub struct Sample {
    pub measured: Measured,
    pub per_cpu_second: f64,
    pub rss: f64,
}

/// A command on one core, so that server and load do not take turns.
fn pinned(core: &str, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(PathBuf::from(program));
    command
}
