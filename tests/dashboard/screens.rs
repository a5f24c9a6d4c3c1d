//! The screens, how they are turned, and what each says.

use std::time::Duration;

use hookyard::{
    dashboard::{Context, Effect},
    event::{Event, Loaded},
    run::FlowShape,
};

use crate::{
    fixtures::{
        blocked, counts, deploy, finished, id, loaded, moment, paid, payment, rejected, start,
        tally,
    },
    screen::Screen,
    snapshots::{busy, each_size},
};

fn header(screen: &Screen) -> String {
    let text = screen.text();
    text.lines().next().unwrap_or_default().to_owned()
}

/// The screen that the header has in brackets.
fn current(screen: &Screen) -> String {
    let header = header(screen);
    let (_, rest) = header.split_once('[').unwrap();
    rest.split_once(']').unwrap().0.to_owned()
}

/// The same configuration under another name, so long after the start.
fn live(revision: &str, seconds: u64) -> Event {
    let Event::Loaded(loaded) = loaded() else {
        unreachable!()
    };
    Event::Loaded(
        Loaded {
            revision: revision.into(),
            at: start() + Duration::from_secs(seconds),
            ..(*loaded).clone()
        }
        .into(),
    )
}

/// The first two lines, where the server listens there.
fn listening(addresses: &[&str], is_busy: bool) -> [String; 2] {
    let mut screen = Screen::new(80, 24);
    if is_busy {
        busy(&mut screen);
    }
    let Event::Loaded(loaded) = loaded() else {
        unreachable!()
    };
    let listening = addresses.iter().map(|&address| address.to_owned());
    screen.hear([Event::Loaded(
        Loaded {
            listening: listening.collect(),
            ..(*loaded).clone()
        }
        .into(),
    )]);
    let text = screen.text();
    let mut lines = text.lines().map(|line| line.trim_end().to_owned());
    [lines.next().unwrap(), lines.next().unwrap()]
}

#[test]
fn the_names_of_screens_and_the_revision_give_way_to_where_the_server_listens() {
    let socket = "unix:/run/hookyard/http.sock";
    let numbers = "▁▁▁▁▁▁▁▁▁▁▁▁▁▃█  110/s  failed 5.1%  refused 5.1%  waiting 1  parked 2 …";
    for (addresses, is_busy, shown) in [
        (
            &["127.0.0.1:13000"][..],
            false,
            [
                "LIVE ● serving  flows.kdl  rev 3f2a91c …       [1 Live] 2 Flows 3 Config 4 Stats",
                "▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0.0/s  127.0.0.1:13000",
            ],
        ),
        (
            &["127.0.0.1:13000"],
            true,
            [
                "LIVE ● serving  flows.kdl  rev 3f2a91c  127.0.0.1:13000  7s old   [1 Live] 2 3 4",
                numbers,
            ],
        ),
        (
            &[socket],
            true,
            [
                "LIVE ● serving  flows.kdl  unix:/run/hookyard/http.sock …         [1 Live] 2 3 4",
                numbers,
            ],
        ),
        (
            &[socket, "127.0.0.1:13000"],
            true,
            [
                "LIVE ● serving  flows.kdl  unix:/run/hookyard/http.sock +1 …      [1 Live] 2 3 4",
                numbers,
            ],
        ),
        (
            &["unix:/run/hookyard/a-very-long-name-of-a-socket/http.sock"],
            true,
            [
                "LIVE ● serving  flows.kdl  rev 3f2a91c …       [1 Live] 2 Flows 3 Config 4 Stats",
                numbers,
            ],
        ),
    ] {
        assert_eq!(listening(addresses, is_busy), shown);
    }
}

