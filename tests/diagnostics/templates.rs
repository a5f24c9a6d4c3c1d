use super::{accepted, refused};

#[test]
fn what_is_unknown_in_a_template_is_named_with_what_is_meant() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "amount" type="number" required=#true; body "name" required=#true; }; }
    set a="{{ amuont }}" b="{{ name | uper }}" c="{% iff name %}"
    set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
    respond 200 { body "{{ a }} {{ error.message }} {{ secrets.a }} {{ run.ids }}"; }
}
"#,
        r#"
  × nothing is called `amuont` here
   ╭─[flows.kdl:3:15]
 2 │     webhook "/a" { parse { body "amount" type="number" required=#true; body "name" required=#true; }; }
 3 │     set a="{{ amuont }}" b="{{ name | uper }}" c="{% iff name %}"
   ·               ──────
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
   ╰────
  help: did you mean `amount`?

  × there is no filter `uper`
   ╭─[flows.kdl:3:39]
 2 │     webhook "/a" { parse { body "amount" type="number" required=#true; body "name" required=#true; }; }
 3 │     set a="{{ amuont }}" b="{{ name | uper }}" c="{% iff name %}"
   ·                                       ────
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
   ╰────
  help: did you mean `upper`?

  × there is no statement `iff`
   ╭─[flows.kdl:3:54]
 2 │     webhook "/a" { parse { body "amount" type="number" required=#true; body "name" required=#true; }; }
 3 │     set a="{{ amuont }}" b="{{ name | uper }}" c="{% iff name %}"
   ·                                                      ───
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
   ╰────
  help: did you mean `if`?

  × there is no function `today`
   ╭─[flows.kdl:4:15]
 3 │     set a="{{ amuont }}" b="{{ name | uper }}" c="{% iff name %}"
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
   ·               ─────
 5 │     respond 200 { body "{{ a }} {{ error.message }} {{ secrets.a }} {{ run.ids }}"; }
   ╰────
  help: there is only `now()`

  × `now` without `()` cannot be used here
   ╭─[flows.kdl:4:33]
 3 │     set a="{{ amuont }}" b="{{ name | uper }}" c="{% iff name %}"
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
   ·                                 ───
 5 │     respond 200 { body "{{ a }} {{ error.message }} {{ secrets.a }} {{ run.ids }}"; }
   ╰────
  help: write `now()`

  × nothing can be called here
   ╭─[flows.kdl:4:47]
 3 │     set a="{{ amuont }}" b="{{ name | uper }}" c="{% iff name %}"
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
   ·                                               ──────────────────
 5 │     respond 200 { body "{{ a }} {{ error.message }} {{ secrets.a }} {{ run.ids }}"; }
   ╰────
  help: use a test: `name is endingwith('…')`

  × nothing is called `error` here
   ╭─[flows.kdl:5:36]
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
 5 │     respond 200 { body "{{ a }} {{ error.message }} {{ secrets.a }} {{ run.ids }}"; }
   ·                                    ─────
 6 │ }
   ╰────
  help: `error` is only known inside `on-error`

  × nothing is called `secrets` here
   ╭─[flows.kdl:5:56]
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
 5 │     respond 200 { body "{{ a }} {{ error.message }} {{ secrets.a }} {{ run.ids }}"; }
   ·                                                        ───────
 6 │ }
   ╰────
  help: a secret may stand in the URL, the query, the headers and the body of `http`, and in `env`
        and `stdin` of `exec`

  × `run` has no `ids`
   ╭─[flows.kdl:5:76]
 4 │     set d="{{ today() }}" e="{{ now }}" f="{{ name.endswith('a') }}"
 5 │     respond 200 { body "{{ a }} {{ error.message }} {{ secrets.a }} {{ run.ids }}"; }
   ·                                                                            ───
 6 │ }
   ╰────
  help: did you mean `id`?
flows.kdl: 9 errors
"#,
    );
}

#[test]
fn a_template_that_does_not_follow_the_grammar_says_where() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "name" required=#true; }; }
    set a="{{ name"
    set b="{% if name %}x"
    set c="{% include 'x' %}"
    set d="{{ }}"
    set e="{{ name = 3 }}"
    set f="{% endfor %}"
    respond 200
}
"#,
        r#"
  × this ends too early: `}}` should follow
   ╭─[flows.kdl:3:19]
 2 │     webhook "/a" { parse { body "name" required=#true; }; }
 3 │     set a="{{ name"
   ·                   ▲
 4 │     set b="{% if name %}x"
   ╰────

  × this `if` has no `{% endif %}`
   ╭─[flows.kdl:4:15]
 3 │     set a="{{ name"
 4 │     set b="{% if name %}x"
   ·               ──
 5 │     set c="{% include 'x' %}"
   ╰────

  × `{% include %}` cannot be used here
   ╭─[flows.kdl:5:15]
 4 │     set b="{% if name %}x"
 5 │     set c="{% include 'x' %}"
   ·               ───────
 6 │     set d="{{ }}"
   ╰────

  × `}}` cannot stand here
   ╭─[flows.kdl:6:15]
 5 │     set c="{% include 'x' %}"
 6 │     set d="{{ }}"
   ·               ──
 7 │     set e="{{ name = 3 }}"
   ╰────

  × `=` compares nothing, write `==`
   ╭─[flows.kdl:7:20]
 6 │     set d="{{ }}"
 7 │     set e="{{ name = 3 }}"
   ·                    ─
 8 │     set f="{% endfor %}"
   ╰────

  × `endfor` closes nothing
   ╭─[flows.kdl:8:15]
 7 │     set e="{{ name = 3 }}"
 8 │     set f="{% endfor %}"
   ·               ──────
 9 │     respond 200
   ╰────
flows.kdl: 6 errors
"#,
    );
}

