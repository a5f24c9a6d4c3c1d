use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    time::Instant,
};

use serde_json::Value;

use crate::support::{PATIENCE, hookyard};

/// One life of the server of a directory; it may end at any moment.
pub struct Life {
    child: Child,
    address: Receiver<SocketAddr>,
}

impl Life {
    /// Begins one, which ends by itself where it comes to `point`.
    pub fn begin(directory: &Path, point: Option<&str>) -> Self {
        let mut command = hookyard();
        command
            .args(["run", "--log-format", "json", "--state", "state"])
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        if let Some(point) = point {
            command.env("HOOKYARD_CRASH_AT", point);
        }
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, address) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                // Half a line is what a kill may leave.
                let line: Value = serde_json::from_str(&line).unwrap_or_default();
                if let Some(listening) = line["listening"].as_str() {
                    let _ = tell.send(listening.parse().unwrap());
                }
            }
        });
        Self { child, address }
    }

    /// Where it listens, once it does; `None` where it ended before.
    pub fn address(&self) -> Option<SocketAddr> {
        match self.address.recv_timeout(PATIENCE) {
            Ok(address) => Some(address),
            Err(mpsc::RecvTimeoutError::Disconnected) => None,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("it does not begin to serve"),
        }
    }

    /// Waits until it has ended by itself.
    pub fn wait(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "it does not end");
            std::thread::yield_now();
        }
    }
}

impl Drop for Life {
    /// Ends it by SIGKILL.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
