//! What is told, and in which order.

use std::io::{BufRead, BufReader};

use serde_json::{Value, json};

use crate::{
    BIG, FLOWS, SMALL,
    support::Server,
    viewer::{Viewer, connect, socket, types},
};

#[test]
fn a_viewer_is_told_how_the_server_stands_what_ran_and_what_happens() {
    let server = Server::start(FLOWS);
    let mut first = Viewer::live(&server);
    server.post("/payments", BIG);
    let run = first.until("run").pop().unwrap();
    assert_eq!(run["record"]["taken"][0]["arm"], "big");
    assert_eq!(run["record"]["response"]["body"], "ok");

    let mut second = Viewer::new(&server);
    assert_eq!(second.hello["type"], "hello");
    assert_eq!(second.hello["protocol"], 1);
    assert_eq!(second.hello["boot"], first.hello["boot"]);
    assert_eq!(second.hello["last"], run["seq"]);
    let file = second.hello["file"].as_str().unwrap();
    assert!(file.ends_with("flows.kdl"), "{file}");
    let lines = second.until("live");
    assert_eq!(types(&lines), ["snapshot", "loaded", "run", "live"]);
    assert_eq!(lines[1]["flows"][0]["name"], "payment");
    assert_eq!(lines[2]["record"]["id"], run["record"]["id"]);
    assert_eq!(lines[3]["seq"], run["seq"]);

    server.post("/deploy", "{}");
    for viewer in [&mut first, &mut second] {
        let mut lines = viewer.until("run");
        let run = lines.pop().unwrap();
        // A worker may be quicker than the answer.
        lines.sort_by_key(|line| line["type"].to_string());
        assert_eq!(types(&lines), ["accepted", "started"]);
        for line in lines {
            assert_eq!(
                (&line["flow"], &line["id"]),
                (&"deploy".into(), &run["record"]["id"])
            );
        }
    }
}

#[test]
fn runs_come_in_the_order_of_their_requests_after_a_restart_too() {
    const RUNS: usize = 40;
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    let bodies: Vec<_> = (0..RUNS).map(|i| format!(r#"{{"ref":"{i}"}}"#)).collect();
    for body in &bodies {
        // Several of them come within one millisecond.
        server.post("/deploy", body);
    }
    for _ in 0..RUNS {
        viewer.until("run");
    }
    let directory = server.stop("TERM");
    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    let mut lines = Viewer::new(&server).until("live");
    lines.retain(|line| line["type"] == "run");
    let told: Vec<_> = lines
        .iter()
        .map(|line| line["record"]["request"]["body"].as_str().unwrap())
        .collect();
    assert_eq!(told, bodies);
}

#[test]
fn who_says_nothing_is_told_everything_all_the_same() {
    let server = Server::start(FLOWS);
    let lines = BufReader::new(connect(&socket(&server))).lines();
    let told: Vec<Value> = lines
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .take(4)
        .collect();
    assert_eq!(types(&told), ["hello", "snapshot", "loaded", "stats"]);
}

#[test]
fn who_comes_back_is_told_what_came_meanwhile_and_nothing_twice() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    server.post("/payments", BIG);
    let seen = viewer.until("run").pop().unwrap()["seq"].as_u64().unwrap();
    let boot = viewer.hello["boot"].clone();
    let mut stays = Viewer::live(&server);
    drop(viewer);
    for body in [SMALL, BIG] {
        server.post("/payments", body);
        stays.until("run");
    }
    let lines = Viewer::again(&server, &boot, seen).until("live");
    assert_eq!(types(&lines), ["run", "run", "live"]);
    let seqs: Vec<_> = lines
        .iter()
        .map(|line| line["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(seqs, [seen + 1, seen + 2, seen + 2]);
    assert_eq!(lines[0]["record"]["response"]["body"], "too small");
}

#[test]
fn who_has_seen_another_start_of_the_server_is_told_everything() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    server.post("/payments", BIG);
    let run = viewer.until("run").pop().unwrap();
    let boot = viewer.hello["boot"].clone();
    let directory = server.stop("TERM");
    // Who looks on is told of the end.
    let end = viewer.next_news().unwrap();
    assert_eq!(end["type"], "draining");
    assert_eq!(viewer.next_news(), None);

    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    let mut viewer = Viewer::again(&server, &boot, run["seq"].as_u64().unwrap());
    assert_ne!(viewer.hello["boot"], boot);
    let lines = viewer.until("live");
    assert_eq!(types(&lines), ["snapshot", "loaded", "run", "live"]);
    assert_eq!(lines[2]["record"], run["record"]);
}

#[test]
fn a_file_that_breaks_and_is_mended_is_told() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    let sound = std::fs::read_to_string(server.file()).unwrap();
    std::fs::write(server.file(), sound.replace("respond 422", "respnd 422")).unwrap();
    let lines = viewer.until("rejected");
    assert_eq!(lines[0]["reason"], "broken", "{lines:#?}");
    let lines = Viewer::new(&server).until("live");
    assert_eq!(types(&lines), ["snapshot", "loaded", "rejected", "live"]);
    std::fs::write(server.file(), sound.replace("/deploy", "/moved")).unwrap();
    let lines = viewer.until("loaded");
    assert_eq!(lines.last().unwrap()["flows"][1]["path"], "/moved");
    let lines = Viewer::new(&server).until("live");
    assert_eq!(types(&lines), ["snapshot", "loaded", "live"]);
}

#[test]
fn another_protocol_is_answered_with_a_sentence_and_no_more() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::saying(&server, &json!({ "type": "hello", "protocol": 2 }));
    assert_eq!(
        viewer.next().unwrap(),
        json!({
            "type": "refused",
            "text": "the viewer speaks version 2 of the protocol, and this hookyard version 1: \
                use the same hookyard on both sides",
        })
    );
    assert_eq!(viewer.next(), None);
}

#[test]
fn no_credential_is_told() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Api-Key", "sesame-open"),
        ("Cookie", "session=sesame-open"),
    ];
    server.request("POST", "/payments?token=sesame-open", &headers, BIG);
    let run = viewer.until("run").pop().unwrap().to_string();
    assert!(!run.contains("sesame"), "{run}");
}
