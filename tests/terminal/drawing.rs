//! What is drawn.

use crate::{
    support,
    terminal::{FLOWS, Terminal},
};

const BIG: &str = r#"{"order": {"id": "A-1"}, "amount": 250}"#;

#[test]
fn before_the_first_request_urls_and_a_curl_line_are_shown() {
    let terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    let screen = terminal.wait_text("No request yet");
    for part in [
        format!("http://{address}/payments"),
        format!("http://{address}/deploy"),
        "Try the first (c copies this):".to_owned(),
        "curl -i -H 'Content-Type: application/json' -d".to_owned(),
        "serving".to_owned(),
        "flows.kdl".to_owned(),
    ] {
        assert!(screen.contains(&part), "{part:?} is missing in\n{screen}");
    }
    assert!(terminal.look(vt100::Screen::alternate_screen));
    assert!(terminal.look(vt100::Screen::hide_cursor));
    assert!(terminal.is_taken_over());
}

#[test]
fn a_request_appears_with_its_flow_its_branch_and_its_status() {
    let terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    assert_eq!(terminal.post(address, "/payments", BIG).status, 200);
    terminal.wait("the row of a success", |screen| {
        has_row(screen, &["✓", "200", "payment", "big"])
    });
    let small = BIG.replace("250", "5");
    assert_eq!(terminal.post(address, "/payments", &small).status, 422);
    assert_eq!(terminal.post(address, "/deploy", "{}").status, 200);
    assert_eq!(terminal.post(address, "/.env", "{}").status, 404);
    let negative = BIG.replace("250", "-1");
    assert_eq!(terminal.post(address, "/payments", &negative).status, 500);
    terminal.wait("all rows", |screen| {
        has_row(screen, &["✓", "422", "payment", "otherwise"])
            && has_row(screen, &["✓", "200", "deploy"])
            && has_row(screen, &["⊘", "404", "/.env"])
            && has_row(screen, &["✗", "500", "payment", "negative"])
    });
}

#[test]
fn why_shows_what_the_operands_were_and_which_arm_was_taken() {
    let mut terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.post(address, "/payments", &BIG.replace("250", "5"));
    terminal.wait_text("otherwise");
    terminal.press("5");
    let screen = terminal.wait_text("amount = 5");
    for part in [
        "✗ amount >= 100 and currency == 'EUR'",
        "amount = 5",
        "✗ amount < 0",
        "✓ otherwise",
    ] {
        assert!(screen.contains(part), "{part:?} is missing in\n{screen}");
    }
}

#[test]
fn variables_are_shown_with_where_they_come_from() {
    let mut terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.post(address, "/payments", BIG);
    terminal.wait_text("big");
    terminal.press("2");
    terminal.wait("the variables", |screen| {
        [
            "order_id = \"A-1\"",
            "body order.id",
            "amount = 250",
            "currency = \"EUR\"",
        ]
        .iter()
        .all(|part| screen.contains(part))
    });
}

#[test]
fn the_screens_are_turned_and_each_tells_of_the_server() {
    let mut terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    for amount in ["250", "5", "-1"] {
        terminal.post(address, "/payments", &BIG.replace("250", amount));
    }
    terminal.post(address, "/deploy", "{}");
    terminal.wait_text("[1 Live]");
    terminal.press("]");
    terminal.wait("what passed through the flows", |screen| {
        screen.contains("[2 Flows]")
            && has_row(screen, &["▸ payment", "3", "33%", "3", "33%"])
            && has_row(screen, &["deploy", "1", "1"])
            && has_row(screen, &["├─ negative", "1 · 100% errors"])
    });
    // Alt is an escape before the key.
    terminal.press("\x1b3");
    terminal.wait("what is served", |screen| {
        screen.contains("[3 Config]")
            && has_row(screen, &["listens at", &address.to_string()])
            && has_row(screen, &["✓", "live, 2 flows"])
    });
    terminal.press("]");
    terminal.wait("how the server does", |screen| {
        screen.contains("[4 Stats]")
            && has_row(screen, &["succeeded", "3", "75%"])
            && has_row(screen, &["memory", "MiB", "that is resident"])
    });
    terminal.press("]");
    terminal.wait_text("[1 Live]");
}

#[test]
fn a_broken_save_is_told_until_a_sound_one_even_where_that_is_the_old_one() {
    let mut terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.post(address, "/payments", BIG);
    let file = terminal.directory().join("flows.kdl");
    let sound = std::fs::read_to_string(&file).unwrap();
    let other = format!("{sound}\n// another revision\n");
    for fixed in [&sound, &other] {
        std::fs::write(&file, sound.replace("respond 422", "respnd 422")).unwrap();
        let screen = terminal.wait_text("is broken: flows.kdl:17:21: there is no step `respnd`");
        assert!(screen.contains("goes on being served"), "{screen}");
        assert_eq!(terminal.post(address, "/payments", BIG).status, 200);
        terminal.press("!");
        terminal.wait_text("did you mean `respond`?");
        std::fs::write(&file, fixed).unwrap();
        terminal.wait("no banner any more", |screen| {
            !screen.contains("broken") && !screen.contains("respnd") && screen.contains("serving")
        });
    }
}

