use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    home::{Home, ended},
    support::{Server, message, read_reply, request, stderr},
};

#[test]
fn a_run_that_ends_the_server_again_and_again_is_dead_and_the_others_go_on() {
    let home = Home::of(
        r#"
flow "killer" { webhook "/killer"; exec "sh" "-c" "read -r _ < gate; kill -9 $PPID"; }
flow "other" { webhook "/other"; log "on it goes"; }
"#,
    );
    let mut server = home.serve();
    assert_eq!(server.post("/killer", "").status, 200);
    for life in 1..=5 {
        home.wait_until(
            "SELECT CAST(interruptions AS TEXT) FROM queue WHERE flow = 'killer'",
            &[&life.to_string()],
        );
        assert_eq!(server.post("/other", "").status, 200);
        assert_eq!(ended(&server, "other")["outcome"], "succeeded");
        home.wait_until("SELECT key FROM effects", &["0#process"]);
        home.gate.let_through(1);
        assert_eq!(server.wait(), None, "it was killed");
        server = home.serve();
    }
    let killer = ended(&server, "killer");
    assert_eq!(
        (killer["outcome"].as_str(), message(&killer)),
        (Some("dead"), "the run was interrupted 5 times")
    );
    assert_eq!(server.post("/other", "").status, 200);
    assert_eq!(ended(&server, "other")["outcome"], "succeeded");
    assert_eq!(
        home.ask("SELECT flow FROM queue WHERE state = 'dead'"),
        ["killer"]
    );
}

#[test]
fn a_server_that_is_stopped_gives_its_runs_back_and_counts_no_interruption() {
    let home = Home::of(r#"flow "work" { webhook "/work"; exec "sh" "work.sh" "{{ run.id }}"; }"#);
    for life in 1..=6 {
        let mut server = home.serve_with(|command| command.args(["--grace", "1ms"]));
        if life == 1 {
            assert_eq!(server.post("/work", "").status, 200);
        }
        home.wait_for_lines("begun", life);
        server.signal("TERM");
        assert_eq!(server.wait(), Some(3), "it was in the middle of the run");
        assert_eq!(
            home.ask("SELECT state || ' ' || interruptions FROM queue"),
            ["pending 0"]
        );
    }
    let server = home.serve();
    home.wait_for_lines("begun", 7);
    home.gate.let_through(1);
    assert_eq!(ended(&server, "work")["outcome"], "succeeded");
    assert_eq!(home.lines("done").len(), 1);
}

#[test]
fn a_server_that_is_stopped_under_load_ends_in_time_and_loses_nothing_it_has_acknowledged() {
    let home = Home::of(
        r#"
flow "work" {
    webhook "/work" { respond 202 { body "{{ run.id }}"; }; }
    exec "tee" "-a" "done" { stdin "{{ run.id }}\n"; }
}
"#,
    );
    let mut server = home.serve_with(|command| command.args(["--grace", "1s"]));
    let acknowledged = Mutex::new(Vec::new());
    let count = AtomicUsize::new(0);
    let address = server.address();
    let (code, took) = thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                // Until nobody listens, or takes anything, any more.
                while let Ok(mut stream) = std::net::TcpStream::connect(address) {
                    let sent = request("POST", "/work", &[], "");
                    if std::io::Write::write_all(&mut stream, &sent).is_err() {
                        return;
                    }
                    let reply = read_reply(&mut stream);
                    match reply.status {
                        202 => acknowledged.lock().unwrap().push(reply.body),
                        0 => return,
                        other => assert_eq!(other, 503),
                    }
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        while count.load(Ordering::SeqCst) < 200 {
            thread::yield_now();
        }
        let began = Instant::now();
        server.signal("TERM");
        (server.wait(), began.elapsed())
    });
    assert!(matches!(code, Some(0 | 3)), "{code:?}");
    // The grace, what the store may take, and what a busy machine does.
    assert!(took < Duration::from_secs(6), "{took:?}");
    let interrupted = "SELECT id FROM queue WHERE interruptions <> 0 OR state <> 'pending'";
    assert_eq!(home.ask(interrupted), [""; 0]);
    let _server = home.serve();
    home.wait_until("SELECT id FROM queue", &[]);
    let done = home.lines("done");
    let acknowledged = acknowledged.into_inner().unwrap();
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|id| !done.contains(id))
        .collect();
    assert_eq!(lost, [""; 0], "of {}", acknowledged.len());
}

#[test]
fn a_second_server_on_a_state_directory_refuses_to_start_and_says_who_has_it() {
    let home = Home::of(r#"flow "work" { webhook "/work"; log "x"; }"#);
    let server = home.serve();
    let refused = home.command().output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let told = stderr(&refused);
    let expected = format!(
        "hookyard: the state directory state is in use by process {}, since 2",
        server.pid()
    );
    assert!(told.starts_with(&expected), "{told}");
    let looks = "; `hookyard attach --state state` looks at it\n";
    assert!(told.ends_with(looks), "{told}");
    assert_eq!(server.post("/work", "").status, 200);
    server.kill();
    let _: Server = home.serve();
}

#[test]
fn a_program_that_cannot_be_started_is_told_as_it_is_where_a_caller_waits() {
    let home = Home::of(
        r#"
flow "lost" { webhook "/lost"; exec "./lost.sh"; }
flow "nowhere" { webhook "/nowhere"; exec "no-such-program-anywhere"; }
flow "barred" { webhook "/barred"; exec "./barred.sh" { stdin "read by nobody"; }; }
"#,
    );
    home.write("barred.sh", "#!/bin/sh\n");
    let server = home.serve();
    for (flow, why) in [
        ("lost", "there is no program `./lost.sh`"),
        (
            "nowhere",
            "there is no program `no-such-program-anywhere` in the PATH",
        ),
        (
            "barred",
            "`./barred.sh` cannot be run: it is not executable for this user",
        ),
    ] {
        assert_eq!(server.post(&format!("/{flow}"), "").status, 200);
        let line = ended(&server, flow);
        assert_eq!(line["why"], why, "{line}");
    }
}

#[test]
fn rounds_beside_each_other_hold_on_to_no_more_than_those_under_way_need() {
    let home = Home::of(
        r#"
flow "many" mode="sync" {
    webhook "/many" { parse { body "items" type="list" required=#true; body "rest" required=#true; }; }
    each "{{ items }}" as="item" concurrency=2 { set last="{{ item }}"; }
    respond 200 { body "done"; }
}
"#,
    );
    let server = home.serve();
    let items = vec!["1"; 5_000].join(",");
    let rest = "x".repeat(500_000);
    let reply = server.post(
        "/many",
        &format!(r#"{{"items":[{items}],"rest":"{rest}"}}"#),
    );
    assert_eq!((reply.status, &*reply.body), (200, "done"));
    // Copies for each round would be 2.5 GB.
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let most: u64 = most
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    assert!(most < 300_000, "{most} kB");
}
