//! What the list shows, what is selected, and what the keys do to both.

use std::{sync::Arc, time::Duration};

use crossterm::event::Event as TerminalEvent;
use hookyard::{
    dashboard::{Context, Effect, Left, Palette, Source},
    event::{Accepted, Answered, Event},
    observe::{Question, Told},
};
use http::{Method, StatusCode};
use ratatui::style::{Color, Modifier};

use crate::{
    fixtures::{
        accepted, blocked, deploy, deployed, finished, id, loaded, moment, paid, rejected,
        rerouted, start, stray,
    },
    screen::Screen,
};

fn screen() -> Screen {
    let mut screen = Screen::new(120, 40);
    screen.hear([
        loaded(),
        finished(paid(1, 250)),
        finished(paid(2, 5)),
        finished(paid(3, -5)),
        finished(stray(4, "/wp-login.php")),
        accepted(5),
    ]);
    screen
}

fn numbers(screen: &Screen) -> Vec<u64> {
    screen
        .state
        .rows()
        .iter()
        .map(|entry| u64::try_from(entry.seq + 1).unwrap())
        .collect()
}

pub fn footer(screen: &Screen) -> String {
    let text = screen.text();
    text.lines().last().unwrap_or_default().to_owned()
}

fn filtered(filter: &str) -> Vec<u64> {
    let mut screen = screen();
    screen.press(&format!("/{filter}<enter>"));
    numbers(&screen)
}

#[test]
fn a_word_is_looked_for_in_most_of_what_the_inspector_shows() {
    for (word, found) in [
        ("a-2", &[2][..]),                    // a variable's text
        ("-5", &[3]),                         // a variable's number
        ("NEGATIVE amount", &[3]),            // the error
        ("req-7", &[1, 2, 3, 4]),             // a header
        ("203.0.113.9:41234", &[1, 2, 3, 4]), // the peer
        ("source=shop", &[1, 2, 3]),          // the query
    ] {
        assert_eq!(filtered(word), found, "{word}");
    }
}

#[test]
fn what_is_larger_than_64_kib_is_not_searched() {
    let holding = |length: usize| {
        let mut record = paid(1, 5);
        record.variables[1] = Some(format!("{}needle", "x".repeat(length)).into());
        let mut screen = Screen::new(120, 40);
        screen.hear([finished(record)]);
        screen.press("/needle<enter>");
        numbers(&screen)
    };
    assert_eq!(holding(60 << 10), [1]);
    assert_eq!(holding(64 << 10), [0; 0]);
}

#[test]
fn a_filter_that_is_none_shows_where_and_leaves_the_one_before() {
    let mut screen = screen();
    let bottom = |screen: &Screen| {
        let text = screen.text();
        let lines: Vec<&str> = text.lines().skip(38).collect();
        lines.join("\n")
    };
    screen.press("/is:ok<enter>/is:faild x");
    assert_eq!(numbers(&screen), [1, 2]);
    assert_eq!(
        bottom(&screen),
        "filter: is:ok is:faild x\n              \
         ^^^^^^^^ is: takes error, failed, refused, ok, queued, running, dead, cancelled, skipped, timeout, dry"
    );
    screen.press("<enter>");
    assert_eq!(
        footer(&screen),
        "is: takes error, failed, refused, ok, queued, running, dead, cancelled, skipped, timeout, dry"
    );
    screen.press("<c-u>is:failed<enter>");
    assert_eq!(numbers(&screen), [3]);
    assert_eq!(screen.state.context(), Context::Main);
}

#[test]
fn the_place_of_a_slip_is_told_where_the_line_is_too_short() {
    let mut screen = Screen::new(40, 20);
    screen.hear([loaded(), finished(paid(1, 250))]);
    screen.press("/flow:payment branch:otherwise status:teapot");
    let text = screen.text();
    let lines: Vec<&str> = text.lines().skip(17).collect();
    assert_eq!(
        lines,
        [
            "filter:  branch:otherwise status:teapot",
            "                          ^^^^^^^^^^^^^",
            "status: takes 404, 4xx or >=400",
        ]
    );
}

