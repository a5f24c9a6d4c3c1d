use serde_json::json;

use crate::{
    harness::{ask, failed, flow},
    site::{Site, answer},
};

#[test]
fn a_request_is_sent_as_it_is_written_and_rendered() {
    let site = Site::start(|_| answer("200 OK", &[], ""));
    let url = format!("http://{}/ops/{{{{ x | urlencode }}}}?a=1", site.address());
    let step = format!(
        r#"http "POST" "{url}" as="answer" {{
            header "Authorization" "Bearer {{{{ secrets.token }}}}"
            header "X-Note" "{{{{ x }}}}"
            query "topic" "{{{{ x }}}}"
            query "n" "{{{{ n }}}}"
            body "deployed {{{{ x }}}}"
        }}"#
    );
    let reply = flow(r#""127.0.0.1""#, &step).ask(r#"{"x": "a b&c"}"#);
    assert_eq!(reply.status, 200, "{}", reply.body);
    let heard = site.heard();
    assert_eq!(
        heard.line,
        "POST /ops/a%20b%26c?a=1&topic=a+b%26c&n=5 HTTP/1.1"
    );
    let run = reply.json()["run"].as_str().expect("its id").to_owned();
    assert_eq!(
        heard.headers,
        [
            "accept: */*".to_owned(),
            "authorization: Bearer s3cret token".to_owned(),
            "content-length: 14".to_owned(),
            "content-type: text/plain; charset=utf-8".to_owned(),
            format!("host: {}", site.address()),
            format!("idempotency-key: {run}-1"),
            concat!("user-agent: hookyard/", env!("CARGO_PKG_VERSION")).to_owned(),
            "x-note: a b&c".to_owned(),
        ]
    );
    assert_eq!(heard.body, "deployed a b&c");
}

#[test]
fn json_keeps_the_kinds_of_its_values_and_may_name_secrets() {
    let site = Site::start(|_| answer("200 OK", &[], ""));
    let step = format!(
        r#"http "PUT" "http://{}/" {{ json {{ n "{{{{ n }}}}"; token "{{{{ secrets.token }}}}"; }}; }}"#,
        site.address()
    );
    assert_eq!(ask(&step).status, 200);
    let heard = site.heard();
    assert_eq!(heard.line, "PUT / HTTP/1.1");
    assert_eq!(heard.header("content-type"), Some("application/json"));
    assert_eq!(heard.body, r#"{"n":5,"token":"s3cret token"}"#);
}

#[test]
fn a_form_is_encoded_field_by_field() {
    let site = Site::start(|_| answer("200 OK", &[], ""));
    let step = format!(
        r#"http "POST" "http://{}" {{ form {{ to "a"; to "{{{{ n }}}}"; text "{{{{ x }}}}=&"; }}; }}"#,
        site.address()
    );
    assert_eq!(ask(&step).status, 200);
    let heard = site.heard();
    assert_eq!(
        heard.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(heard.body, "to=a&to=5&text=plain%3D%26");
}

#[test]
fn headers_of_the_file_take_the_place_of_our_own() {
    let site = Site::start(|_| answer("200 OK", &[], ""));
    let step = format!(
        r#"http "POST" "http://{}" {{
            header "Idempotency-Key" "{{{{ x }}}}"
            header "User-Agent" "me"
            header "Content-Type" "application/vnd.a+json"
            json {{ a 1; }}
        }}"#,
        site.address()
    );
    assert_eq!(ask(&step).status, 200);
    let heard = site.heard();
    assert_eq!(heard.header("idempotency-key"), Some("plain"));
    assert_eq!(heard.header("user-agent"), Some("me"));
    assert_eq!(heard.header("content-type"), Some("application/vnd.a+json"));
}

#[test]
fn user_and_password_of_a_url_prove_who_asks_and_are_told_to_nobody() {
    let site = Site::start(|_| answer("500 Oh", &[], "no"));
    let step = format!(
        r#"http "GET" "http://{{{{ secrets.user }}}}:pass%20word@{}/a""#,
        site.address()
    );
    let server = flow(r#""127.0.0.1""#, &step).serve();
    let reply = server.post("/ask", "{}");
    failed(&reply, "127.0.0.1 answered 500: no");
    let heard = site.heard();
    assert_eq!(heard.line, "GET /a HTTP/1.1");
    // shop:pass word
    assert_eq!(
        heard.header("authorization"),
        Some("Basic c2hvcDpwYXNzIHdvcmQ=")
    );
    let lines = server.lines_until(|line| line["flow"] == "ask");
    let told = serde_json::to_string(&lines).expect("lines are JSON");
    assert!(!told.contains("shop") && !told.contains("pass"), "{told}");
}

#[test]
fn the_variable_has_status_headers_json_and_text() {
    let site = Site::start(|_| {
        let headers = [
            ("X-One", "1"),
            ("x-one", "2"),
            ("Content-Type", "text/plain"),
        ];
        answer("201 Created", &headers, r#" {"id": [7]} "#)
    });
    let step = format!(r#"http "POST" "http://{}" as="answer""#, site.address());
    assert_eq!(
        ask(&step).json()["answer"],
        json!({
            "status": 201,
            "headers": {"x-one": "1", "content-type": "text/plain", "content-length": "13"},
            "json": {"id": [7]},
            "text": " {\"id\": [7]} ",
        })
    );
}

#[test]
fn what_is_no_json_has_none() {
    let site = Site::start(|_| answer("200 OK", &[], "fine"));
    let step = format!(
        r#"http "GET" "http://{}" as="reply"
        set answer="{{{{ reply.json is defined }}}} {{{{ reply.text }}}}""#,
        site.address()
    );
    assert_eq!(ask(&step).json()["answer"], "false fine");
}

#[test]
fn a_connection_is_kept_for_the_next_request() {
    let site = Site::start(|_| answer("200 OK", &[], "x"));
    let step = format!(r#"http "GET" "http://{}""#, site.address());
    let server = flow(r#""127.0.0.1""#, &step).serve();
    for _ in 0..3 {
        assert_eq!(server.post("/ask", "{}").status, 200);
        assert_eq!(site.heard().connection, 0);
    }
}

#[test]
fn a_line_break_in_a_header_is_refused() {
    let site = Site::start(|_| answer("200 OK", &[], ""));
    let told =
        "the header x-note came to a value with control characters, which no header may have";
    let header = |value: &str| {
        format!(
            r#"http "GET" "http://{}" {{ header "X-Note" "{value}"; }}"#,
            site.address()
        )
    };
    let step = header("{{ x }}");
    let reply = flow(r#""127.0.0.1""#, &step).ask(r#"{"x": "a\r\nX-Injected: yes"}"#);
    failed(&reply, told);
    failed(&ask(&header("{{ secrets.split }}")), told);
    assert!(site.heard_nothing());
}

#[test]
fn what_cannot_be_rendered_tells_no_secret() {
    for (part, told) in [
        (
            r#"body "{{ secrets.token | int }}""#,
            "`{{ secrets.token | int }}` cannot be rendered",
        ),
        (
            r#"json { a "{{ secrets.token | int }}"; }"#,
            "`json` cannot be rendered",
        ),
    ] {
        let step = format!(r#"http "POST" "http://127.0.0.1:1" {{ {part}; }}"#);
        failed(&ask(&step), told);
    }
}
