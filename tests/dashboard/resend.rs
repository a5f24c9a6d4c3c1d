//! What is asked of the server, and asked of the viewer before.

use hookyard::{
    dashboard::{Context, Effect},
    observe::{BodyAt, BodyOf, BodyPart, Question, Told},
    run::{Extent, Outcome, ReplayOf},
};

use crate::{
    acts::screen,
    fixtures::{finished, id, notified, paid, stray},
    list::footer,
    screen::Screen,
};

/// What lies over the panes, without blanks.
fn overlay(screen: &Screen) -> Vec<String> {
    let text = screen.text();
    let lines = text.lines().skip(3).map(str::trim);
    lines
        .take_while(|line| !line.starts_with("send"))
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_run_is_sent_again_only_after_a_yes() {
    let mut screen = screen(notified(1));
    assert_eq!(screen.press("R"), None);
    assert_eq!(screen.state.context(), Context::Question);
    assert_eq!(footer(&screen), "send it again? y/N");
    for no in ["<enter>", "n", "<esc>", "q"] {
        assert_eq!(screen.press(no), None);
        assert_eq!(screen.state.context(), Context::Main);
        screen.press("R");
    }
    assert_eq!(
        screen.press("y"),
        Some(Effect::Ask(Question::Replay(id(1))))
    );
    assert_eq!(screen.state.context(), Context::Main);
}

#[test]
fn the_question_lists_what_the_run_did_outside() {
    let mut screen = screen(notified(1));
    screen.press("R");
    assert_eq!(
        overlay(&screen),
        [
            "POST /deploy/9s8d7f",
            "is run again as the file says now, with the same body. Its credentials are not checked again.",
            "It did this outside:",
            "! exec ./deploy.sh acme/shop",
            "! http POST",
        ]
    );
}

#[test]
fn the_question_says_so_where_nothing_was_done_or_recorded() {
    let mut screen = self::screen(paid(1, 250));
    screen.press("R");
    assert_eq!(
        overlay(&screen)[2..],
        ["It did nothing outside: no http and no exec step ran."]
    );
    let mut record = notified(1);
    record.detailed = false;
    record.steps.clear();
    let mut screen = self::screen(record);
    screen.press("R");
    assert_eq!(
        overlay(&screen)[2..],
        [
            "What it did was not recorded. Its flow may do this outside:",
            "! exec ./deploy.sh",
            "! http POST",
        ]
    );
}

#[test]
fn a_dry_run_does_nothing_and_asks_nothing() {
    let mut screen = screen(notified(1));
    assert_eq!(
        screen.press("D"),
        Some(Effect::Ask(Question::DryRun(id(1))))
    );
}

#[test]
fn what_no_flow_has_a_path_for_is_not_run_again() {
    let mut screen = screen(stray(1, "/.env"));
    for key in ["R", "D"] {
        assert_eq!(screen.press(key), None);
        assert_eq!(
            footer(&screen),
            "no flow has its path: there is nothing to run"
        );
    }
}

#[test]
fn a_question_that_reaches_nobody_is_told() {
    let mut screen = screen(paid(1, 250));
    screen.state.unanswered();
    screen.draw();
    assert_eq!(footer(&screen), "there is no server to ask");
}

#[test]
fn what_cannot_be_sent_again_is_not_asked_about() {
    let mut shut_out = paid(1, 250);
    shut_out.outcome = Outcome::Refused;
    let mut obscured = paid(1, 250);
    obscured.request.body = r#"{"token":"[redacted:3f9a]"}"#.into();
    for (record, why) in [
        (shut_out, "it was refused before its body was read"),
        (
            obscured.clone(),
            "its body had a secret in it, which was not kept",
        ),
    ] {
        let mut screen = screen(record);
        assert_eq!(screen.press("R"), None);
        let run = id(1).short();
        assert_eq!(footer(&screen), format!("{run} cannot be replayed: {why}"));
        screen.press("a");
        assert!(screen.text().contains(&format!(" · {why}\n")));
    }
    // The request of a dead run is kept as it was.
    obscured.outcome = Outcome::Dead;
    obscured.cut.request = Extent::Beginning(None);
    let mut screen = screen(obscured);
    screen.press("R");
    assert_eq!(screen.state.context(), Context::Question);
}

#[test]
fn of_a_body_that_was_cut_the_server_is_asked_first_whether_it_has_all() {
    let at = BodyAt {
        run: id(1),
        of: BodyOf::Request,
        offset: 0,
    };
    let part = |is_whole| {
        Ok(BodyPart {
            bytes: "[1".into(),
            kept: 2,
            had: Some(70_000),
            is_whole,
        })
    };
    let run = id(1).short();
    for (answer, context, says) in [
        (
            part(true),
            Context::Question,
            "send it again? y/N".to_owned(),
        ),
        (
            part(false),
            Context::Main,
            format!("{run} cannot be replayed: its body was too long to be kept whole"),
        ),
        (
            Err("the history has no run 1".to_owned()),
            Context::Main,
            format!("{run} cannot be replayed: the history has no run 1"),
        ),
    ] {
        let mut record = paid(1, 250);
        record.cut.request = Extent::Beginning(Some(70_000));
        let mut screen = screen(record);
        assert_eq!(screen.press("R"), Some(Effect::Ask(Question::Body(at))));
        screen.tell(Told::Body(at, answer));
        assert_eq!((screen.state.context(), footer(&screen)), (context, says));
    }
}

#[test]
fn the_answer_leads_to_the_new_run_which_is_selected_once_it_is_heard_of() {
    let begun = || Told::Begun {
        title: format!("Replay of {}", id(1).short()),
        text: format!("{} is replayed as {}\n", id(1), id(9)),
        run: id(9),
    };
    let mut replay = paid(9, 250);
    replay.replay_of = Some(ReplayOf {
        run: id(1),
        is_edited: false,
    });
    // Whether it is there when the answer comes, or later.
    for is_heard_of_first in [true, false] {
        let mut screen = screen(paid(1, 250));
        screen.hear([finished(paid(2, 5))]);
        screen.press("k/order<enter>");
        if is_heard_of_first {
            screen.hear([finished(replay.clone()), finished(paid(3, 5))]);
        }
        screen.tell(begun());
        assert_eq!(screen.state.context(), Context::Begun);
        assert!(
            screen.text().contains("Enter goes to it, Esc closes"),
            "{}",
            screen.text()
        );
        screen.press("<enter>");
        assert_eq!(screen.state.context(), Context::Main);
        if !is_heard_of_first {
            assert_eq!(footer(&screen), "it is selected as soon as it is heard of");
            screen.hear([finished(replay.clone()), finished(paid(3, 5))]);
        }
        assert_eq!(screen.state.selected().unwrap().id, id(9));
        let text = screen.text();
        let line = format!("  replay of {}\n", id(1).short());
        assert!(text.contains(&line), "{text}");
    }
}

#[test]
fn a_run_names_its_replays_with_how_they_ended_and_enter_goes_there_and_back() {
    let mut screen = screen(paid(1, 250));
    let replay = |number, is_edited| {
        let mut record = paid(number, 5);
        record.replay_of = Some(ReplayOf {
            run: id(1),
            is_edited,
        });
        finished(record)
    };
    // `screen` follows the newest run until another one is selected.
    screen.hear([finished(paid(2, 5))]);
    screen.press("k");
    assert!(!screen.text().contains("replayed as"), "{}", screen.text());
    screen.press("<enter>");
    assert!(!footer(&screen).contains("replay"), "{}", footer(&screen));
    screen.hear([replay(3, false), replay(4, true)]);
    let [third, fourth] = [3, 4].map(|number| id(number).short());
    let line = format!("  replayed as ✓ {fourth} (edited), ✓ {third}\n");
    assert!(screen.text().contains(&line), "{}", screen.text());
    assert!(
        footer(&screen).contains("Enter replay"),
        "{}",
        footer(&screen)
    );
    screen.press("<enter>");
    assert_eq!(screen.state.selected().unwrap().id, id(4));
    assert!(
        footer(&screen).contains("Enter original"),
        "{}",
        footer(&screen)
    );
    screen.press("<enter>");
    assert_eq!(screen.state.selected().unwrap().id, id(1));
    // Of many, the last are named.
    screen.hear((5..8).map(|number| replay(number, false)));
    let [sixth, seventh] = [6, 7].map(|number| id(number).short());
    let line = format!("  replayed as ✓ {seventh}, ✓ {sixth}, 3 before\n");
    assert!(screen.text().contains(&line), "{}", screen.text());
}

#[test]
fn who_moves_on_is_not_taken_to_the_new_run() {
    let mut screen = screen(paid(1, 250));
    screen.tell(Told::Begun {
        title: String::new(),
        text: String::new(),
        run: id(9),
    });
    screen.press("<enter>k");
    screen.hear([finished(paid(9, 250))]);
    assert_eq!(screen.state.selected().unwrap().id, id(1));
}
