use super::refused;

#[test]
fn an_unknown_source_is_named_with_the_one_that_is_meant() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" {
        parse {
            heder "X-A"
            cookie "session"
            bdy "n" as="count"
        }
    }
    respond 200 { body "{{ x_a }} {{ session }} {{ count }}"; }
}
"#,
        r#"
  × `parse` cannot read from `heder`
   ╭─[flows.kdl:4:13]
 3 │         parse {
 4 │             heder "X-A"
   ·             ─────
 5 │             cookie "session"
   ╰────
  help: did you mean `header`?

  × `parse` cannot read from `cookie`
   ╭─[flows.kdl:5:13]
 4 │             heder "X-A"
 5 │             cookie "session"
   ·             ──────
 6 │             bdy "n" as="count"
   ╰────
  help: there are `header`, `query`, `body` and `path`

  × `parse` cannot read from `bdy`
   ╭─[flows.kdl:6:13]
 5 │             cookie "session"
 6 │             bdy "n" as="count"
   ·             ───
 7 │         }
   ╰────
  help: did you mean `body`?
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn an_unknown_property_is_named_with_the_one_that_is_meant() {
    refused(
        r#"flow "a" {
    webhook "/a" {
        parse {
            header "X-A" tpye="string"
            query "q" as-list=#true
            body "a" require=#true
        }
    }
}
"#,
        r#"
  × `header` has no property `tpye`
   ╭─[flows.kdl:4:26]
 3 │         parse {
 4 │             header "X-A" tpye="string"
   ·                          ────
 5 │             query "q" as-list=#true
   ╰────
  help: did you mean `type`?

  × `query` has no property `as-list`
   ╭─[flows.kdl:5:23]
 4 │             header "X-A" tpye="string"
 5 │             query "q" as-list=#true
   ·                       ───────
 6 │             body "a" require=#true
   ╰────
  help: it has `as`, `label`, `type`, `required` and `default`

  × `body` has no property `require`
   ╭─[flows.kdl:6:22]
 5 │             query "q" as-list=#true
 6 │             body "a" require=#true
   ·                      ───────
 7 │         }
   ╰────
  help: did you mean `required`?
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn types_required_and_default_are_of_their_own_kinds() {
    refused(
        r#"flow "a" {
    webhook "/a" {
        parse {
            body "a" type="int"
            body "b" required="yes"
            body "c" default=#null
            body "d" type="number" default="5"
            body "e" required=#true default=1
            body "f" default=(env)"F"
            body "g" label=5
        }
    }
}
"#,
        r#"
  × `type` is one of `string`, `number`, `integer`, `bool`, `list`, `json`, not "int"
   ╭─[flows.kdl:4:27]
 3 │         parse {
 4 │             body "a" type="int"
   ·                           ─────
 5 │             body "b" required="yes"
   ╰────
  help: did you mean "integer"?

  × `required` is `#true` or `#false`, found "yes"
   ╭─[flows.kdl:5:31]
 4 │             body "a" type="int"
 5 │             body "b" required="yes"
   ·                               ─────
 6 │             body "c" default=#null
   ╰────

  × the default has to be a value, found `#null`
   ╭─[flows.kdl:6:30]
 5 │             body "b" required="yes"
 6 │             body "c" default=#null
   ·                              ─────
 7 │             body "d" type="number" default="5"
   ╰────

  × the default has to be of type `number`, found text
   ╭─[flows.kdl:7:44]
 6 │             body "c" default=#null
 7 │             body "d" type="number" default="5"
   ·                                            ───
 8 │             body "e" required=#true default=1
   ╰────

  × a required value never needs a `default`
   ╭─[flows.kdl:8:45]
 7 │             body "d" type="number" default="5"
 8 │             body "e" required=#true default=1
   ·                                             ─
 9 │             body "f" default=(env)"F"
   ╰────
  help: keep one of `required` and `default`

  × `(env)` cannot stand before a value
    ╭─[flows.kdl:9:31]
  8 │             body "e" required=#true default=1
  9 │             body "f" default=(env)"F"
    ·                               ───
 10 │             body "g" label=5
    ╰────
  help: a secret stands in `auth`, or in `secrets { … }`, and nowhere else

  × `label` is text in quotes, found 5
    ╭─[flows.kdl:10:28]
  9 │             body "f" default=(env)"F"
 10 │             body "g" label=5
    ·                            ─
 11 │         }
    ╰────
flows.kdl: 7 errors
"#,
    );
}