#[test]
fn a_filter_holds_for_a_list_that_stands_still_and_one_that_goes_on() {
    let mut screen = screen();
    screen.press(" /is:ok<enter>");
    assert_eq!(numbers(&screen), [1, 2]);
    screen.hear([finished(paid(6, 1))]);
    assert_eq!(numbers(&screen), [1, 2]);
    screen.press(" ");
    assert_eq!(numbers(&screen), [1, 2, 6]);
}

#[test]
fn what_is_no_longer_recent_leaves_the_list_by_itself() {
    let mut screen = screen();
    screen.press("/since:3s<enter>");
    assert_eq!(numbers(&screen), [1, 2, 3, 4, 5]);
    screen.state.tick(moment(6));
    screen.draw();
    assert_eq!(numbers(&screen), [3, 4, 5]);
}

#[test]
fn escape_clears_the_filter_and_e_asks_for_errors() {
    let mut screen = screen();
    screen.press("/flow:payment<enter>e");
    assert_eq!(numbers(&screen), [3]);
    screen.press("e");
    assert_eq!(numbers(&screen), [1, 2, 3]);
    screen.press("<esc>");
    assert_eq!(numbers(&screen), [1, 2, 3, 4, 5]);
    screen.press("/is:ok<esc>");
    assert_eq!(numbers(&screen), [1, 2, 3, 4, 5]);
}

#[test]
fn moving_up_pauses_and_the_end_follows() {
    let mut screen = screen();
    assert!(screen.state.is_following());
    screen.press("k");
    assert!(!screen.state.is_following());
    assert_eq!(screen.state.selected().unwrap().id, id(4));
    screen.hear([finished(paid(6, 1))]);
    assert_eq!(screen.state.selected().unwrap().id, id(4));
    for back in ["G", "kf", "k<end>"] {
        screen.press(back);
        assert!(screen.state.is_following());
        assert_eq!(screen.state.selected().unwrap().id, id(6));
    }
}

#[test]
fn what_is_inspected_stays_selected() {
    let mut screen = screen();
    screen.press("<enter>");
    screen.hear([finished(paid(6, 1))]);
    assert_eq!(screen.state.selected().unwrap().id, id(5));
}

#[test]
fn a_selected_run_that_is_forgotten_leaves_the_oldest_selected() {
    let mut screen = screen();
    screen.press("g");
    screen.hear((10..1_100).map(|number| finished(paid(number, 1))));
    let rows = screen.state.rows();
    assert_eq!(screen.state.selected().unwrap().seq, rows[0].seq);
    assert!(!screen.state.is_following());
}

#[test]
fn a_run_that_waits_shows_what_its_caller_was_answered() {
    let mut screen = screen();
    screen.hear([Event::Accepted(Accepted {
        id: id(6),
        flow: deploy(),
        at: start(),
        answered: Some(Arc::new(Answered {
            method: Method::PUT,
            path: "/deploy/9s8d7f".to_owned(),
            status: StatusCode::ACCEPTED,
            took: Duration::from_micros(730),
        })),
    })]);
    let row = &screen.state.rows()[5];
    assert_eq!(
        (&*row.method, &*row.path, row.status, row.took),
        ("PUT", "/deploy/9s8d7f", Some(202), None)
    );
}

#[test]
fn a_frozen_list_stands_still_and_counts() {
    let mut screen = screen();
    screen.press(" ");
    screen.hear([finished(paid(6, 1)), finished(deployed(5))]);
    assert_eq!(numbers(&screen), [1, 2, 3, 4, 5]);
    assert_eq!(screen.state.rows()[4].status, None);
    assert_eq!(screen.state.waiting(), Some(1));
    screen.press(" ");
    assert_eq!(numbers(&screen), [1, 2, 3, 4, 5, 6]);
    assert_eq!(screen.state.rows()[4].status, Some(202));
    assert_eq!(screen.state.waiting(), None);
}

