//! Why a run waits.

use std::{sync::Arc, time::Duration};

use hookyard::event::{Accepted, Event, Parked, Passage, Progress, Started, TallySnapshot};

use crate::{
    fixtures::{accepted, deploy, finished, id, loaded, paid, payment, start, tally},
    screen::Screen,
};

fn parked(number: u64) -> Event {
    Event::Parked(Parked {
        id: id(number),
        flow: deploy(),
        at: start(),
        due: start() + Duration::from_secs(600),
    })
}

fn started(number: u64) -> Event {
    Event::Started(Started {
        id: id(number),
        flow: deploy(),
        at: start(),
    })
}

/// A run that waits, of a flow without `concurrency`.
fn paying(number: u64) -> Event {
    Event::Accepted(Accepted {
        id: id(number),
        flow: payment(),
        at: start(),
        answered: None,
    })
}

/// How many runs of all flows wait.
fn waiting(count: u64) -> Event {
    let Event::Tally(tally) = tally(20) else {
        unreachable!()
    };
    Event::Tally(Arc::new(TallySnapshot {
        waiting: count,
        ..TallySnapshot::clone(&tally)
    }))
}

/// What the inspector says of the last run, below how it stands.
fn told(events: impl IntoIterator<Item = Event>) -> String {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded()]);
    screen.hear(events);
    screen.press("<enter>+");
    let text = screen.text();
    let page = text.lines().skip_while(|line| !line.contains("[1 Steps]"));
    let page = page.skip(1).take_while(|line| !line.starts_with('?'));
    let lines: Vec<_> = page
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[test]
fn a_run_that_is_parked_says_until_when_and_that_it_keeps_its_place() {
    assert_eq!(
        told([accepted(5), started(5), parked(5)]),
        "‖ parked  019ab3c4-0000-7000-8000-000000000005\n\
         Accepted at 2025-11-24 03:12:49.000 UTC.\n\
         Parked until 2025-11-24 03:22:44.000 UTC: a `delay`, or the pause before its next try.\n\
         It keeps its place in the `concurrency` of its flow meanwhile."
    );
}

#[test]
fn the_step_that_a_run_is_parked_by_is_named_where_it_was_told_of() {
    let deploy = deploy();
    let step = |kind: &'static str, title: &str| {
        Event::Progress(Progress {
            run: id(5),
            place: 0,
            flow: Arc::clone(&deploy),
            caller: None,
            kind,
            title: title.to_owned(),
            passage: Passage {
                step: 0,
                started: Duration::ZERO,
                took: None,
                has_failed: false,
            },
        })
    };
    for (step, by) in [
        (step("delay", "10m"), "a `delay`"),
        (
            step("exec", "./deploy.sh"),
            "the pause before the next try of `exec ./deploy.sh`",
        ),
    ] {
        let told = told([accepted(5), started(5), step, parked(5)]);
        let line = format!("Parked until 2025-11-24 03:22:44.000 UTC: {by}.");
        assert!(told.lines().any(|told| told == line), "{told}");
        assert!(told.ends_with(" · parked"), "{told}");
    }
}

#[test]
fn a_run_whose_turn_has_not_come_says_how_many_are_being_done() {
    let told = told([accepted(5), started(5), paying(6), waiting(3)]);
    assert_eq!(
        told.lines().last().unwrap(),
        "Its turn has not come: of all flows 1 run is being done, and 3 waiting."
    );
}

#[test]
fn a_run_whose_flow_has_no_place_free_says_who_has_them() {
    let told = |other: Event| told([accepted(5), other, accepted(6)]);
    const HEAD: &str = "… waiting  019ab3c4-0000-7000-8000-000000000006\n\
         Accepted at 2025-11-24 03:12:50.000 UTC.\n";
    assert_eq!(
        told(parked(5)),
        HEAD.to_owned()
            + "Its flow takes 1 run at a time (`concurrency`): #00000005 is parked until \
               2025-11-24 03:22:44.000 UTC."
    );
    assert_eq!(
        told(started(5)),
        HEAD.to_owned() + "Its flow takes 1 run at a time (`concurrency`): #00000005 is running."
    );
}

#[test]
fn a_run_whose_turn_has_not_come_says_so_and_only_one_of_which_nothing_waits_may_have_ended() {
    let last = |events: [Event; 2]| told(events).lines().last().unwrap().to_owned();
    for (waiting, said) in [
        (
            waiting(1),
            "Its turn has not come: of all flows 1 run is waiting.",
        ),
        (
            waiting(7),
            "Its turn has not come: of all flows 7 runs are waiting.",
        ),
        (
            waiting(0),
            "Nothing was heard of its end. Under heavy load a run that succeeds may end unrecorded.",
        ),
    ] {
        assert_eq!(last([accepted(5), waiting]), said);
    }
}

#[test]
fn one_that_goes_on_is_parked_no_more() {
    let said = told([accepted(5), parked(5), started(5)]);
    assert!(said.starts_with("» running"), "{said}");
    let ended = finished(paid(5, 250));
    let said = told([accepted(5), parked(5), ended]);
    assert!(said.starts_with("✓ succeeded"), "{said}");
}
