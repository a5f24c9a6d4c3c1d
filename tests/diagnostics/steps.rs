use super::refused;

#[test]
fn an_unknown_step_is_named_with_the_one_that_is_meant() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    lgo "x"
    if "n > 3" { log "x"; }
    when "n > 3" { log "x"; }
    print "x"
    parse { body "m"; }
    ping "ops"
    respond 200
}
"#,
        r#"
  × there is no step `lgo`
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a" { parse { body "n" type="number" required=#true; }; }
 3 │     lgo "x"
   ·     ───
 4 │     if "n > 3" { log "x"; }
   ╰────
  help: did you mean `log`?

  × there is no step `if`
   ╭─[flows.kdl:4:5]
 3 │     lgo "x"
 4 │     if "n > 3" { log "x"; }
   ·     ──
 5 │     when "n > 3" { log "x"; }
   ╰────
  help: did you mean `branch { when "…" { … } }`?

  × there is no step `when`
   ╭─[flows.kdl:5:5]
 4 │     if "n > 3" { log "x"; }
 5 │     when "n > 3" { log "x"; }
   ·     ────
 6 │     print "x"
   ╰────
  help: `when` stands inside a `branch`

  × there is no step `print`
   ╭─[flows.kdl:6:5]
 5 │     when "n > 3" { log "x"; }
 6 │     print "x"
   ·     ─────
 7 │     parse { body "m"; }
   ╰────
  help: did you mean `log`?

  × there is no step `parse`
   ╭─[flows.kdl:7:5]
 6 │     print "x"
 7 │     parse { body "m"; }
   ·     ─────
 8 │     ping "ops"
   ╰────
  help: `parse` stands inside the `webhook`

  × there is no step `ping`
   ╭─[flows.kdl:8:5]
 7 │     parse { body "m"; }
 8 │     ping "ops"
   ·     ────
 9 │     respond 200
   ╰────
  help: there are `branch`, `respond`, `set`, `log`, `delay`, `http`, `exec`, `each`, `break`,
        `continue`, `parallel`, `call`, `output`, `stop`, `fail`
flows.kdl: 6 errors
"#,
    );
}

#[test]
fn a_branch_has_arms_in_order() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    branch { otherwise { log "x"; }; }
    branch "a" {
        otherwise { log "a"; }
        when "n > 3" { log "x"; }
        otherwise { log "y"; }
    }
    branch "b" label="x" { when "n > 3" lable="y" { log "x"; }; }
}
"#,
        r#"
  × a branch needs a `when`
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a" { parse { body "n" type="number" required=#true; }; }
 3 │     branch { otherwise { log "x"; }; }
   ·     ──────
 4 │     branch "a" {
   ╰────
  help: `when "amount >= 100" { … }`

  × `otherwise` comes last, once
   ╭─[flows.kdl:6:9]
 4 │     branch "a" {
 5 │         otherwise { log "a"; }
   ·         ────┬────
   ·             ╰── it is here
 6 │         when "n > 3" { log "x"; }
   ·         ────────────
 7 │         otherwise { log "y"; }
   ╰────

  × `otherwise` comes last, once
   ╭─[flows.kdl:7:9]
 4 │     branch "a" {
 5 │         otherwise { log "a"; }
   ·         ────┬────
   ·             ╰── it is here
 6 │         when "n > 3" { log "x"; }
 7 │         otherwise { log "y"; }
   ·         ─────────
 8 │     }
   ╰────

  × `branch` has no property `label`
    ╭─[flows.kdl:9:16]
  8 │     }
  9 │     branch "b" label="x" { when "n > 3" lable="y" { log "x"; }; }
    ·                ─────
 10 │ }
    ╰────
  help: `branch` takes no properties

  × `when` has no property `lable`
    ╭─[flows.kdl:9:41]
  8 │     }
  9 │     branch "b" label="x" { when "n > 3" lable="y" { log "x"; }; }
    ·                                         ─────
 10 │ }
    ╰────
  help: did you mean `label`?
flows.kdl: 5 errors
"#,
    );
}

