use crate::{
    home::{Home, ended},
    support::{Server, hookyard, message, stderr},
};

/// Works, and says by which revision it did.
const OLD: &str = r#"
flow "work" {
    webhook "/work"
    exec "sh" "work.sh" "{{ run.id }}"
    exec "sh" "-c" "echo by the old one >> done"
}
"#;
const NEW: &str = r#"
flow "work" {
    webhook "/work"
    exec "sh" "work.sh" "{{ run.id }}"
    exec "sh" "-c" "echo by the new one >> done"
}
"#;
const WITHOUT: &str = r#"flow "other" { webhook "/other"; }"#;

/// Accepts a run of `work` by what is served, and waits until it is in flight.
fn begin(home: &Home, server: &Server) {
    let before = home.lines("begun").len();
    assert_eq!(server.post("/work", "").status, 200);
    home.wait_for_work(before + 1);
}

#[test]
fn a_run_ends_on_the_revision_that_accepted_it_where_its_flow_has_changed_or_is_gone() {
    for changed in [NEW, WITHOUT] {
        let home = Home::of(OLD);
        let server = home.serve();
        begin(&home, &server);
        home.save(changed);
        server.wait_for_reload();
        home.gate.let_through(1);
        assert_eq!(ended(&server, "work")["outcome"], "succeeded");
        assert_eq!(home.lines("done")[1..], ["by the old one"]);
    }
}

#[test]
fn a_run_ends_on_the_revision_that_accepted_it_where_the_file_was_changed_while_it_was_down() {
    for changed in [NEW, WITHOUT] {
        let home = Home::of(OLD);
        let server = home.serve();
        begin(&home, &server);
        server.kill();
        home.save(changed);
        let server = home.serve();
        home.wait_for_lines("begun", 2);
        home.gate.let_through(1);
        assert_eq!(ended(&server, "work")["outcome"], "succeeded");
        assert_eq!(home.lines("done")[1..], ["by the old one"]);
    }
}

#[test]
fn a_run_ends_on_the_revision_that_accepted_it_where_the_file_is_named_otherwise_by_now() {
    let home = Home::of("include \"work.kdl\"");
    home.write("work.kdl", OLD);
    let server = home.serve();
    begin(&home, &server);
    server.kill();
    home.write("work.kdl", NEW);
    let server = home.serve_by_whole_path();
    home.wait_for_lines("begun", 2);
    home.gate.let_through(1);
    let ended = ended(&server, "work");
    assert_eq!(ended["outcome"], "succeeded", "{ended}");
    assert_eq!(home.lines("done")[1..], ["by the old one"]);
}

#[test]
fn the_revision_before_a_broken_file_is_served_where_the_file_is_named_otherwise_by_now() {
    let home = Home::of(OLD);
    home.serve().kill();
    home.save("flow \"work\" { nope; }");
    let server = home.serve_by_whole_path();
    begin(&home, &server);
    home.gate.let_through(1);
    assert_eq!(ended(&server, "work")["outcome"], "succeeded");
    assert_eq!(home.lines("done")[1..], ["by the old one"]);
}

#[test]
fn runs_whose_revision_is_no_longer_sound_or_gone_are_dead_and_say_why() {
    for (change, why) in [
        (
            "UPDATE revisions SET files = replace(files, 'exec', 'nope')",
            "is no longer sound: flows.kdl:5:5: there is no step `nope`",
        ),
        ("DELETE FROM revisions", "is not kept"),
    ] {
        let home = Home::of(OLD);
        let server = home.serve();
        begin(&home, &server);
        server.kill();
        home.save(WITHOUT);
        home.change(change);
        let server = home.serve();
        let ended = ended(&server, "work");
        assert_eq!(ended["outcome"], "dead");
        assert!(message(&ended).contains(why), "{ended}");
        // Whoever watches is told of its end as of any other.
        let told = server.wait_for_line(|line| message(line) == "run");
        assert_eq!(
            (&told["run"], &told["outcome"]),
            (&ended["run"], &"dead".into())
        );
        home.wait_until("SELECT state FROM queue", &["dead"]);
        assert_eq!(home.ask("SELECT error FROM history"), [message(&ended)]);
        assert_eq!(home.lines("done"), [""; 0]);
        home.gate.let_through(1);
    }
}

