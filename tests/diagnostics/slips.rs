use super::refused;

#[test]
fn durations_words_quotes_and_comments_of_other_languages() {
    refused(
        r#"# a comment
flow "a" mode='sync' timeout=10s {
    webhook /a { methods "POST", "PUT"; parse { body "n" required=true; } }
    respond 200 { body r"C:\dir" }
}
"#,
        r##"
  × a comment starts with `//`, not `#`
   ╭─[flows.kdl:1:1]
 1 │ # a comment
   · ───────────
 2 │ flow "a" mode='sync' timeout=10s {
   ╰────
  help: write `// …`; if it is text, put it in quotes

  × text is written in double quotes
   ╭─[flows.kdl:2:15]
 1 │ # a comment
 2 │ flow "a" mode='sync' timeout=10s {
   ·               ───┬──
   ·                  ╰── single quotes
 3 │     webhook /a { methods "POST", "PUT"; parse { body "n" required=true; } }
   ╰────
  help: write `"sync"`

  × `10s` is neither a number nor text
   ╭─[flows.kdl:2:30]
 1 │ # a comment
 2 │ flow "a" mode='sync' timeout=10s {
   ·                              ─┬─
   ·                               ╰── text starting with a digit is quoted
 3 │     webhook /a { methods "POST", "PUT"; parse { body "n" required=true; } }
   ╰────
  help: write `"10s"`

  × `/a` is not quoted
   ╭─[flows.kdl:3:13]
 2 │ flow "a" mode='sync' timeout=10s {
 3 │     webhook /a { methods "POST", "PUT"; parse { body "n" required=true; } }
   ·             ─┬
   ·              ╰── not allowed without quotes
 4 │     respond 200 { body r"C:\dir" }
   ╰────
  help: write `"/a"`

  × there are no commas between values
   ╭─[flows.kdl:3:32]
 2 │ flow "a" mode='sync' timeout=10s {
 3 │     webhook /a { methods "POST", "PUT"; parse { body "n" required=true; } }
   ·                                ┬
   ·                                ╰── remove it
 4 │     respond 200 { body r"C:\dir" }
   ╰────
  help: a space is enough; a comma that is part of a text is quoted with it

  × `true` is written `#true`
   ╭─[flows.kdl:3:67]
 2 │ flow "a" mode='sync' timeout=10s {
 3 │     webhook /a { methods "POST", "PUT"; parse { body "n" required=true; } }
   ·                                                                   ────
 4 │     respond 200 { body r"C:\dir" }
   ╰────
  help: write `#true`, or `"true"` if it is text

  × raw text is written `#"…"#`, without an `r`
   ╭─[flows.kdl:4:24]
 3 │     webhook /a { methods "POST", "PUT"; parse { body "n" required=true; } }
 4 │     respond 200 { body r"C:\dir" }
   ·                        ─────────
 5 │ }
   ╰────
  help: that is how KDL 2 writes it; `r"…"` was KDL 1
flows.kdl: 7 errors
"##,
    );
}

#[test]
fn a_brace_on_a_line_of_its_own() {
    refused(
        r#"flow "a" mode="sync"
{
    webhook "/a"
    respond 200
}
"#,
        r#"
  × the `{` of `flow` belongs on the line of `flow`
   ╭─[flows.kdl:2:1]
 1 │ flow "a" mode="sync"
   · ──┬─
   ·   ╰── the block belongs to this
 2 │ {
   · ┬
   · ╰── move it up
 3 │     webhook "/a"
   ╰────
  help: write `flow … {`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn an_escape_that_is_none() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    log "C:\dir"
    respond 200
}
"#,
        r##"
  × `\d` is no escape
   ╭─[flows.kdl:3:12]
 2 │     webhook "/a"
 3 │     log "C:\dir"
   ·            ─┬
   ·             ╰── not an escape
 4 │     respond 200
   ╰────
  help: write `\\d` for a `\`, or take everything as it stands with a raw string: `#"…"#`
flows.kdl: 1 error
"##,
    );
}

#[test]
fn an_unquoted_url_in_a_step() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    respond 302 { header "Location" https://example.org/x; }
}
"#,
        r#"
  × this URL is not quoted: everything from `//` on reads as a comment
   ╭─[flows.kdl:3:37]
 2 │     webhook "/a"
 3 │     respond 302 { header "Location" https://example.org/x; }
   ·                                     ─────────────────────
 4 │ }
   ╰────
  help: write `"https://example.org/x"`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn colons_and_equals_signs_in_the_wrong_place() {
    refused(
        r#"flow "a" mode:"sync" {
    webhook = "/a"
    respond 200
}
"#,
        r#"
  × a property is set with `=`, not `:`
   ╭─[flows.kdl:1:14]
 1 │ flow "a" mode:"sync" {
   ·              ─
 2 │     webhook = "/a"
   ╰────
  help: write `mode=…`

  × there is no `=` after `webhook` at the start of a line
   ╭─[flows.kdl:2:13]
 1 │ flow "a" mode:"sync" {
 2 │     webhook = "/a"
   ·             ┬
   ·             ╰── remove it
 3 │     respond 200
   ╰────
  help: `webhook` is a node here: write `webhook …`; a property is written on the line of its node
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn quotes_within_quotes() {
    refused(
        r#"flow "a" {
    webhook "/a"
    log "it is "quoted""
}
"#,
        r#"
  × there is no space between these two values
   ╭─[flows.kdl:3:17]
 2 │     webhook "/a"
 3 │     log "it is "quoted""
   ·                 ───┬──
   ·                    ╰── put a space in front of this
 4 │ }
   ╰────
  help: a `"` inside of text is written `\"`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn text_that_is_not_closed() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a
    respond 200
}
"#,
        r#"
  × this text is not closed
   ╭─[flows.kdl:2:13]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a
   ·             ─┬─
   ·              ╰── starts here
 3 │     respond 200
   ╰────
  help: close it with `"` on the same line
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_block_that_is_not_closed() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" {
        parse { body "n"; }
    respond 200
}
"#,
        r#"
  × the block of `webhook` is not closed
   ╭─[flows.kdl:2:18]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a" {
   ·                  ┬
   ·                  ╰── opened here
 3 │         parse { body "n"; }
 4 │     respond 200
 5 │ }
   · ┬
   · ╰── this closes it, though it stands further left
   ╰────
  help: a `}` is missing
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_brace_too_many() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"; } }
    respond 200
}
"#,
        r#"
  × this `}` closes nothing
   ╭─[flows.kdl:2:21]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a"; } }
   ·                   ┬ ┬
   ·                   │ ╰── no block is open here
   ·                   ╰── is this one too many?
 3 │     respond 200
   ╰────
flows.kdl: 1 error
"#,
    );
}

#[test]
fn two_nodes_on_one_line() {
    refused(
        r#"flow "a" mode="sync" { webhook "/a" respond 200 }
"#,
        r#"
  × `webhook` takes only one value
   ╭─[flows.kdl:1:37]
 1 │ flow "a" mode="sync" { webhook "/a" respond 200 }
   ·                                     ─────┬─────
   ·                                          ╰── not expected
   ╰────
  help: text of several words is one value in quotes; a node of its own starts behind `;`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn what_is_behind_a_slip_is_checked_as_well() {
    refused(
        r#"flow "a" mode='sync' {
    webhook "/a" { parse { body "n" type="nubmer" required=true; } }
    branch { when "n > 3 and m" { respond 200; }; }
}
"#,
        r#"
  × text is written in double quotes
   ╭─[flows.kdl:1:15]
 1 │ flow "a" mode='sync' {
   ·               ───┬──
   ·                  ╰── single quotes
 2 │     webhook "/a" { parse { body "n" type="nubmer" required=true; } }
   ╰────
  help: write `"sync"`

  × `type` is one of `string`, `number`, `integer`, `bool`, `list`, `json`, not "nubmer"
   ╭─[flows.kdl:2:42]
 1 │ flow "a" mode='sync' {
 2 │     webhook "/a" { parse { body "n" type="nubmer" required=true; } }
   ·                                          ────────
 3 │     branch { when "n > 3 and m" { respond 200; }; }
   ╰────
  help: did you mean "number"?

  × `true` is written `#true`
   ╭─[flows.kdl:2:60]
 1 │ flow "a" mode='sync' {
 2 │     webhook "/a" { parse { body "n" type="nubmer" required=true; } }
   ·                                                            ────
 3 │     branch { when "n > 3 and m" { respond 200; }; }
   ╰────
  help: write `#true`, or `"true"` if it is text

  × a way through this flow gives no answer
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a" { parse { body "n" type="nubmer" required=true; } }
 3 │     branch { when "n > 3 and m" { respond 200; }; }
   ·     ───┬──                        ─────┬─────
   ·        │                               ╰── another way answers here
   ·        ╰── nothing matched, and there is no `otherwise`
 4 │ }
   ╰────
  help: a sync flow that responds on one way responds on every way

  × nothing is called `m` here
   ╭─[flows.kdl:3:30]
 2 │     webhook "/a" { parse { body "n" type="nubmer" required=true; } }
 3 │     branch { when "n > 3 and m" { respond 200; }; }
   ·                              ─
 4 │ }
   ╰────
flows.kdl: 5 errors
"#,
    );
}

#[test]
fn a_block_without_its_opening_brace() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    branch
        when "request.method == 'PUT'" { respond 200; }
        otherwise { respond 201; }
    }
}
"#,
        r#"
  × this `}` closes nothing
   ╭─[flows.kdl:7:1]
 2 │     webhook "/a"
 3 │     branch
   ·     ───┬──
   ·        ╰── is the `{` of this one missing?
 4 │         when "request.method == 'PUT'" { respond 200; }
 5 │         otherwise { respond 201; }
 6 │     }
 7 │ }
   · ┬
   · ╰── no block is open here
   ╰────
