use std::{
    fs,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    gate::Gate,
    support::{PATIENCE, Server, hookyard, with_free_port},
};

/// Notes in `begun` that a run has begun, waits at the gate, and notes in `done` that it is done.
/// `>>` opens with O_APPEND.
const WORK: &str = "echo \"$1\" >> begun\nread -r _ < gate\necho \"$1\" >> done\n";

/// How a server is started by another program. No test waits for the poll.
pub const SERVE: [&str; 7] = [
    "run",
    "--log-format",
    "json",
    "--state",
    "state",
    "--poll",
    "1h",
];

/// A configuration and a state directory that outlive the servers of a test.
pub struct Home {
    /// Where `work.sh` waits.
    pub gate: Gate,
    directory: Arc<TempDir>,
}

impl Home {
    /// One with this configuration, on free ports.
    pub fn of(flows: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let home = Self {
            gate: Gate::at(&directory.path().join("gate")),
            directory: directory.into(),
        };
        home.write("work.sh", WORK);
        home.save(flows);
        home
    }

    /// Saves a configuration.
    pub fn save(&self, flows: &str) {
        self.write("flows.kdl", &with_free_port(flows));
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// Serves it.
    pub fn serve(&self) -> Server {
        self.serve_with(|command| command)
    }

    /// Serves it with a change to the command.
    pub fn serve_with(&self, prepare: impl FnOnce(&mut Command) -> &mut Command) -> Server {
        Server::start_in(self.directory(), Path::new("flows.kdl"), |command| {
            // No test waits for this poll: what goes live was told by a watch.
            prepare(command.args(["--poll", "1h"]))
        })
    }

    /// Serves it from the root directory, and names the file by its whole path.
    pub fn serve_by_whole_path(&self) -> Server {
        let file = self.path().join("flows.kdl");
        Server::start_in(self.directory(), &file, |command| {
            command.args(["--poll", "1h"]).current_dir("/")
        })
    }

    /// A command that would serve it.
    pub fn command(&self) -> Command {
        let mut command = hookyard();
        command
            .args(["run", "--state", "state"])
            .current_dir(self.path());
        command
    }

    /// What holds its directory.
    pub fn directory(&self) -> Arc<TempDir> {
        Arc::clone(&self.directory)
    }

    /// Its directory.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The lines of a file; none where it is not there.
    pub fn lines(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.path().join(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// The lines of a file, once there are so many.
    pub fn wait_for_lines(&self, name: &str, count: usize) -> Vec<String> {
        let is_enough = |lines: &Vec<String>| lines.len() >= count;
        wait_for(name, || self.lines(name), is_enough)
    }

    /// What has begun to work, once so many have, and the store knows the process of the one that
    /// is at work: only then the next server ends it before it begins anew.
    pub fn wait_for_work(&self, count: usize) -> Vec<String> {
        let begun = self.wait_for_lines("begun", count);
        let process = "SELECT key FROM effects WHERE key LIKE '%#process'";
        wait_for(process, || self.ask(process), |found| !found.is_empty());
        begun
    }

    /// What a query of one column finds in the store.
    pub fn ask(&self, query: &str) -> Vec<String> {
        let file = self.store(OpenFlags::SQLITE_OPEN_READ_ONLY);
        let mut query = file.prepare(query).unwrap();
        let rows = query.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    /// Waits until a query of one column finds this in the store.
    pub fn wait_until(&self, query: &str, expected: &[&str]) {
        wait_for(query, || self.ask(query), |found| found == expected);
    }

    /// Changes the store.
    pub fn change(&self, statement: &str) {
        let file = self.store(OpenFlags::SQLITE_OPEN_READ_WRITE);
        assert_ne!(file.execute(statement, []).unwrap(), 0, "{statement}");
    }

    fn store(&self, flags: OpenFlags) -> Connection {
        let file = self.path().join("state/hookyard.db");
        let file = Connection::open_with_flags(file, flags).unwrap();
        file.busy_timeout(PATIENCE).unwrap();
        file
    }
}

/// The next log line of a run of a flow that has ended; a request that was refused was none.
pub fn ended(server: &Server, flow: &str) -> Value {
    server.wait_for_line(|line| {
        let outcome = line["outcome"].as_str();
        line["flow"] == flow
            && outcome.is_some_and(|outcome| !matches!(outcome, "refused" | "skipped"))
    })
}

/// Looks until what is seen is as it is to be.
pub fn wait_for<T: std::fmt::Debug>(
    what: &str,
    look: impl Fn() -> T,
    is_so: impl Fn(&T) -> bool,
) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let seen = look();
        if is_so(&seen) {
            return seen;
        }
        assert!(Instant::now() < deadline, "{what}: {seen:?}");
        // It is looked again either way; the other side has work to do meanwhile.
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
