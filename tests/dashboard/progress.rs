//! A run is watched while it is on its way.

use std::{sync::Arc, time::Duration};

use hookyard::{
    event::{Event, MOST_TOLD, Passage, Progress, Started},
    observe::Told,
    run::{FlowShape, RunId, StepShape},
};

use crate::{
    fixtures::{accepted, deploy, deployed, finished, id, loaded, moment, start},
    screen::Screen,
};

fn started(number: u64) -> Event {
    Event::Started(Started {
        id: id(number),
        flow: deploy(),
        at: start() + Duration::from_secs(number),
    })
}

/// A step of the run 5 that began so many seconds after it, and took so many if it is over.
fn step(place: usize, step: u32, started: u64, took: Option<u64>) -> Event {
    step_of(&deploy(), None, place, step, started, took)
}

/// The same, of a flow that is called, inside of the call at a place.
fn step_of(
    flow: &Arc<FlowShape>,
    caller: Option<usize>,
    place: usize,
    step: u32,
    started: u64,
    took: Option<u64>,
) -> Event {
    let shape = &flow.steps[step as usize];
    Event::Progress(Progress {
        run: id(5),
        place,
        flow: Arc::clone(flow),
        caller,
        kind: shape.kind,
        title: shape.title.clone(),
        passage: Passage {
            step,
            started: Duration::from_secs(started),
            took: took.map(Duration::from_secs),
            has_failed: place == 1,
        },
    })
}

/// What is said of the steps, without the id.
fn steps(screen: &Screen) -> Vec<String> {
    let text = screen.text();
    text.lines()
        .skip_while(|line| !line.contains("[1 Steps]"))
        .skip(3)
        .map(|line| line.trim_end().strip_prefix(' ').unwrap_or(line).to_owned())
        .take_while(|line| !line.is_empty())
        .collect()
}

#[test]
fn the_steps_of_a_run_are_shown_as_they_happen_and_those_under_way_grow_with_the_clock() {
    let mut screen = Screen::new(80, 40);
    screen.hear([loaded(), accepted(5)]);
    let text = screen.text();
    assert!(text.contains("… waiting"), "{text}");
    screen.hear([started(5)]);
    let text = screen.text();
    assert!(text.contains("» running"), "{text}");
    assert!(text.contains("It is on its way"), "{text}");
    screen.seconds = 9;
    screen.hear([
        step(0, 0, 0, None),
        step(0, 0, 0, Some(1)),
        step(1, 1, 1, Some(1)),
        step(2, 2, 2, None),
    ]);
    assert_eq!(
        steps(&screen),
        [
            "✓ 1.00s    branch main?                       ████████",
            "✗ 1.00s      log deploying                            ████████",
            "» 2.00s      stop  · running                                  ████████████████",
        ]
    );
    screen.seconds = 13;
    screen.state.tick(moment(13));
    screen.draw();
    assert_eq!(
        steps(&screen),
        [
            "✓ 1.00s    branch main?                       ████",
            "✗ 1.00s      log deploying                        ████",
            "» 6.00s      stop  · running                          ████████████████████████",
        ]
    );
    // Its end says all of it.
    screen.hear([finished(deployed(5))]);
    let text = screen.text();
    assert!(text.contains("✓ succeeded"), "{text}");
    assert!(!text.contains("running"), "{text}");
}

#[test]
fn where_no_more_steps_are_told_a_line_below_them_says_so() {
    const SAYS: &str = "It may have come further: no more steps are told before it ends.";
    let mut screen = Screen::new(80, 2_100);
    screen.hear([loaded(), started(5)]);
    screen.hear((1..MOST_TOLD).map(|place| step(place, 1, 0, Some(0))));
    let text = screen.text();
    assert!(!text.contains(SAYS), "{text}");
    screen.hear([step(MOST_TOLD, 1, 0, Some(0))]);
    let text = screen.text();
    assert!(text.contains(SAYS), "{text}");
}

#[test]
fn the_steps_of_flows_that_are_called_stand_below_their_calls_though_these_go_beside_each_other() {
    let call = |title: &str| StepShape {
        kind: "call",
        title: title.to_owned(),
        arms: Vec::new(),
        on_error: Vec::new(),
    };
    let both = Arc::new(FlowShape {
        steps: vec![call("first"), call("second")],
        body: vec![0, 1],
        ..FlowShape::named("both")
    });
    let deploy = deploy();
    let inside = |caller, place, step| step_of(&deploy, Some(caller), place, step, 1, None);
    let mut screen = Screen::new(80, 40);
    screen.seconds = 8;
    screen.hear([
        loaded(),
        Event::Started(Started {
            id: id(5),
            flow: Arc::clone(&both),
            at: start(),
        }),
        step_of(&both, None, 0, 0, 0, None),
        step_of(&both, None, 2, 1, 0, None),
        inside(0, 3, 0),
        inside(2, 4, 0),
        inside(2, 5, 2),
        inside(0, 6, 1),
        // Its call was lost on the way.
        inside(7, 8, 2),
    ]);
    let steps = steps(&screen);
    let told = |line: &String| -> String {
        let line = &line["» 8.00s   ".len()..];
        line.split(" · running").next().unwrap().to_owned()
    };
    let steps: Vec<String> = steps.iter().map(told).collect();
    assert_eq!(
        steps,
        [
            " call first",
            "   branch main?",
            "     log deploying",
            " call second",
            "   branch main?",
            "     stop ",
            "   stop ",
        ]
    );
}

#[test]
fn a_step_that_was_told_again_or_lost_on_the_way_puts_none_in_a_wrong_place() {
    let mut screen = Screen::new(80, 40);
    screen.seconds = 8;
    screen.hear([
        loaded(),
        started(5),
        step(2, 2, 2, None),
        step(0, 0, 0, Some(1)),
        step(0, 0, 0, Some(1)),
    ]);
    let steps: Vec<String> = steps(&screen)
        .iter()
        .map(|line| line[..20].trim_end().to_owned())
        .collect();
    assert_eq!(steps, ["✓ 1.00s    branch", "» 1.00s      stop"]);
    // A new life begins with its first step.
    screen.hear([started(5)]);
    assert!(screen.text().contains("It is on its way"));
}

#[test]
fn the_server_is_asked_to_tell_of_the_selected_run_alone_and_of_none_once_it_has_ended() {
    let looks = |screen: &mut Screen| -> Option<Option<RunId>> { screen.state.look() };
    let mut screen = Screen::new(80, 40);
    screen.hear([loaded()]);
    assert_eq!(looks(&mut screen), None);
    screen.hear([accepted(4), accepted(5)]);
    assert_eq!(looks(&mut screen), Some(Some(id(5))));
    assert_eq!(looks(&mut screen), None);
    screen.press("k");
    assert_eq!(looks(&mut screen), Some(Some(id(4))));
    // It was not on its way before.
    screen.hear([started(4)]);
    assert_eq!(looks(&mut screen), Some(Some(id(4))));
    // A server that has come back knows nothing of it.
    screen.tell(Told::Connected);
    assert_eq!(looks(&mut screen), Some(Some(id(4))));
    let ended = Arc::new(deployed(4));
    screen.hear([Event::Finished(ended)]);
    assert_eq!(looks(&mut screen), Some(None));
    assert_eq!(looks(&mut screen), None);
}
