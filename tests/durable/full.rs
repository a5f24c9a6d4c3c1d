//! A disk that is full: a small one of its own, in a mount namespace.

use std::{
    fs::{self, File},
    io::Write,
    path::PathBuf,
    process::Command,
};

use hookyard::store::{HistoryFilter, Reader};

use crate::{
    home::{Home, ended},
    support::{Reply, Server, hookyard, message},
};

/// Answers with the run's id.
const WORK: &str = r#"
flow "work" {
    webhook "/work" { accept "text"; respond 202 { body "{{ run.id }}"; }; }
    log "{{ run.id }}"
}
"#;

/// A server whose state directory is a disk of 2 MiB.
fn serve_small(home: &Home) -> Server {
    fs::create_dir(home.path().join("state")).unwrap();
    let mut command = Command::new("unshare");
    let mount = "mount -t tmpfs -o size=2m tmpfs state; exec \"$@\"";
    command
        .args(["-m", "sh", "-ec", mount, "sh"])
        .arg(hookyard().get_program())
        .args([
            "run",
            "--log-format",
            "json",
            "--state",
            "state",
            "--poll",
            "1h",
        ])
        .current_dir(home.path());
    Server::of(command, home.directory())
}

/// The disk, as the server sees it.
fn disk(home: &Home, server: &Server) -> PathBuf {
    let root = PathBuf::from(format!("/proc/{}/root", server.pid()));
    root.join(home.path().strip_prefix("/").unwrap())
        .join("state")
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
    let server = serve_small(&home);
    let first = done(&server);

    let filler = disk(&home, &server).join("filler");
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
        fs::copy(disk(&home, &server).join(file), copy.path().join(file)).unwrap();
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
