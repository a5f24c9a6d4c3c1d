use super::refused;

#[test]
fn a_loop_takes_a_list_and_a_name_for_the_item() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "items" type="list" required=#true; } }
    each "{{ items }} and" as="item" { log "x"; }
    each "{{ items }}" { log "x"; }
    each "{{ items }}" as="item" concurrency=100 { log "x"; }
    each "{{ items }}" as="item"
    respond 200
}
"#,
        r#"
  × `each` takes a list, and this is text
   ╭─[flows.kdl:3:10]
 2 │     webhook "/a" { parse { body "items" type="list" required=#true; } }
 3 │     each "{{ items }} and" as="item" { log "x"; }
   ·          ─────────────────
 4 │     each "{{ items }}" { log "x"; }
   ╰────
  help: one placeholder and nothing else keeps a list: `"{{ items }}"`

  × `each` needs a name for the item
   ╭─[flows.kdl:4:5]
 3 │     each "{{ items }} and" as="item" { log "x"; }
 4 │     each "{{ items }}" { log "x"; }
   ·     ──────────────────
 5 │     each "{{ items }}" as="item" concurrency=100 { log "x"; }
   ╰────
  help: `each "{{ items }}" as="item"`

  × `concurrency` is a whole number from 1 to 64, found 100
   ╭─[flows.kdl:5:46]
 4 │     each "{{ items }}" { log "x"; }
 5 │     each "{{ items }}" as="item" concurrency=100 { log "x"; }
   ·                                              ───
 6 │     each "{{ items }}" as="item"
   ╰────

  × `each` has no steps
   ╭─[flows.kdl:6:5]
 5 │     each "{{ items }}" as="item" concurrency=100 { log "x"; }
 6 │     each "{{ items }}" as="item"
   ·     ────────────────────────────
 7 │     respond 200
   ╰────
flows.kdl: 4 errors
"#,
    );
}

