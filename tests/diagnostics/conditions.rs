use super::{accepted, refused};

#[test]
fn unknown_names_filters_and_tests_are_named_with_the_ones_that_are_meant() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "amount" type="number" required=#true; body "name" required=#true; }; }
    branch {
        when "amuont > 3" { stop; }
        when "name | lenght > 3" { stop; }
        when "name is startswith('a')" { stop; }
        when "name is foo" { stop; }
        when "request.heders is defined" { stop; }
        when "flow.id == 'x'" { stop; }
    }
}
"#,
        r#"
  × nothing is called `amuont` here
   ╭─[flows.kdl:4:15]
 3 │     branch {
 4 │         when "amuont > 3" { stop; }
   ·               ──────
 5 │         when "name | lenght > 3" { stop; }
   ╰────
  help: did you mean `amount`?

  × there is no filter `lenght`
   ╭─[flows.kdl:5:22]
 4 │         when "amuont > 3" { stop; }
 5 │         when "name | lenght > 3" { stop; }
   ·                      ──────
 6 │         when "name is startswith('a')" { stop; }
   ╰────
  help: did you mean `length`?

  × there is no test `startswith`
   ╭─[flows.kdl:6:23]
 5 │         when "name | lenght > 3" { stop; }
 6 │         when "name is startswith('a')" { stop; }
   ·                       ──────────
 7 │         when "name is foo" { stop; }
   ╰────
  help: did you mean `startingwith`?

  × there is no test `foo`
   ╭─[flows.kdl:7:23]
 6 │         when "name is startswith('a')" { stop; }
 7 │         when "name is foo" { stop; }
   ·                       ───
 8 │         when "request.heders is defined" { stop; }
   ╰────
  help: there are: defined, undefined, none, string, number, integer, float, boolean, list,
        sequence, object, mapping, startingwith, endingwith, containing, in

  × `request` has no `heders`
   ╭─[flows.kdl:8:23]
 7 │         when "name is foo" { stop; }
 8 │         when "request.heders is defined" { stop; }
   ·                       ──────
 9 │         when "flow.id == 'x'" { stop; }
   ╰────
  help: did you mean `headers`?

  × `flow` has no `id`
    ╭─[flows.kdl:9:20]
  8 │         when "request.heders is defined" { stop; }
  9 │         when "flow.id == 'x'" { stop; }
    ·                    ──
 10 │     }
    ╰────
  help: there are `name`, `revision`
flows.kdl: 6 errors
"#,
    );
}

#[test]
fn what_other_languages_write_is_told_in_words_of_this_one() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "amount" type="number" required=#true; body "name" required=#true; }; }
    branch {
        when "amount = 3" { stop; }
        when "amount > 3 && name == 'a'" { stop; }
        when "amount > 3 || name == 'a'" { stop; }
        when "!amount" { stop; }
        when "name == null" { stop; }
        when "name.startswith('a')" { stop; }
        when "1 if amount > 3 else 2" { stop; }
        when "name == “a”" { stop; }
        when "{{ amount }} > 3" { stop; }
    }
}
"#,
        r#"
  × `=` compares nothing, write `==`
   ╭─[flows.kdl:4:22]
 3 │     branch {
 4 │         when "amount = 3" { stop; }
   ·                      ─
 5 │         when "amount > 3 && name == 'a'" { stop; }
   ╰────

  × `&` means nothing here
   ╭─[flows.kdl:5:26]
 4 │         when "amount = 3" { stop; }
 5 │         when "amount > 3 && name == 'a'" { stop; }
   ·                          ─
 6 │         when "amount > 3 || name == 'a'" { stop; }
   ╰────
  help: write `and`

  × `|` cannot stand here, a name should
   ╭─[flows.kdl:6:27]
 5 │         when "amount > 3 && name == 'a'" { stop; }
 6 │         when "amount > 3 || name == 'a'" { stop; }
   ·                           ─
 7 │         when "!amount" { stop; }
   ╰────
  help: write `or`

  × `!` means nothing here
   ╭─[flows.kdl:7:15]
 6 │         when "amount > 3 || name == 'a'" { stop; }
 7 │         when "!amount" { stop; }
   ·               ─
 8 │         when "name == null" { stop; }
   ╰────
  help: write `not`

  × nothing is called `null` here
   ╭─[flows.kdl:8:23]
 7 │         when "!amount" { stop; }
 8 │         when "name == null" { stop; }
   ·                       ────
 9 │         when "name.startswith('a')" { stop; }
   ╰────
  help: whether there is a value is asked by `is defined` and `is none`

  × nothing can be called here
    ╭─[flows.kdl:9:15]
  8 │         when "name == null" { stop; }
  9 │         when "name.startswith('a')" { stop; }
    ·               ────────────────────
 10 │         when "1 if amount > 3 else 2" { stop; }
    ╰────
  help: use a test: `name is startingwith('…')`

  × a condition has no inline `if`
    ╭─[flows.kdl:10:15]
  9 │         when "name.startswith('a')" { stop; }
 10 │         when "1 if amount > 3 else 2" { stop; }
    ·               ──────────────────────
 11 │         when "name == “a”" { stop; }
    ╰────
  help: use `and` and `or`, or a further `when`

  × `“` means nothing here
    ╭─[flows.kdl:11:23]
 10 │         when "1 if amount > 3 else 2" { stop; }
 11 │         when "name == “a”" { stop; }
    ·                       ─
 12 │         when "{{ amount }} > 3" { stop; }
    ╰────
  help: text within an expression has straight single quotes: `'…'`

  × `}` cannot stand here, `:` should
    ╭─[flows.kdl:12:25]
 11 │         when "name == “a”" { stop; }
 12 │         when "{{ amount }} > 3" { stop; }
    ·                         ─
 13 │     }
    ╰────
  help: a condition is an expression already: write it without `{{` and `}}`
