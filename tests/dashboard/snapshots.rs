//! Whole screens, compared with the files beside this one. `UPDATE_SNAPSHOTS=1` rewrites them.

use std::{env, fs, path::PathBuf};

use hookyard::{dashboard::Source, observe::Told, run::Extent};

use crate::{
    fixtures::{
        accepted, deployed, finished, loaded, moment, notified, paid, rejected, rerouted, shipped,
        stray, tally, undecided,
    },
    screen::Screen,
};

/// Side by side, stacked, alone, and with hardly any room.
pub const SIZES: [(u16, u16); 4] = [(120, 40), (80, 24), (40, 20), (20, 5)];

pub fn each_size(name: &str, show: impl Fn(&mut Screen)) {
    for (width, height) in SIZES {
        let mut screen = Screen::new(width, height);
        show(&mut screen);
        compare(&format!("{name}-{width}x{height}"), &screen.text());
    }
}

pub fn compare(name: &str, shown: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/dashboard/snapshots")
        .join(format!("{name}.txt"));
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        return fs::write(path, shown).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == shown,
        "{name} is drawn otherwise than kept (UPDATE_SNAPSHOTS=1 keeps it)\n--- kept\n{kept}\n--- drawn\n{shown}"
    );
}

pub fn busy(screen: &mut Screen) {
    screen.hear([loaded()]);
    for second in 0..8 {
        screen.seconds = second;
        screen.hear([tally(second * second * 10)]);
    }
    screen.hear([
        finished(paid(1, 250)),
        finished(paid(2, 5)),
        finished(stray(3, "/.env")),
        accepted(4),
        finished(paid(5, -3)),
        accepted(6),
        finished(deployed(4)),
        finished(paid(7, 300)),
    ]);
}

#[test]
fn before_the_first_request_the_flows_are_listed() {
    each_size("empty", |screen| {
        screen.seconds = 130;
        screen.hear([loaded()]);
    });
}

#[test]
fn before_the_first_event_the_file_is_being_read() {
    each_size("starting", Screen::draw);
}

#[test]
fn the_list_and_why_stand_side_by_side_stacked_or_alone() {
    each_size("why", |screen| {
        busy(screen);
        screen.press("5");
    });
}

#[test]
fn a_condition_that_could_not_be_decided_says_so() {
    each_size("undecided", |screen| {
        busy(screen);
        screen.hear([finished(undecided(8))]);
        screen.press("5");
    });
}

#[test]
fn every_tab_shows_its_part_of_a_run() {
    for (index, tab) in [
        "steps",
        "variables",
        "request",
        "response",
        "why",
        "flow",
        "raw",
    ]
    .iter()
    .enumerate()
    {
        each_size(&format!("tab-{tab}"), |screen| {
            busy(screen);
            screen.press(&(index + 1).to_string());
        });
    }
}

#[test]
fn the_inspector_stands_alone_where_it_is_narrow() {
    let mut screen = Screen::new(40, 20);
    busy(&mut screen);
    screen.press("kkk<enter>");
    compare("narrow-steps", &screen.text());
    screen.press("2");
    compare("narrow-variables", &screen.text());
    screen.press("6");
    compare("narrow-flow", &screen.text());
    screen.press("<esc>");
    compare("narrow-back", &screen.text());
}

#[test]
fn a_brief_record_says_that_it_is_one() {
    for (name, tab) in [("brief-steps", "1"), ("brief-why", "5")] {
        each_size(name, |screen| {
            busy(screen);
            let mut record = paid(9, -1);
            record.detailed = false;
            record.steps.clear();
            screen.hear([finished(record)]);
            screen.press(tab);
        });
    }
}

#[test]
fn a_broken_file_has_a_banner_and_all_diagnostics_behind_it() {
    each_size("banner", |screen| {
        busy(screen);
        screen.hear([rejected()]);
    });
    each_size("diagnostics", |screen| {
        busy(screen);
        screen.hear([rejected()]);
        screen.press("!");
    });
}

#[test]
fn what_would_go_another_way_is_told_in_the_footer_and_listed_in_an_overlay() {
    each_size("rerouted", |screen| {
        busy(screen);
        screen.hear([rerouted()]);
    });
    each_size("rerouted-list", |screen| {
        busy(screen);
        screen.hear([rerouted()]);
        screen.press("w");
    });
}

#[test]
fn the_keys_are_told_in_an_overlay() {
    each_size("help", |screen| {
        busy(screen);
        screen.press("?");
    });
}

#[test]
fn the_words_of_the_filter_and_the_signs_stand_below_the_keys() {
    let mut screen = Screen::new(120, 70);
    busy(&mut screen);
    screen.press("?G");
    compare("help-end", &screen.text());
}

#[test]
fn what_can_be_done_with_a_run_is_listed_in_an_overlay() {
    each_size("acts", |screen| {
        busy(screen);
        screen.press("aj");
    });
}

#[test]
fn what_to_parse_is_ticked_above_the_block_that_comes_of_it() {
    each_size("picking", |screen| {
        busy(screen);
        screen.press("p j j j ");
    });
}

