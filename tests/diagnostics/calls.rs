use super::{accepted, refused};

#[test]
fn a_flow_that_is_called_needs_no_webhook_and_nothing_is_wrong_with_it() {
    accepted(
        r#"flow "order" mode="sync" {
    webhook "/order" { parse { body "id" required=#true; body "amount" type="number" required=#true; }; }
    call "fee" as="fee" { with amount="{{ amount }}" rate=0.02; }
    respond 200 { json { fee "{{ fee.total }}"; }; }
}
flow "fee" {
    input "amount" type="number" required=#true
    input "rate" type="number" default=0.01
    input "note" label="Note"
    branch {
        when "amount > 100" { output { json { total "{{ amount * rate }}"; }; }; }
        otherwise { output { json { total 0; }; }; }
    }
}
"#,
        "flows.kdl: 2 flows\n",
    );
}

#[test]
fn what_is_given_is_held_against_the_inputs() {
    refused(
        r#"flow "a" {
    webhook "/a" { parse { body "x"; }; }
    call "notfy"
    call "notify"
    call "notify" { with order="A-1" amout=5 amount="much" note=#null; }
    call "notify" { with order="{{ x }}"; }
    call "notify" as="told" { with order=1; }
    call "b"
    call "notify" as="loop" { with; }
    call
}
flow "b" { webhook; log "x"; }
flow "notify" {
    input "order" type="string" required=#true
    input "amount" type="number"
    log "{{ order }}"
}
"#,
        r#"
  × there is no flow `notfy`
   ╭─[flows.kdl:3:10]
 2 │     webhook "/a" { parse { body "x"; }; }
 3 │     call "notfy"
   ·          ───────
 4 │     call "notify"
   ╰────
  help: did you mean `notify`?

  × the flow `notify` needs the input `order`
   ╭─[flows.kdl:4:5]
 3 │     call "notfy"
 4 │     call "notify"
   ·     ─────────────
 5 │     call "notify" { with order="A-1" amout=5 amount="much" note=#null; }
   ╰────
  help: `call "notify" { with order="…"; }`

  × the flow `notify` has no input `amout`
   ╭─[flows.kdl:5:38]
 4 │     call "notify"
 5 │     call "notify" { with order="A-1" amout=5 amount="much" note=#null; }
   ·                                      ─────
 6 │     call "notify" { with order="{{ x }}"; }
   ╰────
  help: did you mean `amount`?

  × the input `amount` has to be of type `number`
   ╭─[flows.kdl:5:53]
 4 │     call "notify"
 5 │     call "notify" { with order="A-1" amout=5 amount="much" note=#null; }
   ·                                                     ──────
 6 │     call "notify" { with order="{{ x }}"; }
   ╰────

  × the flow `notify` has no input `note`
   ╭─[flows.kdl:5:60]
 4 │     call "notify"
 5 │     call "notify" { with order="A-1" amout=5 amount="much" note=#null; }
   ·                                                            ────
 6 │     call "notify" { with order="{{ x }}"; }
   ╰────
  help: it takes `order`, `amount`

  × an input cannot be set to `#null`: that is what an absent one is
   ╭─[flows.kdl:5:65]
 4 │     call "notify"
 5 │     call "notify" { with order="A-1" amout=5 amount="much" note=#null; }
   ·                                                                 ─────
 6 │     call "notify" { with order="{{ x }}"; }
   ╰────

  × `x` may be absent
   ╭─[flows.kdl:6:36]
 5 │     call "notify" { with order="A-1" amout=5 amount="much" note=#null; }
 6 │     call "notify" { with order="{{ x }}"; }
   ·                                    ─
 7 │     call "notify" as="told" { with order=1; }
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `x is defined and …`, `x |
        default(…)`

  × the flow `notify` gives nothing
   ╭─[flows.kdl:7:22]
 6 │     call "notify" { with order="{{ x }}"; }
 7 │     call "notify" as="told" { with order=1; }
   ·                      ──────
 8 │     call "b"
   ╰────
  help: what it gives is said by an `output` in it

  × the input `order` has to be of type `string`
   ╭─[flows.kdl:7:42]
 6 │     call "notify" { with order="{{ x }}"; }
 7 │     call "notify" as="told" { with order=1; }
   ·                                          ─
 8 │     call "b"
   ╰────

  × the flow `b` has a `webhook`, and cannot be called
   ╭─[flows.kdl:8:10]
 7 │     call "notify" as="told" { with order=1; }
 8 │     call "b"
   ·          ───
 9 │     call "notify" as="loop" { with; }
   ╰────
  help: move its steps into a flow of their own with `input` lines, and call that from both

  × `loop` cannot name a variable: Jinja gives it a meaning
    ╭─[flows.kdl:9:22]
  8 │     call "b"
  9 │     call "notify" as="loop" { with; }
    ·                      ──────
 10 │     call
    ╰────
  help: choose another name

  × `with` gives nothing
    ╭─[flows.kdl:9:31]
  8 │     call "b"
  9 │     call "notify" as="loop" { with; }
    ·                               ────
 10 │     call
    ╰────
  help: `with order="{{ order_id }}"`

  × `call` needs a flow: `call "notify"`
    ╭─[flows.kdl:10:5]
  9 │     call "notify" as="loop" { with; }
 10 │     call
    ·     ────
 11 │ }
    ╰────
flows.kdl: 13 errors
"#,
    );
}

#[test]
fn flows_that_call_each_other_in_a_circle_are_told_with_the_way_round() {
    refused(
        r#"flow "start" { webhook "/a"; call "one"; }
flow "one" { call "two"; }
flow "two" { branch { when "run.id == ''" { call "three"; }; }; }
flow "three" { log "x" { on-error { call "one"; }; }; }
flow "self" { call "self"; }
"#,
        r#"
  × flows call each other in a circle
   ╭─[flows.kdl:4:42]
 1 │ flow "start" { webhook "/a"; call "one"; }
 2 │ flow "one" { call "two"; }
   ·                   ──┬──
   ·                     ╰── by way of this
 3 │ flow "two" { branch { when "run.id == ''" { call "three"; }; }; }
   ·                                                  ───┬───
   ·                                                     ╰── by way of this
 4 │ flow "three" { log "x" { on-error { call "one"; }; }; }
   ·                                          ─────
 5 │ flow "self" { call "self"; }
   ╰────
  help: the way round: `one` → `two` → `three` → `one`

  × flows call each other in a circle
   ╭─[flows.kdl:5:20]
 4 │ flow "three" { log "x" { on-error { call "one"; }; }; }
 5 │ flow "self" { call "self"; }
   ·                    ──────
   ╰────
  help: the way round: `self` → `self`
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn calls_within_calls_go_sixteen_flows_deep() {
    let chain = |last: usize| {
        let mut flows = "flow \"f0\" { webhook \"/a\"; call \"f1\"; }\n".to_owned();
        for i in 1..last {
            flows += &format!("flow \"f{i}\" {{ call \"f{}\"; }}\n", i + 1);
        }
        flows + &format!("flow \"f{last}\" {{ log \"x\"; }}\n")
    };
    accepted(&chain(16), "flows.kdl: 17 flows\n");
    refused(
        &chain(17),
        r#"
  × calls within calls go more than 16 flows deep
   ╭─[flows.kdl:1:32]
 1 │ flow "f0" { webhook "/a"; call "f1"; }
   ·                                ────
 2 │ flow "f1" { call "f2"; }
   ╰────
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_flow_that_is_called_answers_nobody_and_one_with_a_webhook_gives_nobody_anything() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    input "x"
    call "b" as="x"
    respond 200 { body "{{ x | upper }}"; }
    output "x"
}
flow "b" mode="sync" {
    input "n" type="number" default=1
    input "n"
    input "Upper" required=1
    branch {
        when "n > 1" { output "{{ n }}"; }
        when "n > 0" { respond 200; }
        when "n == 0" { output; }
        otherwise { output 1 { json 2; }; }
    }
    on-error { output 0; }
}
flow "c" timeout="5s" { input "n"; log "{{ n }}"; }
"#,
        r#"
  × `input` is for flows that are called
   ╭─[flows.kdl:3:5]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a"
   ·     ──────┬─────
   ·           ╰── this one has a `webhook`, whose `parse` reads a request
 3 │     input "x"
   ·     ─────────
 4 │     call "b" as="x"
   ╰────

  × this step is never reached
   ╭─[flows.kdl:6:5]
 5 │     respond 200 { body "{{ x | upper }}"; }
 6 │     output "x"
   ·     ──────────
 7 │ }
   ╰────
  help: every way above it ends with `respond`, `stop` or `fail`

  × `output` stands in a flow that is called
   ╭─[flows.kdl:6:5]
 5 │     respond 200 { body "{{ x | upper }}"; }
 6 │     output "x"
   ·     ──────────
 7 │ }
   ╰────
  help: this one has a `webhook`, whose caller is answered by `respond`

  × `mode` is for flows with a `webhook`
   ╭─[flows.kdl:8:15]
 7 │ }
 8 │ flow "b" mode="sync" {
   ·               ──────
 9 │     input "n" type="number" default=1
   ╰────
  help: this one is called, and runs as part of the flow that calls it

  × the input `n` is there twice
    ╭─[flows.kdl:10:11]
  8 │ flow "b" mode="sync" {
  9 │     input "n" type="number" default=1
    ·           ─┬─
    ·            ╰── the other one
 10 │     input "n"
    ·           ───
 11 │     input "Upper" required=1
    ╰────

  × `Upper` cannot name a variable
    ╭─[flows.kdl:11:11]
 10 │     input "n"
 11 │     input "Upper" required=1
    ·           ───────
 12 │     branch {
    ╰────
  help: `upper` can

  × `required` is `#true` or `#false`, found 1
    ╭─[flows.kdl:11:28]
 10 │     input "n"
 11 │     input "Upper" required=1
    ·                            ─
 12 │     branch {
    ╰────

  × a flow that is called cannot `respond`
    ╭─[flows.kdl:14:24]
 13 │         when "n > 1" { output "{{ n }}"; }
 14 │         when "n > 0" { respond 200; }
    ·                        ───────────
 15 │         when "n == 0" { output; }
    ╰────
  help: give the flow that calls it what is to be answered: `output "{{ … }}"`

  × `output` gives nothing
    ╭─[flows.kdl:15:25]
 14 │         when "n > 0" { respond 200; }
 15 │         when "n == 0" { output; }
    ·                         ──────
 16 │         otherwise { output 1 { json 2; }; }
    ╰────
  help: `output "{{ total }}"`, or `output { json { … }; }`

  × a flow gives one value
    ╭─[flows.kdl:16:32]
 15 │         when "n == 0" { output; }
 16 │         otherwise { output 1 { json 2; }; }
    ·                            ┬   ──────
    ·                            ╰── the other is here
 17 │     }
    ╰────

  × a flow that has failed gives no output
    ╭─[flows.kdl:18:16]
 17 │     }
 18 │     on-error { output 0; }
    ·                ────────
 19 │ }
    ╰────
  help: with an `on-error` of its own, the step that fails is followed by others

  ⚠ no flow calls this one, and no request leads to it
    ╭─[flows.kdl:20:6]
 19 │ }
 20 │ flow "c" timeout="5s" { input "n"; log "{{ n }}"; }
    ·      ───
    ╰────
  help: `call "c"` in another flow does

  × `timeout` is for flows with a `webhook`
    ╭─[flows.kdl:20:18]
 19 │ }
 20 │ flow "c" timeout="5s" { input "n"; log "{{ n }}"; }
    ·                  ────
    ╰────
  help: this one is called, and runs as part of the flow that calls it
flows.kdl: 12 errors, 1 warning
"#,
    );
}

#[test]
fn what_a_call_gives_may_be_absent_where_some_way_has_no_output() {
    refused(
        r#"flow "a" {
    webhook "/a"
    call "b" as="x"
    set y="{{ x }}"
}
flow "b" { branch { when "run.id == ''" { output 1; }; }; }
"#,
        r#"
  × `x` may be absent
   ╭─[flows.kdl:4:15]
 3 │     call "b" as="x"
 4 │     set y="{{ x }}"
   ·               ─
 5 │ }
   ╰────
  help: set it on every way to here, or guard it: `x is defined and …`, `x | default(…)`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_flow_that_nothing_leads_to_is_a_warning() {
    accepted(
        r#"flow "fee" { input "amount"; log "{{ amount }}"; }
flow "order" { webhook "/order"; log "x"; }
"#,
        r#"  ⚠ no flow calls this one, and no request leads to it
   ╭─[flows.kdl:1:6]
 1 │ flow "fee" { input "amount"; log "{{ amount }}"; }
   ·      ─────
 2 │ flow "order" { webhook "/order"; log "x"; }
   ╰────
  help: `call "fee"` in another flow does
flows.kdl: 2 flows, 1 warning
"#,
    );
}
