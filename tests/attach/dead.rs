//! The dead runs that are kept, for a viewer that asks for them.

use serde_json::{Value, json};

use crate::{support::Server, viewer::Viewer};

const FLOWS: &str = r#"
flow "one" { webhook "/one" { parse { body "n" type="number"; }; }; exec "false"; }
flow "two" { webhook "/two"; exec "false"; }
"#;

/// What follows the question: how many are told of how many, and the runs.
fn dead(viewer: &mut Viewer, question: &Value) -> ((u64, u64), Vec<Value>) {
    viewer.ask(question);
    let found = viewer.until("found").pop().unwrap();
    let counts = (
        found["count"].as_u64().unwrap(),
        found["of"].as_u64().unwrap(),
    );
    let runs = (0..counts.0)
        .map(|_| viewer.until("past").pop().unwrap()["record"].clone())
        .collect();
    (counts, runs)
}

#[test]
fn they_are_told_the_oldest_first_and_no_more_once_they_are_replayed() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    assert_eq!(dead(&mut viewer, &json!({ "type": "dead" })).0, (0, 0));
    let mut ended = Vec::new();
    for (path, body) in [("/one", r#"{"n":1}"#), ("/two", ""), ("/one", r#"{"n":2}"#)] {
        server.post(path, body);
        ended.push(viewer.until("run").pop().unwrap()["record"].clone());
        assert_eq!(ended.last().unwrap()["outcome"], "dead");
    }
    assert_eq!(
        dead(&mut viewer, &json!({ "type": "dead" })),
        ((3, 3), ended.clone())
    );
    let of_two = json!({ "type": "dead", "flow": "two" });
    assert_eq!(dead(&mut viewer, &of_two), ((1, 1), vec![ended[1].clone()]));
    viewer.ask(&json!({ "type": "replay", "id": ended[1]["id"] }));
    let new = viewer.until("run").pop().unwrap()["record"].clone();
    assert_eq!(dead(&mut viewer, &of_two), ((1, 1), vec![new]));
}
