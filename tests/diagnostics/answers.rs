use super::refused;

#[test]
fn a_sync_flow_that_responds_on_some_ways_only_is_told_where_it_does_not() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    branch "size" {
        when "n > 10" { respond 200; }
        when "n > 5" { log "x"; }
        when "n > 3" { stop; }
        when "n > 2" { fail "two"; }
    }
}
"#,
        r#"
  × a way through this flow gives no answer
   ╭─[flows.kdl:5:24]
 2 │     webhook "/a" { parse { body "n" type="number" required=#true; }; }
 3 │     branch "size" {
   ·     ──────┬──────
   ·           ╰── nothing matched, and there is no `otherwise`
 4 │         when "n > 10" { respond 200; }
   ·                         ─────┬─────
   ·                              ╰── another way answers here
 5 │         when "n > 5" { log "x"; }
   ·                        ───┬───
   ·                           ╰── after this step the flow ends
 6 │         when "n > 3" { stop; }
   ·                        ──┬─
   ·                          ╰── this ends the run
 7 │         when "n > 2" { fail "two"; }
   ╰────
  help: a sync flow that responds on one way responds on every way
flows.kdl: 1 error
"#,
    );
}

#[test]
fn an_empty_arm_gives_no_answer() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    branch {
        when "n > 10" { respond 200; }
        otherwise { }
    }
}
"#,
        r#"
  × a way through this flow gives no answer
   ╭─[flows.kdl:5:9]
 3 │     branch {
 4 │         when "n > 10" { respond 200; }
   ·                         ─────┬─────
   ·                              ╰── another way answers here
 5 │         otherwise { }
   ·         ────┬────
   ·             ╰── nothing happens here
 6 │     }
   ╰────
  help: a sync flow that responds on one way responds on every way
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_handler_that_goes_on_below_its_answer_gives_none() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    respond 200 { body "{{ now() }}"; on-error { log "{{ error.message }}"; }; }
}
"#,
        r#"
  × a way through this flow gives no answer
   ╭─[flows.kdl:3:50]
 2 │     webhook "/a"
 3 │     respond 200 { body "{{ now() }}"; on-error { log "{{ error.message }}"; }; }
   ·     ─────┬─────                                  ────────────┬────────────
   ·          │                                                   ╰── after this step the flow ends
   ·          ╰── another way answers here
 4 │ }
   ╰────
  help: a sync flow that responds on one way responds on every way
flows.kdl: 1 error
"#,
    );
}

#[test]
fn an_async_flow_cannot_respond() {
    refused(
        r#"flow "a" {
    webhook "/a"
    respond 200
}
flow "b" mode="async" {
    webhook "/b"
    log "x"
    on-error { respond 500; }
}
"#,
        r#"
  × an async flow cannot `respond`: its caller has gone
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a"
 3 │     respond 200
   ·     ───────────
 4 │ }
   ╰────
  help: put `respond` into the `webhook`, or say `mode="sync"`

  × an async flow cannot `respond`: its caller has gone
   ╭─[flows.kdl:8:16]
 7 │     log "x"
 8 │     on-error { respond 500; }
   ·                ───────────
 9 │ }
   ╰────
  help: put `respond` into the `webhook`, or say `mode="sync"`
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn a_sync_flow_answers_by_a_step_and_not_by_its_webhook() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { respond 202; }
    respond 200
}
"#,
        r#"
  × a sync flow answers with a `respond` of its own
   ╭─[flows.kdl:2:20]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a" { respond 202; }
   ·                    ───────────
 3 │     respond 200
   ╰────
  help: move it among the flow's steps
flows.kdl: 1 error
"#,
    );
}