flows.kdl: 9 errors
"#,
    );
}

#[test]
fn an_expression_that_ends_too_early_says_what_is_missing() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "amount" type="number" required=#true; }; }
    branch {
        when "amount >" { stop; }
        when "(amount > 3" { stop; }
        when "amount > 3)" { stop; }
        when "amount == 'a" { stop; }
        when "" { stop; }
    }
}
"#,
        r#"
  × this ends too early: a value should follow
   ╭─[flows.kdl:4:23]
 3 │     branch {
 4 │         when "amount >" { stop; }
   ·                       ▲
 5 │         when "(amount > 3" { stop; }
   ╰────

  × this ends too early: `)` should follow
   ╭─[flows.kdl:5:26]
 4 │         when "amount >" { stop; }
 5 │         when "(amount > 3" { stop; }
   ·                          ▲
 6 │         when "amount > 3)" { stop; }
   ╰────

  × `)` cannot stand here
   ╭─[flows.kdl:6:25]
 5 │         when "(amount > 3" { stop; }
 6 │         when "amount > 3)" { stop; }
   ·                         ─
 7 │         when "amount == 'a" { stop; }
   ╰────

  × this text has no closing quote
   ╭─[flows.kdl:7:25]
 6 │         when "amount > 3)" { stop; }
 7 │         when "amount == 'a" { stop; }
   ·                         ──
 8 │         when "" { stop; }
   ╰────

  × the expression is empty
   ╭─[flows.kdl:8:14]
 7 │         when "amount == 'a" { stop; }
 8 │         when "" { stop; }
   ·              ──
 9 │     }
   ╰────
flows.kdl: 5 errors
"#,
    );
}