#[test]
fn a_placeholder_without_quotes_is_told() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "name" required=#true; }; }
    respond 200 { body {{ name }} }
}
"#,
        r#"
  × this placeholder is not quoted
   ╭─[flows.kdl:3:24]
 2 │     webhook "/a" { parse { body "name" required=#true; }; }
 3 │     respond 200 { body {{ name }} }
   ·                        ──────────
 4 │ }
   ╰────
  help: write `"{{ name }}"`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn text_is_taken_as_it_stands_where_it_says_so() {
    accepted(
        r#"flow "a" mode="sync" {
    webhook "/a"
    log (raw)"{{ .State }} {{ nothing }} {%"
    respond 200
}
"#,
        r#"
flows.kdl: 1 flow
"#,
    );
}

#[test]
fn places_in_text_of_several_lines_are_told_in_the_file() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "name" required=#true; }; }
    respond 200 {
        body """
            Dear {{ name }},
            your order {{ oder }} is on its way
            """
    }
}
"#,
        r#"
  × nothing is called `oder` here
   ╭─[flows.kdl:6:27]
 5 │             Dear {{ name }},
 6 │             your order {{ oder }} is on its way
   ·                           ────
 7 │             """
   ╰────
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_filter_that_is_none_is_told_with_those_that_a_template_has() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "names" type="list" required=#true; }; }
    set a="{{ names | uniq }}" b="{{ names | shuffle }}"
    respond 200
}
"#,
        r#"
  × there is no filter `uniq`
   ╭─[flows.kdl:3:23]
 2 │     webhook "/a" { parse { body "names" type="list" required=#true; }; }
 3 │     set a="{{ names | uniq }}" b="{{ names | shuffle }}"
   ·                       ────
 4 │     respond 200
   ╰────
  help: did you mean `unique`?

  × there is no filter `shuffle`
   ╭─[flows.kdl:3:46]
 2 │     webhook "/a" { parse { body "names" type="list" required=#true; }; }
 3 │     set a="{{ names | uniq }}" b="{{ names | shuffle }}"
   ·                                              ───────
 4 │     respond 200
   ╰────
  help: there are: default, d, length, count, lower, upper, trim, string, int, float, abs, round,
        first, last, join, replace, split, keys, tojson, urlencode, capitalize, items, list,
        reverse, sort, title, unique
flows.kdl: 2 errors
"#,
    );
}
