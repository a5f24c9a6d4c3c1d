use super::{accepted, refused};

#[test]
fn an_unknown_node_is_named_with_the_one_that_is_meant() {
    refused(
        r#"flwo "a" { webhook; }
sever { listen "127.0.0.1:13000"; }
banana
"#,
        r#"
  × unknown node `flwo`
   ╭─[flows.kdl:1:1]
 1 │ flwo "a" { webhook; }
   · ────
 2 │ sever { listen "127.0.0.1:13000"; }
   ╰────
  help: did you mean `flow`?

  × unknown node `sever`
   ╭─[flows.kdl:2:1]
 1 │ flwo "a" { webhook; }
 2 │ sever { listen "127.0.0.1:13000"; }
   · ─────
 3 │ banana
   ╰────
  help: did you mean `server`?

  × unknown node `banana`
   ╭─[flows.kdl:3:1]
 2 │ sever { listen "127.0.0.1:13000"; }
 3 │ banana
   · ──────
   ╰────
  help: allowed here: `server`, `secrets`, `flow` and `include`
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn a_property_that_is_not_there_is_named_with_the_one_that_is_meant() {
    refused(
        r#"flow "a" mdoe="sync" timeout="5s" { webhook "/a"; respond 200; }
flow "b" retry=3 { webhook "/b" method="PUT"; }
"#,
        r#"
  × `flow` has no property `mdoe`
   ╭─[flows.kdl:1:10]
 1 │ flow "a" mdoe="sync" timeout="5s" { webhook "/a"; respond 200; }
   ·          ────
 2 │ flow "b" retry=3 { webhook "/b" method="PUT"; }
   ╰────
  help: did you mean `mode`?

  × `flow` has no property `retry`
   ╭─[flows.kdl:2:10]
 1 │ flow "a" mdoe="sync" timeout="5s" { webhook "/a"; respond 200; }
 2 │ flow "b" retry=3 { webhook "/b" method="PUT"; }
   ·          ─────
   ╰────
  help: it has `mode`, `timeout`, `concurrency` and `overlap`

  × `webhook` has no property `method`
   ╭─[flows.kdl:2:33]
 1 │ flow "a" mdoe="sync" timeout="5s" { webhook "/a"; respond 200; }
 2 │ flow "b" retry=3 { webhook "/b" method="PUT"; }
   ·                                 ──────
   ╰────
  help: did you mean the node `methods`? write it inside `webhook { … }`
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn a_mode_in_any_wrong_form_brings_no_further_errors() {
    refused(
        r#"flow "a" mode="snyc" timeout="5s" { webhook "/a" { respond 202; }; respond 200; }
flow "b" mode: "sync" { webhook "/b"; respond 200; }
flow "c" sync timeout="5s" { webhook "/c"; respond 200; }
"#,
        r#"
  × `mode` is one of `sync`, `async`, not "snyc"
   ╭─[flows.kdl:1:15]
 1 │ flow "a" mode="snyc" timeout="5s" { webhook "/a" { respond 202; }; respond 200; }
   ·               ──────
 2 │ flow "b" mode: "sync" { webhook "/b"; respond 200; }
   ╰────
  help: did you mean "sync"?

  × `flow` takes only one value
   ╭─[flows.kdl:2:10]
 1 │ flow "a" mode="snyc" timeout="5s" { webhook "/a" { respond 202; }; respond 200; }
 2 │ flow "b" mode: "sync" { webhook "/b"; respond 200; }
   ·          ──────┬─────
   ·                ╰── not expected
 3 │ flow "c" sync timeout="5s" { webhook "/c"; respond 200; }
   ╰────
  help: write `mode=…`

  × `flow` takes only one value
   ╭─[flows.kdl:3:10]
 2 │ flow "b" mode: "sync" { webhook "/b"; respond 200; }
 3 │ flow "c" sync timeout="5s" { webhook "/c"; respond 200; }
   ·          ──┬─
   ·            ╰── not expected
   ╰────
  help: text of several words is one value in quotes; a node of its own starts behind `;`
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn what_is_a_property_of_the_flow_is_no_step() {
    refused(
        r#"flow "a" mode="sync" {
    timeout "5s"
    webhook "/a"
    respond 200
}
"#,
        r#"
  × there is no step `timeout`
   ╭─[flows.kdl:2:5]
 1 │ flow "a" mode="sync" {
 2 │     timeout "5s"
   ·     ───────
 3 │     webhook "/a"
   ╰────
  help: it is a property of the flow: `flow "…" timeout="…"`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn properties_and_nodes_that_are_there_twice_are_told_with_both_places() {
    refused(
        r#"flow "a" mode="sync" mode="async" {
    webhook "/a"
    webhook "/b"
    respond 200
    on-error { log "a"; }
    on-error { log "b"; }
}
"#,
        r#"
  × `mode` is set twice on `flow`
   ╭─[flows.kdl:1:22]
 1 │ flow "a" mode="sync" mode="async" {
   ·          ──┬─        ──┬─
   ·            │           ╰── again here
   ·            ╰── first here
 2 │     webhook "/a"
   ╰────

  × `webhook` is given twice in `flow`
   ╭─[flows.kdl:3:5]
 1 │ flow "a" mode="sync" mode="async" {
 2 │     webhook "/a"
   ·     ───┬───
   ·        ╰── first here
 3 │     webhook "/b"
   ·     ───┬───
   ·        ╰── again here
 4 │     respond 200
   ╰────

  × `on-error` is given twice in `flow`
   ╭─[flows.kdl:6:5]
 4 │     respond 200
 5 │     on-error { log "a"; }
   ·     ────┬───
   ·         ╰── first here
 6 │     on-error { log "b"; }
   ·     ────┬───
   ·         ╰── again here
 7 │ }
   ╰────
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn names_are_needed_and_are_text() {
    refused(
        r#"flow { webhook "/a"; }
flow "" { webhook "/b"; }
flow 5 { webhook "/c"; }
"#,
        r#"
  × `flow` needs a name: `flow "payment"`
   ╭─[flows.kdl:1:1]
 1 │ flow { webhook "/a"; }
   · ────
 2 │ flow "" { webhook "/b"; }
   ╰────

  × a flow's name cannot be empty
   ╭─[flows.kdl:2:6]
 1 │ flow { webhook "/a"; }
 2 │ flow "" { webhook "/b"; }
   ·      ──
 3 │ flow 5 { webhook "/c"; }
   ╰────

  × a flow's name is text in quotes, found 5
   ╭─[flows.kdl:3:6]
 2 │ flow "" { webhook "/b"; }
 3 │ flow 5 { webhook "/c"; }
   ·      ─
   ╰────
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn two_flows_of_one_name_or_on_one_path_are_told_with_both_places() {
    refused(
        r#"flow "a" { webhook "/a"; }
flow "a" { webhook "/b"; }
flow "b" { webhook "/a"; }
flow "c" { webhook "/c/{x}"; }
flow "d" { webhook "/c/{y}"; }
flow "e" { webhook "/c/x"; }
"#,
        r#"
  × two flows are named `a`
   ╭─[flows.kdl:2:6]
 1 │ flow "a" { webhook "/a"; }
   ·      ─┬─
   ·       ╰── the other one
 2 │ flow "a" { webhook "/b"; }
   ·      ───
 3 │ flow "b" { webhook "/a"; }
   ╰────

  × two flows are on the path `/a`
   ╭─[flows.kdl:3:20]
 1 │ flow "a" { webhook "/a"; }
   ·                    ──┬─
   ·                      ╰── the other one
 2 │ flow "a" { webhook "/b"; }
 3 │ flow "b" { webhook "/a"; }
   ·                    ────
 4 │ flow "c" { webhook "/c/{x}"; }
   ╰────

  × `/c/{y}` takes the same paths as `/c/{x}`
   ╭─[flows.kdl:5:20]
 3 │ flow "b" { webhook "/a"; }
 4 │ flow "c" { webhook "/c/{x}"; }
   ·                    ────┬───
   ·                        ╰── the other one
 5 │ flow "d" { webhook "/c/{y}"; }
   ·                    ────────
 6 │ flow "e" { webhook "/c/x"; }
   ╰────
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn a_flow_without_a_webhook_is_told_once() {
    refused(
        r#"flow "a" mode="sync" { respond 200 { body "{{ amount }}"; }; }
"#,
        r#"
  × a flow needs a `webhook`
   ╭─[flows.kdl:1:1]
 1 │ flow "a" mode="sync" { respond 200 { body "{{ amount }}"; }; }
   · ────────────────────
   ╰────
  help: `webhook "/path"`, or `webhook` alone for a generated path
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_misspelled_webhook_is_read_as_one() {
    refused(
        r#"flow "a" mode="sync" {
    webhok "/a" { prase { body "n" required=#true; }; }
    respond 200 { body "{{ n }}"; }
}
"#,
        r#"
  × unknown node `webhok` in `flow`
   ╭─[flows.kdl:2:5]
 1 │ flow "a" mode="sync" {
 2 │     webhok "/a" { prase { body "n" required=#true; }; }
   ·     ──────
 3 │     respond 200 { body "{{ n }}"; }
   ╰────
  help: did you mean `webhook`?

  × unknown node `prase` in `webhook`
   ╭─[flows.kdl:2:19]
 1 │ flow "a" mode="sync" {
 2 │     webhok "/a" { prase { body "n" required=#true; }; }
   ·                   ─────
 3 │     respond 200 { body "{{ n }}"; }
   ╰────
  help: did you mean `parse`?
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn slips_in_paths_are_told_apart() {
    refused(
        r#"flow "a" { webhook "a"; }
flow "b" { webhook "/a b"; }
flow "c" { webhook "/a?b=1"; }
flow "d" { webhook "/a/{id"; }
flow "e" { webhook "/a/x-{id}"; }
flow "f" { webhook "/a/{Id}"; }
flow "g" { webhook "/a/{id}/{id}"; }
flow "h" { webhook "/a//b"; }
flow "i" { webhook "/a/../b"; }
flow "j" { webhook "https://example.org/a"; }
"#,
        r#"
  × a path starts with `/`
   ╭─[flows.kdl:1:20]
 1 │ flow "a" { webhook "a"; }
   ·                    ───
 2 │ flow "b" { webhook "/a b"; }
   ╰────
  help: write "/a"

  × a path cannot have ' ': percent-encode it as the sender does
   ╭─[flows.kdl:2:20]
 1 │ flow "a" { webhook "a"; }
 2 │ flow "b" { webhook "/a b"; }
   ·                    ──────
 3 │ flow "c" { webhook "/a?b=1"; }
   ╰────

  × the query is no part of a webhook's path
   ╭─[flows.kdl:3:20]
 2 │ flow "b" { webhook "/a b"; }
 3 │ flow "c" { webhook "/a?b=1"; }
   ·                    ────────
 4 │ flow "d" { webhook "/a/{id"; }
   ╰────
  help: read it with `query` in `parse`

  × a path parameter is written `{name}`
   ╭─[flows.kdl:4:20]
 3 │ flow "c" { webhook "/a?b=1"; }
 4 │ flow "d" { webhook "/a/{id"; }
   ·                    ────────
 5 │ flow "e" { webhook "/a/x-{id}"; }
   ╰────

  × a path parameter takes a whole segment: `/x-{id}` mixes it with other text
   ╭─[flows.kdl:5:20]
 4 │ flow "d" { webhook "/a/{id"; }
 5 │ flow "e" { webhook "/a/x-{id}"; }
   ·                    ───────────
 6 │ flow "f" { webhook "/a/{Id}"; }
   ╰────

  × `Id` is no name for a path parameter: lower-case letters, digits and `_`, no digit first
   ╭─[flows.kdl:6:20]
 5 │ flow "e" { webhook "/a/x-{id}"; }
 6 │ flow "f" { webhook "/a/{Id}"; }
   ·                    ─────────
 7 │ flow "g" { webhook "/a/{id}/{id}"; }
   ╰────

  × the path parameter `id` stands there twice
   ╭─[flows.kdl:7:20]
 6 │ flow "f" { webhook "/a/{Id}"; }
 7 │ flow "g" { webhook "/a/{id}/{id}"; }
   ·                    ──────────────
 8 │ flow "h" { webhook "/a//b"; }
   ╰────

  × a path cannot have `//`: many clients make one `/` of it
   ╭─[flows.kdl:8:20]
 7 │ flow "g" { webhook "/a/{id}/{id}"; }
 8 │ flow "h" { webhook "/a//b"; }
   ·                    ───────
 9 │ flow "i" { webhook "/a/../b"; }
   ╰────

  × a path cannot have the segment `..`: clients change it before they send
    ╭─[flows.kdl:9:20]
  8 │ flow "h" { webhook "/a//b"; }
  9 │ flow "i" { webhook "/a/../b"; }
    ·                    ─────────
 10 │ flow "j" { webhook "https://example.org/a"; }
    ╰────

  × a path starts with `/`
    ╭─[flows.kdl:10:20]
  9 │ flow "i" { webhook "/a/../b"; }
 10 │ flow "j" { webhook "https://example.org/a"; }
    ·                    ───────────────────────
    ╰────
  help: only the path stands here; scheme and host are `public-url` in `server`
flows.kdl: 10 errors
"#,
    );
}

#[test]
fn a_parameter_of_another_routers_syntax_is_a_warning() {
    accepted(
        r#"flow "a" { webhook "/orders/:id"; }
"#,
        r#"
  ⚠ `:id` is taken as it stands
   ╭─[flows.kdl:1:20]
 1 │ flow "a" { webhook "/orders/:id"; }
   ·                    ─────────────
   ╰────
  help: a path parameter is written `{id}`
flows.kdl: 1 flow, 1 warning
"#,
    );
}

#[test]
fn methods_and_formats_are_words_of_a_list() {
    refused(
        r#"flow "a" {
    webhook "/a" {
        methods "post" "PUT" "PUT"
        accept "json" "text/plain"
    }
}
"#,
        r#"
  × a method is one of `POST`, `PUT`, `PATCH`, `DELETE`, `GET`, `HEAD`, not "post"
   ╭─[flows.kdl:3:17]
 2 │     webhook "/a" {
 3 │         methods "post" "PUT" "PUT"
   ·                 ──────
 4 │         accept "json" "text/plain"
   ╰────
  help: did you mean "POST"?

  × `PUT` is there twice
   ╭─[flows.kdl:3:30]
 2 │     webhook "/a" {
 3 │         methods "post" "PUT" "PUT"
   ·                              ─────
 4 │         accept "json" "text/plain"
   ╰────

  × what is accepted beside JSON is one of `form`, `text`, `xml`, not "json"
   ╭─[flows.kdl:4:16]
 3 │         methods "post" "PUT" "PUT"
 4 │         accept "json" "text/plain"
   ·                ──────
 5 │     }
   ╰────

  × what is accepted beside JSON is one of `form`, `text`, `xml`, not "text/plain"
   ╭─[flows.kdl:4:23]
 3 │         methods "post" "PUT" "PUT"
 4 │         accept "json" "text/plain"
   ·                       ────────────
 5 │     }
   ╰────
  help: did you mean "text"?
flows.kdl: 4 errors
"#,
    );
}

#[test]
fn a_timeout_is_a_time_and_for_flows_that_somebody_waits_for() {
    refused(
        r#"flow "a" mode="sync" timeout=5 { webhook "/a"; respond 200; }
flow "b" timeout="5s" { webhook "/b"; }
"#,
        r#"
  × `timeout` is a time like "500ms", "10s" or "5m", found 5
   ╭─[flows.kdl:1:30]
 1 │ flow "a" mode="sync" timeout=5 { webhook "/a"; respond 200; }
   ·                              ─
 2 │ flow "b" timeout="5s" { webhook "/b"; }
   ╰────
  help: write "5s" for seconds

  × `timeout` is for sync flows: nobody waits for this one
   ╭─[flows.kdl:2:18]
 1 │ flow "a" mode="sync" timeout=5 { webhook "/a"; respond 200; }
 2 │ flow "b" timeout="5s" { webhook "/b"; }
   ·                  ────
   ╰────
  help: say `mode="sync"`, or leave it out
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn values_and_types_that_have_no_place_are_told() {
    refused(
        r#"flow "a" "b" { webhook "/a" "/b"; }
(dev)flow "c" { webhook (env)"X"; }
"#,
        r#"
  × `flow` takes only one value
   ╭─[flows.kdl:1:10]
 1 │ flow "a" "b" { webhook "/a" "/b"; }
   ·          ─┬─
   ·           ╰── not expected
 2 │ (dev)flow "c" { webhook (env)"X"; }
   ╰────
  help: it takes the properties `mode`, `timeout`, `concurrency` and `overlap`

  × `webhook` takes only one value
   ╭─[flows.kdl:1:29]
 1 │ flow "a" "b" { webhook "/a" "/b"; }
   ·                             ──┬─
   ·                               ╰── not expected
 2 │ (dev)flow "c" { webhook (env)"X"; }
   ╰────

  × `flow` takes no annotation like `(dev)`
   ╭─[flows.kdl:2:2]
 1 │ flow "a" "b" { webhook "/a" "/b"; }
 2 │ (dev)flow "c" { webhook (env)"X"; }
   ·  ───
   ╰────

  × `(env)` cannot stand before a webhook's path
   ╭─[flows.kdl:2:26]
 1 │ flow "a" "b" { webhook "/a" "/b"; }
 2 │ (dev)flow "c" { webhook (env)"X"; }
   ·                          ───
   ╰────
  help: a secret stands in `auth`, or in `secrets { … }`, and nowhere else
flows.kdl: 4 errors
"#,
    );
}

#[test]
fn all_errors_of_a_file_come_in_one_go() {
    refused(
        r#"server { port 80; }
flow "a" mode="sync" {
    webhook "/a" { parse { body "n" type="int"; header "X B"; }; }
    branch {
        when "n > 3 and m == 'x'" { respond 200 { body "{{ q }}"; }; }
        otherwise { respnd 204; }
    }
}
flow "a" { webhook; respond 200; }
"#,
        r#"
  × unknown node `port` in `server`
   ╭─[flows.kdl:1:10]
 1 │ server { port 80; }
   ·          ────
 2 │ flow "a" mode="sync" {
   ╰────
  help: allowed here: `listen`, `public-url`, `max-body`, `timeouts`, `max-connections`,
        `outbound`, `queue` and `history`

  × `type` is one of `string`, `number`, `integer`, `bool`, `list`, `json`, not "int"
   ╭─[flows.kdl:3:42]
 2 │ flow "a" mode="sync" {
 3 │     webhook "/a" { parse { body "n" type="int"; header "X B"; }; }
   ·                                          ─────
 4 │     branch {
   ╰────
  help: did you mean "integer"?

  × "X B" is no name for a header
   ╭─[flows.kdl:3:56]
 2 │ flow "a" mode="sync" {
 3 │     webhook "/a" { parse { body "n" type="int"; header "X B"; }; }
   ·                                                        ─────
 4 │     branch {
   ╰────

  × `n` may be absent
   ╭─[flows.kdl:5:15]
 4 │     branch {
 5 │         when "n > 3 and m == 'x'" { respond 200 { body "{{ q }}"; }; }
   ·               ─
 6 │         otherwise { respnd 204; }
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `n is defined and …`, `n |
        default(…)`

  × nothing is called `m` here
   ╭─[flows.kdl:5:25]
 4 │     branch {
 5 │         when "n > 3 and m == 'x'" { respond 200 { body "{{ q }}"; }; }
   ·                         ─
 6 │         otherwise { respnd 204; }
   ╰────

  × nothing is called `q` here
   ╭─[flows.kdl:5:60]
 4 │     branch {
 5 │         when "n > 3 and m == 'x'" { respond 200 { body "{{ q }}"; }; }
   ·                                                            ─
 6 │         otherwise { respnd 204; }
   ╰────

  × there is no step `respnd`
   ╭─[flows.kdl:6:21]
 5 │         when "n > 3 and m == 'x'" { respond 200 { body "{{ q }}"; }; }
 6 │         otherwise { respnd 204; }
   ·                     ──────
 7 │     }
   ╰────
  help: did you mean `respond`?

  × two flows are named `a`
   ╭─[flows.kdl:2:6]
 1 │ server { port 80; }
 2 │ flow "a" mode="sync" {
   ·      ─┬─
   ·       ╰── the other one
 3 │     webhook "/a" { parse { body "n" type="int"; header "X B"; }; }
   ╰────
   ╭─[flows.kdl:9:6]
 8 │ }
 9 │ flow "a" { webhook; respond 200; }
   ·      ───
   ╰────

  × an async flow cannot `respond`: its caller has gone
   ╭─[flows.kdl:9:21]
 8 │ }
 9 │ flow "a" { webhook; respond 200; }
   ·                     ───────────
   ╰────
  help: put `respond` into the `webhook`, or say `mode="sync"`
flows.kdl: 9 errors
"#,
    );
}

#[test]
fn a_wildcard_of_other_routers_is_a_warning() {
    accepted(
        r#"flow "a" { webhook "/files/*"; }
flow "b" { webhook "/img-*/{size}"; }
"#,
        r#"
  ⚠ `*` is taken as it stands
   ╭─[flows.kdl:1:20]
 1 │ flow "a" { webhook "/files/*"; }
   ·                    ──────────
 2 │ flow "b" { webhook "/img-*/{size}"; }
   ╰────
  help: a path parameter takes one segment, and is written `{name}`

  ⚠ `img-*` is taken as it stands
   ╭─[flows.kdl:2:20]
 1 │ flow "a" { webhook "/files/*"; }
 2 │ flow "b" { webhook "/img-*/{size}"; }
   ·                    ───────────────
   ╰────
  help: a path parameter takes one segment, and is written `{name}`
flows.kdl: 2 flows, 2 warnings
"#,
    );
}