#[test]
fn a_run_whose_revision_cannot_be_read_now_waits_until_it_can() {
    let home = Home::of(OLD);
    let server = home.serve();
    begin(&home, &server);
    server.kill();
    home.save(NEW);
    // No text that anything can be read from.
    home.change("UPDATE revisions SET entry = CAST(x'ff' AS TEXT)");
    let server = home.serve();
    let told = server.wait_for_line(|line| message(line).contains("cannot be read"));
    assert_eq!(
        (&told["level"], message(&told)),
        (
            &"WARN".into(),
            "the store cannot be read: invalid utf-8 sequence of 1 bytes from index 0 at index 2; the run waits until its revision can be read"
        )
    );
    // Whoever stops meanwhile loses nothing by it, and counts no interruption.
    server.stop("TERM");
    assert_eq!(
        home.ask("SELECT state || ' ' || interruptions FROM queue"),
        ["pending 1"]
    );
    let server = home.serve();
    server.wait_for_line(|line| message(line).contains("cannot be read"));
    home.change("UPDATE revisions SET entry = 'flows.kdl'");
    home.wait_for_lines("begun", 2);
    home.gate.let_through(1);
    assert_eq!(ended(&server, "work")["outcome"], "succeeded");
    assert_eq!(home.lines("done")[1..], ["by the old one"]);
}

#[test]
fn with_a_broken_file_the_revision_before_it_is_served_and_its_runs_are_done() {
    let home = Home::of(OLD);
    let server = home.serve();
    begin(&home, &server);
    server.kill();
    home.save("flow \"work\" {\n    webhook \"/work\"\n    nope\n}\n");
    let server = home.serve();
    assert_eq!(
        server.first(),
        "the last good revision of flows.kdl is being served"
    );
    let rejection = server.wait_for_rejection();
    let told = hookyard()
        .args(["tail", "--state", "state", "--no-follow"])
        .current_dir(home.path())
        .output();
    let told = String::from_utf8(told.unwrap().stdout).unwrap();
    assert!(
        told.contains(" INFO the last good revision of flows.kdl is being served revision="),
        "{told}"
    );
    assert_eq!(
        message(&rejection),
        "flows.kdl is broken; the revision before it goes on being served"
    );
    server.wait_for_line(|line| message(line).contains("nope"));
    home.wait_for_lines("begun", 2);
    home.gate.let_through(1);
    assert_eq!(ended(&server, "work")["outcome"], "succeeded");
    begin(&home, &server);
    home.gate.let_through(1);
    assert_eq!(ended(&server, "work")["outcome"], "succeeded");
    home.save(NEW);
    assert_eq!(message(&server.wait_for_reload()), "flows.kdl reloaded");
    home.gate.let_through(1);
    begin(&home, &server);
    assert_eq!(ended(&server, "work")["outcome"], "succeeded");
    let by: Vec<_> = home.lines("done").into_iter().skip(1).step_by(2).collect();
    assert_eq!(by, ["by the old one", "by the old one", "by the new one"]);
}

#[test]
fn a_broken_file_ends_the_start_with_2_where_no_revision_can_be_served_in_its_place() {
    const BROKEN: &str = "flow \"work\" { nope; }";
    let secret = OLD.replace(
        r#"webhook "/work""#,
        r#"webhook "/work" { auth { basic user="u" password="written out"; }; }"#,
    );
    for (before, why) in [
        (
            Some(&*secret),
            Some("cannot be served again: it has a secret written out, and no secret is kept"),
        ),
        (None, None),
    ] {
        let home = Home::of(before.unwrap_or(BROKEN));
        if before.is_some() {
            home.serve().kill();
        }
        home.save(BROKEN);
        let output = home.command().output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let told = stderr(&output);
        assert!(told.contains("nope"), "{told}");
        assert_eq!(told.contains("hookyard: "), why.is_some(), "{told}");
        assert!(why.is_none_or(|why| told.contains(why)), "{told}");
    }
}
