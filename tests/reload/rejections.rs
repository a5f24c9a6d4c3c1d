//! What cannot be served is told once, and stops nothing.

use std::fs;

use crate::{harness::*, support::message};

#[test]
fn rejected_reload_keeps_serving_the_old_graph() {
    let server = serve(&answering("one"));
    save(&server, &(answering("two") + "flow \"b\" {\n    nope\n}\n"));
    let line = server.wait_for_rejection();
    assert!(line["errors"].as_u64().unwrap() >= 1, "{line}");
    server.wait_for_line(|line| message(line).contains("flows.kdl:7:5: there is no step `nope`"));
    assert_eq!(answer(&server), "one");
    assert_eq!(server.post("/b", "").status, 404);
    save(&server, &answering("two"));
    wait_for_answer(&server, "two");
}

#[test]
fn the_same_broken_content_is_told_once_however_often_it_is_read() {
    let server = serve_with(&answering("one"), &OFTEN);
    save(&server, "flow");
    server.wait_for_rejection();
    // Saved again without a change, and looked at again and again.
    save(&server, "flow");
    let mut lines = Vec::new();
    for _ in 0..5 {
        lines.extend(server.lines_until(|line| line["found"] == "unchanged"));
    }
    save(&server, "flow flow");
    lines.extend(server.lines_until(is_rejection));
    let rejections = lines.iter().filter(|line| is_rejection(line));
    assert_eq!(rejections.count(), 1, "{:#?}", messages(&lines));
}

#[test]
fn going_back_to_what_is_served_is_told() {
    let server = serve(&answering("one"));
    save(&server, "flow");
    server.wait_for_rejection();
    save(&server, &answering("one"));
    server.wait_for_reload();
    assert_eq!(answer(&server), "one");
}

#[test]
fn an_empty_file_keeps_the_old_graph() {
    let server = serve(&answering("one"));
    fs::write(server.file(), "").unwrap();
    server.wait_for_rejection();
    assert_eq!(answer(&server), "one");
}

#[test]
fn a_file_that_is_cut_short_keeps_the_old_graph() {
    let server = serve(&answering("one"));
    let text = fs::read_to_string(server.file()).unwrap();
    fs::write(server.file(), &text[..text.len() - 10]).unwrap();
    server.wait_for_rejection();
    assert_eq!(answer(&server), "one");
}

#[test]
fn a_file_that_is_no_text_keeps_the_old_graph() {
    let server = serve(&answering("one"));
    fs::write(server.file(), b"flow \xff\xfe").unwrap();
    server.wait_for_rejection();
    assert_eq!(answer(&server), "one");
}

#[test]
fn a_sound_remainder_goes_live_and_what_went_is_named() {
    let server = serve(&(answering("one") + &flow("b", "b") + &flow("c", "c")));
    save(&server, &answering("one"));
    let reload = server.wait_for_reload();
    assert_eq!(reload["flows"], 1);
    let gone = server.wait_for_line(|line| message(line) == "no longer served");
    assert_eq!(gone["flows"], "b, c");
    assert_eq!(answer(&server), "one");
    assert_eq!(server.post("/b", "").status, 404);
}

#[test]
fn warnings_of_what_goes_live_are_told() {
    let server = serve(&answering("one"));
    save(&server, &(answering("two") + "include \"none/*.kdl\"\n"));
    server.wait_for_line(|line| message(line).contains("`none/*.kdl` matches no file"));
    wait_for_answer(&server, "two");
}
