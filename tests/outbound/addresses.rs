use crate::{
    harness::{ask, failed, flow},
    site::{Site, answer},
};

/// ABUSE 27.
#[test]
fn what_is_not_public_is_not_connected_to_however_it_is_written() {
    // Of the hosts that are written out `check` knows; those that others say are met here.
    let site = Site::start(|heard| {
        let location = heard.line.split(['?', ' ']).nth(2).unwrap_or_default();
        answer("302 Found", &[("Location", location)], "")
    });
    let port = site.address().port();
    let step = format!(r#"http "GET" "http://localhost:{port}/?{{{{ x }}}}" {{ redirects 1; }}"#);
    let server = flow(r#""localhost""#, &step).serve();
    let tail = ", and `server { outbound { allow … } }` does not name it";
    for (host, told) in [
        ("169.254.169.254", "169.254.169.254 is a link-local address"),
        ("127.0.0.1", "127.0.0.1 is a loopback address"),
        ("2130706433", "127.0.0.1 is a loopback address"),
        ("0x7f.1", "127.0.0.1 is a loopback address"),
        ("[::1]", "::1 is a loopback address"),
        (
            "[::ffff:127.0.0.1]",
            "::ffff:127.0.0.1 is a loopback address",
        ),
        ("[64:ff9b::7f00:1]", "64:ff9b::7f00:1 is a loopback address"),
        ("[2002:7f00:1::]", "2002:7f00:1:: is an address of 6to4"),
        ("10.1.2.3", "10.1.2.3 is a private address"),
        ("100.64.0.1", "100.64.0.1 is a shared address of a carrier"),
        ("0.0.0.0", "0.0.0.0 is the unspecified address"),
    ] {
        let body = format!(r#"{{"x": "http://{host}:{port}/"}}"#);
        failed(&server.post("/ask", &body), &format!("{told}{tail}"));
        site.heard();
    }
    assert!(site.heard_nothing());
}

/// ABUSE 27: what a name leads to counts, when it is connected to.
#[test]
fn a_name_that_leads_to_this_machine_is_refused_unless_it_is_named() {
    let site = Site::start(|_| answer("200 OK", &[], ""));
    let port = site.address().port();
    let first = Site::start(move |_| {
        let location = format!("http://a.localhost:{port}/");
        answer("302 Found", &[("Location", &location)], "")
    });
    let step = format!(
        r#"http "GET" "http://localhost:{}" {{ redirects 1; }}"#,
        first.address().port()
    );
    let told = "a.localhost leads to ::1, a loopback address, and `server { outbound { allow … } }` does not name it";
    failed(&flow(r#""localhost""#, &step).ask("{}"), told);
    assert!(site.heard_nothing());
    for allow in [r#""localhost" "*.localhost""#, r#""127.0.0.1""#] {
        assert_eq!(flow(allow, &step).ask("{}").status, 200, "{allow}");
        site.heard();
    }
}

#[test]
fn a_redirect_is_looked_at_as_the_first_address_is() {
    let target = Site::start(|_| answer("200 OK", &[], ""));
    let port = target.address().port();
    let site = Site::start(move |_| {
        let location = format!("http://127.0.0.2:{port}/");
        answer("302 Found", &[("Location", &location)], "")
    });
    let step = format!(
        r#"http "GET" "http://{}" {{ redirects 1; }}"#,
        site.address()
    );
    failed(
        &ask(&step),
        "127.0.0.2 is a loopback address, and `server { outbound { allow … } }` does not name it",
    );
}

#[test]
fn a_template_chooses_a_host_among_those_that_are_named() {
    let site = Site::start(|_| answer("200 OK", &[], ""));
    let step = r#"http "GET" "http://{{ x }}/a""#;
    let server = flow(r#""127.0.0.1" "*.example.org""#, step).serve();
    let body = format!(r#"{{"x": "{}"}}"#, site.address());
    assert_eq!(server.post("/ask", &body).status, 200);
    assert_eq!(site.heard().line, "GET /a HTTP/1.1");
    for (x, told) in [
        ("8.8.8.8", "8.8.8.8"),
        ("example.org", "example.org"),
        ("a@evil.test", "evil.test"),
        ("evil.test/?.example.org", "evil.test"),
    ] {
        let reply = server.post("/ask", &format!(r#"{{"x": "{x}"}}"#));
        failed(
            &reply,
            &format!(
                "a template chose {told}, which `server {{ outbound {{ allow … }} }}` does not name"
            ),
        );
    }
}

#[test]
fn a_host_that_is_written_out_stays_what_it_is() {
    let site = Site::start(|_| answer("200 OK", &[], ""));
    let step = format!(r#"http "GET" "http://u:{{{{ x }}}}@{}/""#, site.address());
    let server = flow(r#""127.0.0.1""#, &step).serve();
    let reply = server.post("/ask", r#"{"x": "pass"}"#);
    assert_eq!(reply.status, 200, "{}", reply.body);
    let told = format!(
        "the URL came to another host than {}, which is written out",
        site.address()
    );
    for x in [
        "1@evil.test/",
        "1@evil.test\\\\",
        "1@evil.test?",
        "1@evil.test#",
    ] {
        failed(&server.post("/ask", &format!(r#"{{"x": "{x}"}}"#)), &told);
    }
}

#[test]
fn a_host_that_a_secret_says_is_not_told() {
    let step = r#"http "GET" "http://{{ secrets.user }}.example.org:1/""#;
    failed(
        &ask(step),
        "a template chose the server, which `server { outbound { allow … } }` does not name",
    );
}