#[test]
fn steps_that_are_never_reached_are_told_once_for_each_block() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    branch {
        when "n > 10" { respond 200; log "never"; log "nor this"; }
        otherwise { fail "small"; }
    }
    log "never"
    respond 200
}
"#,
        r#"
  × this step is never reached
   ╭─[flows.kdl:4:38]
 3 │     branch {
 4 │         when "n > 10" { respond 200; log "never"; log "nor this"; }
   ·                                      ───────────
 5 │         otherwise { fail "small"; }
   ╰────
  help: every way above it ends with `respond`, `stop` or `fail`

  × this step is never reached
   ╭─[flows.kdl:7:5]
 6 │     }
 7 │     log "never"
   ·     ───────────
 8 │     respond 200
   ╰────
  help: every way above it ends with `respond`, `stop` or `fail`
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn a_second_answer_is_never_reached() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    respond 200
    respond 201
}
"#,
        r#"
  × this step is never reached
   ╭─[flows.kdl:4:5]
 3 │     respond 200
 4 │     respond 201
   ·     ───────────
 5 │ }
   ╰────
  help: every way above it ends with `respond`, `stop` or `fail`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn an_unknown_step_neither_ends_a_way_nor_hides_that_another_one_is_open() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    branch {
        when "n > 10" { respnd 200; }
        otherwise { ping "ops@example.org" { body "{{ n }}"; }; }
    }
    respond 200
}
"#,
        r#"
  × there is no step `respnd`
   ╭─[flows.kdl:4:25]
 3 │     branch {
 4 │         when "n > 10" { respnd 200; }
   ·                         ──────
 5 │         otherwise { ping "ops@example.org" { body "{{ n }}"; }; }
   ╰────
  help: did you mean `respond`?

  × there is no step `ping`
   ╭─[flows.kdl:5:21]
 4 │         when "n > 10" { respnd 200; }
 5 │         otherwise { ping "ops@example.org" { body "{{ n }}"; }; }
   ·                     ────
 6 │     }
   ╰────
  help: there are `branch`, `respond`, `set`, `log`, `delay`, `http`, `exec`, `each`, `break`,
        `continue`, `parallel`, `call`, `output`, `stop`, `fail`
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn statuses_headers_and_bodies_are_what_http_has() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    branch {
        when "n == 1" { respond 99; }
        when "n == 2" { respond "okay"; }
        when "n == 3" { respond 204 { body "x"; }; }
        when "n == 4" { respond 200 { body "x"; json 5; }; }
        when "n == 5" { respond 200 { header "Content-Length" "5"; header "X Y" "a"; header "X" "a\nb"; header "X"; }; }
        when "n == 6" { respond 200 status=201 { bdy "x"; }; }
        when "n == 7" { respond 200 201; }
        otherwise { respond 200 { body 5; body "b"; }; }
    }
}
"#,
        r#"
  × a status is a whole number from 200 to 599, found 99
   ╭─[flows.kdl:4:33]
 3 │     branch {
 4 │         when "n == 1" { respond 99; }
   ·                                 ──
 5 │         when "n == 2" { respond "okay"; }
   ╰────

  × a status is a whole number from 200 to 599, found "okay"
   ╭─[flows.kdl:5:33]
 4 │         when "n == 1" { respond 99; }
 5 │         when "n == 2" { respond "okay"; }
   ·                                 ──────
 6 │         when "n == 3" { respond 204 { body "x"; }; }
   ╰────

  × an answer with status 204 has no body
   ╭─[flows.kdl:6:25]
 5 │         when "n == 2" { respond "okay"; }
 6 │         when "n == 3" { respond 204 { body "x"; }; }
   ·                         ───────────
 7 │         when "n == 4" { respond 200 { body "x"; json 5; }; }
   ╰────

  × an answer has one body
   ╭─[flows.kdl:7:49]
 6 │         when "n == 3" { respond 204 { body "x"; }; }
 7 │         when "n == 4" { respond 200 { body "x"; json 5; }; }
   ·                                       ────┬───  ──────
   ·                                           ╰── the other is here
 8 │         when "n == 5" { respond 200 { header "Content-Length" "5"; header "X Y" "a"; header "X" "a\nb"; header "X"; }; }
   ╰────

  × `Content-Length` is set by the server itself
   ╭─[flows.kdl:8:46]
 7 │         when "n == 4" { respond 200 { body "x"; json 5; }; }
 8 │         when "n == 5" { respond 200 { header "Content-Length" "5"; header "X Y" "a"; header "X" "a\nb"; header "X"; }; }
   ·                                              ────────────────
 9 │         when "n == 6" { respond 200 status=201 { bdy "x"; }; }
   ╰────

  × "X Y" is no name for a header
   ╭─[flows.kdl:8:75]
 7 │         when "n == 4" { respond 200 { body "x"; json 5; }; }
 8 │         when "n == 5" { respond 200 { header "Content-Length" "5"; header "X Y" "a"; header "X" "a\nb"; header "X"; }; }
   ·                                                                           ─────
 9 │         when "n == 6" { respond 200 status=201 { bdy "x"; }; }
   ╰────

  × the value of `X` has characters that no header may have
   ╭─[flows.kdl:8:97]
 7 │         when "n == 4" { respond 200 { body "x"; json 5; }; }
 8 │         when "n == 5" { respond 200 { header "Content-Length" "5"; header "X Y" "a"; header "X" "a\nb"; header "X"; }; }
   ·                                                                                                 ──────
 9 │         when "n == 6" { respond 200 status=201 { bdy "x"; }; }
   ╰────

  × `header` needs a value behind the name
   ╭─[flows.kdl:8:105]
 7 │         when "n == 4" { respond 200 { body "x"; json 5; }; }
 8 │         when "n == 5" { respond 200 { header "Content-Length" "5"; header "X Y" "a"; header "X" "a\nb"; header "X"; }; }
   ·                                                                                                         ──────
 9 │         when "n == 6" { respond 200 status=201 { bdy "x"; }; }
   ╰────

  × `respond` has no property `status`
    ╭─[flows.kdl:9:37]
  8 │         when "n == 5" { respond 200 { header "Content-Length" "5"; header "X Y" "a"; header "X" "a\nb"; header "X"; }; }
  9 │         when "n == 6" { respond 200 status=201 { bdy "x"; }; }
    ·                                     ──────
 10 │         when "n == 7" { respond 200 201; }
    ╰────
  help: it has `then`

  × unknown node `bdy` in `respond`
    ╭─[flows.kdl:9:50]
  8 │         when "n == 5" { respond 200 { header "Content-Length" "5"; header "X Y" "a"; header "X" "a\nb"; header "X"; }; }
  9 │         when "n == 6" { respond 200 status=201 { bdy "x"; }; }
    ·                                                  ───
 10 │         when "n == 7" { respond 200 201; }
    ╰────
  help: did you mean `body`?

  × `respond` takes only one value
    ╭─[flows.kdl:10:37]
  9 │         when "n == 6" { respond 200 status=201 { bdy "x"; }; }
 10 │         when "n == 7" { respond 200 201; }
    ·                                     ─┬─
    ·                                      ╰── not expected
 11 │         otherwise { respond 200 { body 5; body "b"; }; }
    ╰────
  help: it takes the properties `then`

  × a body is text in quotes, found 5
    ╭─[flows.kdl:11:40]
 10 │         when "n == 7" { respond 200 201; }
 11 │         otherwise { respond 200 { body 5; body "b"; }; }
    ·                                        ─
 12 │     }
    ╰────

  × `body` is given twice in `respond`
    ╭─[flows.kdl:11:43]
 10 │         when "n == 7" { respond 200 201; }
 11 │         otherwise { respond 200 { body 5; body "b"; }; }
    ·                                   ──┬─    ──┬─
    ·                                     │       ╰── again here
    ·                                     ╰── first here
 12 │     }
    ╰────
