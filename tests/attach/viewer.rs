//! A viewer that is nothing but a socket.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::support::{PATIENCE, Server};

pub struct Viewer {
    lines: BufReader<UnixStream>,
    /// What the server said first.
    pub hello: Value,
}

impl Viewer {
    /// One that says this first.
    pub fn saying(server: &Server, hello: &Value) -> Self {
        let stream = connect(&socket(server));
        let mut viewer = Self {
            lines: BufReader::new(stream),
            hello: Value::Null,
        };
        viewer.ask(hello);
        viewer.hello = viewer.next().unwrap();
        viewer
    }

    /// One that has seen nothing before.
    pub fn new(server: &Server) -> Self {
        Self::saying(server, &json!({ "type": "hello", "protocol": 1 }))
    }

    /// One that has seen everything up to now.
    pub fn live(server: &Server) -> Self {
        let mut viewer = Self::new(server);
        viewer.until("live");
        viewer
    }

    /// One that comes back.
    pub fn again(server: &Server, boot: &Value, seen: u64) -> Self {
        Self::saying(
            server,
            &json!({ "type": "hello", "protocol": 1, "boot": boot, "seen": seen }),
        )
    }

    pub fn ask(&mut self, question: &Value) {
        let mut stream = self.lines.get_ref();
        stream
            .write_all(format!("{question}\n").as_bytes())
            .unwrap();
    }

    /// The next line; `None` at the end.
    pub fn next(&mut self) -> Option<Value> {
        let mut line = String::new();
        let count = self.lines.read_line(&mut line).unwrap();
        (count > 0).then(|| serde_json::from_str(&line).unwrap())
    }

    /// The next line that is not of the counters.
    pub fn next_news(&mut self) -> Option<Value> {
        loop {
            match self.next() {
                // They come by the clock, whatever happens.
                Some(line) if line["type"] == "stats" || line["type"] == "counts" => {}
                line => return line,
            }
        }
    }

    /// All lines from here to the next of that type, which comes last; without the counters.
    pub fn until(&mut self, name: &str) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            let line = self.next_news().unwrap();
            let is_last = line["type"] == name;
            seen.push(line);
            if is_last {
                return seen;
            }
        }
    }
}

pub fn socket(server: &Server) -> PathBuf {
    server.directory().join("state/attach.sock")
}

pub fn connect(socket: &Path) -> UnixStream {
    let stream = UnixStream::connect(socket).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// The types of lines.
pub fn types(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect()
}
