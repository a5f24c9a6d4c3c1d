use std::{fs, process::Command, time::Instant};

use super::{ask, flow, serve, serve_files, told, wait_for_file, wait_until_dead};

#[test]
fn a_program_that_takes_too_long_is_named_and_its_whole_group_is_dead() {
    let server = serve(
        r#"exec "sh" "-c" "sleep 60 & echo $! > grandchild; echo $$ > child; echo slow >&2; wait" as="out" timeout="1s""#,
    );
    assert_eq!(
        told(&ask(&server, "")),
        (500, "`sh` took longer than 1s: slow")
    );
    wait_until_dead(&wait_for_file(server.directory(), "child"));
    wait_until_dead(&wait_for_file(server.directory(), "grandchild"));
}

#[test]
fn a_program_that_takes_too_long_is_asked_to_end_first() {
    let server = serve(
        r#"exec "sh" "-c" "trap 'echo asked > asked; exit 0' TERM; sleep 60 & wait" as="out" timeout="1s""#,
    );
    assert_eq!(told(&ask(&server, "")), (500, "`sh` took longer than 1s"));
    assert_eq!(wait_for_file(server.directory(), "asked"), "asked\n");
}

#[test]
fn a_program_that_does_not_end_when_asked_is_killed() {
    let server = serve(
        r#"exec "sh" "-c" "trap '' TERM; echo $$ > child; while :; do sleep 60; done" as="out" timeout="1s""#,
    );
    assert_eq!(told(&ask(&server, "")), (500, "`sh` took longer than 1s"));
    wait_until_dead(&wait_for_file(server.directory(), "child"));
}

#[test]
fn what_a_program_leaves_behind_in_its_group_is_killed_and_not_waited_for() {
    let server = serve(r#"exec "sh" "-c" "sleep 60 & echo $! > grandchild; echo done" as="out""#);
    assert_eq!(ask(&server, "").json()["stdout"], "done\n");
    wait_until_dead(&wait_for_file(server.directory(), "grandchild"));
}

#[test]
fn what_left_the_group_with_the_pipe_keeps_no_step_waiting() {
    let server = serve(
        r#"exec "sh" "-c" "setsid sh -c 'echo $$ > away; exec sleep 60' & while ! test -s away; do :; done; echo done" as="out""#,
    );
    let began = Instant::now();
    assert_eq!(ask(&server, "").json()["stdout"], "done\n");
    assert!(began.elapsed().as_secs() < 50, "{:?}", began.elapsed());
    let away = wait_for_file(server.directory(), "away");
    assert!(fs::metadata(format!("/proc/{}", away.trim())).is_ok());
    let killed = Command::new("kill").args(["-KILL", away.trim()]).status();
    assert!(killed.unwrap().success());
}

#[test]
fn what_is_cut_off_when_the_server_stops_is_dead() {
    let text = flow(r#"exec "sh" "-c" "sleep 60 & echo $! > grandchild; wait" as="out""#);
    let mut server = serve_files(&[("flows.kdl", &text)], |command| {
        command.args(["--grace", "0s"])
    });
    let mut caller = server.connect();
    let request =
        super::support::request("POST", "/", &[("Content-Type", "application/json")], "{}");
    std::io::Write::write_all(&mut caller, &request).unwrap();
    let grandchild = wait_for_file(server.directory(), "grandchild");
    server.signal("TERM");
    assert_eq!(server.wait(), Some(3));
    wait_until_dead(&grandchild);
}