#[test]
fn a_run_is_shown_as_a_test_block() {
    each_size("test-block", |screen| {
        busy(screen);
        screen.press("t");
    });
}

#[test]
fn two_runs_are_compared_side_by_side_or_one_below_the_other() {
    each_size("compare", |screen| {
        busy(screen);
        screen.press("gmjmGd");
    });
}

#[test]
fn before_a_run_is_sent_again_it_is_told_what_it_did() {
    each_size("resend", |screen| {
        busy(screen);
        screen.hear([finished(notified(8))]);
        screen.press("R");
    });
}

#[test]
fn marked_runs_have_a_sign_in_the_list() {
    each_size("marked", |screen| {
        busy(screen);
        screen.press("gmjm");
    });
}

#[test]
fn a_filter_is_typed_in_the_footer() {
    each_size("filter", |screen| {
        busy(screen);
        screen.press("/status:4xx|500 is:error");
    });
}

#[test]
fn a_filter_that_is_none_is_underlined() {
    each_size("slip", |screen| {
        busy(screen);
        screen.press("/flow:payment status:teapot");
    });
}

#[test]
fn something_is_searched_for_in_the_inspector() {
    each_size("find", |screen| {
        busy(screen);
        screen.press("3<enter>/order");
    });
}

#[test]
fn steps_are_bars_below_each_other() {
    each_size("waterfall", |screen| {
        busy(screen);
        screen.press("kkk<enter>");
    });
}

#[test]
fn a_frozen_list_counts_what_came_since() {
    each_size("frozen", |screen| {
        busy(screen);
        screen.press(" ");
        screen.hear([finished(paid(8, 1)), finished(paid(9, 1))]);
        screen.state.tick(moment(9));
    });
}

#[test]
fn the_question_is_asked_in_the_footer() {
    each_size("quit", |screen| {
        busy(screen);
        screen.press("q");
    });
}

#[test]
fn with_almost_no_room_the_question_is_drawn_all_the_same() {
    let mut screen = Screen::new(10, 3);
    busy(&mut screen);
    compare("tiny", &screen.text());
    screen.press("q");
    compare("tiny-quit", &screen.text());
}

#[test]
fn what_keys_do_can_be_searched_and_done() {
    each_size("palette", |screen| {
        busy(screen);
        screen.press(":copy");
    });
    let mut screen = Screen::new(80, 24);
    busy(&mut screen);
    screen.press(":quit\r");
    compare("palette-quit", &screen.text());
}

#[test]
fn with_ascii_alone_nothing_else_is_drawn() {
    let mut screen = Screen::new(120, 40);
    screen.theme.ascii = true;
    busy(&mut screen);
    screen.hear([rejected()]);
    screen.press("k6");
    let text = screen.text();
    assert!(text.is_ascii(), "{text}");
    compare("ascii", &text);
}

#[test]
fn a_server_that_is_lost_leaves_what_was_seen_of_it() {
    each_size("lost", |screen| {
        attach(screen);
        screen.tell(Told::Connected);
        busy(screen);
        screen.tell(Told::Gap(12));
        screen.tell(Told::Lost("the server has gone".to_owned()));
    });
}

#[test]
fn a_server_that_is_not_there_yet_is_waited_for() {
    each_size("waiting", |screen| {
        attach(screen);
        screen.tell(Told::Lost("nobody listens there".to_owned()));
    });
}

#[test]
fn steps_stand_in_their_rounds_with_what_was_not_kept_and_what_is_replayed() {
    each_size("rounds", |screen| {
        screen.hear([loaded(), finished(shipped(1))]);
        screen.press("<enter>");
    });
}

#[test]
fn a_body_that_was_cut_says_so_where_it_begins_and_where_it_ends() {
    each_size("cut", |screen| {
        let mut record = paid(1, 250);
        record.cut.request = Extent::Beginning(Some(3_000_031));
        screen.hear([loaded(), finished(record)]);
        screen.press("3<enter>");
    });
}

#[test]
fn an_answer_is_read_in_an_overlay() {
    each_size("answer", |screen| {
        busy(screen);
        screen.tell(Told::Answer {
            title: "Dry run of 00000001".to_owned(),
            text: "payment 00000001, revision 3f2a91c\n  same     branch \"big order?\"\n  path: same, end: same (200)\n".to_owned(),
        });
    });
}

#[test]
fn a_recording_says_until_when_it_is_and_its_time_stands_still() {
    each_size("recording", |screen| {
        let source = Source::File("seen.jsonl".to_owned());
        screen.state = screen.state.clone().from(source, false);
        busy(screen);
        screen.tell(Told::Over("this is the end of the recording".to_owned()));
        screen.press("x");
    });
    let mut screen = Screen::new(120, 40);
    let source = Source::File("seen.jsonl".to_owned());
    screen.state = screen.state.clone().from(source, false);
    busy(&mut screen);
    let shown = screen.text();
    assert!(!screen.state.tick(moment(3_600)));
    screen.draw();
    assert_eq!(screen.text(), shown);
}

fn attach(screen: &mut Screen) {
    let place = "/var/lib/hookyard/attach.sock".to_owned();
    screen.state = screen.state.clone().from(Source::Attached(place), false);
}