#[test]
fn every_size_is_drawn_anew() {
    let terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.post(address, "/payments", BIG);
    terminal.wait_text("Steps");
    terminal.resize(40, 20);
    let narrow = terminal.wait("forty columns", |screen| {
        has_row(screen, &["✓", "200", "payment"]) && !screen.contains("Steps")
    });
    assert!(narrow.lines().all(|line| line.chars().count() <= 40));
    terminal.resize(10, 3);
    terminal.wait("ten columns", |screen| screen.contains("LIVE ● se…"));
    terminal.resize(120, 40);
    terminal.wait("the old size", |screen| {
        screen.contains("Steps") && has_row(screen, &["✓", "200", "payment", "big"])
    });
}

#[test]
fn a_terminal_that_does_not_know_its_size_is_drawn_in_eighty_columns() {
    let terminal = Terminal::start(FLOWS);
    terminal.wait_text("No request yet");
    terminal.wait_for("the footer in its old row", |screen, _| {
        screen.rows(0, 120).nth(39).unwrap().contains("? help")
    });
    terminal.set_unknown_size();
    terminal.wait_for("the footer in the last row of twenty-four", |screen, _| {
        screen.rows(0, 120).nth(23).unwrap().contains("? help")
    });
}

#[test]
fn without_colours_the_selection_is_still_seen() {
    let terminal = Terminal::start_with(FLOWS, &[], |command| command.env("NO_COLOR", "1"));
    let address = terminal.address();
    terminal.post(address, "/payments", BIG);
    terminal.post(address, "/payments", &BIG.replace("250", "-5"));
    std::fs::write(terminal.directory().join("flows.kdl"), "nonsense {").unwrap();
    terminal.wait_text("is broken");
    terminal.wait_for("a selected row", |screen, _| {
        let row = screen.rows(0, 120).position(|row| row.starts_with('▸'));
        row.is_some_and(|row| screen.cell(row as u16, 2).unwrap().inverse())
    });
    let colours: Vec<u32> = sgr(&terminal.raw()).into_iter().filter(is_colour).collect();
    assert!(colours.is_empty(), "{colours:?}");
}

#[test]
fn with_colours_there_are_colours() {
    let terminal = Terminal::start(FLOWS);
    terminal.post(terminal.address(), "/payments", BIG);
    terminal.wait_text("big");
    assert!(sgr(&terminal.raw()).iter().any(is_colour));
}

#[test]
fn log_lines_are_not_drawn_over_the_screen() {
    let terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.post(address, "/payments", BIG);
    terminal.wait_text("paid A-1");
    let file = terminal.directory().join("flows.kdl");
    std::fs::write(&file, support::with_free_port("nonsense")).unwrap();
    terminal.wait_text("is broken");
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    for part in ["INFO", "WARN", "ERROR", "is being served"] {
        assert!(!raw.contains(part), "{part} was written");
    }
}

#[test]
fn whoever_was_stopped_draws_everything_anew() {
    let terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    terminal.post(address, "/payments", BIG);
    terminal.wait_text("Steps");
    terminal.signal("STOP");
    crate::terminal::until("it is stopped", || terminal.state() == Some('T'));
    // As long as a shell has the terminal in between: it writes, and sets its own modes.
    terminal.give_back_modes();
    terminal.scribble("\x1b[2J\x1b[?1049l\x1b[?25h$ fg");
    terminal.wait_for("a prompt", |screen, _| {
        screen.contents().contains("$ fg") && !screen.alternate_screen()
    });
    terminal.signal("CONT");
    terminal.wait_for("the dashboard again", |screen, _| {
        screen.alternate_screen()
            && screen.hide_cursor()
            && !screen.contents().contains("$ fg")
            && has_row(&screen.contents(), &["✓", "200", "payment", "big"])
    });
    assert!(terminal.is_taken_over());
}

fn has_row(screen: &str, parts: &[&str]) -> bool {
    screen.lines().any(|line| {
        let mut rest = line;
        parts.iter().all(|part| match rest.split_once(part) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    })
}

// The numbers of every sequence that sets how text looks.
fn sgr(raw: &[u8]) -> Vec<u32> {
    let text = String::from_utf8_lossy(raw);
    let mut numbers = Vec::new();
    for sequence in text.split("\x1b[").skip(1) {
        let end = sequence.find(|c: char| !c.is_ascii_digit() && c != ';');
        if let Some(end) = end
            && sequence[end..].starts_with('m')
        {
            numbers.extend(
                sequence[..end]
                    .split(';')
                    .filter_map(|number| number.parse::<u32>().ok()),
            );
        }
    }
    numbers
}

fn is_colour(number: &u32) -> bool {
    matches!(number, 30..=38 | 40..=48 | 90..=97 | 100..=107)
}