#[test]
fn a_place_that_gives_no_name_needs_one() {
    refused(
        r#"flow "a" {
    webhook "/a" {
        parse {
            body "größe"
            body "1a"
            body "request"
            body "$.a"
            body "$.a[*]"
            body "b" as="B"
            body "c" as="error"
        }
    }
}
"#,
        r#"
  × "größe" gives no name for a variable
   ╭─[flows.kdl:4:18]
 3 │         parse {
 4 │             body "größe"
   ·                  ───────
 5 │             body "1a"
   ╰────
  help: add `as="…"`

  × "1a" gives no name for a variable
   ╭─[flows.kdl:5:18]
 4 │             body "größe"
 5 │             body "1a"
   ·                  ────
 6 │             body "request"
   ╰────
  help: add `as="…"`

  × "request" gives no name for a variable
   ╭─[flows.kdl:6:18]
 5 │             body "1a"
 6 │             body "request"
   ·                  ─────────
 7 │             body "$.a"
   ╰────
  help: add `as="…"`

  × a JSONPath gives no name: its variable needs a name
   ╭─[flows.kdl:7:18]
 6 │             body "request"
 7 │             body "$.a"
   ·                  ─────
 8 │             body "$.a[*]"
   ╰────
  help: add `as="…"`

  × this path can give several values: its variable needs a name
   ╭─[flows.kdl:8:18]
 7 │             body "$.a"
 8 │             body "$.a[*]"
   ·                  ────────
 9 │             body "b" as="B"
   ╰────
  help: add `as="…"`

  × `B` cannot name a variable
    ╭─[flows.kdl:9:25]
  8 │             body "$.a[*]"
  9 │             body "b" as="B"
    ·                         ───
 10 │             body "c" as="error"
    ╰────
  help: `b` can

  × `error` cannot name a variable: every expression knows it
    ╭─[flows.kdl:10:25]
  9 │             body "b" as="B"
 10 │             body "c" as="error"
    ·                         ───────
 11 │         }
    ╰────
  help: choose another name
flows.kdl: 7 errors
"#,
    );
}

