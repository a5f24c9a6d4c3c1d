//! The same as lines.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc,
};

use serde_json::Value;

use crate::{
    BIG, FLOWS, SMALL,
    support::{PATIENCE, Server, hookyard, run, stderr, stdout},
};

fn tail(server: &Server, args: &[&str]) -> Command {
    let mut command = hookyard();
    command
        .args(["tail", "--state", "state"])
        .args(args)
        .current_dir(server.directory());
    command
}

/// What `tail --json` prints until so many runs are in it.
pub fn recorded(server: &Server, runs: usize) -> String {
    let mut child = tail(server, &["--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (tell, lines) = mpsc::channel();
    let out = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                break;
            }
        }
    });
    let mut text = String::new();
    let mut seen = 0;
    loop {
        let line = lines.recv_timeout(PATIENCE).unwrap();
        seen += usize::from(line.starts_with(r#"{"type":"run""#));
        text += &line;
        text.push('\n');
        if seen == runs {
            break;
        }
    }
    drop(lines);
    // Nobody reads on, as behind `head`: that is no failure.
    assert_eq!(child.wait().unwrap().code(), Some(0));
    text
}

#[test]
fn people_get_the_lines_of_the_log_and_machines_the_protocol() {
    let server = Server::start(FLOWS);
    server.post("/payments", BIG);
    let record: Value = {
        let recording = recorded(&server, 1);
        let lines: Vec<&str> = recording.lines().collect();
        assert!(lines[0].starts_with(r#"{"type":"hello""#), "{recording}");
        assert_eq!(lines[1], r#"{"type":"snapshot"}"#);
        let run: Value = serde_json::from_str(lines.last().unwrap()).unwrap();
        run["record"].clone()
    };
    let printed = tail(&server, &["--no-follow"]).output().unwrap();
    assert_eq!(printed.status.code(), Some(0));
    let text = stdout(&printed);
    let line = text.lines().find(|line| line.contains("request")).unwrap();
    let took = record["duration_us"].as_u64().unwrap() as f64 / 1000.0;
    assert_eq!(
        line.split_once("INFO ").unwrap().1,
        format!(
            "request method=POST path=/payments status=200 took_ms={took} flow=payment \
             branch=\"big order?=big\" outcome=succeeded run={}",
            record["id"].as_str().unwrap()
        )
    );
}

#[test]
fn of_a_run_that_waited_the_answer_is_a_line_of_its_own_also_when_both_are_over() {
    const FLOWS: &str = r#"
server { listen "127.0.0.1:0"; }
flow "deploy" mode="async" {
    webhook "/deploy" { respond 202; }
    log "deployed"
}
"#;
    let server = Server::start(FLOWS);
    let mut child = tail(&server, &[]).stdout(Stdio::piped()).spawn().unwrap();
    let mut live = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = live.next().unwrap().unwrap();
    assert!(first.contains("is being served"), "{first}");
    // Whether it listens yet is not said: what it did not hear of live it is told with the past.
    server.post("/deploy", "{}");
    let mut heard: Vec<String> = (0..2).map(|_| live.next().unwrap().unwrap()).collect();
    heard.sort_by_key(|line| !line.contains("request"));
    let run = heard[1].rsplit_once("run=").unwrap().1.to_owned();
    assert!(
        heard[0].contains(" INFO request method=POST path=/deploy status=202 ")
            && heard[0].ends_with(&format!(" flow=deploy run={run}")),
        "{heard:?}"
    );
    assert!(
        heard[1].contains(" INFO run took_ms=")
            && heard[1].ends_with(&format!(" flow=deploy outcome=succeeded run={run}")),
        "{heard:?}"
    );
    child.kill().unwrap();
    child.wait().unwrap();

    let text = stdout(&tail(&server, &["--no-follow"]).output().unwrap());
    let of_it: Vec<_> = text.lines().filter(|line| line.contains(&run)).collect();
    assert_eq!(of_it.len(), 2, "{text}");
    assert!(
        of_it.iter().any(|line| line.contains(" request ")),
        "{text}"
    );
    assert!(of_it.iter().any(|line| line.contains(" run ")), "{text}");
}

#[test]
fn a_filter_leaves_out_other_runs() {
    let server = Server::start(FLOWS);
    for body in [BIG, SMALL] {
        server.post("/payments", body);
    }
    recorded(&server, 2);
    let args = ["--no-follow", "--filter", "status:422"];
    let text = stdout(&tail(&server, &args).output().unwrap());
    let requests: Vec<_> = text
        .lines()
        .filter(|line| line.contains("request"))
        .collect();
    assert_eq!(requests.len(), 1, "{text}");
    assert!(requests[0].contains("status=422"), "{text}");
    let wrong = tail(&server, &["--filter", "is:strange"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn an_interrupt_ends_it_well() {
    let server = Server::start(FLOWS);
    let mut child = tail(&server, &[]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("flows.kdl is being served"), "{first}");
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn where_nobody_serves_it_says_so_and_only_waits_where_it_follows() {
    let directory = tempfile::tempdir().unwrap();
    let printed = run(&["tail", "--no-follow"], directory.path());
    assert_eq!(printed.status.code(), Some(1));
    assert_eq!(
        stderr(&printed),
        "hookyard: .hookyard/attach.sock: nobody listens there\n"
    );
}

#[test]
fn a_dashboard_without_a_terminal_points_to_it() {
    let directory = tempfile::tempdir().unwrap();
    let printed = run(&["attach"], directory.path());
    assert_eq!(printed.status.code(), Some(2));
    assert_eq!(
        stderr(&printed),
        "hookyard: a dashboard needs a terminal; `hookyard tail` prints the same as lines\n"
    );
}
