//! Bodies that are longer than what is told of them unasked.

use hookyard::{
    dashboard::{Effect, Source, State},
    observe::{BodyAt, BodyOf, BodyPart, Question, Told},
    run::{Extent, RunRecord},
};

use crate::{
    acts::copied,
    fixtures::{finished, id, loaded, moment, paid},
    list::footer,
    screen::Screen,
};

fn at(of: BodyOf, offset: usize) -> BodyAt {
    BodyAt {
        run: id(1),
        of,
        offset,
    }
}

/// A part of a body of which that much is kept.
fn part(text: &str, kept: usize, is_whole: bool) -> Result<BodyPart, String> {
    Ok(BodyPart {
        bytes: text.to_owned().into(),
        kept,
        had: Some(kept + 5),
        is_whole,
    })
}

/// The request of which the beginning was told.
fn cut() -> RunRecord {
    let mut record = paid(1, 250);
    record.request.body = "[1, ".into();
    record.cut.request = Extent::Beginning(Some(70_000));
    record
}

fn screen(record: RunRecord) -> Screen {
    let mut screen = Screen::new(58, 24);
    screen.hear([loaded(), finished(record)]);
    screen.press("3<enter>");
    screen
}

/// How the page ends.
fn end(screen: &Screen) -> String {
    let text = screen.text();
    let mut lines = text.lines().rev().skip(1).map(str::trim);
    lines.find(|line| !line.is_empty()).unwrap().to_owned()
}

#[test]
fn the_rest_of_a_body_is_asked_for_part_by_part_and_is_then_like_any_other() {
    let mut screen = screen(cut());
    assert_eq!(end(&screen), "… and more: M asks for what is kept of it");
    assert_eq!(
        screen.press("M"),
        Some(Effect::Ask(Question::Body(at(BodyOf::Request, 0))))
    );
    assert_eq!(end(&screen), "… and more, which was asked for");
    assert_eq!(screen.press("M"), None);
    assert_eq!(footer(&screen), "… and more, which was asked for");
    screen.tell(Told::Body(at(BodyOf::Request, 0), part("[1, ", 6, true)));
    assert_eq!(
        screen.state.next_effect(),
        Some(Effect::Ask(Question::Body(at(BodyOf::Request, 4))))
    );
    assert_eq!(screen.state.next_effect(), None);
    screen.tell(Told::Body(at(BodyOf::Request, 4), part("2]", 6, true)));
    assert_eq!(screen.state.next_effect(), None);
    let text = screen.text();
    assert!(text.contains("JSON, 6 bytes"), "{text}");
    assert_eq!(end(&screen), "]");
    assert_eq!(screen.press("M"), None);
    assert_eq!(footer(&screen), "all of the request's body is here");
    assert_eq!(copied(&mut screen, "b"), "[1, 2]");
    assert_eq!(footer(&screen), "copied the body, 6 bytes");
}

#[test]
fn what_the_history_does_not_have_either_is_told() {
    let mut screen = screen(cut());
    screen.press("M");
    screen.tell(Told::Body(
        at(BodyOf::Request, 0),
        part("[1, 2, ", 7, false),
    ));
    let text = screen.text();
    assert!(text.contains("cut: 7 bytes of 12 bytes"), "{text}");
    assert_eq!(end(&screen), "… and more, which was not kept");
    let mut screen = self::screen(cut());
    screen.press("M");
    let why = Err("it is gone".to_owned());
    screen.tell(Told::Body(at(BodyOf::Request, 0), why));
    assert_eq!(
        end(&screen),
        "… and more, which is not to be had: it is gone"
    );
}

#[test]
fn of_a_body_without_end_no_more_is_asked_for_than_anybody_reads() {
    let mut screen = screen(cut());
    screen.press("M");
    let text = "x".repeat(1 << 20);
    let kept = text.len() + 1;
    screen.tell(Told::Body(at(BodyOf::Request, 0), part(&text, kept, true)));
    assert_eq!(screen.state.next_effect(), None);
    screen.press("G");
    assert_eq!(end(&screen), "… and more, too long to be shown here");
}

#[test]
fn the_bodies_of_one_run_alone_are_kept() {
    let mut screen = screen(cut());
    screen.press("M");
    screen.tell(Told::Body(at(BodyOf::Request, 0), part("[1, 2]", 6, true)));
    screen.hear([finished(paid(2, 5))]);
    screen.press("<esc>G<enter>");
    screen.press("<esc>k<enter>");
    assert_eq!(end(&screen), "… and more: M asks for what is kept of it");
}

#[test]
fn where_nobody_can_be_asked_it_says_so() {
    let mut screen = screen(cut());
    screen.press("M");
    screen.state.unanswered();
    screen.draw();
    assert_eq!(footer(&screen), "there is no server to ask");
    assert_eq!(end(&screen), "… and more: M asks for what is kept of it");
    let file = Source::File("recording".to_owned());
    let mut screen = Screen::new(58, 24);
    screen.state = State::new("flows.kdl".to_owned(), moment(0)).from(file, false);
    screen.hear([loaded(), finished(cut())]);
    screen.press("3<enter>");
    assert_eq!(end(&screen), "… and more, which is not here");
    assert_eq!(screen.press("M"), None);
    assert_eq!(footer(&screen), "a recording can only be looked at");
}