#[test]
fn screens_are_turned_round_and_chosen_by_their_keys() {
    let mut screen = Screen::new(120, 40);
    busy(&mut screen);
    assert_eq!(current(&screen), "1 Live");
    for (keys, shown) in [
        ("]", "2 Flows"),
        ("]", "3 Config"),
        ("]", "4 Stats"),
        ("]", "1 Live"),
        ("[", "4 Stats"),
        ("[[[", "1 Live"),
        ("<f6>", "2 Flows"),
        ("<f7>", "3 Config"),
        ("<f8>", "4 Stats"),
        ("<f5>", "1 Live"),
        ("<a-2>", "2 Flows"),
        ("<a-3>", "3 Config"),
        ("<a-4>", "4 Stats"),
        ("<a-1>", "1 Live"),
        ("<a-2><esc>", "1 Live"),
        ("u", "2 Flows"),
        ("u", "1 Live"),
        ("?u", "2 Flows"),
        ("<a-3>?]<esc>", "3 Config"),
    ] {
        screen.press(keys);
        assert_eq!(current(&screen), shown, "{keys}");
    }
    assert_eq!(screen.state.context(), Context::Screen);
}

#[test]
fn what_was_selected_is_still_selected_when_the_viewer_comes_back() {
    let mut screen = Screen::new(120, 40);
    busy(&mut screen);
    screen.press("kk<enter>");
    let before = screen.text();
    screen.press("<f7>jjG<f5>");
    assert_eq!(screen.text(), before);
}

#[test]
fn zoom_gives_all_the_room_to_the_pane_with_the_focus() {
    for (name, keys) in [("zoom-list", "+"), ("zoom-inspector", "+<enter>")] {
        each_size(name, |screen| {
            busy(screen);
            let before = screen.text();
            screen.press("+<enter><esc>f+");
            assert_eq!(screen.text(), before);
            screen.press(keys);
        });
    }
}

#[test]
fn flows_show_what_passed_through_them_and_at_which_arms() {
    each_size("flows", |screen| {
        busy(screen);
        screen.hear([counts()]);
        screen.press("<f6>");
    });
    each_size("flows-graph", |screen| {
        busy(screen);
        screen.hear([counts()]);
        screen.press("<f6>jw<right>");
    });
}

#[test]
fn what_passed_through_a_flow_is_not_known_before_it_was_told_of_its_revision() {
    each_size("flows-unknown", |screen| {
        busy(screen);
        screen.hear([counts(), live("77aa01b", 120)]);
        screen.press("<f6>");
    });
}

#[test]
fn a_flow_that_others_call_is_counted_with_their_runs() {
    let Event::Loaded(loaded) = loaded() else {
        unreachable!()
    };
    let mut loaded = (*loaded).clone();
    loaded.flows.push(
        FlowShape {
            called: true,
            methods: Vec::new(),
            path: String::new(),
            url: String::new(),
            curl: String::new(),
            name: "fee".into(),
            ..(*payment()).clone()
        }
        .into(),
    );
    let loaded = std::sync::Arc::new(loaded);
    each_size("flows-called", |screen| {
        screen.hear([Event::Loaded(loaded.clone()), counts()]);
        screen.press("<f6>G");
    });
}

#[test]
fn enter_shows_the_runs_of_the_selected_flow() {
    let mut screen = Screen::new(120, 40);
    busy(&mut screen);
    screen.press("<f6>j<enter>");
    assert_eq!(current(&screen), "1 Live");
    let ids: Vec<_> = screen.state.rows().iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [id(4), id(6)]);
}

#[test]
fn the_url_and_the_curl_line_of_the_selected_flow_are_copied() {
    let mut screen = Screen::new(120, 40);
    busy(&mut screen);
    screen.press("<f6>j");
    assert_eq!(screen.press("y"), Some(Effect::Copy(deploy().url.clone())));
    assert_eq!(screen.press("c"), Some(Effect::Copy(deploy().curl.clone())));
}

