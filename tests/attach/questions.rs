//! What a viewer asks.

use serde_json::json;

use crate::{BIG, FLOWS, support::Server, viewer::Viewer};

/// A viewer, and the id of a run that is in the history.
pub fn after_a_run(server: &Server, viewer: &mut Viewer) -> String {
    server.post("/payments", BIG);
    let run = viewer.until("run").pop().unwrap();
    let id = run["record"]["id"].as_str().unwrap().to_owned();
    loop {
        viewer.ask(&json!({ "type": "get", "id": id }));
        let answer = viewer.until("answer").pop().unwrap();
        if answer["record"]["id"] == *id {
            assert_eq!(answer["record"], run["record"]);
            return id;
        }
        // The history writes what ended a moment later.
        assert_eq!(answer["text"], format!("the history has no run {id}"));
    }
}

#[test]
fn a_record_is_looked_up_and_done_again_with_and_without_effects() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    let id = after_a_run(&server, &mut viewer);
    let short = &id[id.len() - 8..];

    viewer.ask(&json!({ "type": "replay", "id": id, "dry_run": true }));
    let answer = viewer.until("answer").pop().unwrap();
    assert_eq!(answer["title"], format!("Dry run of {short}"));
    let text = answer["text"].as_str().unwrap();
    assert!(text.contains("path: same, end: same"), "{text}");

    viewer.ask(&json!({ "type": "replay", "id": id }));
    let answer = viewer.until("answer").pop().unwrap();
    assert_eq!(answer["title"], format!("Replay of {short}"));
    let text = answer["text"].as_str().unwrap();
    let new = text.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(text, format!("{id} is replayed as {new}\n"));
    assert_eq!(answer["run"], new);
    let run = viewer.until("run").pop().unwrap();
    assert_eq!(run["record"]["id"], new);
    assert_eq!(run["record"]["taken"][0]["arm"], "big");
}

#[test]
fn what_cannot_be_done_is_answered_with_the_reason() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    let id = after_a_run(&server, &mut viewer);
    let mut ask = |question| {
        viewer.ask(&question);
        viewer.until("answer").pop().unwrap()["text"].clone()
    };
    let nobody = "019ab3c4-0000-7000-8000-000000000001";
    assert_eq!(
        ask(json!({ "type": "replay", "id": nobody })),
        "00000001 cannot be replayed: it has not ended"
    );
    assert_eq!(
        ask(json!({ "type": "replay", "id": "x" })),
        "the question names no run by its id"
    );
    assert_eq!(
        ask(json!({ "type": "reboot" })),
        "this version knows no such question"
    );
    let hello = json!({ "type": "hello", "protocol": 1, "read_only": true });
    let mut viewer = Viewer::saying(&server, &hello);
    viewer.until("live");
    viewer.ask(&json!({ "type": "replay", "id": id }));
    let answer = viewer.until("answer").pop().unwrap();
    assert_eq!(answer["text"], "this viewer is read-only");
}

#[test]
fn a_flow_is_told_as_it_is_served_without_its_secrets() {
    let flow = "flow \"a\" {\n    webhook \"/a\" { auth { basic user=\"ada\" password=\"PASSWORD\"; }; }\n    log \"}\" // done\n}";
    let written = flow.replace("PASSWORD", "open sesame 7");
    let server = Server::start(&format!(
        "{FLOWS}\n{written}\n\nflow \"b\" {{ webhook \"/b\"; }}\n"
    ));
    let mut viewer = Viewer::live(&server);
    viewer.ask(&json!({ "type": "source", "flow": "a" }));
    let answer = viewer.until("answer").pop().unwrap();
    let masked = flow.replace("\"PASSWORD\"", &"*".repeat("\"open sesame 7\"".len()));
    assert_eq!(answer["source"], format!("{masked}\n"));
    let title = answer["title"].as_str().unwrap();
    assert!(title.starts_with("a, flows.kdl:"), "{title}");
    viewer.ask(&json!({ "type": "source", "flow": "c" }));
    let answer = viewer.until("answer").pop().unwrap();
    let text = answer["text"].as_str().unwrap();
    assert!(
        text.starts_with("there is no flow \"c\" in revision "),
        "{text}"
    );
    viewer.ask(&json!({ "type": "source" }));
    let answer = viewer.until("answer").pop().unwrap();
    assert_eq!(answer["text"], "the question names no flow");
}

#[test]
fn a_body_is_told_in_parts_from_what_the_history_keeps() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    let id = after_a_run(&server, &mut viewer);
    let mut ask = |question| {
        viewer.ask(&question);
        viewer.until("answer").pop().unwrap()
    };
    assert_eq!(
        ask(json!({ "type": "get", "id": id, "body": "request", "offset": 8 })),
        json!({
            "type": "answer",
            "id": id,
            "body": "request",
            "offset": 8,
            "part": &BIG[8..],
            "kept": BIG.len(),
            "bytes": BIG.len(),
            "whole": true,
        })
    );
    assert_eq!(
        ask(json!({ "type": "get", "id": id, "body": "response", "offset": 3 })),
        json!({
            "type": "answer",
            "id": id,
            "body": "response",
            "offset": 3,
            "text": "2 bytes are kept of it",
        })
    );
    assert_eq!(
        ask(json!({ "type": "get", "id": id, "body": "head" }))["text"],
        "a run has a `request` and a `response`, and no other body"
    );
}

#[test]
fn a_viewer_is_told_the_beginning_of_a_long_body_and_gets_the_rest_where_it_asks() {
    let server = Server::start(r#"flow "later" { webhook "/later"; }"#);
    let mut viewer = Viewer::live(&server);
    let body = format!("\"{}\"", "ü".repeat(150_000));
    server.post("/later", &body);
    let run = viewer.until("run").pop().unwrap();
    let id = run["record"]["id"].as_str().unwrap().to_owned();
    let is_beginning = |told: &serde_json::Value| {
        let request = &told["record"]["request"];
        let beginning = body.starts_with(request["body"].as_str().unwrap());
        (
            beginning,
            request["truncated"].clone(),
            request["bytes"].clone(),
        )
    };
    let beginning = (true, true.into(), body.len().into());
    assert_eq!(is_beginning(&run), beginning);
    let mut told = String::new();
    while told.len() < body.len() {
        let offset = told.len();
        viewer.ask(&json!({ "type": "get", "id": id, "body": "request", "offset": offset }));
        let answer = viewer.until("answer").pop().unwrap();
        assert_eq!(
            (&answer["kept"], &answer["bytes"], &answer["whole"]),
            (&body.len().into(), &body.len().into(), &true.into())
        );
        told += answer["part"].as_str().unwrap();
    }
    assert_eq!(told, body);
    viewer.ask(&json!({ "type": "get", "id": id }));
    assert_eq!(
        is_beginning(&viewer.until("answer").pop().unwrap()),
        beginning
    );
    // Whoever comes later is told no more.
    let told = Viewer::new(&server).until("live");
    let run = told.iter().find(|line| line["type"] == "run").unwrap();
    assert_eq!(is_beginning(run), beginning);
}
