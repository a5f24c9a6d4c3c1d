//! Log lines, where there is no dashboard: what they say, and that nobody waits for them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    process::{Child, ChildStdout, Stdio},
    time::Duration,
};

use hookyard::observe::untagged;
use serde_json::Value;

use crate::{
    support::{self, Server, hookyard},
    terminal::{FLOWS, Terminal, connect, post_many, until},
};

const BIG: &str = r#"{"order": {"id": "A-1"}, "amount": 250}"#;

/// A server whose output a test has in its own hands.
struct Piped {
    child: Child,
    out: Option<BufReader<ChildStdout>>,
    address: SocketAddr,
    _directory: tempfile::TempDir,
}

impl Piped {
    fn start(flows: &str) -> Self {
        Self::start_as(flows, "human")
    }

    fn start_as(flows: &str, format: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let text = support::with_free_port(flows);
        std::fs::write(directory.path().join("flows.kdl"), text).unwrap();
        let mut child = hookyard()
            .args(["run", "flows.kdl", "--state", "state"])
            .args(["--log-format", format])
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        let (_, port) = first.split_once("127.0.0.1:").unwrap();
        let port: String = port.chars().take_while(char::is_ascii_digit).collect();
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap())),
            child,
            out: Some(out),
            _directory: directory,
        }
    }

    fn post(&self, target: &str, body: &str) -> u16 {
        let headers = [("Content-Type", "application/json")];
        let mut stream = connect(self.address);
        stream
            .write_all(&support::request("POST", target, &headers, body))
            .unwrap();
        support::read_reply(&mut stream).status
    }

    fn terminate(&self) {
        let id = self.child.id().to_string();
        let status = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status();
        assert!(status.unwrap().success());
    }

    fn wait(&mut self) -> Option<i32> {
        let mut code = None;
        until("the server ends", || match self.child.try_wait().unwrap() {
            Some(status) => {
                code = status.code();
                true
            }
            None => false,
        });
        code
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_line_for_people_says_flow_branch_status_time_and_run() {
    let mut server = Piped::start(FLOWS);
    assert_eq!(server.post("/payments", BIG), 200);
    assert_eq!(server.post("/nowhere", "{}"), 404);
    assert_eq!(server.post("/payments", &BIG.replace("250", "-1")), 500);
    server.terminate();
    let mut said = String::new();
    server
        .out
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(server.wait(), Some(0));
    let line = |part: &str| {
        let line = said.lines().find(|line| line.contains(part));
        line.unwrap_or_else(|| panic!("no {part} in\n{said}"))
    };
    let paid = line("status=200");
    assert_eq!(&paid[23..], &{
        let took = field(paid, "took_ms").parse::<f64>().unwrap();
        let run = field(paid, "run");
        assert_eq!(run.len(), 36);
        format!(
            "Z  INFO request method=POST path=/payments status=200 took_ms={took} flow=payment \
             branch=\"big order?=big\" outcome=succeeded run={run}"
        )
    });
    assert!(line("paid A-1").contains(&format!("flow=payment run={}", field(paid, "run"))));
    let nowhere = line("status=404");
    assert!(nowhere.contains("path=/nowhere"), "{nowhere}");
    assert!(
        nowhere.contains(" why=\"no flow has this path\""),
        "{nowhere}"
    );
    assert!(!nowhere.contains("flow="), "{nowhere}");
    let failed = line("status=500");
    assert!(failed.contains(" WARN request "), "{failed}");
    assert!(
        failed.contains("why=\"order A-1 pays nothing\""),
        "{failed}"
    );
    assert!(
        said.lines().last().unwrap().ends_with(" INFO stopped"),
        "{said}"
    );
    assert!(!said.contains('\x1b'), "{said}");
}

#[test]
fn the_branches_of_a_line_are_the_branches_and_no_loops_or_lanes() {
    let server = Server::start(
        r#"
server { listen "127.0.0.1:0"; }
flow "sort" mode="sync" {
    webhook "/sort" { parse { body "amounts" type="list" required=#true; }; }
    each "{{ amounts }}" as="amount" {
        branch "size" {
            when "amount > 100" label="big" { log "big"; }
            otherwise { log "small"; }
        }
    }
    parallel { lane "one" { set one=1; }; lane "two" { set two=2; }; }
    respond 200
}
"#,
    );
    server.post("/sort", r#"{"amounts": [250, 2]}"#);
    let output = hookyard()
        .args(["tail", "flows.kdl", "--state", "state", "--no-follow"])
        .current_dir(server.directory())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let line = told.lines().find(|line| line.contains("/sort")).unwrap();
    assert!(
        line.contains(" flow=sort branch=\"size=big > size=otherwise\" outcome=succeeded "),
        "{line}"
    );
}

#[test]
fn a_run_whose_answer_leaves_before_it_has_a_line_for_each() {
    const FLOWS: &str = r#"
server { listen "127.0.0.1:0"; }
flow "deploy" mode="async" {
    webhook "/deploy" { parse { body "ref" required=#true; }; respond 202; }
    branch "main?" {
        when "ref == 'main'" { stop; }
        otherwise { fail "no such branch"; }
    }
}
flow "order" mode="sync" {
    webhook "/order"
    respond 201 then="continue"
    set a=1
}
"#;
    let mut server = Piped::start(FLOWS);
    assert_eq!(
        server.post("/deploy?token=hidden", r#"{"ref": "main"}"#),
        202
    );
    assert_eq!(server.post("/deploy", r#"{"ref": "other"}"#), 202);
    assert_eq!(server.post("/order", "{}"), 201);
    server.terminate();
    let mut said = String::new();
    let mut out = server.out.take().unwrap();
    out.read_to_string(&mut said).unwrap();
    assert_eq!(server.wait(), Some(0));
    let find = |part: &str| {
        let line = said.lines().find(|line| line.contains(part));
        line.unwrap_or_else(|| panic!("no {part} in\n{said}"))
    };
    let lines = |message: &str| {
        let message = format!(" {message} ");
        said.lines()
            .filter(|line| line[25..].starts_with(&message))
            .count()
    };
    assert_eq!((lines("INFO request"), lines("INFO run")), (3, 2), "{said}");
    assert_eq!((lines("WARN request"), lines("WARN run")), (0, 1), "{said}");

    let answered = find("status=202");
    let (took, run) = (field(answered, "took_ms"), field(answered, "run"));
    assert_eq!(
        &answered[25..],
        format!(
            " INFO request method=POST path=/deploy status=202 took_ms={took} flow=deploy run={run}"
        )
    );
    let ended = find("branch=\"main?=ref == 'main'\"");
    let (took, ran) = (field(ended, "took_ms"), field(ended, "ran_ms"));
    assert_eq!(
        &ended[25..],
        format!(
            " INFO run took_ms={took} ran_ms={ran} flow=deploy branch=\"main?=ref == 'main'\" \
             outcome=succeeded run={run}"
        )
    );
    let failed = find("outcome=failed");
    let (took, run) = (field(failed, "took_ms"), field(failed, "run"));
    let ran = field(failed, "ran_ms");
    assert_eq!(
        &failed[25..],
        format!(
            " WARN run took_ms={took} ran_ms={ran} flow=deploy branch=\"main?=otherwise\" outcome=failed \
             why=\"no such branch\" run={run}"
        )
    );
    let order = find("status=201");
    let (took, first) = (field(order, "took_ms"), field(order, "run"));
    assert_eq!(
        &order[25..],
        format!(
            " INFO request method=POST path=/order status=201 took_ms={took} flow=order \
             outcome=succeeded run={first}"
        )
    );
    let rest = find("continues=");
    let (took, run) = (field(rest, "took_ms"), field(rest, "run"));
    let ran = field(rest, "ran_ms");
    assert_eq!(
        &rest[25..],
        format!(
            " INFO run took_ms={took} ran_ms={ran} flow=order outcome=succeeded run={run} continues={first}"
        )
    );
}

#[test]
fn a_json_line_is_an_object_with_numbers_as_numbers() {
    let server = Server::start(FLOWS);
    assert_eq!(server.post("/payments", BIG).status, 200);
    let line = server.wait_for_line(|line| line["message"] == "request");
    for (name, value) in [
        ("level", "INFO"),
        ("method", "POST"),
        ("path", "/payments"),
        ("flow", "payment"),
        ("branch", "big order?=big"),
        ("outcome", "succeeded"),
    ] {
        assert_eq!(line[name], value, "{name} of {line}");
    }
    assert_eq!(line["status"], 200);
    assert!(line["took_ms"].as_f64().unwrap() > 0.0, "{line}");
    assert_eq!(line["run"].as_str().unwrap().len(), 36);
    assert_eq!(server.post("/nowhere?token=hidden", "{}").status, 404);
    let line = server.wait_for_line(|line| line["status"] == 404);
    assert_eq!(line["why"], "no flow has this path");
    assert_eq!(line["flow"], Value::Null);
    assert_eq!(line["path"], "/nowhere");
}

#[test]
fn no_sender_can_forge_a_line_or_colour_it() {
    const FLOWS: &str = r#"
flow "say" mode="sync" {
    webhook "/say" { parse { body "text" required=#true; }; }
    log "said {{ text }}"
    fail "cannot {{ text }}"
}
"#;
    let body = serde_json::json!({ "text": "a\r\n2026 ERROR forged\x1b[31m\u{9b}1m\u{202e}" });
    for format in ["human", "json"] {
        let mut server = Piped::start_as(FLOWS, format);
        server.post("/say", &body.to_string());
        server.post("/%0aERROR%1b[31m\u{9b}31m", "{}");
        server.terminate();
        let mut said = String::new();
        server
            .out
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert!(said.contains("forged"));
        for line in said.lines() {
            let begins = if format == "json" {
                "{\"timestamp\":\"20"
            } else {
                "20"
            };
            assert!(
                line.starts_with(begins) && !line.starts_with("2026 "),
                "{line}"
            );
            assert!(
                !line.chars().any(|c| c.is_control() || c == '\u{202e}'),
                "{line:?}"
            );
            if format == "json" {
                let line: Value = serde_json::from_str(line).unwrap();
                assert!(line["message"].is_string());
            }
        }
    }
}

#[test]
fn a_log_that_nobody_takes_any_more_ends_nothing() {
    let mut server = Piped::start(FLOWS);
    drop(server.out.take());
    let statuses = post_many(server.address, 200, "/payments", BIG);
    assert!(statuses.iter().all(|status| *status == 200));
    server.terminate();
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_log_that_nobody_reads_slows_nothing_and_what_is_lost_is_counted() {
    let flows = FLOWS.replace("paid {{ order_id }}", &format!("paid {}", "x".repeat(900)));
    let mut server = Piped::start(&flows);
    // Each leaves a kilobyte: more than pipe and server together hold.
    let statuses = post_many(server.address, 3_000, "/payments", BIG);
    assert!(statuses.iter().all(|status| *status == 200));
    let mut out = server.out.take().unwrap();
    let mut line = String::new();
    while !line.contains("log lines were lost") {
        line.clear();
        assert_ne!(out.read_line(&mut line).unwrap(), 0);
    }
    assert!(field(&line, "lost").parse::<u64>().unwrap() > 0);
    server.terminate();
    let rest = std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
    assert_eq!(server.wait(), Some(0));
    rest.join().unwrap().unwrap();
}

#[test]
fn a_log_that_nobody_reads_does_not_keep_it_from_ending() {
    let flows = FLOWS.replace("paid {{ order_id }}", &format!("paid {}", "x".repeat(900)));
    let mut server = Piped::start(&flows);
    post_many(server.address, 500, "/payments", BIG);
    let start = std::time::Instant::now();
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn headless_in_a_terminal_there_are_lines_and_no_screen() {
    let terminal = Terminal::start_with(FLOWS, &["--headless"], |_| {});
    let address = terminal.address();
    terminal.wait_text("is being served");
    terminal.post(address, "/payments", BIG);
    terminal.wait_text("status=200");
    assert!(!terminal.is_taken_over());
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(!raw.contains("\x1b[?"), "{raw:?}");
    assert!(raw.contains("\x1b[32m"), "{raw:?}");
    terminal.signal("TERM");
    assert_eq!(terminal.wait_for_end(), 0);
}

#[test]
fn headless_without_colours_there_is_no_escape_sequence() {
    let terminal = Terminal::start_with(FLOWS, &["--headless"], |command| {
        command.env("NO_COLOR", "1");
    });
    let address = terminal.address();
    terminal.post(address, "/payments", &BIG.replace("250", "-1"));
    terminal.wait_text("status=500");
    assert!(!terminal.raw().contains(&0x1b));
}

#[test]
fn what_records_redact_is_in_no_line() {
    const FLOWS: &str = r#"
server { listen "127.0.0.1:0"; }
secrets { shop "t0k-Secr3t/+=&x"; }
flow "tell" mode="sync" {
    webhook "/tell/{at}" {
        parse { path "at"; header "X-Api-Key" as="key" required=#true; body "text" required=#true; }
    }
    log "{{ text }} for {{ key }} at {{ at }}"
    fail "no {{ text }} for {{ key }}"
}
flow "later" {
    webhook "/later/{at}" { parse { path "at"; body "text" required=#true; }; }
    branch { when "text > 5" { stop; }; }
}
"#;
    let mut server = Piped::start(FLOWS);
    let ask = |target: &str| {
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Api-Key", "apik3y-777"),
        ];
        let body = r#"{"text": "t0k-Secr3t/+=&x"}"#;
        let mut stream = connect(server.address);
        let request = support::request("POST", target, &headers, body);
        stream.write_all(&request).unwrap();
        support::read_reply(&mut stream).status
    };
    assert_eq!(ask("/tell/t0k-Secr3t%2F%2B%3D%26x"), 500);
    assert_eq!(ask("/later/t0k-Secr3t%2F%2B%3D%26x"), 200);
    assert_eq!(ask("/later/apik3y-777"), 200);
    server.terminate();
    let mut said = String::new();
    let mut out = server.out.take().unwrap();
    out.read_to_string(&mut said).unwrap();
    assert_eq!(server.wait(), Some(0));
    for secret in ["t0k-", "Secr3t", "apik3y"] {
        assert!(!said.contains(secret), "{secret} in\n{said}");
    }
    let find = |part: &str| {
        let line = said.lines().find(|line| line.contains(part));
        let line = line.unwrap_or_else(|| panic!("no {part} in\n{said}"));
        untagged(&line[24..]).into_owned()
    };
    let logged = find(" for ");
    let run = field(&logged, "run");
    assert_eq!(
        logged,
        format!("  INFO [redacted] for [redacted] at [redacted] flow=tell run={run}")
    );
    let failed = find("status=500");
    let took = field(&failed, "took_ms");
    assert_eq!(
        failed,
        format!(
            "  WARN request method=POST path=/tell/[redacted] status=500 took_ms={took} flow=tell \
             outcome=failed why=\"no [redacted] for [redacted]\" run={run}"
        )
    );
    let answered = find("status=200");
    let (took, run) = (field(&answered, "took_ms"), field(&answered, "run"));
    assert_eq!(
        answered,
        format!(
            "  INFO request method=POST path=/later/[redacted] status=200 took_ms={took} \
             flow=later run={run}"
        )
    );
    let undecided = find("WARN run");
    assert!(undecided.contains("[redacted]"), "{undecided}");
}

fn field<'l>(line: &'l str, name: &str) -> &'l str {
    let (_, rest) = line.split_once(&format!(" {name}=")).unwrap();
    rest.split([' ', '\n']).next().unwrap()
}