#[test]
fn an_arm_by_another_word_is_read_as_the_one_that_is_meant() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="number" required=#true; }; }
    branch {
        if "n > 3 and m > 2" { set x=1; }
        wehn "n > 2" { set x=2; }
        else { set x=3; }
    }
    respond 200 { body "{{ x + 1 }}"; }
}
"#,
        r#"
  × a branch has `when` and `otherwise`, not `if`
   ╭─[flows.kdl:4:9]
 3 │     branch {
 4 │         if "n > 3 and m > 2" { set x=1; }
   ·         ──
 5 │         wehn "n > 2" { set x=2; }
   ╰────
  help: did you mean `when`?

  × nothing is called `m` here
   ╭─[flows.kdl:4:23]
 3 │     branch {
 4 │         if "n > 3 and m > 2" { set x=1; }
   ·                       ─
 5 │         wehn "n > 2" { set x=2; }
   ╰────

  × a branch has `when` and `otherwise`, not `wehn`
   ╭─[flows.kdl:5:9]
 4 │         if "n > 3 and m > 2" { set x=1; }
 5 │         wehn "n > 2" { set x=2; }
   ·         ────
 6 │         else { set x=3; }
   ╰────
  help: did you mean `when`?

  × a branch has `when` and `otherwise`, not `else`
   ╭─[flows.kdl:6:9]
 5 │         wehn "n > 2" { set x=2; }
 6 │         else { set x=3; }
   ·         ────
 7 │     }
   ╰────
  help: did you mean `otherwise`?
flows.kdl: 4 errors
"#,
    );
}

#[test]
fn set_takes_properties_that_can_name_variables() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    set
    set "x"
    set Total=1 b-c=2 request=3 amount=#null d=(env)"D"
    respond 200 { body "{{ total }} {{ b_c }} {{ amount }} {{ d }}"; }
}
"#,
        r#"
  × `set` sets nothing
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a"
 3 │     set
   ·     ───
 4 │     set "x"
   ╰────
  help: `set total="{{ amount * 2 }}"`

  × `set` sets nothing
   ╭─[flows.kdl:4:5]
 3 │     set
 4 │     set "x"
   ·     ───────
 5 │     set Total=1 b-c=2 request=3 amount=#null d=(env)"D"
   ╰────
  help: `set total="{{ amount * 2 }}"`

  × `Total` cannot name a variable
   ╭─[flows.kdl:5:9]
 4 │     set "x"
 5 │     set Total=1 b-c=2 request=3 amount=#null d=(env)"D"
   ·         ─────
 6 │     respond 200 { body "{{ total }} {{ b_c }} {{ amount }} {{ d }}"; }
   ╰────
  help: `total` can

  × `b-c` cannot name a variable
   ╭─[flows.kdl:5:17]
 4 │     set "x"
 5 │     set Total=1 b-c=2 request=3 amount=#null d=(env)"D"
   ·                 ───
 6 │     respond 200 { body "{{ total }} {{ b_c }} {{ amount }} {{ d }}"; }
   ╰────
  help: `b_c` can

  × `request` cannot name a variable: every expression knows it
   ╭─[flows.kdl:5:23]
 4 │     set "x"
 5 │     set Total=1 b-c=2 request=3 amount=#null d=(env)"D"
   ·                       ───────
 6 │     respond 200 { body "{{ total }} {{ b_c }} {{ amount }} {{ d }}"; }
   ╰────
  help: choose another name

  × a variable cannot be set to `#null`: that is what an absent one is
   ╭─[flows.kdl:5:40]
 4 │     set "x"
 5 │     set Total=1 b-c=2 request=3 amount=#null d=(env)"D"
   ·                                        ─────
 6 │     respond 200 { body "{{ total }} {{ b_c }} {{ amount }} {{ d }}"; }
   ╰────

  × `(env)` cannot stand before a value
   ╭─[flows.kdl:5:49]
 4 │     set "x"
 5 │     set Total=1 b-c=2 request=3 amount=#null d=(env)"D"
   ·                                                 ───
 6 │     respond 200 { body "{{ total }} {{ b_c }} {{ amount }} {{ d }}"; }
   ╰────
  help: a secret stands in `auth`, or in `secrets { … }`, and nowhere else
flows.kdl: 7 errors
"#,
    );
}

