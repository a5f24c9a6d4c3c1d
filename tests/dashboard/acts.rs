//! What is done with a captured run.

use hookyard::{
    dashboard::{Context, Effect, File},
    observe::{Question, Told},
    run::{Extent, RunRecord},
};
use http::{HeaderValue, Method};

use crate::{
    fixtures::{accepted, finished, id, loaded, paid, stray},
    list::footer,
    screen::Screen,
};

pub fn screen(record: RunRecord) -> Screen {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded(), finished(record)]);
    screen
}

pub fn copied(screen: &mut Screen, keys: &str) -> String {
    match screen.press(keys) {
        Some(Effect::Copy(text)) => text,
        other => panic!("nothing was copied: {other:?}"),
    }
}

/// A payment whose request has a credential in every place there is.
fn with_credentials() -> RunRecord {
    let mut record = paid(1, 250);
    let request = &mut record.request;
    request.uri = "/payments/1hfmkioou0d?source=shop&token=t0k3n"
        .parse()
        .unwrap();
    let headers = [("cookie", "c00kie"), ("x-hub-signature-256", "sha256=5ign")];
    for (name, value) in headers {
        request
            .headers
            .insert(name, HeaderValue::from_static(value));
    }
    request.body = r#"{"amount":250,"password":"s3same"}"#.into();
    record
}

const SECRETS: [&str; 4] = ["t0k3n", "c00kie", "5ign", "s3same"];

#[test]
fn a_request_is_copied_as_a_curl_line_of_this_very_request() {
    let mut screen = screen(paid(1, 250));
    assert_eq!(
        copied(&mut screen, "C"),
        r#"curl -i -H 'content-type: application/json' -H 'x-request-id: req-7' --data-raw '{"order":{"id":"A-1"},"amount":250}' 'https://hooks.example.org/payments/1hfmkioou0d?source=shop'"#
    );
}

#[test]
fn no_credential_is_copied_and_the_footer_says_what_is_missing() {
    let mut screen = screen(with_credentials());
    assert_eq!(
        copied(&mut screen, "C"),
        r#"curl -i -H 'content-type: application/json' -H 'x-request-id: req-7' --data-raw '{"amount":250,"password":"[redacted]"}' -g 'https://hooks.example.org/payments/1hfmkioou0d?source=shop&token=[redacted]'"#
    );
    assert!(
        screen.text().contains(
            "copied the curl line · without cookie, x-hub-signature-256 · what is [redacted] has to be filled in"
        ),
        "{}",
        screen.text()
    );
    assert_eq!(
        copied(&mut screen, "Y"),
        "https://hooks.example.org/payments/1hfmkioou0d?source=shop&token=[redacted]"
    );
    let json = copied(&mut screen, "o");
    for secret in SECRETS {
        assert!(!json.contains(secret), "{secret} in {json}");
    }
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["id"], id(1).to_string());
}

#[test]
fn a_body_is_copied_as_it_was_sent_and_only_its_size_is_told() {
    let mut screen = screen(paid(1, 250));
    assert_eq!(
        copied(&mut screen, "b"),
        r#"{"order":{"id":"A-1"},"amount":250}"#
    );
    assert_eq!(footer(&screen), "copied the body, 35 bytes");
    let mut record = paid(1, 250);
    record.request.body = Default::default();
    let mut screen = self::screen(record);
    assert_eq!(screen.press("b"), None);
    assert_eq!(footer(&screen), "there is no body to copy");
}

#[test]
fn what_no_clipboard_takes_is_saved_and_the_footer_says_where() {
    let body = "x".repeat(74_001);
    let mut record = paid(1, 250);
    record.request.body = body.clone().into();
    let mut screen = screen(record);
    let name = format!("hookyard-{}-body.txt", id(1).short());
    assert_eq!(
        screen.press("b"),
        Some(Effect::Save(File {
            what: "the body",
            name,
            bytes: body.into(),
            note: String::new(),
        }))
    );
    let file = File {
        what: "the body",
        name: String::new(),
        bytes: Vec::new(),
        note: " · cut: 64.0 KiB of 2.9 MiB".to_owned(),
    };
    screen
        .state
        .saved(&file, Ok("/run/user/1000/hookyard-1-body.txt"));
    screen.draw();
    assert_eq!(
        footer(&screen),
        "saved the body in /run/user/1000/hookyard-1-body.txt · cut: 64.0 KiB of 2.9 MiB"
    );
    let full: std::io::Result<&str> = Err(std::io::ErrorKind::StorageFull.into());
    screen.state.saved(&file, full);
    screen.draw();
    assert_eq!(footer(&screen), "cannot save the body: no storage space");
}

