//! The dead runs that the server keeps, however long ago they were.

use std::sync::Arc;

use hookyard::{
    dashboard::Effect,
    observe::{Question, Told},
    run::{Outcome, RunId, RunRecord},
};

use crate::{
    fixtures::{deployed, finished, id, loaded, paid},
    list::footer,
    screen::Screen,
};

fn dead(number: u64) -> RunRecord {
    RunRecord {
        outcome: Outcome::Dead,
        ..deployed(number)
    }
}

fn ids(screen: &Screen) -> Vec<RunId> {
    let rows = screen.state.rows().iter();
    rows.map(|entry| entry.id).collect()
}

fn told(screen: &mut Screen, count: u64, of: u64, records: impl IntoIterator<Item = RunRecord>) {
    screen.tell(Told::Found { count, of });
    for record in records {
        screen.tell(Told::Past(Arc::new(record)));
    }
}

#[test]
fn they_stand_before_the_others_where_only_errors_are_shown() {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded()]);
    screen.hear([finished(paid(8, 250)), finished(dead(9))]);
    assert_eq!(screen.press("x"), Some(Effect::Ask(Question::Dead(None))));
    told(&mut screen, 3, 3, [dead(1), dead(2), dead(9)]);
    assert_eq!(ids(&screen), [id(1), id(2), id(9)]);
    assert_eq!(footer(&screen), "3 dead runs are kept");
    // They can be looked at and marked like any other.
    screen.press("gm<esc>");
    assert_eq!(ids(&screen), [id(1), id(8), id(9)]);
    screen.press("x");
    told(&mut screen, 1, 1, [dead(3)]);
    assert_eq!(ids(&screen), [id(1), id(3), id(9)]);
}

#[test]
fn in_the_flows_those_of_the_selected_one_are_asked_for() {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded()]);
    assert_eq!(
        screen.press("uGx"),
        Some(Effect::Ask(Question::Dead(Some("deploy".to_owned()))))
    );
    told(&mut screen, 200, 1_312, [dead(1)]);
    assert_eq!(ids(&screen), [id(1)]);
    let text = screen.text();
    assert!(text.contains("flow=deploy is:dead"), "{text}");
    assert_eq!(
        footer(&screen),
        "the latest 200 of 1.3k dead runs of `deploy` that are kept"
    );
    told(&mut screen, 0, 0, []);
    assert_eq!(ids(&screen), Vec::<RunId>::new());
    assert_eq!(footer(&screen), "no dead run of `deploy` is kept");
}

#[test]
fn a_list_that_stands_still_shows_them_too() {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded(), finished(paid(8, 250))]);
    screen.press(" x");
    told(&mut screen, 1, 1, [dead(1)]);
    assert_eq!(ids(&screen), [id(1)]);
    screen.press(" ");
    assert_eq!(ids(&screen), [id(1)]);
}