#[test]
fn a_condition_is_one_text_in_quotes() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "amount" type="number" required=#true; }; }
    branch {
        when { stop; }
        when #true { stop; }
        when 5 { stop; }
    }
}
"#,
        r#"
  × `when` needs a condition, like "amount >= 100"
   ╭─[flows.kdl:4:9]
 3 │     branch {
 4 │         when { stop; }
   ·         ────
 5 │         when #true { stop; }
   ╰────

  × a condition is text in quotes, found `#true`
   ╭─[flows.kdl:5:14]
 4 │         when { stop; }
 5 │         when #true { stop; }
   ·              ─────
 6 │         when 5 { stop; }
   ╰────

  × a condition is text in quotes, found 5
   ╭─[flows.kdl:6:14]
 5 │         when #true { stop; }
 6 │         when 5 { stop; }
   ·              ─
 7 │     }
   ╰────
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn an_unquoted_condition_is_told_as_a_whole() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "amount" type="number" required=#true; }; }
    branch { when amount > 3 { stop; }; }
}
"#,
        r#"
  × an expression is one text, in quotes
   ╭─[flows.kdl:3:19]
 2 │     webhook "/a" { parse { body "amount" type="number" required=#true; }; }
 3 │     branch { when amount > 3 { stop; }; }
   ·                   ─────┬────
   ·                        ╰── not quoted
 4 │ }
   ╰────
  help: write `when "amount > 3"`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn spans_point_at_the_right_column_behind_escapes_and_wide_characters() {
    refused(
        r##"flow "a" mode="sync" {
    webhook "/a" { parse { body "name" required=#true; }; }
    branch {
        when "name == '\u{e9}\n' or nmae == 'ß'" { stop; }
        when #"name == "日本" or nmae == 1"# { stop; }
    }
}
"##,
        r##"
  × nothing is called `nmae` here
   ╭─[flows.kdl:4:37]
 3 │     branch {
 4 │         when "name == '\u{e9}\n' or nmae == 'ß'" { stop; }
   ·                                     ────
 5 │         when #"name == "日本" or nmae == 1"# { stop; }
   ╰────
  help: did you mean `name`?

  × nothing is called `nmae` here
   ╭─[flows.kdl:5:32]
 4 │         when "name == '\u{e9}\n' or nmae == 'ß'" { stop; }
 5 │         when #"name == "日本" or nmae == 1"# { stop; }
   ·                                  ────
 6 │     }
   ╰────
  help: did you mean `name`?
flows.kdl: 2 errors
"##,
    );
}

#[test]
fn the_time_is_set_before_it_is_asked_for() {
    refused(
        r#"flow "a" {
    webhook "/a"
    branch {
        when "now > '2026'" { stop; }
        when "now() > '2026'" { stop; }
    }
}
"#,
        r#"
  × nothing is called `now` here
   ╭─[flows.kdl:4:15]
 3 │     branch {
 4 │         when "now > '2026'" { stop; }
   ·               ───
 5 │         when "now() > '2026'" { stop; }
   ╰────
  help: set it above: `set time="{{ now() }}"`

  × nothing can be called here
   ╭─[flows.kdl:5:15]
 4 │         when "now > '2026'" { stop; }
 5 │         when "now() > '2026'" { stop; }
   ·               ─────
 6 │     }
   ╰────
  help: set it above: `set time="{{ now() }}"`
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn what_no_run_could_decide_by_its_declared_types_is_an_error() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a/{id}" {
        parse {
            path "id"
            body "amount" type="number" required=#true
            body "name" type="string" default=""
            body "tags" type="list"
        }
    }
    branch {
        when "amount > '0'" { respond 200; }
        when "amount" { respond 201; }
        when "name == 5 or not name" { respond 202; }
        when "0 < amount < name" { respond 203; }
        when "tags | length == 'two'" { respond 204; }
        when "tags is defined and tags > 1" { respond 205; }
        otherwise { respond 206; }
    }
}
"#,
        r#"
  × `amount` is a number and `'0'` is text, `>` needs two numbers or two texts
    ╭─[flows.kdl:11:15]
 10 │     branch {
 11 │         when "amount > '0'" { respond 200; }
    ·               ────────────
 12 │         when "amount" { respond 201; }
    ╰────
  help: a number is written without quotes: `0`

  × `amount` is a number, a condition needs true or false
    ╭─[flows.kdl:12:15]
 11 │         when "amount > '0'" { respond 200; }
 12 │         when "amount" { respond 201; }
    ·               ──────
 13 │         when "name == 5 or not name" { respond 202; }
    ╰────
  help: compare it, like `amount == …`, or ask whether it is there: `amount is defined`

  × `name` is text and `5` is a number, `==` needs two values of one kind
    ╭─[flows.kdl:13:15]
 12 │         when "amount" { respond 201; }
 13 │         when "name == 5 or not name" { respond 202; }
    ·               ─────────
 14 │         when "0 < amount < name" { respond 203; }
    ╰────

  × `name` is text, `not` needs true or false
    ╭─[flows.kdl:13:32]
 12 │         when "amount" { respond 201; }
 13 │         when "name == 5 or not name" { respond 202; }
    ·                                ────
 14 │         when "0 < amount < name" { respond 203; }
    ╰────
  help: compare it, like `name == …`, or ask whether it is there: `name is defined`

  × `amount` is a number and `name` is text, `<` needs two numbers or two texts
    ╭─[flows.kdl:14:19]
 13 │         when "name == 5 or not name" { respond 202; }
 14 │         when "0 < amount < name" { respond 203; }
    ·                   ─────────────
 15 │         when "tags | length == 'two'" { respond 204; }
    ╰────

  × `tags` may be absent
    ╭─[flows.kdl:15:15]
 14 │         when "0 < amount < name" { respond 203; }
 15 │         when "tags | length == 'two'" { respond 204; }
    ·               ────
 16 │         when "tags is defined and tags > 1" { respond 205; }
    ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `tags is defined and …`,
        `tags | default(…)`

  × `tags` is a list and `1` is a number, `>` needs two numbers or two texts
    ╭─[flows.kdl:16:35]
 15 │         when "tags | length == 'two'" { respond 204; }
 16 │         when "tags is defined and tags > 1" { respond 205; }
    ·                                   ────────
 17 │         otherwise { respond 206; }
    ╰────
flows.kdl: 7 errors
"#,
    );
}

#[test]
fn what_some_run_may_decide_is_taken() {
    accepted(
        r#"flow "a" mode="sync" {
    webhook "/a" {
        parse {
            body "any" default=""
            body "amount" type="integer"
            body "flag" type="bool" default=#false
            body "doc" type="json" required=#true
        }
    }
    branch {
        when "any > 5 or any == 'x' or flag" { respond 200; }
        when "amount is defined and (amount >= 0.5 or amount != none)" { respond 201; }
        when "doc or doc.a > 'x' or doc == 1" { respond 202; }
        when "(amount | default('none') | string) == 'none'" { respond 203; }
    }
    set flag="{{ any }}"
    branch {
        when "flag == 'x'" { respond 204; }
        otherwise { respond 205; }
    }
}
"#,
        r#"
flows.kdl: 1 flow
"#,
    );
}
