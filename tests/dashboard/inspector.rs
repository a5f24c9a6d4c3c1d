//! Reading large messages, and finding something in them.

use std::time::Duration;

use hookyard::{
    dashboard::Context,
    run::{Outcome, RunRecord, Spent},
};
use ratatui::style::Modifier;
use serde_json::json;

use crate::{
    fixtures::{finished, loaded, paid},
    screen::Screen,
};

#[test]
fn a_run_that_went_on_past_its_timeout_tells_both_times() {
    let mut record: RunRecord = paid(1, 250);
    record.outcome = Outcome::TimedOut;
    record.answered = Some(Duration::from_secs(3));
    record.duration = Duration::from_secs(5);
    let mut screen = Screen::new(50, 12);
    screen.hear([loaded(), finished(record)]);
    screen.press("<enter>");
    let text = screen.text();
    let head: Vec<&str> = text.lines().skip(3).take(3).map(str::trim_end).collect();
    assert_eq!(
        head,
        [
            " ◷ timed out  200  3.00s",
            "   019ab3c4-0000-7000-8000-000000000001",
            "   answered after 3.00s, and ended after 5.00s",
        ]
    );
}

#[test]
fn a_run_that_mostly_waited_says_so() {
    let mut record: RunRecord = paid(1, 250);
    record.duration = Duration::from_secs(903);
    record.spent = Some(Spent {
        waited: Duration::from_secs(600),
        parked: Duration::from_secs(300),
        ran: Duration::from_secs(3),
    });
    let shown = |record: &RunRecord| {
        let mut screen = Screen::new(50, 12);
        screen.hear([loaded(), finished(record.clone())]);
        screen.press("<enter>");
        screen.text()
    };
    let line = "   waited 10m00s, parked 5m00s, ran 3.00s";
    let text = shown(&record);
    assert!(text.lines().any(|shown| shown.trim_end() == line), "{text}");
    if let Some(spent) = &mut record.spent {
        spent.ran = Duration::from_secs(1_000);
    }
    let text = shown(&record);
    assert!(!text.contains("waited"), "{text}");
}

/// A run whose request had that body, on the tab that shows it.
fn request(body: &str, rows: u16) -> Screen {
    let mut record: RunRecord = paid(1, 250);
    record.request.headers.clear();
    record.request.body = body.to_owned().into();
    let mut screen = Screen::new(50, rows);
    screen.hear([loaded(), finished(record)]);
    screen.press("3<enter>");
    screen
}

fn items(count: usize) -> String {
    let items: Vec<String> = (0..count).map(|number| format!("item {number}")).collect();
    json!({ "items": items, "last": "Item 5" }).to_string()
}

fn footer(screen: &Screen) -> String {
    screen.text().lines().last().unwrap_or_default().to_owned()
}

/// The lines of the page below the size of the body.
fn body(screen: &Screen) -> Vec<String> {
    screen
        .text()
        .lines()
        .skip_while(|line| !line.contains(" bytes") && !line.contains("KiB"))
        .skip(1)
        .map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// What is drawn as found, and whether the viewer is at it.
fn found(screen: &Screen) -> Vec<(String, bool)> {
    let buffer = screen.buffer();
    let mut found: Vec<(String, bool)> = Vec::new();
    let mut before = false;
    // The last row is the footer's.
    for y in 2..buffer.area.height - 1 {
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let here = cell.modifier == Modifier::BOLD | Modifier::REVERSED;
            let is_found = here || cell.modifier == Modifier::BOLD | Modifier::UNDERLINED;
            match found.last_mut() {
                Some((text, _)) if is_found && before => text.push_str(cell.symbol()),
                _ if is_found => found.push((cell.symbol().to_owned(), here)),
                _ => {}
            }
            before = is_found;
        }
    }
    found
}

#[test]
fn what_has_many_members_is_folded_until_it_is_unfolded() {
    let mut screen = request(&items(332), 40);
    let shown = body(&screen);
    assert_eq!(shown[..3], ["{", "  \"items\": [", "    \"item 0\","]);
    assert_eq!(
        shown[20..25],
        [
            "    \"item 18\",",
            "    \"item 19\",",
            "    … 312 more (z unfolds)",
            "  ],",
            "  \"last\": \"Item 5\"",
        ]
    );
    screen.press("z");
    assert_eq!(body(&screen)[22], "    \"item 20\",");
    screen.press("z");
    assert_eq!(body(&screen)[22], "    … 312 more (z unfolds)");
}

#[test]
fn a_body_over_one_mebibyte_is_not_laid_out() {
    let json = |length: usize| format!("[\"{}\"]", "x".repeat(length - 4));
    let first = |length: usize| {
        let mut screen = request(&json(length), 20);
        screen.press("g");
        let text = screen.text();
        let size = text.lines().find(|line| line.contains("MiB"));
        size.map(|line| line.trim().to_owned())
    };
    assert_eq!(first(1 << 20).as_deref(), Some("JSON, 1.0 MiB"));
    assert_eq!(first((1 << 20) + 1).as_deref(), Some("1.0 MiB"));
}

#[test]
fn what_is_searched_for_is_lit_and_gone_through() {
    let mut screen = request(&items(60), 16);
    screen.press("/item 5");
    assert_eq!(screen.state.context(), Context::Prompt);
    assert_eq!(footer(&screen), "find: item 5   1 of 12");
    assert_eq!(found(&screen), [("item 5".to_owned(), true)]);
    screen.press("<enter>n");
    assert_eq!(screen.state.context(), Context::Main);
    assert_eq!(footer(&screen), "2 of 12");
    // What was folded is found as well.
    let shown = found(&screen);
    assert_eq!(shown[0], ("item 5".to_owned(), true), "{shown:?}");
    assert!(screen.text().contains("item 50"));
    // Capitals do not matter, and behind the first comes the last.
    screen.press("NN");
    assert!(found(&screen).contains(&("Item 5".to_owned(), true)));
    screen.press("<esc>");
    assert_eq!(found(&screen), []);
    assert!(screen.text().contains("[3 Request]"));
    screen.press("<esc>");
    assert!(!screen.text().contains("[3 Request]"));
}

#[test]
fn a_search_that_finds_nothing_says_so() {
    let mut screen = request(&items(3), 20);
    screen.press("/teapot");
    assert_eq!(footer(&screen), "find: teapot   not found");
    screen.press("<enter>");
    assert_eq!(footer(&screen), "not found");
    screen.press("<esc>n");
    assert_eq!(
        footer(&screen),
        "nothing is searched for; / does, in the inspector"
    );
    screen.press("/<enter>");
    assert_eq!(screen.state.context(), Context::Main);
    assert!(footer(&screen).starts_with("? help"));
}