flows.kdl: 13 errors
"#,
    );
}

#[test]
fn a_flow_that_goes_on_from_its_answer_answers_no_second_time_and_has_something_left_to_do() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    branch {
        when "n > 2" { respond 200 then="continue"; }
        when "n > 1" { respond 201; }
        otherwise { log "x"; }
    }
    respond 202
}
flow "b" mode="sync" {
    webhook "/b"
    respond 200 then="continue"
}
flow "c" mode="sync" {
    webhook "/c"
    log "x" { on-error { respond 500 then="continue"; log "y"; }; }
    respond 200 then="continue"
    stop
}
flow "d" {
    webhook "/d"
    respond 200 then="continue"
    log "x"
}
flow "e" mode="sync" {
    webhook "/e"
    parallel { lane { respond 200 then="continue"; log "x"; }; }
    respond 200 then="go-on"
    log "x"
}
flow "f" mode="sync" {
    webhook "/f" { parse { body "n" type="number" required=#true; }; }
    branch { when "n > 2" { respond 200 then="continue"; }; }
    log "x"
}
"#,
        r#"
  × the caller has been answered before
   ╭─[flows.kdl:8:5]
 3 │     branch {
 4 │         when "n > 2" { respond 200 then="continue"; }
   ·                        ─────────────┬─────────────
   ·                                     ╰── here, and the flow went on
 5 │         when "n > 1" { respond 201; }
 6 │         otherwise { log "x"; }
 7 │     }
 8 │     respond 202
   ·     ─────┬─────
   ·          ╰── again here
 9 │ }
   ╰────

  × the flow goes on from here, and nothing follows
    ╭─[flows.kdl:12:5]
 11 │     webhook "/b"
 12 │     respond 200 then="continue"
    ·     ───────────────────────────
 13 │ }
    ╰────
  help: leave `then` out

  × a flow cannot go on from an answer in `on-error`
    ╭─[flows.kdl:16:43]
 15 │     webhook "/c"
 16 │     log "x" { on-error { respond 500 then="continue"; log "y"; }; }
    ·                                           ──────────
 17 │     respond 200 then="continue"
    ╰────
  help: answer here without `then`, and do the rest above it

  × the caller has been answered before
    ╭─[flows.kdl:17:5]
 15 │     webhook "/c"
 16 │     log "x" { on-error { respond 500 then="continue"; log "y"; }; }
    ·                          ─────────────┬─────────────
    ·                                       ╰── here, and the flow went on
 17 │     respond 200 then="continue"
    ·     ─────────────┬─────────────
    ·                  ╰── again here
 18 │     stop
    ╰────

  × an async flow cannot `respond`: its caller has gone
    ╭─[flows.kdl:22:5]
 21 │     webhook "/d"
 22 │     respond 200 then="continue"
    ·     ───────────────────────────
 23 │     log "x"
    ╰────
  help: put `respond` into the `webhook`, or say `mode="sync"`

  × `respond` cannot stand in `parallel`
    ╭─[flows.kdl:27:23]
 26 │     webhook "/e"
 27 │     parallel { lane { respond 200 then="continue"; log "x"; }; }
    ·                       ───────────────────────────
 28 │     respond 200 then="go-on"
    ╰────
  help: set what is to be answered, and respond below

  × `then` is one of `continue`, not "go-on"
    ╭─[flows.kdl:28:22]
 27 │     parallel { lane { respond 200 then="continue"; log "x"; }; }
 28 │     respond 200 then="go-on"
    ·                      ───────
 29 │     log "x"
    ╰────

  × a way through this flow gives no answer
    ╭─[flows.kdl:34:5]
 32 │     webhook "/f" { parse { body "n" type="number" required=#true; }; }
 33 │     branch { when "n > 2" { respond 200 then="continue"; }; }
    ·                             ─────────────┬─────────────
    ·                                          ╰── another way answers here
 34 │     log "x"
    ·     ───┬───
    ·        ╰── after this step the flow ends
 35 │ }
    ╰────
  help: a sync flow that responds on one way responds on every way
flows.kdl: 8 errors
"#,
    );
}
