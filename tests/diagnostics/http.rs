use super::{accepted, refused};

#[test]
fn a_template_may_not_choose_the_host_unless_the_server_names_some() {
    refused(
        r#"server { listen "127.0.0.1:0"; }
flow "a" {
    webhook "/a" { parse { body "host" required=#true; }; }
    http "GET" "https://{{ host }}/path"
    http "GET" "https://a.example.org{{ host }}"
    http "GET" "{{ host }}"
    http "GET" "http{{ host }}://a.example.org/"
    http "GET" "https://a.example.org:{{ host }}/"
    http "GET" "https://a.example.org/{{ host }}"
    http "GET" "https://u:{{ host }}@a.example.org?{{ host }}"
}
"#,
        r#"
  × the host of this URL comes from a template
   ╭─[flows.kdl:4:16]
 3 │     webhook "/a" { parse { body "host" required=#true; }; }
 4 │     http "GET" "https://{{ host }}/path"
   ·                ─────────────────────────
 5 │     http "GET" "https://a.example.org{{ host }}"
   ╰────
  help: write the host out, or name it in `server { outbound { allow … } }`

  × the host of this URL comes from a template
   ╭─[flows.kdl:5:16]
 4 │     http "GET" "https://{{ host }}/path"
 5 │     http "GET" "https://a.example.org{{ host }}"
   ·                ─────────────────────────────────
 6 │     http "GET" "{{ host }}"
   ╰────
  help: write the host out, or name it in `server { outbound { allow … } }`

  × the host of this URL comes from a template
   ╭─[flows.kdl:6:16]
 5 │     http "GET" "https://a.example.org{{ host }}"
 6 │     http "GET" "{{ host }}"
   ·                ────────────
 7 │     http "GET" "http{{ host }}://a.example.org/"
   ╰────
  help: write the host out, or name it in `server { outbound { allow … } }`

  × the host of this URL comes from a template
   ╭─[flows.kdl:7:16]
 6 │     http "GET" "{{ host }}"
 7 │     http "GET" "http{{ host }}://a.example.org/"
   ·                ─────────────────────────────────
 8 │     http "GET" "https://a.example.org:{{ host }}/"
   ╰────
  help: write the host out, or name it in `server { outbound { allow … } }`

  × the host of this URL comes from a template
   ╭─[flows.kdl:8:16]
 7 │     http "GET" "http{{ host }}://a.example.org/"
 8 │     http "GET" "https://a.example.org:{{ host }}/"
   ·                ───────────────────────────────────
 9 │     http "GET" "https://a.example.org/{{ host }}"
   ╰────
  help: write the host out, or name it in `server { outbound { allow … } }`
flows.kdl: 5 errors
"#,
    );
}

#[test]
fn a_template_may_choose_the_host_where_the_server_names_some() {
    accepted(
        r#"server { outbound { allow "10.0.0.0/8" "*.example.org" "ntfy.internal" "::1"; }; }
flow "a" {
    webhook "/a" { parse { body "host" required=#true; }; }
    http "GET" "https://{{ host }}/path"
    http "GET" "{{ host }}"
}
"#,
        r#"
flows.kdl: 1 flow
"#,
    );
}

#[test]
fn what_is_no_url_of_a_web_server_is_told() {
    refused(
        r#"flow "a" {
    webhook "/a"
    http "GET" "ftp://example.org/"
    http "GET" "example.org/path"
    http "GET" "https://"
    http "GET" "https://exa mple.org"
    http "GET" "https://example.org:99999/"
    http "GET" 5
}
"#,
        r#"
  × this is no URL of a web server
   ╭─[flows.kdl:3:16]
 2 │     webhook "/a"
 3 │     http "GET" "ftp://example.org/"
   ·                ────────────────────
 4 │     http "GET" "example.org/path"
   ╰────
  help: "https://example.org/path": `http` or `https`, and a host

  × this is no URL of a web server
   ╭─[flows.kdl:4:16]
 3 │     http "GET" "ftp://example.org/"
 4 │     http "GET" "example.org/path"
   ·                ──────────────────
 5 │     http "GET" "https://"
   ╰────
  help: "https://example.org/path": `http` or `https`, and a host

  × this is no URL of a web server
   ╭─[flows.kdl:5:16]
 4 │     http "GET" "example.org/path"
 5 │     http "GET" "https://"
   ·                ──────────
 6 │     http "GET" "https://exa mple.org"
   ╰────
  help: "https://example.org/path": `http` or `https`, and a host

  × this is no URL of a web server
   ╭─[flows.kdl:6:16]
 5 │     http "GET" "https://"
 6 │     http "GET" "https://exa mple.org"
   ·                ──────────────────────
 7 │     http "GET" "https://example.org:99999/"
   ╰────
  help: "https://example.org/path": `http` or `https`, and a host

  × this is no URL of a web server
   ╭─[flows.kdl:7:16]
 6 │     http "GET" "https://exa mple.org"
 7 │     http "GET" "https://example.org:99999/"
   ·                ────────────────────────────
 8 │     http "GET" 5
   ╰────
  help: "https://example.org/path": `http` or `https`, and a host

  × a URL is text in quotes, found 5
   ╭─[flows.kdl:8:16]
 7 │     http "GET" "https://example.org:99999/"
 8 │     http "GET" 5
   ·                ─
 9 │ }
   ╰────
flows.kdl: 6 errors
"#,
    );
}

#[test]
fn a_host_that_could_never_be_asked_is_told_before_any_run() {
    refused(
        r#"server { outbound { allow "192.168.0.0/16"; }; }
flow "a" {
    webhook "/a"
    http "GET" "http://localhost:8080/"
    http "GET" "http://[::ffff:127.0.0.1]/"
    http "GET" "http://2852039166/latest/meta-data"
    http "GET" "http://192.168.1.1/"
    http "GET" "http://8.8.8.8/"
}
"#,
        r#"
  × localhost leads to 127.0.0.1, a loopback address, and `server { outbound { allow … } }` does
  │ not name it
   ╭─[flows.kdl:4:16]
 3 │     webhook "/a"
 4 │     http "GET" "http://localhost:8080/"
   ·                ────────────────────────
 5 │     http "GET" "http://[::ffff:127.0.0.1]/"
   ╰────
  help: `server { outbound { allow "localhost"; } }`, if that is what you mean

  × ::ffff:127.0.0.1 is a loopback address, and `server { outbound { allow … } }` does not name it
   ╭─[flows.kdl:5:16]
 4 │     http "GET" "http://localhost:8080/"
 5 │     http "GET" "http://[::ffff:127.0.0.1]/"
   ·                ────────────────────────────
 6 │     http "GET" "http://2852039166/latest/meta-data"
   ╰────
  help: `server { outbound { allow "127.0.0.1"; } }`, if that is what you mean

  × 169.254.169.254 is a link-local address, and `server { outbound { allow … } }` does not name
  │ it
   ╭─[flows.kdl:6:16]
 5 │     http "GET" "http://[::ffff:127.0.0.1]/"
 6 │     http "GET" "http://2852039166/latest/meta-data"
   ·                ────────────────────────────────────
 7 │     http "GET" "http://192.168.1.1/"
   ╰────
  help: `server { outbound { allow "169.254.169.254"; } }`, if that is what you mean
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn a_host_that_is_named_may_be_this_machine() {
    accepted(
        r#"server { outbound { allow "127.0.0.1" "b.localhost"; }; }
flow "a" {
    webhook "/a"
    http "GET" "http://localhost:8080/"
    http "GET" "http://[::ffff:127.0.0.1]/"
    http "GET" "http://b.localhost/"
}
"#,
        r#"
flows.kdl: 1 flow
"#,
    );
}

#[test]
fn a_method_comes_first_and_is_in_capitals() {
    refused(
        r#"flow "a" {
    webhook "/a"
    http
    http "post" "https://example.org"
    http "https://example.org"
    http "GET"
    http "A B" "https://example.org"
    http "GET" "https://example.org" "more"
}
"#,
        r#"
  × `http` needs a method and a URL: `http "POST" "https://…"`
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a"
 3 │     http
   ·     ────
 4 │     http "post" "https://example.org"
   ╰────

  × "post" is no method
   ╭─[flows.kdl:4:10]
 3 │     http
 4 │     http "post" "https://example.org"
   ·          ──────
 5 │     http "https://example.org"
   ╰────
  help: did you mean "POST"?

  × "https://example.org" is no method
   ╭─[flows.kdl:5:10]
 4 │     http "post" "https://example.org"
 5 │     http "https://example.org"
   ·          ─────────────────────
 6 │     http "GET"
   ╰────
  help: the method comes first: `http "POST" "https://…"`

  × `http` needs a URL behind the method
   ╭─[flows.kdl:6:5]
 5 │     http "https://example.org"
 6 │     http "GET"
   ·     ────
 7 │     http "A B" "https://example.org"
   ╰────

  × "A B" is no method
   ╭─[flows.kdl:7:10]
 6 │     http "GET"
 7 │     http "A B" "https://example.org"
   ·          ─────
 8 │     http "GET" "https://example.org" "more"
   ╰────

  × `http` takes only 2 values
   ╭─[flows.kdl:8:38]
 7 │     http "A B" "https://example.org"
 8 │     http "GET" "https://example.org" "more"
   ·                                      ───┬──
   ·                                         ╰── not expected
 9 │ }
   ╰────
  help: it takes the properties `timeout` and `as`
flows.kdl: 6 errors
"#,
    );
}

#[test]
fn settings_of_a_request_of_the_wrong_form_say_what_the_right_one_is() {
    refused(
        r#"flow "a" {
    webhook "/a"
    http "GET" "https://example.org" timeout="10" as="Answer" {
        redirects 21
        max-response "1mb"
        accept-status 200 99 "404"
        header "Content-Length" "5"
        header "X-A"
        query "a"
        query
        form { a; b "1" "2"; }
        bdy "x"
    }
}
"#,
        r#"
  × `timeout` is a time like "500ms", "10s" or "5m", found "10"
   ╭─[flows.kdl:3:46]
 2 │     webhook "/a"
 3 │     http "GET" "https://example.org" timeout="10" as="Answer" {
   ·                                              ────
 4 │         redirects 21
   ╰────

  × `Answer` cannot name a variable
   ╭─[flows.kdl:3:54]
 2 │     webhook "/a"
 3 │     http "GET" "https://example.org" timeout="10" as="Answer" {
   ·                                                      ────────
 4 │         redirects 21
   ╰────
  help: `answer` can

  × `redirects` is a whole number from 0 to 20, found 21
   ╭─[flows.kdl:4:19]
 3 │     http "GET" "https://example.org" timeout="10" as="Answer" {
 4 │         redirects 21
   ·                   ──
 5 │         max-response "1mb"
   ╰────

  × `max-response` is a size like "64KiB" or "1MiB", found "1mb"
   ╭─[flows.kdl:5:22]
 4 │         redirects 21
 5 │         max-response "1mb"
   ·                      ─────
 6 │         accept-status 200 99 "404"
   ╰────

  × a status is a whole number from 200 to 599, found 99
   ╭─[flows.kdl:6:27]
 5 │         max-response "1mb"
 6 │         accept-status 200 99 "404"
   ·                           ──
 7 │         header "Content-Length" "5"
   ╰────

  × a status is a whole number from 200 to 599, found "404"
   ╭─[flows.kdl:6:30]
 5 │         max-response "1mb"
 6 │         accept-status 200 99 "404"
   ·                              ─────
 7 │         header "Content-Length" "5"
   ╰────

  × `Content-Length` is set by the server itself
   ╭─[flows.kdl:7:16]
 6 │         accept-status 200 99 "404"
 7 │         header "Content-Length" "5"
   ·                ────────────────
 8 │         header "X-A"
   ╰────

  × `header` needs a value behind the name
   ╭─[flows.kdl:8:9]
 7 │         header "Content-Length" "5"
 8 │         header "X-A"
   ·         ──────
 9 │         query "a"
   ╰────

  × `query` needs a value behind the name
    ╭─[flows.kdl:9:9]
  8 │         header "X-A"
  9 │         query "a"
    ·         ─────
 10 │         query
    ╰────

  × `query` needs a name and a value
    ╭─[flows.kdl:10:9]
  9 │         query "a"
 10 │         query
    ·         ─────
 11 │         form { a; b "1" "2"; }
    ╰────

  × `a` needs a value
    ╭─[flows.kdl:11:16]
 10 │         query
 11 │         form { a; b "1" "2"; }
    ·                ─
 12 │         bdy "x"
    ╰────

  × `b` takes only one value
    ╭─[flows.kdl:11:25]
 10 │         query
 11 │         form { a; b "1" "2"; }
    ·                         ─┬─
    ·                          ╰── not expected
 12 │         bdy "x"
    ╰────

  × unknown node `bdy` in `http`
    ╭─[flows.kdl:12:9]
 11 │         form { a; b "1" "2"; }
 12 │         bdy "x"
    ·         ───
 13 │     }
    ╰────
  help: did you mean `body`?
flows.kdl: 13 errors
"#,
    );
}

#[test]
fn a_request_has_one_body() {
    refused(
        r#"flow "a" {
    webhook "/a"
    http "POST" "https://example.org" {
        json { a 1; }
        body "text"
    }
}
"#,
        r#"
  × a request has one body
   ╭─[flows.kdl:5:9]
 3 │     http "POST" "https://example.org" {
 4 │         json { a 1; }
   ·         ──┬─
   ·           ╰── the other is here
 5 │         body "text"
   ·         ───────────
 6 │     }
   ╰────
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_secret_may_stand_in_the_url_the_query_the_headers_and_the_body_alone() {
    refused(
        r#"secrets { ntfy "s3cret"; }
flow "a" {
    webhook "/a"
    http "POST" "https://{{ secrets.ntfy }}@example.org/{{ secrets.ntfy }}" {
        query "a" "{{ secrets.ntfy }}"
        header "A" "{{ secrets.ntfy }}"
        form { a "{{ secrets.nfty }}"; }
        on-error { log "{{ secrets.ntfy }}"; }
    }
}
"#,
        r#"
  × `secrets` has no `nfty`
   ╭─[flows.kdl:7:30]
 6 │         header "A" "{{ secrets.ntfy }}"
 7 │         form { a "{{ secrets.nfty }}"; }
   ·                              ────
 8 │         on-error { log "{{ secrets.ntfy }}"; }
   ╰────
  help: did you mean `ntfy`?

  × nothing is called `secrets` here
   ╭─[flows.kdl:8:28]
 7 │         form { a "{{ secrets.nfty }}"; }
 8 │         on-error { log "{{ secrets.ntfy }}"; }
   ·                            ───────
 9 │     }
   ╰────
  help: a secret may stand in the URL, the query, the headers and the body of `http`, and in `env`
        and `stdin` of `exec`
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn the_answer_is_there_below_the_step_and_not_in_it() {
    refused(
        r#"flow "a" {
    webhook "/a"
    http "GET" "https://example.org/{{ answer.text }}" as="answer" {
        on-error { log "failed"; }
    }
    set text="{{ answer.text }}"
}
"#,
        r#"
  × nothing is called `answer` here
   ╭─[flows.kdl:3:40]
 2 │     webhook "/a"
 3 │     http "GET" "https://example.org/{{ answer.text }}" as="answer" {
   ·                                        ──────
 4 │         on-error { log "failed"; }
   ╰────

  × `answer` may be absent
   ╭─[flows.kdl:6:18]
 5 │     }
 6 │     set text="{{ answer.text }}"
   ·                  ──────
 7 │ }
   ╰────
  help: set it on every way to here, or guard it: `answer is defined and …`, `answer | default(…)`
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn what_outbound_allows_is_a_network_an_address_or_a_host() {
    refused(
        r#"server {
    outbound {
        allow "https://example.org" "example.org:80" "10.0.0.0/33" "*" ""
        allow "a.org" "A.org" 5
        allow
        deny "x"
    }
}
flow "a" {
    webhook "/a" { parse { body "host" required=#true; }; }
    http "GET" "https://{{ host }}/"
}
"#,
        r#"
  × "https://example.org" is no network, address or host
   ╭─[flows.kdl:3:15]
 2 │     outbound {
 3 │         allow "https://example.org" "example.org:80" "10.0.0.0/33" "*" ""
   ·               ─────────────────────
 4 │         allow "a.org" "A.org" 5
   ╰────
  help: "10.0.0.0/8", "127.0.0.1", "ntfy.internal" or "*.example.org": no scheme, no port

  × "example.org:80" is no network, address or host
   ╭─[flows.kdl:3:37]
 2 │     outbound {
 3 │         allow "https://example.org" "example.org:80" "10.0.0.0/33" "*" ""
   ·                                     ────────────────
 4 │         allow "a.org" "A.org" 5
   ╰────
  help: "10.0.0.0/8", "127.0.0.1", "ntfy.internal" or "*.example.org": no scheme, no port

  × "10.0.0.0/33" is no network, address or host
   ╭─[flows.kdl:3:54]
 2 │     outbound {
 3 │         allow "https://example.org" "example.org:80" "10.0.0.0/33" "*" ""
   ·                                                      ─────────────
 4 │         allow "a.org" "A.org" 5
   ╰────
  help: "10.0.0.0/8", "127.0.0.1", "ntfy.internal" or "*.example.org": no scheme, no port

  × "*" is no network, address or host
   ╭─[flows.kdl:3:68]
 2 │     outbound {
 3 │         allow "https://example.org" "example.org:80" "10.0.0.0/33" "*" ""
   ·                                                                    ───
 4 │         allow "a.org" "A.org" 5
   ╰────
  help: "10.0.0.0/8", "127.0.0.1", "ntfy.internal" or "*.example.org": no scheme, no port

  × what is allowed cannot be empty
   ╭─[flows.kdl:3:72]
 2 │     outbound {
 3 │         allow "https://example.org" "example.org:80" "10.0.0.0/33" "*" ""
   ·                                                                        ──
 4 │         allow "a.org" "A.org" 5
   ╰────

  × `a.org` is allowed twice
   ╭─[flows.kdl:4:23]
 3 │         allow "https://example.org" "example.org:80" "10.0.0.0/33" "*" ""
 4 │         allow "a.org" "A.org" 5
   ·                       ───────
 5 │         allow
   ╰────

  × what is allowed is text in quotes, found 5
   ╭─[flows.kdl:4:31]
 3 │         allow "https://example.org" "example.org:80" "10.0.0.0/33" "*" ""
 4 │         allow "a.org" "A.org" 5
   ·                               ─
 5 │         allow
   ╰────

  × `allow` needs a network, an address or a host
   ╭─[flows.kdl:5:9]
 4 │         allow "a.org" "A.org" 5
 5 │         allow
   ·         ─────
 6 │         deny "x"
   ╰────

  × unknown node `deny` in `outbound`
   ╭─[flows.kdl:6:9]
 5 │         allow
 6 │         deny "x"
   ·         ────
 7 │     }
   ╰────
  help: allowed here: `allow`
flows.kdl: 9 errors
"#,
    );
}
