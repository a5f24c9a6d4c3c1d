use std::{
    net::TcpListener,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::json;

use crate::{
    harness::{ask, failed, flow},
    site::{Site, answer},
};

/// A step that asks a site, with a block of its own.
fn step(site: &Site, block: &str) -> String {
    let address = site.address();
    format!("http GET \"http://{address}\" as=answer {{\n{block}\n}}")
}

#[test]
fn a_status_that_is_no_success_fails_with_the_start_of_the_body() {
    let body = format!("<p>\r\n  not \u{7}here\n{}</p>", "x".repeat(300));
    let site = Site::start(move |_| answer("404 Not Found", &[], &body));
    let told = format!("127.0.0.1 answered 404: <p> not here {}…", "x".repeat(187));
    failed(&ask(&step(&site, "")), &told);
}

#[test]
fn a_status_that_is_accepted_is_a_success_beside_2xx() {
    for (status, code) in [
        ("404 Not Found", 404),
        ("204 No Content", 204),
        ("302 Found", 302),
    ] {
        let site = Site::start(move |_| {
            let text = answer(status, &[], "");
            text.replace(
                "Content-Length: 0\r\n",
                if code == 204 {
                    ""
                } else {
                    "Content-Length: 0\r\n"
                },
            )
        });
        let reply = ask(&step(&site, "accept-status 404 302"));
        assert_eq!(reply.json()["answer"]["status"], code);
    }
}

#[test]
fn a_secret_that_the_other_side_quotes_is_masked_in_the_message() {
    let site = Site::start(|heard| {
        let quoted = heard.header("authorization").unwrap_or_default();
        answer("403 Forbidden", &[], quoted)
    });
    let block = r#"header "Authorization" "{{ secrets.token }}""#;
    failed(&ask(&step(&site, block)), "127.0.0.1 answered 403: ***");
}

#[test]
fn a_secret_that_the_other_side_quotes_is_masked_in_the_variable() {
    let site = Site::start(|heard| {
        let quoted = heard.header("x-token").unwrap_or_default();
        let body = format!(r#"{{"quoted": "<{quoted}>"}}"#);
        answer("200 OK", &[("X-Quoted", quoted)], &body)
    });
    let block = r#"header "X-Token" "{{ secrets.token }}""#;
    let reply = ask(&step(&site, block)).json()["answer"].clone();
    assert_eq!(reply["headers"]["x-quoted"], "***");
    assert_eq!(reply["json"]["quoted"], "<***>");
    assert_eq!(reply["text"], r#"{"quoted": "<***>"}"#);
}

#[test]
fn credentials_that_the_other_side_quotes_as_they_were_sent_are_masked() {
    let site = Site::start(|heard| {
        let quoted = heard.header("authorization").unwrap_or_default();
        answer("200 OK", &[], &format!("you sent <{quoted}>"))
    });
    let address = site.address();
    let step = format!("http GET \"http://shop:{{{{ secrets.token }}}}@{address}\" as=answer");
    let reply = ask(&step).json()["answer"]["text"].clone();
    // The user is no secret.
    assert_eq!(reply, "you sent <Basic c2hvcD***=>");
}

/// Sends two secrets to a site.
fn confiding(site: &Site) -> String {
    let address = site.address();
    format!(
        "http POST \"http://{address}\" as=answer {{ body \"{{{{ secrets.awkward }}}} {{{{ secrets.pin }}}}\"; }}"
    )
}

#[test]
fn a_secret_is_masked_in_json_however_the_other_side_writes_it() {
    for (written, text, value) in [
        (r#"top\"secret/välue"#, "***", "***"),
        (r#"top\"secret\/v\u00e4lue"#, "***", "***"),
        (r#"top\u0022secret\u002Fv\u00E4lue"#, "***", "***"),
        (
            r#"{\"a\": \"top\\\"secret\\/välue\"}"#,
            r#"{\"a\": \"***\"}"#,
            r#"{"a": "***"}"#,
        ),
    ] {
        let body = format!(r#"{{"{written}": ["<{written}>"], "pin": 271828, "n": 1}}"#);
        let site = Site::start(move |_| answer("200 OK", &[], &body));
        let reply = ask(&confiding(&site)).json()["answer"].clone();
        let text = format!(r#"{{"{text}": ["<{text}>"], "pin": ***, "n": 1}}"#);
        let json = json!({ value: [format!("<{value}>")], "pin": "***", "n": 1 });
        assert_eq!((&reply["text"], &reply["json"]), (&text.into(), &json));
    }
}

#[test]
fn a_secret_is_masked_in_the_message_however_the_other_side_writes_it() {
    for written in [
        r#"top\"secret\/v\u00e4lue"#,
        "top%22secret%2Fv%C3%A4lue",
        "top&quot;secret/välue",
    ] {
        let site = Site::start(move |_| answer("403 Forbidden", &[], written));
        failed(&ask(&confiding(&site)), "127.0.0.1 answered 403: ***");
    }
}

#[test]
fn what_may_pass_is_tried_again_and_is_the_same_request_to_the_other_side() {
    let tries = AtomicU32::new(0);
    let site = Site::start(move |_| match tries.fetch_add(1, Ordering::Relaxed) {
        0 => answer("503 Busy", &[("Retry-After", "0")], ""),
        1 => answer("429 Slowly", &[], ""),
        _ => answer("200 OK", &[], "at last"),
    });
    let retry = r#"retry attempts=3 backoff="1ms" max="10ms""#;
    let reply = ask(&step(&site, retry));
    assert_eq!(reply.json()["answer"]["text"], "at last");
    let keys = [(); 3].map(|()| site.heard().header("idempotency-key").map(str::to_owned));
    assert!(
        keys[0].is_some() && keys[0] == keys[1] && keys[1] == keys[2],
        "{keys:?}"
    );
}

#[test]
fn a_retry_waits_as_long_as_the_other_side_asks_but_no_longer_than_it_may() {
    let site = Site::start(|_| answer("503 Busy", &[("Retry-After", "3600")], ""));
    let retry = r#"retry attempts=2 backoff="1ms" max="10ms""#;
    failed(
        &ask(&step(&site, retry)),
        "127.0.0.1 answered 503, after 2 tries",
    );
}

#[test]
fn what_no_other_try_can_mend_is_tried_once() {
    let site = Site::start(|_| answer("400 Bad", &[], ""));
    let retry = r#"retry attempts=3 backoff="1ms""#;
    failed(&ask(&step(&site, retry)), "127.0.0.1 answered 400");
    site.heard();
    assert!(site.heard_nothing());
}

#[test]
fn an_answer_longer_than_it_may_be_fails_whether_it_says_so_or_not() {
    let told = "the answer of 127.0.0.1 is longer than 1024 bytes, which is `max-response`";
    let long = "x".repeat(1025);
    let known = long.clone();
    let said = Site::start(move |_| answer("200 OK", &[], &known));
    failed(&ask(&step(&said, r#"max-response "1KiB""#)), told);
    let chunked = Site::start(move |_| {
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n{long}\r\n0\r\n\r\n")
    });
    failed(&ask(&step(&chunked, r#"max-response "1KiB""#)), told);
    let whole = Site::start(|_| answer("200 OK", &[], &"x".repeat(1024)));
    assert_eq!(ask(&step(&whole, r#"max-response "1KiB""#)).status, 200);
}

#[test]
fn a_connection_that_nobody_takes_is_told_with_its_port() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("its address");
    drop(free);
    let step = format!(r#"http "GET" "http://{address}/a?b""#);
    failed(&ask(&step), &format!("connection refused by {address}"));
}

#[test]
fn a_name_that_nobody_has_is_told() {
    let reply = flow("", r#"http "GET" "https://nowhere.invalid""#).ask("{}");
    failed(&reply, "nowhere.invalid cannot be resolved");
}

#[test]
fn a_connection_that_breaks_off_is_told() {
    let site = Site::start(|_| String::new());
    let address = site.address();
    failed(
        &ask(&step(&site, "")),
        &format!("{address} gave no whole answer: connection closed before message completed"),
    );
}

#[test]
fn an_answer_that_breaks_off_is_told() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nx";
    let site = Site::start(move |_| half.to_owned());
    let told = format!("{} broke the connection off", site.address());
    failed(&ask(&step(&site, "")), &told);
}

#[test]
fn the_timeout_is_for_the_whole_exchange() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx";
    let site = Site::start(move |_| head.to_owned());
    let step = format!(r#"http "GET" "http://{}" timeout="300ms""#, site.address());
    failed(&ask(&step), "127.0.0.1 took longer than 300ms");
}

#[test]
fn a_step_that_fails_may_be_handled_where_it_stands() {
    let site = Site::start(|_| answer("503 Busy", &[("Retry-After", "5")], "later"));
    let handled = step(&site, r#"on-error { set answer="{{ error.message }}"; }"#);
    let reply = ask(&handled);
    assert_eq!(reply.json()["answer"], "127.0.0.1 answered 503: later");
}
