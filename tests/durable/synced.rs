//! A kill cannot show that something was only in the system's cache. What the system was asked for
//! can.

use std::{collections::HashMap, fs, process::Command};

use crate::{
    home::{Home, SERVE, wait_for},
    support::{Server, hookyard},
};

/// A call of the system, by the lines of the trace in which it began and returned.
struct Call {
    began: usize,
    returned: usize,
    /// As strace writes it: name, arguments and what it returned.
    text: String,
}

/// Reads what strace writes with `-f -o`: process, blanks, call. A call that another one's line
/// interrupts is in two lines.
fn calls(trace: &str) -> Vec<Call> {
    let mut unfinished = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let Some((process, text)) = line.split_once(' ') else {
            continue;
        };
        let text = text.trim_start();
        let (began, text) = if let Some(first) = text.strip_suffix("<unfinished ...>") {
            unfinished.insert(process, (at, first));
            continue;
        } else if let Some((_, rest)) = text.split_once(" resumed>") {
            let (began, first) = unfinished.remove(process).unwrap();
            (began, format!("{first}{rest}"))
        } else {
            (at, text.to_owned())
        };
        calls.push(Call {
            began,
            returned: at,
            text,
        });
    }
    calls
}

#[test]
#[ignore = "needs strace"]
fn the_commit_is_synced_before_the_first_byte_of_the_answer_is_written() {
    let home = Home::of(r#"flow "work" { webhook "/work"; log "x"; }"#);
    // Beside the configuration it would be one of the changes that are watched, and told.
    let trace = tempfile::NamedTempFile::new().unwrap();
    let mut command = Command::new("strace");
    command
        // The server stays the child, and the tracer ends with it.
        .args(["-D", "-f", "-y", "-s", "64", "-o"])
        .arg(trace.path())
        .args([
            "-e",
            "trace=/^(p?writev?(64)?|f(data)?sync|send(to|msg)|recv(from|msg)|readv?)$",
        ])
        .arg(hookyard().get_program())
        .args(SERVE)
        .current_dir(home.path());
    let mut server = Server::of(command, home.directory());
    assert_eq!(server.post("/work", "").status, 200);
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    // strace writes process ids at least five characters wide.
    let ends = format!("{:<5} +++ exited with 0 +++\n", server.pid());
    let trace = wait_for(
        "the end of the trace",
        || fs::read_to_string(trace.path()).unwrap(),
        |trace| trace.ends_with(&ends),
    );

    let calls = calls(&trace);
    let of = |after: usize, is_it: &dyn Fn(&str) -> bool| {
        let mut calls = calls.iter().filter(|call| call.began > after);
        calls.find(|call| is_it(&call.text)).unwrap()
    };
    let received = calls
        .iter()
        .find(|call| call.text.contains("\"POST /work"))
        .unwrap();
    let in_log = |text: &str| text.contains("/hookyard.db-wal>");
    let written = of(received.returned, &|text| {
        text.starts_with("pwrite") && in_log(text)
    });
    // One thread writes: the first sync behind the first write is the commit's.
    let synced = of(written.returned, &|text| {
        (text.starts_with("fsync") || text.starts_with("fdatasync")) && in_log(text)
    });
    let answered = of(received.returned, &|text| text.contains("\"HTTP/1.1 200"));
    assert!(synced.text.ends_with(" = 0"), "{}", synced.text);
    assert!(
        synced.returned < answered.began,
        "line {} is before line {} of\n{trace}",
        answered.began + 1,
        synced.returned + 1
    );
}