#[test]
fn two_lines_cannot_fill_one_variable() {
    refused(
        r#"flow "a" {
    webhook "/a" {
        parse {
            header "X-Id"
            body "x.id"
        }
    }
}
"#,
        r#"
  × two lines fill the variable `x_id`
   ╭─[flows.kdl:5:18]
 3 │         parse {
 4 │             header "X-Id"
   ·                    ───┬──
   ·                       ╰── the other one
 5 │             body "x.id"
   ·                  ──────
 6 │         }
   ╰────
  help: add `as="…"` to one of them
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_path_that_does_not_follow_its_grammar_says_where() {
    refused(
        r#"flow "a" {
    webhook "/a" {
        parse {
            body
            body 5
            body "a..b"
            body "c d"
            body "e[x]"
            body "$.[" as="f"
            body "[0]" as="g"
            query "$.h"
        }
    }
}
"#,
        r#"
  × `body` needs a path, like "order.id"
   ╭─[flows.kdl:4:13]
 3 │         parse {
 4 │             body
   ·             ────
 5 │             body 5
   ╰────

  × a path is text in quotes, found 5
   ╭─[flows.kdl:5:18]
 4 │             body
 5 │             body 5
   ·                  ─
 6 │             body "a..b"
   ╰────

  × a key should stand before this `.`
   ╭─[flows.kdl:6:21]
 5 │             body 5
 6 │             body "a..b"
   ·                     ─
 7 │             body "c d"
   ╰────

  × a key with white space is written `['two words']`
   ╭─[flows.kdl:7:20]
 6 │             body "a..b"
 7 │             body "c d"
   ·                    ─
 8 │             body "e[x]"
   ╰────

  × an index is a whole number; a name has quotes: `['name']`
   ╭─[flows.kdl:8:21]
 7 │             body "c d"
 8 │             body "e[x]"
   ·                     ─
 9 │             body "$.[" as="f"
   ╰────

  × JSONPath has no place for `[` here
    ╭─[flows.kdl:9:21]
  8 │             body "e[x]"
  9 │             body "$.[" as="f"
    ·                     ─
 10 │             body "[0]" as="g"
    ╰────

  × a path starts with a key; for a list at the top write `$[0]`
    ╭─[flows.kdl:10:19]
  9 │             body "$.[" as="f"
 10 │             body "[0]" as="g"
    ·                   ─
 11 │             query "$.h"
    ╰────

  × a query is read by a plain path, not a JSONPath
    ╭─[flows.kdl:11:19]
 10 │             body "[0]" as="g"
 11 │             query "$.h"
    ·                   ─────
 12 │         }
    ╰────
  help: `query "items[0].id"` reads `?items[0][id]=…`
flows.kdl: 8 errors
"#,
    );
}

#[test]
fn a_parameter_that_the_path_does_not_have_is_told() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/orders/{order}/{item}" {
        parse {
            path "oder"
            path "{item}"
            path "id"
        }
    }
    respond 200
}
"#,
        r#"
  × the webhook's path has no parameter `oder`
   ╭─[flows.kdl:4:18]
 3 │         parse {
 4 │             path "oder"
   ·                  ──────
 5 │             path "{item}"
   ╰────
  help: did you mean `order`?

  × the webhook's path has no parameter `{item}`
   ╭─[flows.kdl:5:18]
 4 │             path "oder"
 5 │             path "{item}"
   ·                  ────────
 6 │             path "id"
   ╰────
  help: write `path "item"`

  × the webhook's path has no parameter `id`
   ╭─[flows.kdl:6:18]
 5 │             path "{item}"
 6 │             path "id"
   ·                  ────
 7 │         }
   ╰────
  help: a parameter stands in the path: `webhook "/orders/{id}"`
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn a_parameter_that_is_not_parsed_says_how_it_is() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/orders/{order}"
    respond 200 { body "{{ order }}"; }
}
"#,
        r#"
  × nothing is called `order` here
   ╭─[flows.kdl:3:28]
 2 │     webhook "/orders/{order}"
 3 │     respond 200 { body "{{ order }}"; }
   ·                            ─────
 4 │ }
   ╰────
  help: add `path "order"` to `parse`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_line_that_is_broken_brings_no_errors_of_its_uses() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "a" type="number" default="x"; body "b..c" as="bc"; header "X Y" as="xy"; }; }
    respond 200 { body "{{ a + 1 }} {{ bc }} {{ xy }}"; }
}
"#,
        r#"
  × the default has to be of type `number`, found text
   ╭─[flows.kdl:2:59]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a" { parse { body "a" type="number" default="x"; body "b..c" as="bc"; header "X Y" as="xy"; }; }
   ·                                                           ───
 3 │     respond 200 { body "{{ a + 1 }} {{ bc }} {{ xy }}"; }
   ╰────

  × a key should stand before this `.`
   ╭─[flows.kdl:2:72]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a" { parse { body "a" type="number" default="x"; body "b..c" as="bc"; header "X Y" as="xy"; }; }
   ·                                                                        ─
 3 │     respond 200 { body "{{ a + 1 }} {{ bc }} {{ xy }}"; }
   ╰────

  × "X Y" is no name for a header
   ╭─[flows.kdl:2:92]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a" { parse { body "a" type="number" default="x"; body "b..c" as="bc"; header "X Y" as="xy"; }; }
   ·                                                                                            ─────
 3 │     respond 200 { body "{{ a + 1 }} {{ bc }} {{ xy }}"; }
   ╰────
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn a_header_that_is_taken_away_can_be_read_nowhere() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" {
        parse {
            header "Authorization" as="key"
            header "proxy-authorization"
        }
    }
    log "{{ request.headers.authorization }} {{ key }}"
    branch {
        when "request.headers['Proxy-Authorization'] is defined" { stop; }
    }
}
"#,
        r#"
  × the header `authorization` is taken away before anything reads it
   ╭─[flows.kdl:4:20]
 3 │         parse {
 4 │             header "Authorization" as="key"
   ·                    ───────────────
 5 │             header "proxy-authorization"
   ╰────
  help: credentials are verified by `auth { … }`, and no step may see them

  × the header `proxy-authorization` is taken away before anything reads it
   ╭─[flows.kdl:5:20]
 4 │             header "Authorization" as="key"
 5 │             header "proxy-authorization"
   ·                    ─────────────────────
 6 │         }
   ╰────
  help: credentials are verified by `auth { … }`, and no step may see them

  × the header `authorization` is taken away before anything reads it
   ╭─[flows.kdl:8:29]
 7 │     }
 8 │     log "{{ request.headers.authorization }} {{ key }}"
   ·                             ─────────────
 9 │     branch {
   ╰────
  help: credentials are verified by `auth { … }`, and no step may see them

  × the header `proxy-authorization` is taken away before anything reads it
    ╭─[flows.kdl:10:32]
  9 │     branch {
 10 │         when "request.headers['Proxy-Authorization'] is defined" { stop; }
    ·                                ───────────────────
 11 │     }
    ╰────
  help: credentials are verified by `auth { … }`, and no step may see them
flows.kdl: 4 errors
"#,
    );
}

