//! What is asked of the server, and asked of the viewer before.

use hookyard::{
    dashboard::{Context, Effect},
    observe::Question,
};

use crate::{
    acts::screen,
    fixtures::{id, notified, paid, stray},
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