#[test]
fn a_queued_run_ends_in_its_place_whichever_is_heard_first() {
    let mut screen = Screen::new(120, 40);
    screen.hear([
        loaded(),
        accepted(1),
        finished(paid(2, 1)),
        finished(deployed(1)),
        finished(deployed(3)),
        accepted(3),
    ]);
    let rows = screen.state.rows();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].id, id(1));
    assert!(rows.iter().all(|entry| entry.record.is_some()));
}

#[test]
fn quitting_asks_and_a_second_interrupt_does_not() {
    let mut screen = screen();
    assert_eq!(screen.press("q"), None);
    assert_eq!(screen.state.context(), Context::Question);
    assert_eq!(screen.press("n"), None);
    assert_eq!(screen.state.context(), Context::Main);
    assert_eq!(screen.press("qy"), Some(Effect::Leave(Left::Quit)));
    let mut screen = self::screen();
    assert_eq!(screen.press("/<c-c>"), None);
    assert_eq!(screen.press("<c-c>"), Some(Effect::Leave(Left::Quit)));
    let mut screen = self::screen();
    assert_eq!(screen.press("<c-z>"), None);
    assert!(screen.text().contains("tmux"));
}

#[test]
fn pasting_presses_no_keys() {
    let mut screen = screen();
    let paste = TerminalEvent::Paste("qy\n".to_owned());
    assert_eq!(screen.send(&paste), None);
    assert_eq!(screen.state.context(), Context::Main);
    screen.press("/");
    screen.send(&TerminalEvent::Paste("wp-\nlogin".to_owned()));
    assert_eq!(screen.paths(), ["/wp-login.php"]);
}

#[test]
fn urls_are_copied() {
    let payment = "https://hooks.example.org/payments/1hfmkioou0d".to_owned();
    let deploy = "https://hooks.example.org/deploy/9s8d7f".to_owned();
    let mut screen = Screen::new(80, 24);
    assert_eq!(screen.press("y"), None);
    screen.hear([loaded()]);
    assert_eq!(screen.press("y"), Some(Effect::Copy(payment.clone())));
    assert!(screen.text().contains("copied https://hooks"));
    assert_eq!(screen.press("ujy"), Some(Effect::Copy(deploy.clone())));
    screen.press("<esc>");
    screen.hear([finished(deployed(1)), finished(stray(2, "/x"))]);
    assert_eq!(screen.press("y"), None);
    assert_eq!(screen.press("ky"), Some(Effect::Copy(deploy)));
    let Some(Effect::Copy(curl)) = screen.press("ugc") else {
        panic!("nothing was copied");
    };
    assert!(
        curl.starts_with("curl -i -u shop -H") && curl.ends_with(&payment),
        "{curl}"
    );
}

#[test]
fn what_was_copied_can_be_read_whole_until_the_next_key() {
    let mut screen = Screen::new(80, 24);
    screen.hear([loaded(), finished(paid(1, 250))]);
    screen.press("c");
    screen.state.tick(moment(600));
    screen.draw();
    let text = screen.text();
    let shown: Vec<&str> = text.lines().skip(21).collect();
    assert_eq!(
        shown,
        [
            "copied curl -i -u shop -H 'x-request-id: example' -H 'Content-Type:",
            "application/json' -d '{\"amount\":1,\"currency\":\"example\",\"order\":{\"id\":\"example\"}}",
            "' https://hooks.example.org/payments/1hfmkioou0d",
        ]
    );
    screen.press("j");
    assert!(footer(&screen).starts_with("? help"));
}

