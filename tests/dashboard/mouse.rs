//! What is clicked at and scrolled over.

use crossterm::event::MouseEventKind::{ScrollDown, ScrollUp};
use hookyard::dashboard::Effect;

use crate::{
    fixtures::{counts, finished, paid},
    screen::Screen,
    snapshots::busy,
};

/// The title of what is open, at every size the first row of the panes.
fn title(screen: &Screen) -> String {
    screen.text().lines().nth(2).unwrap().to_owned()
}

fn selected(screen: &Screen) -> String {
    screen.state.selected().unwrap().id.short()
}

#[test]
fn a_click_shows_a_screen_selects_a_row_and_opens_a_tab() {
    // There is not always room for the names of the screens.
    for (width, height, [flows, config, live]) in [
        (120, 40, ["2 Flows", "3 Config", "1 Live"]),
        (80, 24, ["2 3 4", "3 4", "1 2 ["]),
    ] {
        let mut screen = Screen::new(width, height);
        busy(&mut screen);
        screen.hear([counts()]);
        screen.click("03:12:47");
        assert_eq!(selected(&screen), "00000003");
        assert!(!screen.state.is_following());
        screen.click("Request");
        assert!(screen.text().contains("Request]"), "{}", screen.text());
        assert_eq!(selected(&screen), "00000003");
        screen.click(flows);
        assert!(title(&screen).starts_with("─ Flows 2"), "{}", screen.text());
        screen.click("deploy ");
        assert!(screen.text().contains("▸ deploy"), "{}", screen.text());
        screen.click(config);
        assert!(title(&screen).starts_with("─ Config"), "{}", screen.text());
        screen.click(live);
        assert!(title(&screen).starts_with("─ Runs 7"), "{}", screen.text());
    }
}

#[test]
fn a_wheel_scrolls_what_is_under_it_and_leaves_the_keys_where_they_are() {
    let mut screen = Screen::new(120, 24);
    busy(&mut screen);
    screen.hear((8..40).map(|number| finished(paid(number, 1))));
    screen.press("7");
    let before = screen.text();
    screen.point(ScrollDown, "│");
    assert_eq!(screen.text(), before);
    screen.point(ScrollDown, "\"id\"");
    assert!(!screen.text().contains("✓ succeeded"), "{}", screen.text());
    assert!(screen.state.is_following());
    let newest = selected(&screen);
    screen.point(ScrollUp, "took");
    assert_eq!(selected(&screen), "00000024");
    screen.point(ScrollDown, "took");
    assert_eq!(selected(&screen), newest);
}

#[test]
fn what_lies_over_the_screen_is_scrolled_and_not_clicked_through() {
    let mut screen = Screen::new(120, 24);
    busy(&mut screen);
    screen.press("?");
    screen.point(ScrollDown, "Moving");
    assert!(!screen.text().contains("Moving"), "{}", screen.text());
    let before = screen.text();
    screen.click("2 Flows");
    screen.click("─ Keys");
    assert_eq!(screen.text(), before);
}

#[test]
fn the_mouse_is_taken_and_left_from_the_palette() {
    let mut screen = Screen::new(120, 40);
    busy(&mut screen);
    assert_eq!(screen.press(":mouse<enter>"), Some(Effect::Mouse(true)));
    assert!(screen.text().contains("with Shift held, it selects text"));
    assert_eq!(screen.press(":mouse<enter>"), Some(Effect::Mouse(false)));
}
