//! Viewers that are slow, stalled or gone: none is in the way of a request.

use std::time::{Duration, Instant};

use crate::terminal::{FLOWS, Terminal, post_many, until};

const BIG: &str = r#"{"order": {"id": "A-1"}, "amount": 250}"#;

#[test]
fn a_terminal_that_goes_away_leaves_the_server_serving_at_rest() {
    let mut terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.wait_text("No request yet");
    terminal.hang_up();
    until("the dashboard is left", || {
        !terminal.threads().iter().any(|name| name == "dashboard")
    });
    let (start, ticks) = (Instant::now(), terminal.ticks());
    // Spread over a while, in which a thread that spins would use up all of it.
    for _ in 0..40 {
        assert_eq!(terminal.post(address, "/payments", BIG).status, 200);
        std::thread::sleep(Duration::from_millis(25));
    }
    // A tick is a hundredth of a second.
    let used = Duration::from_millis((terminal.ticks() - ticks) * 10);
    assert!(
        used < start.elapsed() / 2,
        "it used {used:?} of {:?}",
        start.elapsed()
    );
    terminal.signal("TERM");
    terminal.wait_until_gone();
}

#[test]
fn a_viewer_who_stalls_stops_no_request() {
    let terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.wait_text("No request yet");
    stall(&terminal);
    let statuses = post_many(address, 5_000, "/payments", BIG);
    assert!(statuses.iter().all(|status| *status == 200));
    assert!(is_stalled(&terminal));
    terminal.set_looking(true);
    // What came meanwhile may be lost to the viewer; what comes is seen again.
    until("a new request is seen", || {
        terminal.post(address, "/after-all", "{}");
        terminal.look(|screen| screen.contents().contains("/after-all"))
    });
}

#[test]
fn a_viewer_who_stalls_does_not_keep_it_from_ending() {
    let terminal = Terminal::start(FLOWS);
    terminal.wait_text("No request yet");
    stall(&terminal);
    terminal.signal("TERM");
    terminal.wait_until_gone();
    terminal.assert_modes_given_back();
    // Whoever looks again finds the terminal as it was before.
    terminal.set_looking(true);
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
}

#[test]
fn a_viewer_who_stalled_during_a_reload_is_told_of_it_after_all() {
    let terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.wait_text("No request yet");
    stall(&terminal);
    // Refused requests are told of however many come: no event finds room after these.
    post_many(address, 1_500, "/nowhere", "{}");
    let file = terminal.directory().join("flows.kdl");
    let sound = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, sound.replace("/deploy", "/another")).unwrap();
    until("it is live", || {
        terminal.post(address, "/another", "{}").status == 200
    });
    std::fs::write(&file, sound.replace("respond 422", "respnd 422")).unwrap();
    // Signals are taken in order: the file is read again before this one is answered.
    terminal.signal("HUP");
    terminal.set_looking(true);
    terminal.wait_text("there is no step `respnd`");
    assert_eq!(terminal.post(address, "/another", "{}").status, 200);
}

// Nobody looks, until nothing more fits into the terminal.
fn stall(terminal: &Terminal) {
    let address = terminal.address();
    terminal.set_looking(false);
    until("nothing more fits into the terminal", || {
        post_many(address, 20, "/payments", BIG);
        is_stalled(terminal)
    });
    // What hangs there still does so many requests later; a frame is long written.
    post_many(address, 2_000, "/payments", BIG);
    assert!(is_stalled(terminal));
}

// Whether the dashboard hangs in writing, as the system tells: `1` is the number of `write`, on
// the processors that Linux numbers so.
fn is_stalled(terminal: &Terminal) -> bool {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", terminal.pid())).unwrap();
    tasks.map(|task| task.unwrap().path()).any(|task| {
        let read = |name| std::fs::read_to_string(task.join(name)).unwrap_or_default();
        let write = if cfg!(target_arch = "x86_64") {
            "1 "
        } else {
            "64 "
        };
        read("comm").trim() == "dashboard" && read("syscall").starts_with(write)
    })
}
