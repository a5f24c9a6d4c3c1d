//! Runs that a viewer has pinned are looked at after a reload, however many came since.

use std::fs;

use serde_json::json;

use crate::{BIG, FLOWS, SMALL, questions::after_a_run, support::Server, viewer::Viewer};

#[test]
fn a_pinned_run_is_compared_beside_the_last_fifty() {
    let server = Server::start(FLOWS);
    let mut viewer = Viewer::live(&server);
    let pinned = after_a_run(&server, &mut viewer);
    for _ in 0..60 {
        server.post("/payments", SMALL);
        viewer.until("run");
    }
    viewer.ask(&json!({ "type": "pin", "ids": [pinned, "x"] }));
    // What is answered shows that what was said before was heard.
    viewer.ask(&json!({ "type": "dead" }));
    viewer.until("found");
    let last = after_a_run(&server, &mut viewer);
    let file = server.directory().join("flows.kdl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("amount >= 100", "amount >= 1000")).unwrap();
    let rerouted = viewer.until("rerouted").pop().unwrap();
    let changed = rerouted["changed"].as_array().unwrap();
    let ids: Vec<_> = changed.iter().map(|request| &request["id"]).collect();
    assert_eq!(ids, [&json!(last), &json!(pinned)], "{rerouted}");
    assert_eq!(rerouted["requests"], 51);
    assert_eq!(server.post("/payments", BIG).status, 422);
}