#[test]
fn what_a_loop_sets_may_be_absent_behind_it() {
    refused(
        r#"flow "a" {
    webhook "/a" { parse { body "items" type="list" required=#true; } }
    each "{{ items }}" as="item" { set last="{{ item }}"; }
    set late="{{ last }}" later="{{ item }}"
    each "{{ items }}" as="one" concurrency=2 { set lost="{{ one }}"; }
    log "{{ lost }}"
}
"#,
        r#"
  × `last` may be absent
   ╭─[flows.kdl:4:18]
 3 │     each "{{ items }}" as="item" { set last="{{ item }}"; }
 4 │     set late="{{ last }}" later="{{ item }}"
   ·                  ────
 5 │     each "{{ items }}" as="one" concurrency=2 { set lost="{{ one }}"; }
   ╰────
  help: set it on every way to here, or guard it: `last is defined and …`, `last | default(…)`

  × `item` may be absent
   ╭─[flows.kdl:4:37]
 3 │     each "{{ items }}" as="item" { set last="{{ item }}"; }
 4 │     set late="{{ last }}" later="{{ item }}"
   ·                                     ────
 5 │     each "{{ items }}" as="one" concurrency=2 { set lost="{{ one }}"; }
   ╰────
  help: set it on every way to here, or guard it: `item is defined and …`, `item | default(…)`

  × nothing is called `lost` here
   ╭─[flows.kdl:6:13]
 5 │     each "{{ items }}" as="one" concurrency=2 { set lost="{{ one }}"; }
 6 │     log "{{ lost }}"
   ·             ────
 7 │ }
   ╰────
  help: `lost` is set on another way through the flow
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn no_answer_is_given_in_a_loop_or_in_a_lane() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "items" type="list" required=#true; } }
    each "{{ items }}" as="item" { respond 200; }
    parallel { lane { respond 200; }; }
    respond 200
}
"#,
        r#"
  × `respond` cannot stand in `each`
   ╭─[flows.kdl:3:36]
 2 │     webhook "/a" { parse { body "items" type="list" required=#true; } }
 3 │     each "{{ items }}" as="item" { respond 200; }
   ·                                    ───────────
 4 │     parallel { lane { respond 200; }; }
   ╰────
  help: set what is to be answered, and respond below

  × `respond` cannot stand in `parallel`
   ╭─[flows.kdl:4:23]
 3 │     each "{{ items }}" as="item" { respond 200; }
 4 │     parallel { lane { respond 200; }; }
   ·                       ───────────
 5 │     respond 200
   ╰────
  help: set what is to be answered, and respond below
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn break_and_continue_stand_in_a_loop_and_end_the_round() {
    refused(
        r#"flow "a" {
    webhook "/a" { parse { body "items" type="list" required=#true; } }
    break
    each "{{ items }}" as="item" {
        continue
        log "{{ item }}"
    }
    each "{{ items }}" as="item" { parallel { lane { break; }; }; }
}
"#,
        r#"
  × `break` stands inside an `each`
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a" { parse { body "items" type="list" required=#true; } }
 3 │     break
   ·     ─────
 4 │     each "{{ items }}" as="item" {
   ╰────

  × this step is never reached
   ╭─[flows.kdl:6:9]
 5 │         continue
 6 │         log "{{ item }}"
   ·         ────────────────
 7 │     }
   ╰────
  help: every way above it ends with `continue`, `break`, `respond`, `stop` or `fail`

  × `break` stands inside an `each`
   ╭─[flows.kdl:8:54]
 7 │     }
 8 │     each "{{ items }}" as="item" { parallel { lane { break; }; }; }
   ·                                                      ─────
 9 │ }
   ╰────
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn lanes_are_named_as_such_and_set_no_variable_twice() {
    refused(
        r#"flow "a" {
    webhook "/a"
    parallel wait="both" { lane { set x=1; }; line { log "x"; }; }
    parallel { lane { set y=1; }; lane { set y=2; }; }
    parallel
}
"#,
        r#"
  × `wait` is one of `all`, `any`, `settled`, not "both"
   ╭─[flows.kdl:3:19]
 2 │     webhook "/a"
 3 │     parallel wait="both" { lane { set x=1; }; line { log "x"; }; }
   ·                   ──────
 4 │     parallel { lane { set y=1; }; lane { set y=2; }; }
   ╰────

  × `parallel` has lanes, not `line`
   ╭─[flows.kdl:3:47]
 2 │     webhook "/a"
 3 │     parallel wait="both" { lane { set x=1; }; line { log "x"; }; }
   ·                                               ────
 4 │     parallel { lane { set y=1; }; lane { set y=2; }; }
   ╰────
  help: did you mean `lane`?

  × two lanes set `y`, and which of them is last is chance
   ╭─[flows.kdl:4:35]
 3 │     parallel wait="both" { lane { set x=1; }; line { log "x"; }; }
 4 │     parallel { lane { set y=1; }; lane { set y=2; }; }
   ·                ──┬─               ────
   ·                  ╰── the other lane is here
 5 │     parallel
   ╰────

  × `parallel` has no lanes
   ╭─[flows.kdl:5:5]
 4 │     parallel { lane { set y=1; }; lane { set y=2; }; }
 5 │     parallel
   ·     ────────
 6 │ }
   ╰────
  help: `parallel { lane { … }; lane { … }; }`
flows.kdl: 4 errors
"#,
    );
}

#[test]
fn what_all_lanes_set_is_there_behind_them_and_else_may_be_absent() {
    refused(
        r#"flow "a" {
    webhook "/a"
    parallel { lane { set x=1; }; lane { set y=2; }; }
    set sum="{{ x + y }}"
    parallel wait="any" { lane { set v=1; }; lane { set w=2; }; }
    set sum="{{ v }}"
}
"#,
        r#"
  × `v` may be absent
   ╭─[flows.kdl:6:17]
 5 │     parallel wait="any" { lane { set v=1; }; lane { set w=2; }; }
 6 │     set sum="{{ v }}"
   ·                 ─
 7 │ }
   ╰────
  help: set it on every way to here, or guard it: `v is defined and …`, `v | default(…)`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_wait_is_a_time() {
    refused(
        r#"flow "a" {
    webhook "/a" { parse { body "n" type="number"; } }
    delay "5"
    delay
    delay "{{ n }}s"
    delay "400days"
}
"#,
        r#"
  × `delay` is a time like "500ms", "10s" or "5m", found "5"
   ╭─[flows.kdl:3:11]
 2 │     webhook "/a" { parse { body "n" type="number"; } }
 3 │     delay "5"
   ·           ───
 4 │     delay
   ╰────

  × `delay` needs how long to wait: `delay "5m"`
   ╭─[flows.kdl:4:5]
 3 │     delay "5"
 4 │     delay
   ·     ─────
 5 │     delay "{{ n }}s"
   ╰────

  × `n` may be absent
   ╭─[flows.kdl:5:15]
 4 │     delay
 5 │     delay "{{ n }}s"
   ·               ─
 6 │     delay "400days"
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `n is defined and …`, `n |
        default(…)`

  × `delay` is at most "365days", found "400days"
   ╭─[flows.kdl:6:11]
 5 │     delay "{{ n }}s"
 6 │     delay "400days"
   ·           ─────────
 7 │ }
   ╰────
flows.kdl: 4 errors
"#,
    );
}