flows.kdl: 1 error
"#,
    );
}

#[test]
fn words_numbers_and_quotes_of_other_languages_in_values() {
    refused(
        r#"flow "a" mode="sync" timeout=10 {
    webhook "/a" { parse { body "amount" required="true"; body "x" required="yes"; }; }
    branch {
        when "amount == 1" { respond "303 See Other"; }
        otherwise { respond "303See"; }
    }
}
server { listen 14010; }
"#,
        r#"
  × `timeout` is a time like "500ms", "10s" or "5m", found 10
   ╭─[flows.kdl:1:30]
 1 │ flow "a" mode="sync" timeout=10 {
   ·                              ──
 2 │     webhook "/a" { parse { body "amount" required="true"; body "x" required="yes"; }; }
   ╰────
  help: write "10s" for seconds

  × `required` is `#true` or `#false`, found "true"
   ╭─[flows.kdl:2:51]
 1 │ flow "a" mode="sync" timeout=10 {
 2 │     webhook "/a" { parse { body "amount" required="true"; body "x" required="yes"; }; }
   ·                                                   ──────
 3 │     branch {
   ╰────
  help: write `#true`, without quotes

  × `required` is `#true` or `#false`, found "yes"
   ╭─[flows.kdl:2:77]
 1 │ flow "a" mode="sync" timeout=10 {
 2 │     webhook "/a" { parse { body "amount" required="true"; body "x" required="yes"; }; }
   ·                                                                             ─────
 3 │     branch {
   ╰────

  × a status is a whole number from 200 to 599, found "303 See Other"
   ╭─[flows.kdl:4:38]
 3 │     branch {
 4 │         when "amount == 1" { respond "303 See Other"; }
   ·                                      ───────────────
 5 │         otherwise { respond "303See"; }
   ╰────
  help: write the number alone: 303

  × a status is a whole number from 200 to 599, found "303See"
   ╭─[flows.kdl:5:29]
 4 │         when "amount == 1" { respond "303 See Other"; }
 5 │         otherwise { respond "303See"; }
   ·                             ────────
 6 │     }
   ╰────

  × an address is text in quotes, found 14010
   ╭─[flows.kdl:8:17]
 7 │ }
 8 │ server { listen 14010; }
   ·                 ─────
   ╰────
  help: "127.0.0.1:14010" for this machine alone, "[::]:14010" for everybody
flows.kdl: 6 errors
"#,
    );
}
