//! Runs that are marked: they stay, and others are compared with them.

use hookyard::{
    dashboard::Context,
    observe::{Question, Told},
};
use serde_json::json;

use crate::{
    fixtures::{accepted, deployed, finished, id, loaded, paid},
    list::footer,
    screen::Screen,
};

fn screen() -> Screen {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded(), finished(paid(1, 250)), finished(paid(2, 5))]);
    screen
}

#[test]
fn a_marked_run_stays_whatever_comes_until_it_is_let_go() {
    let mut screen = screen();
    screen.press("gm");
    assert_eq!(footer(&screen), "marked: d on another run compares the two");
    screen.hear((10..1_100).map(|number| finished(paid(number, 1))));
    let rows = screen.state.rows();
    assert_eq!((rows.len(), rows[0].id), (1_001, id(1)));
    assert_eq!(screen.state.selected().unwrap().id, id(1));
    screen.press("m");
    assert_eq!(footer(&screen), "no longer marked");
    assert_eq!(screen.state.rows().len(), 1_000);
}

#[test]
fn a_marked_failure_is_there_once_where_only_errors_are_shown() {
    let mut screen = screen();
    screen.hear([finished(paid(3, -1))]);
    screen.press("Gm");
    screen.hear((10..1_100).map(|number| finished(paid(number, 1))));
    screen.press("e");
    let ids: Vec<_> = screen.state.rows().iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [id(3)]);
}

#[test]
fn no_more_than_20_runs_are_marked() {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded()]);
    screen.hear((0..21).map(|number| finished(paid(number, 1))));
    screen.press("g");
    for _ in 0..20 {
        screen.press("mj");
    }
    screen.press("m");
    assert_eq!(
        footer(&screen),
        "20 runs are marked: m on one of them lets it go"
    );
}

#[test]
fn a_marked_run_that_waits_ends_in_its_place_however_late() {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded(), accepted(1)]);
    screen.press("m");
    screen.hear((10..1_100).map(|number| finished(paid(number, 1))));
    screen.hear([finished(deployed(1))]);
    let rows = screen.state.rows();
    assert_eq!((rows.len(), rows[0].id), (1_001, id(1)));
    assert_eq!(rows[0].status, Some(202));
}

#[test]
fn a_mark_in_a_frozen_list_is_there_when_it_goes_on() {
    let mut screen = screen();
    screen.press("g m");
    screen.hear((10..1_100).map(|number| finished(paid(number, 1))));
    screen.press(" ");
    assert_eq!(screen.state.rows()[0].id, id(1));
}

#[test]
fn a_run_is_compared_with_another_one_that_was_marked_before() {
    let mut screen = screen();
    screen.press("d");
    assert_eq!(footer(&screen), "m marks the run to compare with");
    screen.press("md");
    assert_eq!(footer(&screen), "this is the marked run: d is for another");
    screen.press("gd");
    assert_eq!(screen.state.context(), Context::Reading);
    screen.press("<esc>");
    assert_eq!(screen.state.context(), Context::Main);
}

#[test]
fn a_line_that_has_no_room_beside_the_other_is_shown_whole_below_it() {
    let mut screen = screen();
    let mut record = paid(3, 250);
    let long = "x".repeat(120);
    record.request.body = json!({ "long": long }).to_string().into();
    screen.hear([finished(record)]);
    screen.press("gmGd");
    let text = screen.text();
    let shown = text.lines().filter(|line| line.contains("xx"));
    assert_eq!(
        shown.map(str::trim).collect::<String>(),
        format!("+   \"long\": \"{long}\"")
    );
}

#[test]
fn the_server_is_told_what_is_marked_and_told_again_when_it_comes_back() {
    let mut screen = screen();
    assert_eq!(screen.state.new_pins(), None);
    screen.press("gm");
    assert_eq!(screen.state.new_pins(), Some(Question::Pin(vec![id(1)])));
    assert_eq!(screen.state.new_pins(), None);
    screen.tell(Told::Connected);
    assert_eq!(screen.state.new_pins(), Some(Question::Pin(vec![id(1)])));
    screen.press("m");
    assert_eq!(screen.state.new_pins(), Some(Question::Pin(Vec::new())));
    screen.tell(Told::Connected);
    assert_eq!(screen.state.new_pins(), None);
}