#[test]
fn a_query_path_beyond_what_a_query_can_have_is_an_error() {
    refused(
        r#"flow "a" {
    webhook "/a" {
        parse {
            query "q[100]"
            query "q[-1]" as="last"
            query "q[500]"
            query "q[-500]" as="early"
            query "a.b.c.d.e.f.g.h.i"
            query "a.b.c.d.e.f.g.h.i.j"
        }
    }
}
"#,
        r#"
  × an index of a query is at most 100, found 500
   ╭─[flows.kdl:6:19]
 5 │             query "q[-1]" as="last"
 6 │             query "q[500]"
   ·                   ────────
 7 │             query "q[-500]" as="early"
   ╰────

  × an index of a query is at most 100, found -500
   ╭─[flows.kdl:7:19]
 6 │             query "q[500]"
 7 │             query "q[-500]" as="early"
   ·                   ─────────
 8 │             query "a.b.c.d.e.f.g.h.i"
   ╰────

  × a key of a query has at most 8 brackets: this path goes deeper
    ╭─[flows.kdl:9:19]
  8 │             query "a.b.c.d.e.f.g.h.i"
  9 │             query "a.b.c.d.e.f.g.h.i.j"
    ·                   ─────────────────────
 10 │         }
    ╰────
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn a_path_parameter_that_is_json_may_be_null() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a/{n}/{t}" { parse { path "n" type="integer"; path "t" type="json"; }; }
    branch {
        when "n > 1" { respond 200; }
        when "t > 1" { respond 201; }
        otherwise { respond 202; }
    }
}
"#,
        r#"
  × `t` may be absent
   ╭─[flows.kdl:5:15]
 4 │         when "n > 1" { respond 200; }
 5 │         when "t > 1" { respond 201; }
   ·               ─
 6 │         otherwise { respond 202; }
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `t is defined and …`, `t |
        default(…)`
flows.kdl: 1 error
"#,
    );
}
