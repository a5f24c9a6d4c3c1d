//! The request of a run, as the viewer changes it.

use std::sync::Arc;

use hookyard::{
    dashboard::{Context, Effect, File, Source},
    observe::{BodyAt, BodyOf, BodyPart, Question, Told, Tried},
    run::{Extent, ReplayOf},
};

use crate::{
    acts::screen,
    fixtures::{accepted, id, loaded, moment, paid, stray},
    list::footer,
    screen::Screen,
    snapshots::{SIZES, compare, each_size},
};

fn opened(effect: Option<Effect>) -> String {
    match effect {
        Some(Effect::Edit(File { bytes, .. })) => String::from_utf8(bytes).unwrap(),
        other => panic!("nothing was opened: {other:?}"),
    }
}

fn request(text: &str) -> String {
    let lines = text.lines().skip_while(|line| line.starts_with('#'));
    lines.map(|line| format!("{line}\n")).collect()
}

fn answer(effects: Option<Vec<String>>) -> Told {
    let tried = Tried {
        run: id(1),
        title: "Dry run of 00000001, edited".to_owned(),
        text: "payment, revision 3f2a91c\n  changed  branch big order? → otherwise\n  path: changed, end: changed (succeeded)\n".to_owned(),
        effects,
    };
    let mut record = paid(9, 5);
    record.replay_of = Some(ReplayOf {
        run: id(1),
        is_edited: true,
    });
    Told::Tried(tried, Some(Arc::new(record)))
}

#[test]
fn the_captured_request_is_opened_and_what_was_made_of_it_is_asked_about() {
    let mut screen = screen(paid(1, 250));
    let text = opened(screen.press("E"));
    assert_eq!(
        request(&text),
        "POST /payments/1hfmkioou0d?source=shop\ncontent-type: application/json\nx-request-id: req-7\n\n{\"order\":{\"id\":\"A-1\"},\"amount\":250}\n"
    );
    let Some(Effect::Ask(Question::Try(edited))) =
        screen.state.edited(Ok(text.replace("250", "5")))
    else {
        panic!("nothing was asked");
    };
    assert_eq!(
        (edited.run, &*edited.body),
        (id(1), &br#"{"order":{"id":"A-1"},"amount":5}"#[..])
    );
}

#[test]
fn the_answer_leads_on_to_sending_which_asks_first() {
    for (width, height) in SIZES {
        let name = format!("tried-{width}x{height}");
        let mut screen = Screen::new(width, height);
        screen.hear([loaded(), crate::fixtures::finished(paid(1, 250))]);
        let text = opened(screen.press("E")).replace("250", "5");
        screen.state.edited(Ok(text.clone()));
        screen.tell(answer(Some(vec!["exec ./ship.sh".to_owned()])));
        assert_eq!(screen.state.context(), Context::Tried);
        compare(&name, &screen.text());
        // However the list went on meanwhile.
        screen.hear([crate::fixtures::finished(paid(2, 1))]);
        assert_eq!(opened(screen.press("E")), text);
        screen.press("R");
        compare(&name.replace("tried", "send-edited"), &screen.text());
        let Some(Effect::Ask(Question::Send(edited))) = screen.press("y") else {
            panic!("nothing was sent");
        };
        assert_eq!(edited.run, id(1));
    }
}

#[test]
fn what_the_server_would_not_take_is_not_asked_for() {
    let mut screen = screen(paid(1, 250));
    let text = opened(screen.press("E")).replace("250", "5");
    screen.state.edited(Ok(text));
    screen.tell(answer(None));
    assert_eq!(screen.press("R"), None);
    assert_eq!(footer(&screen), "this request cannot be sent");
}

#[test]
fn a_mistake_is_told_and_opened_again_and_an_empty_file_begins_anew() {
    let mut screen = screen(paid(1, 250));
    let captured = opened(screen.press("E"));
    let wrong = captured.replace("POST ", "");
    assert_eq!(screen.state.edited(Ok(wrong.clone())), None);
    screen.draw();
    assert_eq!(
        footer(&screen),
        "line 5: there is no request line, like `POST /path?query` · E opens it again"
    );
    assert_eq!(opened(screen.press("E")), wrong);
    assert_eq!(screen.state.edited(Ok("# nothing\n".to_owned())), None);
    screen.draw();
    assert_eq!(footer(&screen), "thrown away: nothing is done");
    assert_eq!(opened(screen.press("E")), captured);
    assert_eq!(screen.state.edited(Ok(captured)), None);
    screen.draw();
    assert_eq!(footer(&screen), "nothing was changed, and nothing is done");
    screen.press("E");
    assert_eq!(
        screen
            .state
            .edited(Err("vi ended with status 1".to_owned())),
        None
    );
    screen.draw();
    assert_eq!(footer(&screen), "nothing is done: vi ended with status 1");
}

#[test]
fn the_rest_of_a_body_that_was_cut_is_loaded_before_it_is_edited() {
    let at = |offset| BodyAt {
        run: id(1),
        of: BodyOf::Request,
        offset,
    };
    let part = |text: &str, is_whole| {
        Ok(BodyPart {
            bytes: text.to_owned().into(),
            kept: 14,
            had: Some(14),
            is_whole,
        })
    };
    let cut = || {
        let mut record = paid(1, 250);
        record.request.body = "{\"amount\":".into();
        record.cut.request = Extent::Beginning(Some(14));
        screen(record)
    };
    let asks = |offset| Some(Effect::Ask(Question::Body(at(offset))));
    let loading = "the rest of its body is on its way, and is edited once it is here";

    let mut screen = cut();
    assert_eq!(screen.press("E"), asks(0));
    assert_eq!(footer(&screen), loading);
    assert_eq!(screen.press("E"), None);
    assert_eq!(footer(&screen), loading);
    screen.tell(Told::Body(at(0), part("{\"amount\":", true)));
    assert_eq!(screen.state.next_effect(), asks(10));
    screen.tell(Told::Body(at(10), part("250}", true)));
    let text = opened(screen.state.next_effect());
    assert!(text.ends_with("\n{\"amount\":250}\n"), "{text}");
    screen.draw();
    assert_ne!(footer(&screen), loading);

    // What the history does not have either.
    let mut screen = cut();
    screen.press("E");
    screen.tell(Told::Body(at(0), part("{\"amount\":250}", false)));
    assert_eq!(screen.state.next_effect(), None);
    assert_eq!(
        footer(&screen),
        "not all of its body is to be had, so it cannot be edited"
    );

    // Nobody who has moved on is given an editor, and nobody who types.
    let mut screen = cut();
    screen.press("E");
    screen.hear([crate::fixtures::finished(paid(2, 5))]);
    screen.tell(Told::Body(at(0), part("{\"amount\":250}", true)));
    assert_eq!(screen.state.next_effect(), None);
    let mut screen = cut();
    screen.press("E?");
    screen.tell(Told::Body(at(0), part("{\"amount\":250}", true)));
    assert_eq!(screen.state.next_effect(), None);
    assert_eq!(
        footer(&screen),
        "all of its body is here: E edits the request"
    );
}

#[test]
fn what_cannot_be_edited_says_why() {
    let mut long = paid(1, 250);
    long.cut.request = Extent::Beginning(Some(200_000));
    let mut bytes = paid(1, 250);
    bytes.request.body = b"\xff".to_vec().into();
    for (record, says) in [
        (
            long,
            "its body is longer than 128 KiB, so it cannot be edited",
        ),
        (bytes, "its request is no text, so it cannot be edited"),
        (
            stray(1, "/.env"),
            "no flow has its path: there is nothing to run",
        ),
    ] {
        let mut screen = screen(record);
        assert_eq!(screen.press("E"), None);
        assert_eq!(footer(&screen), says);
    }
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded(), accepted(1)]);
    assert_eq!(screen.press("E"), None);
    assert_eq!(
        footer(&screen),
        "nothing is known of its request yet: the run waits"
    );
    let mut screen = self::screen(paid(1, 250));
    screen.state = hookyard::dashboard::State::new("flows.kdl".to_owned(), moment(0))
        .from(Source::File("recording".to_owned()), false);
    screen.hear([loaded(), crate::fixtures::finished(paid(1, 250))]);
    assert_eq!(screen.press("E"), None);
    assert_eq!(footer(&screen), "a recording can only be looked at");
}

