use crate::{
    harness::{ask, failed},
    site::{Heard, Site, answer},
};

/// A site that redirects what comes for `/from`, and answers all else.
fn redirecting(status: &'static str, location: impl Into<String>) -> Site {
    let location = location.into();
    Site::start(move |heard: &Heard| {
        if heard.line.contains(" /from") {
            answer(status, &[("Location", &location)], "moved")
        } else {
            answer("200 OK", &[], "here")
        }
    })
}

fn step(site: &Site, block: &str) -> String {
    let address = site.address();
    format!(
        r#"http "POST" "http://u:p@{address}/from" as="answer" {{
            header "X-Token" "{{{{ secrets.token }}}}"
            header "X-Note" "note"
            {block}
        }}"#
    )
}

#[test]
fn no_redirect_is_followed_unless_it_is_asked_for() {
    let site = redirecting("302 Found", "/to");
    failed(
        &ask(&step(&site, "")),
        "127.0.0.1 answered 302, which redirects, and no `redirects` are followed: moved",
    );
}

#[test]
fn a_303_and_a_302_make_a_get_of_a_post_and_a_307_repeats_it() {
    for (status, line, body) in [
        ("303 See Other", "GET /to HTTP/1.1", ""),
        ("302 Found", "GET /to HTTP/1.1", ""),
        ("301 Moved", "GET /to HTTP/1.1", ""),
        ("307 Temporary Redirect", "POST /to HTTP/1.1", "text"),
        ("308 Permanent Redirect", "POST /to HTTP/1.1", "text"),
    ] {
        let site = redirecting(status, "/to");
        let reply = ask(&step(&site, r#"body "text"; redirects 1"#));
        assert_eq!(reply.json()["answer"]["text"], "here", "{status}");
        site.heard();
        let heard = site.heard();
        assert_eq!((&*heard.line, &*heard.body), (line, body), "{status}");
        assert_eq!(heard.header("content-type").is_some(), body == "text");
        // It is the same host: what proved who asks does so again.
        assert_eq!(heard.header("authorization"), Some("Basic dTpw"));
        assert_eq!(heard.header("x-token"), Some("s3cret token"));
    }
}

#[test]
fn another_host_is_told_no_secret() {
    let other = Site::start(|_| answer("200 OK", &[], "other"));
    let address = other.address();
    let site = redirecting("307 Temporary Redirect", format!("http://x:y@{address}/to"));
    let reply = ask(&step(&site, r#"body "text"; redirects 1"#));
    assert_eq!(reply.json()["answer"]["text"], "other");
    let heard = other.heard();
    assert_eq!(heard.header("authorization"), None);
    assert_eq!(heard.header("x-token"), None);
    assert_eq!(heard.header("x-note"), Some("note"));
    assert_eq!(heard.body, "text");
}

#[test]
fn another_host_is_told_no_header_that_is_named_like_a_credential_however_it_is_written() {
    let other = Site::start(|_| answer("200 OK", &[], "other"));
    let address = other.address();
    let site = redirecting("307 Temporary Redirect", format!("http://{address}/to"));
    let headers = r#"header "Authorization" "Bearer a"; header "Cookie" "b=c"; header "X-Api-Key" "d"
        header "X-Hub-Signature" "e"; redirects 1"#;
    let reply = ask(&step(&site, headers));
    assert_eq!(reply.json()["answer"]["text"], "other");
    let names = ["authorization", "cookie", "x-api-key", "x-hub-signature"];
    let (first, second) = (site.heard(), other.heard());
    assert_eq!(
        names.map(|name| first.header(name)),
        [Some("Bearer a"), Some("b=c"), Some("d"), Some("e")]
    );
    assert_eq!(names.map(|name| second.header(name)), [None; 4]);
    assert_eq!(second.header("x-note"), Some("note"));
}

#[test]
fn a_body_with_a_secret_is_not_sent_to_another_host() {
    let other = Site::start(|_| answer("200 OK", &[], "other"));
    let address = other.address();
    let site = redirecting("307 Temporary Redirect", format!("http://{address}/to"));
    failed(
        &ask(&step(&site, r#"body "{{ secrets.token }}"; redirects 1"#)),
        "127.0.0.1 redirects to another host, which a body with a secret is not sent to",
    );
    assert!(other.heard_nothing());
}

#[test]
fn redirects_in_a_circle_end() {
    let site = redirecting("302 Found", "/from");
    failed(
        &ask(&step(&site, "redirects 2")),
        "127.0.0.1 redirects more often than `redirects 2` follows",
    );
}

#[test]
fn a_redirect_to_what_is_no_web_server_fails() {
    let site = redirecting("302 Found", "file:///etc/passwd");
    failed(
        &ask(&step(&site, "redirects 2")),
        "127.0.0.1 redirects to what is no URL of a web server",
    );
}
