//! Includes come, break, are fixed and go, all without a restart.

use std::{fs, os::unix::fs::symlink};

use crate::{
    harness::*,
    support::{Server, message, with_free_port},
};

fn status(server: &Server, path: &str) -> u16 {
    server.post(path, "").status
}

fn entry(more: &str) -> String {
    answering("one") + more
}

#[test]
fn an_include_that_is_added_broken_fixed_and_removed_is_followed_all_the_way() {
    let server = serve(&answering("one"));
    let more = server.directory().join("more.kdl");

    // Named before it is there, as `git checkout` may do it, too.
    save(&server, &entry("include \"more.kdl\"\n"));
    server.wait_for_rejection();
    assert_eq!(
        (answer(&server), status(&server, "/b")),
        ("one".to_owned(), 404)
    );

    fs::write(&more, flow("b", "b")).unwrap();
    server.wait_for_reload();
    assert_eq!((status(&server, "/a"), status(&server, "/b")), (200, 200));

    fs::write(&more, "flow \"b\" {").unwrap();
    server.wait_for_rejection();
    assert_eq!((status(&server, "/a"), status(&server, "/b")), (200, 200));

    fs::write(&more, flow("c", "c")).unwrap();
    server.wait_for_reload();
    assert_eq!((status(&server, "/b"), status(&server, "/c")), (404, 200));

    fs::remove_file(&more).unwrap();
    server.wait_for_rejection();
    assert_eq!(status(&server, "/c"), 200);

    save(&server, &entry(""));
    server.wait_for_reload();
    assert_eq!((status(&server, "/a"), status(&server, "/c")), (200, 404));
}

#[test]
fn an_include_in_a_directory_that_is_missing_goes_live_once_both_are_there() {
    let server = serve(&answering("one"));
    save(&server, &entry("include \"far/away/more.kdl\"\n"));
    server.wait_for_rejection();
    fs::create_dir_all(server.directory().join("far/away")).unwrap();
    fs::write(server.directory().join("far/away/more.kdl"), flow("b", "b")).unwrap();
    server.wait_for_reload();
    assert_eq!(status(&server, "/b"), 200);
}

#[test]
fn a_new_file_that_matches_a_pattern_goes_live() {
    let server = serve(&entry("include \"flows/*.kdl\"\n"));
    let flows = server.directory().join("flows");
    fs::create_dir(&flows).unwrap();
    for name in ["b", "c"] {
        fs::write(flows.join(format!("{name}.kdl")), flow(name, name)).unwrap();
        loop {
            server.wait_for_reload();
            if status(&server, &format!("/{name}")) == 200 {
                break;
            }
        }
    }
    fs::remove_file(flows.join("b.kdl")).unwrap();
    server.wait_for_reload();
    assert_eq!((status(&server, "/b"), status(&server, "/c")), (404, 200));
}

#[test]
fn a_new_directory_that_a_pattern_looks_into_is_watched() {
    let server = serve(&entry("include \"sites/*/flows/*.kdl\"\n"));
    let shop = server.directory().join("sites/shop");
    // One level at a time, and rest in between: each is found where nothing matches yet.
    for directory in [shop.parent().unwrap(), &shop, &shop.join("flows")] {
        wait_for_rest(&server);
        fs::create_dir(directory).unwrap();
        wait_for_look(&server, "unchanged");
    }
    fs::write(shop.join("flows/b.kdl"), flow("b", "b")).unwrap();
    server.wait_for_reload();
    assert_eq!(status(&server, "/b"), 200);
}

#[test]
fn a_broken_file_among_many_leaves_all_of_the_old() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    fs::create_dir(root.join("flows")).unwrap();
    fs::write(
        root.join("flows.kdl"),
        with_free_port("include \"flows/*.kdl\"\n"),
    )
    .unwrap();
    fs::write(root.join("flows/a.kdl"), flow("a", "one")).unwrap();
    fs::write(root.join("flows/b.kdl"), flow("b", "b")).unwrap();
    let server = serve_in(directory, "flows.kdl", &NEVER);
    fs::write(server.directory().join("flows/a.kdl"), flow("a", "two")).unwrap();
    fs::write(server.directory().join("flows/b.kdl"), "flow {").unwrap();
    server.wait_for_rejection();
    assert_eq!(
        (answer(&server), status(&server, "/b")),
        ("one".to_owned(), 200)
    );
    fs::write(server.directory().join("flows/b.kdl"), flow("b", "b")).unwrap();
    wait_for_answer(&server, "two");
}

#[test]
fn a_pipe_in_the_place_of_a_file_is_refused_and_does_not_hold_up_what_is_saved_later() {
    let server = serve(&entry("include \"flows/*.kdl\"\n"));
    let flows = server.directory().join("flows");
    fs::create_dir(&flows).unwrap();
    pipe(&flows.join("b.kdl"));
    server.wait_for_rejection();
    server.wait_for_line(|line| {
        message(line).contains("could not be read: it is a pipe, not a file")
    });
    assert_eq!(answer(&server), "one");
    fs::remove_file(flows.join("b.kdl")).unwrap();
    fs::write(flows.join("b.kdl"), flow("b", "b")).unwrap();
    while status(&server, "/b") != 200 {
        server.wait_for_reload();
    }
}

#[test]
fn an_entry_file_that_is_a_pipe_is_refused_until_it_is_a_file_again() {
    let server = serve(&answering("one"));
    fs::remove_file(server.file()).unwrap();
    pipe(&server.file());
    server.wait_for_line(|line| message(line).contains("it is a pipe, not a file"));
    assert_eq!(answer(&server), "one");
    fs::remove_file(server.file()).unwrap();
    save(&server, &answering("two"));
    wait_for_answer(&server, "two");
}

#[test]
fn an_editors_lock_beside_a_file_does_not_hold_up_what_is_saved() {
    let server = serve(&entry("include \"flows/*.kdl\"\n"));
    let flows = server.directory().join("flows");
    fs::create_dir(&flows).unwrap();
    symlink("somebody@host.123:456", flows.join(".#b.kdl")).unwrap();
    let ready = server.directory().join("b.ready");
    fs::write(&ready, flow("b", "b")).unwrap();
    fs::rename(ready, flows.join("b.kdl")).unwrap();
    let lines = server.lines_until(|line| message(line).ends_with("reloaded"));
    assert!(!lines.iter().any(is_rejection), "{lines:#?}");
    assert_eq!(status(&server, "/b"), 200);
}