#[test]
fn what_was_dry_run_stands_in_the_list_and_is_no_run() {
    let dry = |screen: &mut Screen| {
        screen.hear([loaded(), crate::fixtures::finished(paid(1, 250))]);
        screen.press("E");
        screen.tell(answer(None));
        screen.press("<esc>");
    };
    each_size("dry", dry);
    let mut screen = Screen::new(120, 40);
    dry(&mut screen);
    assert_eq!(screen.state.selected().unwrap().id, id(9));
    for (filter, expected) in [
        ("is:dry", vec![id(9)]),
        ("is:ok", vec![id(1)]),
        ("!is:dry", vec![id(1)]),
        ("is:error|dry", vec![id(9)]),
    ] {
        screen.press(&format!("<esc>/{filter}<enter>"));
        let rows = screen.state.rows().iter();
        assert_eq!(
            rows.map(|entry| entry.id).collect::<Vec<_>>(),
            expected,
            "{filter}"
        );
    }
}

#[test]
fn what_was_dry_run_is_tried_edited_and_sent_like_the_request_that_it_is() {
    let mut screen = screen(paid(1, 250));
    screen.press("E");
    screen.tell(answer(None));
    // Another request is edited meanwhile.
    screen.press("<esc>kE");
    screen.press("G");
    let is_tried = |effect| match effect {
        Some(Effect::Ask(Question::Try(edited))) => {
            assert_eq!(
                (edited.run, &*edited.body),
                (id(1), &br#"{"order":{"id":"A-9"},"amount":5}"#[..])
            );
        }
        other => panic!("nothing was tried: {other:?}"),
    };
    is_tried(screen.press("D"));
    is_tried(screen.press("R"));
    let effects = Some(vec!["exec ./ship.sh".to_owned()]);
    screen.tell(answer(effects));
    assert_eq!(screen.state.context(), Context::Question);
    let Some(Effect::Ask(Question::Send(edited))) = screen.press("y") else {
        panic!("nothing was sent");
    };
    assert_eq!(edited.run, id(1));
    let text = opened(screen.press("E"));
    assert!(request(&text).contains("\"A-9\""), "{text}");
}
