use crate::home::{Home, ended};

#[test]
fn no_wait_is_longer_because_the_clock_was_set_back() {
    let home = Home::of(
        r#"
flow "wait" {
    webhook "/wait"
    delay "2500ms"
    exec "sh" "-c" "echo waited >> done"
    delay "2500ms"
}
"#,
    );
    let server = home.serve();
    assert_eq!(server.post("/wait", "").status, 200);
    home.wait_until("SELECT state FROM queue", &["parked"]);
    server.kill();
    // As if the wall clock had been an hour ahead until now.
    home.change("UPDATE queue SET due_ms = due_ms + 3600000");
    home.change("UPDATE effects SET value = value + 3600000");
    let server = home.serve();
    assert_eq!(ended(&server, "wait")["outcome"], "succeeded");
    assert_eq!(home.lines("done"), ["waited"]);
}