#[test]
fn inside_of_tmux_a_copy_says_what_it_needs() {
    let mut screen = Screen::new(120, 24);
    screen.state = screen.state.in_tmux(true);
    screen.hear([loaded()]);
    screen.press("y");
    assert_eq!(
        footer(&screen),
        "copied (tmux needs set-clipboard on) https://hooks.example.org/payments/1hfmkioou0d"
    );
}

#[test]
fn following_lets_a_frozen_list_go_on() {
    let mut screen = screen();
    screen.press("k ");
    screen.hear([finished(paid(6, 1))]);
    assert_eq!(numbers(&screen), [1, 2, 3, 4, 5]);
    screen.press("f");
    assert_eq!(screen.state.waiting(), None);
    assert_eq!(screen.state.selected().unwrap().id, id(6));
}

#[test]
fn the_flows_lead_to_their_runs() {
    let mut screen = screen();
    screen.press("uj<enter>");
    assert_eq!(numbers(&screen), [5]);
}

#[test]
fn the_banner_stays_until_the_file_is_whole_again() {
    let mut screen = screen();
    screen.hear([rejected()]);
    assert!(
        screen
            .text()
            .contains("flows.kdl is broken: flows.kdl:12:5")
    );
    screen.press("!");
    assert!(screen.text().contains("╭─[flows.kdl:12:5]"));
    screen.hear([loaded()]);
    assert!(!screen.text().contains("broken"));
    assert!(!screen.text().contains("╭─["));
    screen.press("!");
    assert!(screen.text().contains("nothing is wrong"));
}

#[test]
fn a_sound_file_that_cannot_go_live_is_not_called_broken() {
    let mut screen = Screen::new(120, 24);
    screen.hear([loaded(), blocked()]);
    screen.press("!");
    let text = screen.text();
    let lines: Vec<&str> = text.lines().skip(2).take(6).map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "✗ flows.kdl cannot go live: cannot listen on 127.0.0.1:80: another process listens there — revision 3f2a91c goes on",
            "being served · !\u{a0}shows\u{a0}all",
            "─ What is wrong · Esc closes ───────────────────────────────────────────────────────────────────────",
            "What was saved at 2025-11-24 03:14:14.000 UTC is sound, but it cannot go live:",
            "",
            "× cannot listen on 127.0.0.1:80: another process listens there",
        ]
    );
}

#[test]
fn what_the_server_says_is_shown_for_a_while() {
    let mut screen = screen();
    screen.hear([Event::Notice("the watch failed\x1b[2J".into())]);
    assert!(screen.text().contains("the watch failed␛[2J"));
    screen.state.tick(moment(60));
    screen.hear([Event::Draining]);
    assert!(!screen.text().contains("the watch failed"));
    assert!(screen.text().starts_with("LIVE ◐ draining"));
}

#[test]
fn a_filter_is_edited_as_in_a_shell() {
    let mut screen = screen();
    screen.press("/flow:payment status:5xx<c-w>");
    assert_eq!(numbers(&screen), [1, 2, 3]);
    screen.press("<c-u>is:queuedd<backspace>");
    assert_eq!(numbers(&screen), [5]);
    screen.press("<c-u><enter>");
    assert_eq!(numbers(&screen), [1, 2, 3, 4, 5]);
}

#[test]
fn nothing_that_a_request_brings_reaches_the_terminal_as_it_is() {
    let mut record = paid(1, 250);
    let evil = "a\x1b]0;owned\x07\u{9b}2J\u{202e}z";
    record.request.body = evil.to_owned().into();
    record.variables[1] = Some(evil.into());
    record.request.headers.insert(
        "x-evil",
        http::HeaderValue::from_bytes("\u{9b}2J\u{202e}".as_bytes()).unwrap(),
    );
    for tab in 1..=7 {
        let mut screen = Screen::new(120, 60);
        screen.hear([loaded(), finished(record.clone())]);
        screen.press(&tab.to_string());
        let cells = screen.buffer().content().iter();
        for symbol in cells.map(|cell| cell.symbol()) {
            assert!(
                !symbol.contains(|c: char| c.is_control() || c == '\u{202e}'),
                "{symbol:?} on tab {tab}"
            );
        }
        if tab == 3 {
            let text = screen.text();
            assert!(text.contains("a␛]0;owned␇\\u{9b}2J\\u{202e}z"), "{text}");
        }
    }
}