#[test]
fn the_selected_flow_stays_selected_where_a_reload_moves_it() {
    let Event::Loaded(before) = loaded() else {
        unreachable!()
    };
    let mut screen = Screen::new(120, 40);
    busy(&mut screen);
    screen.press("<f6>j");
    let flows = vec![deploy(), payment()];
    let after = Loaded {
        flows,
        ..(*before).clone()
    };
    screen.hear([Event::Loaded(after.into())]);
    assert_eq!(screen.press("y"), Some(Effect::Copy(deploy().url.clone())));
    // One that is gone leaves the place to what stands there now.
    let after = Loaded {
        flows: vec![payment()],
        ..(*before).clone()
    };
    screen.press("gj");
    screen.hear([Event::Loaded(after.into())]);
    assert_eq!(screen.press("y"), Some(Effect::Copy(payment().url.clone())));
}

#[test]
fn config_says_what_is_served_and_where_it_was_read() {
    each_size("config", |screen| {
        busy(screen);
        screen.press("<f7>");
    });
}

#[test]
fn config_shows_what_is_wrong_and_what_became_of_every_reload() {
    each_size("config-broken", |screen| {
        busy(screen);
        screen.hear([blocked(), live("77aa01b", 120), rejected()]);
        screen.state.tick(moment(150));
        screen.press("<f7>");
    });
}

#[test]
fn config_says_so_where_no_commit_is_known() {
    let Event::Loaded(loaded) = loaded() else {
        unreachable!()
    };
    let mut screen = Screen::new(80, 24);
    let commit = None;
    screen.hear([Event::Loaded(
        Loaded {
            commit,
            ..(*loaded).clone()
        }
        .into(),
    )]);
    screen.press("<f7>");
    let text = screen.text();
    let line = text.lines().find(|line| line.contains("commit"));
    assert_eq!(line, Some(" commit      -"));
}

#[test]
fn the_last_twenty_reloads_are_kept() {
    let mut screen = Screen::new(120, 40);
    for number in 0..30 {
        screen.hear([live(&format!("rev-{number:02}"), number)]);
    }
    screen.press("<f7>");
    let text = screen.text();
    let shown: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once("✓ ")?.1.split(' ').next())
        .collect();
    let newest: Vec<String> = (10..30).rev().map(|n| format!("rev-{n:02}")).collect();
    assert_eq!(shown, newest);
}

/// Some requests each second, for so many.
fn minutes(screen: &mut Screen, seconds: u64) {
    screen.hear([loaded()]);
    let mut requests = 0;
    for second in 0..seconds {
        requests += 3 + second / 60 + second % 7;
        screen.seconds = second;
        screen.hear([tally(requests)]);
    }
}

#[test]
fn stats_say_how_much_how_fast_and_how_well() {
    each_size("stats", |screen| {
        minutes(screen, 300);
        screen.press("<f8>");
    });
}

#[test]
fn stats_that_are_not_known_are_no_numbers() {
    each_size("stats-unknown", |screen| {
        screen.hear([loaded()]);
        screen.press("<f8>");
    });
}

#[test]
fn what_is_told_again_to_who_was_away_is_no_reload() {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded(), rejected(), rejected()]);
    screen.press("<f7>");
    let text = screen.text();
    let (_, reloads) = text.split_once("Reloads").unwrap();
    let signs: String = reloads.chars().filter(|c| "✓✗".contains(*c)).collect();
    assert_eq!(signs, "✗✓");
}

#[test]
fn a_long_page_is_scrolled_and_begins_at_its_top_the_next_time() {
    let mut screen = Screen::new(80, 24);
    busy(&mut screen);
    screen.hear((0..30).map(|number| live(&format!("rev-{number:02}"), number)));
    screen.press("<f7>");
    let top = screen.text();
    screen.press("G");
    assert!(screen.text().contains("rev-10"), "{}", screen.text());
    screen.press("<f5><f7>");
    assert_eq!(screen.text(), top);
}

#[test]
fn runs_go_on_coming_while_another_screen_is_read() {
    let mut screen = Screen::new(120, 40);
    busy(&mut screen);
    screen.press("<f7>");
    screen.hear([finished(paid(9, 1))]);
    screen.press("<f5>");
    let selected = screen.state.selected().unwrap();
    assert_eq!(selected.id, id(9));
}