#[test]
fn log_fail_and_stop_take_what_they_take() {
    refused(
        r#"flow "a" {
    webhook "/a"
    log
    log "a" "b"
    log 5
    log (env)"X"
    branch { when "now == 1" { fail; }; otherwise { stop "x"; }; }
}
"#,
        r#"
  × `log` needs the line to write
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a"
 3 │     log
   ·     ───
 4 │     log "a" "b"
   ╰────

  × `log` takes only one value
   ╭─[flows.kdl:4:13]
 3 │     log
 4 │     log "a" "b"
   ·             ─┬─
   ·              ╰── not expected
 5 │     log 5
   ╰────

  × a line is text in quotes, found 5
   ╭─[flows.kdl:5:9]
 4 │     log "a" "b"
 5 │     log 5
   ·         ─
 6 │     log (env)"X"
   ╰────

  × `(env)` cannot stand before a line
   ╭─[flows.kdl:6:10]
 5 │     log 5
 6 │     log (env)"X"
   ·          ───
 7 │     branch { when "now == 1" { fail; }; otherwise { stop "x"; }; }
   ╰────
  help: a secret stands in `auth`, or in `secrets { … }`, and nowhere else

  × nothing is called `now` here
   ╭─[flows.kdl:7:20]
 6 │     log (env)"X"
 7 │     branch { when "now == 1" { fail; }; otherwise { stop "x"; }; }
   ·                    ───
 8 │ }
   ╰────
  help: set it above: `set time="{{ now() }}"`

  × `fail` needs a message
   ╭─[flows.kdl:7:32]
 6 │     log (env)"X"
 7 │     branch { when "now == 1" { fail; }; otherwise { stop "x"; }; }
   ·                                ────
 8 │ }
   ╰────

  × `stop` takes no value
   ╭─[flows.kdl:7:58]
 6 │     log (env)"X"
 7 │     branch { when "now == 1" { fail; }; otherwise { stop "x"; }; }
   ·                                                          ─┬─
   ·                                                           ╰── not expected
 8 │ }
   ╰────
flows.kdl: 7 errors
"#,
    );
}

#[test]
fn an_error_handler_stands_in_a_flow_or_a_step_and_has_steps() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    log "x" { on-error { }; }
    branch { when "run.attempt == 1" { log "x"; on-error { log "y"; }; }; }
    log "{{ error.message }}"
    respond 200
    on-eror { log "{{ error.mesage }}"; }
}
"#,
        r#"
  × `on-error` has no steps
   ╭─[flows.kdl:3:15]
 2 │     webhook "/a"
 3 │     log "x" { on-error { }; }
   ·               ────────
 4 │     branch { when "run.attempt == 1" { log "x"; on-error { log "y"; }; }; }
   ╰────
  help: `on-error { log "{{ error.message }}"; }`

  × there is no step `on-error`
   ╭─[flows.kdl:4:49]
 3 │     log "x" { on-error { }; }
 4 │     branch { when "run.attempt == 1" { log "x"; on-error { log "y"; }; }; }
   ·                                                 ────────
 5 │     log "{{ error.message }}"
   ╰────
  help: `on-error` stands in a flow, or in the block of the step that may fail

  × unknown node `on-eror` in `flow`
   ╭─[flows.kdl:7:5]
 6 │     respond 200
 7 │     on-eror { log "{{ error.mesage }}"; }
   ·     ───────
 8 │ }
   ╰────
  help: did you mean `on-error`?

  × `error` has no `mesage`
   ╭─[flows.kdl:7:29]
 6 │     respond 200
 7 │     on-eror { log "{{ error.mesage }}"; }
   ·                             ──────
 8 │ }
   ╰────
  help: did you mean `message`?
flows.kdl: 4 errors
"#,
    );
}

#[test]
fn what_failed_is_not_known_below_its_handler() {
    refused(
        r#"flow "a" {
    webhook "/a"
    log "x" { on-error { log "{{ error.message }}"; }; }
    log "{{ error.message }}"
}
"#,
        r#"
  × nothing is called `error` here
   ╭─[flows.kdl:4:13]
 3 │     log "x" { on-error { log "{{ error.message }}"; }; }
 4 │     log "{{ error.message }}"
   ·             ─────
 5 │ }
   ╰────
  help: `error` is only known inside `on-error`
flows.kdl: 1 error
"#,
    );
}