#[test]
fn what_is_made_of_a_body_that_was_cut_says_so() {
    let mut record = paid(1, 250);
    record.cut.request = Extent::Beginning(Some(3_000_031));
    let mut screen = screen(record.clone());
    screen.press("a");
    let text = screen.text();
    assert!(
        text.contains("copy its body, as it was sent · cut: 35 bytes of 2.9 MiB\n"),
        "{text}"
    );
    // Where there is little room, first of all what it is that says so.
    let mut narrow = Screen::new(40, 20);
    narrow.hear([loaded(), finished(record.clone())]);
    narrow.press("a");
    let text = narrow.text();
    assert!(text.contains("copy its body, as i… · cut: 3"), "{text}");
    screen.press("<esc>");
    copied(&mut screen, "b");
    assert_eq!(
        footer(&screen),
        "copied the body, 35 bytes · cut: 35 bytes of 2.9 MiB"
    );
    copied(&mut screen, "C");
    let text = screen.text();
    assert!(
        text.contains("copied the curl line · cut: 35 bytes of 2.9 MiB: curl -i"),
        "{text}"
    );
    screen.press("t");
    let text = copied(&mut screen, "<enter>");
    assert_eq!(
        text.lines().nth(1),
        Some("    // The body is not whole: put the rest of it in before this passes.")
    );
}

#[test]
fn a_body_that_is_no_text_is_saved_to_the_byte() {
    let mut record = paid(1, 250);
    record.request.body = b"\0\xff".to_vec().into();
    let mut screen = screen(record);
    let Some(Effect::Save(file)) = screen.press("b") else {
        panic!("nothing was saved");
    };
    assert_eq!(file.bytes, b"\0\xff");
}

#[test]
fn a_request_that_no_flow_has_a_path_for_is_copied_too() {
    let mut record = stray(1, "/.env");
    record.request.method = Method::GET;
    record.request.headers.clear();
    record.request.body = Default::default();
    let mut screen = screen(record);
    assert_eq!(
        copied(&mut screen, "C"),
        "curl -i -X GET https://hooks.example.org/.env"
    );
}

#[test]
fn the_list_of_acts_does_the_selected_one() {
    let mut screen = screen(paid(1, 250));
    screen.press("a");
    assert_eq!(screen.state.context(), Context::Acts);
    assert_eq!(
        copied(&mut screen, "j<enter>"),
        "https://hooks.example.org/payments/1hfmkioou0d?source=shop"
    );
    assert_eq!(screen.state.context(), Context::Main);
    screen.press("a");
    copied(&mut screen, "b");
    assert_eq!(screen.state.context(), Context::Main);
    screen.press("a<esc>");
    assert_eq!(screen.state.context(), Context::Main);
}

#[test]
fn of_a_run_that_waits_there_is_nothing_to_copy_yet() {
    let mut screen = Screen::new(120, 40);
    screen.hear([loaded()]);
    assert_eq!(screen.press("C"), None);
    assert_eq!(footer(&screen), "no run is selected");
    screen.hear([accepted(1)]);
    assert_eq!(screen.press("C"), None);
    assert_eq!(
        footer(&screen),
        "nothing is known of its request yet: the run waits"
    );
}

#[test]
fn a_flow_is_offered_as_it_is_written() {
    let mut screen = screen(paid(1, 250));
    let asked = Some(Effect::Ask(Question::Source("payment".to_owned())));
    assert_eq!(screen.press("s"), asked);
    assert_eq!(
        screen.press("us"),
        Some(Effect::Ask(Question::Source("payment".to_owned())))
    );
    let text = "flow \"payment\" {\n}\n";
    screen.tell(Told::Source {
        title: "payment, flows.kdl:2".to_owned(),
        text: text.to_owned(),
    });
    assert_eq!(screen.state.context(), Context::Offer);
    assert_eq!(copied(&mut screen, "<enter>"), text);
    let mut screen = self::screen(stray(1, "/.env"));
    assert_eq!(screen.press("s"), None);
    assert_eq!(
        footer(&screen),
        "no flow has its path: there is no KDL of it"
    );
}
