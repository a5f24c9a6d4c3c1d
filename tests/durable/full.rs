//! A disk that is full: a small one of its own, in a mount namespace.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use hookyard::store::{HistoryFilter, Reader};

use crate::{
    home::{Home, SERVE, ended},
    support::{Reply, Server, hookyard, message},
};

/// Answers with the run's id.
const WORK: &str = r#"
flow "work" {
    webhook "/work" { accept "text"; respond 202 { body "{{ run.id }}"; }; }
    log "{{ run.id }}"
}
"#;

/// Answers without the disk.
const ANSWER: &str = r#"
flow "answer" mode="sync" { webhook "/answer"; respond 200 { body "here"; }; }
"#;

/// A disk of 2 MiB that is the state directory, in a mount namespace that is kept open.
struct Disk<'h> {
    home: &'h Home,
    keeper: Child,
}

impl<'h> Disk<'h> {
    fn of(home: &'h Home) -> Self {
        fs::create_dir(home.path().join("state")).unwrap();
        let mount = "mount -t tmpfs -o size=2m tmpfs state; echo mounted; exec cat";
        let mut keeper = Command::new("unshare")
            .args(["-m", "sh", "-ec", mount])
            .current_dir(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = [0; 8];
        keeper
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut told)
            .unwrap();
        assert_eq!(&told, b"mounted\n");
        Self { home, keeper }
    }

    /// A server whose state is on it.
    fn serve(&self) -> Server {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--mount=/proc/{}/ns/mnt", self.keeper.id()))
            .args(["sh", "-ec", "cd \"$0\"; exec \"$@\""])
            .args([self.home.path(), Path::new(hookyard().get_program())])
            .args(SERVE);
        Server::of(command, self.home.directory())
    }

    /// As those see it who are not in there.
    fn path(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.keeper.id()));
        root.join(self.home.path().strip_prefix("/").unwrap())
            .join("state")
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

/// Takes all the room that is left.
fn fill(file: PathBuf) {
    let mut file = File::create(file).unwrap();
    for size in [4096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// Sends a body that is larger than what a full disk has to spare in its last pages.
fn post(server: &Server) -> Reply {
    let body = "x".repeat(64 * 1024);
    server.request("POST", "/work", &[("Content-Type", "text/plain")], &body)
}

/// The id of a run that was acknowledged and is done.
fn done(server: &Server) -> String {
    let reply = post(server);
    assert_eq!(reply.status, 202, "{reply:?}");
    assert_eq!(ended(server, "work")["run"], *reply.body);
    reply.body
}

#[test]
#[ignore = "needs mount"]
fn a_full_disk_is_answered_with_503_and_nothing_is_acknowledged_until_there_is_room() {
    let home = Home::of(WORK);
    let disk = Disk::of(&home);
    let server = disk.serve();
    let first = done(&server);

    let filler = disk.path().join("filler");
    fill(filler.clone());
    assert_eq!(post(&server).status, 503);
    let warned = server.wait_for_line(|line| line["level"] == "WARN");
    assert_eq!(
        message(&warned),
        "the disk of the state directory is full; what would be queued is answered with 503"
    );
    for _ in 0..3 {
        let refused = post(&server);
        assert_eq!(
            (
                refused.status,
                refused.header("retry-after"),
                &*refused.body
            ),
            (503, Some("5"), "the run cannot be kept now; try again\n")
        );
        let why = server.wait_for_line(|line| line["outcome"] == "refused");
        assert_eq!(why["why"], "the disk of the state directory is full");
    }

    fs::remove_file(filler).unwrap();
    let second = done(&server);
    let told = server.lines_until(|line| message(line) == "the store can be written again");
    assert_eq!(told.last().unwrap()["level"], "INFO");
    assert!(
        told.iter().all(|line| line["level"] != "WARN"),
        "it was told before: {told:#?}"
    );
    // SQLite would look for a path through another process's root in its own.
    let copy = tempfile::tempdir().unwrap();
    for file in ["hookyard.db", "hookyard.db-wal"] {
        fs::copy(disk.path().join(file), copy.path().join(file)).unwrap();
    }
    let reader = Reader::open(copy.path()).unwrap();
    let succeeded = HistoryFilter {
        outcome: Some("succeeded".to_owned()),
        ..HistoryFilter::default()
    };
    let kept = reader.history(&succeeded, 10).unwrap();
    let kept: Vec<_> = kept.into_iter().map(|run| run.id).collect();
    assert_eq!(kept, [second, first]);
}

#[test]
#[ignore = "needs mount"]
fn a_start_on_a_full_disk_serves_what_was_served_last_and_queues_once_there_is_room() {
    let home = Home::of(&format!("{WORK}{ANSWER}"));
    let disk = Disk::of(&home);
    let server = disk.serve();
    done(&server);
    let filler = disk.path().join("filler");
    fill(filler.clone());
    assert_eq!(post(&server).status, 503);
    server.kill();

    let server = disk.serve();
    assert_eq!(server.post("/answer", "").body, "here");
    assert_eq!(post(&server).status, 503);
    fs::remove_file(filler).unwrap();
    done(&server);
}