#[test]
fn without_colours_the_selection_is_still_seen() {
    let mut screen = screen();
    screen.theme.palette = Palette::Plain;
    screen.press("kk");
    let text = screen.text();
    let row = text.lines().position(|line| line.starts_with('▸')).unwrap();
    assert!(text.lines().nth(row).unwrap().contains("payment"));
    let cell = &screen.buffer()[(3, row as u16)];
    assert!(cell.modifier.contains(Modifier::REVERSED | Modifier::BOLD));
    for cell in screen.buffer().content() {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
    }
}

#[test]
fn wide_characters_are_cut_by_columns() {
    let mut record = paid(1, 250);
    record.variables[1] = Some("価格".repeat(300).into());
    for width in 20..130 {
        let mut screen = Screen::new(width, 30);
        screen.hear([loaded(), finished(record.clone())]);
        screen.press("2");
    }
}

#[test]
fn what_would_go_another_way_is_there_until_the_next_reload() {
    let mut screen = screen();
    screen.press("w");
    assert_eq!(
        footer(&screen),
        "no requests were compared since the last reload"
    );
    screen.hear([rerouted()]);
    screen.press("w");
    assert_eq!(screen.state.context(), Context::Reading);
    screen.hear([loaded()]);
    assert_eq!(screen.state.context(), Context::Main);
    screen.seconds += 60;
    screen.press("w");
    assert_eq!(
        footer(&screen),
        "no requests were compared since the last reload"
    );
}

#[test]
fn what_another_revision_would_do_is_not_told() {
    let mut screen = screen();
    let Event::Rerouted(late) = rerouted() else {
        panic!("it is one");
    };
    let mut late = (*late).clone();
    late.revision = "0000000".into();
    screen.hear([Event::Rerouted(late.into())]);
    screen.press("w");
    assert_eq!(
        footer(&screen),
        "no requests were compared since the last reload"
    );
}

#[test]
fn told_anew_the_selected_run_stays_selected_and_the_old_ones_stay_in_sight_until_then() {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded()]);
    screen.hear((1..=3).map(|number| finished(paid(number, 250))));
    screen.press("k");
    assert_eq!(screen.state.selected().unwrap().id, id(2));
    screen.tell(Told::Anew);
    screen.hear((2..=5).map(|number| finished(paid(number, 250))));
    assert_eq!(screen.state.rows().len(), 3);
    screen.tell(Told::Live);
    assert_eq!(screen.state.rows().len(), 4);
    assert_eq!(screen.state.selected().unwrap().id, id(2));
}

#[test]
fn an_attached_dashboard_goes_without_a_question_and_asks_for_nothing_it_may_not() {
    let mut screen = Screen::new(120, 40);
    let place = "attach.sock".to_owned();
    screen.state = screen.state.clone().from(Source::Attached(place), true);
    assert_eq!(screen.press("q"), Some(Effect::Leave(Left::Detached)));
    assert_eq!(screen.press("<c-c>"), Some(Effect::Leave(Left::Detached)));
    assert_eq!(screen.state.ask(Question::Replay(id(1))), None);
    screen.draw();
    assert!(screen.text().contains("this dashboard is read-only"));
    screen.hear([finished(paid(1, 250))]);
    screen.press("R");
    assert_eq!(footer(&screen), "this dashboard is read-only");
    let dry_run = Question::DryRun(id(1));
    assert_eq!(
        screen.state.ask(dry_run.clone()),
        Some(Effect::Ask(dry_run))
    );
}
