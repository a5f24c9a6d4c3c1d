//! A viewer that does not read is in nobody's way.

use serde_json::Value;

use crate::{FLOWS, support::Server, viewer::Viewer};

/// Together more than may wait for a viewer, and than a socket takes in.
const REQUESTS: u64 = 150;
const BODY: usize = 60 << 10;

#[test]
fn what_a_viewer_does_not_read_is_lost_to_it_alone_and_counted_exactly() {
    let server = Server::start(FLOWS);
    let mut slow = Viewer::live(&server);
    let mut quick = Viewer::live(&server);
    let body = format!(r#"{{"amount": 250, "text": "{}"}}"#, "x".repeat(BODY));
    let mut told = 0;
    for _ in 0..REQUESTS {
        assert_eq!(server.post("/payments", &body).status, 200);
        told += count(&quick.next_news().unwrap());
    }
    while told < REQUESTS {
        told += count(&quick.next_news().unwrap());
    }
    assert_eq!(told, REQUESTS);

    server.post("/deploy", "{}");
    let lines = slow.until("accepted");
    let gap = lines.iter().find(|line| line["type"] == "gap");
    assert!(gap.unwrap()["lost"].as_u64() > Some(100));
    assert_eq!(lines.iter().map(count).sum::<u64>(), REQUESTS);
}

/// How many runs a line tells of, or counts.
fn count(line: &Value) -> u64 {
    match line["type"].as_str() {
        Some("run") => 1,
        Some("gap") => line["lost"].as_u64().unwrap(),
        _ => 0,
    }
}
