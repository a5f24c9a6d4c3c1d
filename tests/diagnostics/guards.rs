use super::{accepted, refused};

#[test]
fn a_variable_that_may_be_absent_needs_a_guard_outside_of_answers_and_logs() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "x" type="number"; header "X-Id" as="id"; }; }
    set twice="{{ x * 2 }}"
    branch {
        when "x > 3" { fail "{{ id }}"; }
        when "id == 'a' and id is defined" { log "a"; }
        otherwise { log "{{ x }} {{ id }}"; }
    }
    respond "{{ x }}" { header "X-Id" "{{ id }}"; body "{{ x + 1 }}"; }
}
"#,
        r#"
  × `x` may be absent
   ╭─[flows.kdl:3:19]
 2 │     webhook "/a" { parse { body "x" type="number"; header "X-Id" as="id"; }; }
 3 │     set twice="{{ x * 2 }}"
   ·                   ─
 4 │     branch {
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `x is defined and …`, `x |
        default(…)`

  × `x` may be absent
   ╭─[flows.kdl:5:15]
 4 │     branch {
 5 │         when "x > 3" { fail "{{ id }}"; }
   ·               ─
 6 │         when "id == 'a' and id is defined" { log "a"; }
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `x is defined and …`, `x |
        default(…)`

  × `id` may be absent
   ╭─[flows.kdl:5:33]
 4 │     branch {
 5 │         when "x > 3" { fail "{{ id }}"; }
   ·                                 ──
 6 │         when "id == 'a' and id is defined" { log "a"; }
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `id is defined and …`, `id |
        default(…)`

  × `id` may be absent
   ╭─[flows.kdl:6:15]
 5 │         when "x > 3" { fail "{{ id }}"; }
 6 │         when "id == 'a' and id is defined" { log "a"; }
   ·               ──
 7 │         otherwise { log "{{ x }} {{ id }}"; }
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `id is defined and …`, `id |
        default(…)`

  × `x` may be absent
    ╭─[flows.kdl:9:17]
  8 │     }
  9 │     respond "{{ x }}" { header "X-Id" "{{ id }}"; body "{{ x + 1 }}"; }
    ·                 ─
 10 │ }
    ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `x is defined and …`, `x |
        default(…)`

  × `x` may be absent
    ╭─[flows.kdl:9:60]
  8 │     }
  9 │     respond "{{ x }}" { header "X-Id" "{{ id }}"; body "{{ x + 1 }}"; }
    ·                                                            ─
 10 │ }
    ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `x is defined and …`, `x |
        default(…)`
flows.kdl: 6 errors
"#,
    );
}

#[test]
fn what_a_condition_has_shown_is_known_in_its_arm_and_below() {
    accepted(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "x" type="number"; body "y"; body "z"; }; }
    branch {
        when "x is not defined" { respond 422; }
        when "x > 3 and y is defined" { set a="{{ x * 2 }}" b="{{ y | upper }}"; respond 200; }
        when "y is none or y == 'a'" { respond 200; }
        otherwise { set c="{{ y | upper }}"; respond 200; }
    }
    on-error { respond 400 { body "{{ x | default(0) }} {{ z }}"; }; }
}
"#,
        r#"
flows.kdl: 1 flow
"#,
    );
}

#[test]
fn what_all_other_ways_end_without_is_known_below_the_branch() {
    accepted(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "x" type="number"; }; }
    branch { when "x is not defined" { respond 422; }; }
    set twice="{{ x * 2 }}"
    respond 200 { json "{{ twice }}"; }
}
"#,
        r#"
flows.kdl: 1 flow
"#,
    );
}

#[test]
fn what_one_way_sets_may_be_absent_where_the_ways_meet() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "x" type="number" required=#true; }; }
    branch {
        when "x > 3" { set size="big" more="x"; }
        otherwise { set size="small"; }
    }
    set title="{{ size | upper }}"
    set note="{{ more | upper }}"
    respond 200 { body "{{ more }}"; }
}
"#,
        r#"
  × `more` may be absent
   ╭─[flows.kdl:8:18]
 7 │     set title="{{ size | upper }}"
 8 │     set note="{{ more | upper }}"
   ·                  ────
 9 │     respond 200 { body "{{ more }}"; }
   ╰────
  help: set it on every way to here, or guard it: `more is defined and …`, `more | default(…)`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn what_is_set_on_another_way_only_is_told_as_that() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "x" type="number" required=#true; }; }
    branch {
        when "x > 3" { set size="big"; respond 200; }
        otherwise { respond 200 { body "{{ size }}"; }; }
    }
}
"#,
        r#"
  × nothing is called `size` here
   ╭─[flows.kdl:5:44]
 4 │         when "x > 3" { set size="big"; respond 200; }
 5 │         otherwise { respond 200 { body "{{ size }}"; }; }
   ·                                            ────
 6 │     }
   ╰────
  help: `size` is set on another way through the flow
flows.kdl: 1 error
"#,
    );
}

#[test]
fn in_an_error_handler_only_what_was_sure_before_is_sure() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "x" type="number" required=#true; }; }
    set twice="{{ x * 2 }}"
    respond 200
    on-error { fail "{{ x }} {{ twice }}"; }
}
"#,
        r#"
  × `twice` may be absent
   ╭─[flows.kdl:5:33]
 4 │     respond 200
 5 │     on-error { fail "{{ x }} {{ twice }}"; }
   ·                                 ─────
 6 │ }
   ╰────
  help: set it on every way to here, or guard it: `twice is defined and …`, `twice | default(…)`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_json_path_that_can_give_several_values_gives_a_list_and_never_nothing() {
    accepted(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "$.items[*].sku" as="skus"; }; }
    branch { when "'x' in skus" { respond 200; }; }
    set count="{{ skus | length }}"
    respond 204
}
"#,
        "\nflows.kdl: 1 flow\n",
    );
}
