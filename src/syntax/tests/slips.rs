//! Common slips, and every word that is said about them.

use super::{reading, told};

#[test]
fn a_bare_duration_or_size_is_told_to_be_quoted() {
    assert_eq!(
        told(
            r#"flow "a" timeout=10s {
    max-body 1MiB
}
"#
        ),
        r#"  × `10s` is neither a number nor text
   ╭─[flows.kdl:1:18]
 1 │ flow "a" timeout=10s {
   ·                  ─┬─
   ·                   ╰── text starting with a digit is quoted
 2 │     max-body 1MiB
   ╰────
  help: write `"10s"`

  × `1MiB` is neither a number nor text
   ╭─[flows.kdl:2:14]
 1 │ flow "a" timeout=10s {
 2 │     max-body 1MiB
   ·              ──┬─
   ·                ╰── text starting with a digit is quoted
 3 │ }
   ╰────
  help: write `"1MiB"`
"#
    );
}

#[test]
fn a_bare_true_is_told_to_take_a_hash() {
    assert_eq!(
        told(
            r#"body "a" required=true
flow null
"#
        ),
        r#"  × `true` is written `#true`
   ╭─[flows.kdl:1:19]
 1 │ body "a" required=true
   ·                   ────
 2 │ flow null
   ╰────
  help: write `#true`, or `"true"` if it is text

  × `null` alone is not allowed
   ╭─[flows.kdl:2:6]
 1 │ body "a" required=true
 2 │ flow null
   ·      ────
   ╰────
  help: write `"null"` if it is text, `#null` if not
"#
    );
}

#[test]
fn other_spellings_of_truth_are_told_the_right_one() {
    assert_eq!(
        told(
            r#"body "a" required=#yes
"#
        ),
        r#"  × there is no `#yes`
   ╭─[flows.kdl:1:19]
 1 │ body "a" required=#yes
   ·                   ────
   ╰────
  help: write `#true`
"#
    );
}

#[test]
fn single_quotes_are_told_to_be_double() {
    assert_eq!(
        told(
            "flow 'x y' mode='sync'
"
        ),
        r#"  × text is written in double quotes
   ╭─[flows.kdl:1:6]
 1 │ flow 'x y' mode='sync'
   ·      ──┬──
   ·        ╰── single quotes
   ╰────
  help: write `"x y"`

  × text is written in double quotes
   ╭─[flows.kdl:1:17]
 1 │ flow 'x y' mode='sync'
   ·                 ───┬──
   ·                    ╰── single quotes
   ╰────
  help: write `"sync"`
"#
    );
}

#[test]
fn curly_quotes_are_told_to_be_straight() {
    assert_eq!(
        told(
            "flow “x” {
    log ‘y z’
}
"
        ),
        r#"  × text is written in straight quotes
   ╭─[flows.kdl:1:6]
 1 │ flow “x” {
   ·      ─┬─
   ·       ╰── curly quotes
 2 │     log ‘y z’
   ╰────
  help: write `"x"`

  × text is written in straight quotes
   ╭─[flows.kdl:2:9]
 1 │ flow “x” {
 2 │     log ‘y z’
   ·         ──┬──
   ·           ╰── curly quotes
 3 │ }
   ╰────
  help: write `"y z"`
"#
    );
}

#[test]
fn a_hash_comment_is_told_once_for_a_block_of_them() {
    assert_eq!(
        told(
            r#"# one
# two
flow "x" # three
"#
        ),
        r#"  × a comment starts with `//`, not `#`
   ╭─[flows.kdl:1:1]
 1 │ # one
   · ─────
 2 │ # two
   ╰────
  help: write `// …`; if it is text, put it in quotes

  × a comment starts with `//`, not `#`
   ╭─[flows.kdl:3:10]
 2 │ # two
 3 │ flow "x" # three
   ·          ───────
   ╰────
  help: write `// …`; if it is text, put it in quotes
"#
    );
}

#[test]
fn an_unknown_escape_is_told_of_raw_text() {
    assert_eq!(
        told(
            r#"body "\d+" as="a"
"#
        ),
        r##"  × `\d` is no escape
   ╭─[flows.kdl:1:7]
 1 │ body "\d+" as="a"
   ·       ─┬
   ·        ╰── not an escape
   ╰────
  help: write `\\d` for a `\`, or take everything as it stands with a raw string: `#"…"#`
"##
    );
}

#[test]
fn an_impossible_character_is_pointed_at() {
    assert_eq!(
        told(
            r#"body "\u{110000}"
"#
        ),
        r#"  × `\u{110000}` names no character
   ╭─[flows.kdl:1:7]
 1 │ body "\u{110000}"
   ·       ──────────
   ╰────
  help: an escape of this kind has one to six hex digits, like `\u{e9}`
"#
    );
}

#[test]
fn raw_text_of_kdl_1_is_told_the_new_way() {
    assert_eq!(
        told(
            r#"body r"\d+" as="a"
"#
        ),
        r##"  × raw text is written `#"…"#`, without an `r`
   ╭─[flows.kdl:1:6]
 1 │ body r"\d+" as="a"
   ·      ──────
   ╰────
  help: that is how KDL 2 writes it; `r"…"` was KDL 1
"##
    );
}

#[test]
fn commas_are_told_to_go() {
    assert_eq!(
        told(
            r#"parse "a", "b"
more { a 1, b 2; }
"#
        ),
        r#"  × there are no commas between values
   ╭─[flows.kdl:1:10]
 1 │ parse "a", "b"
   ·          ┬
   ·          ╰── remove it
 2 │ more { a 1, b 2; }
   ╰────
  help: a space is enough; a comma that is part of a text is quoted with it

  × there are no commas between values
   ╭─[flows.kdl:2:11]
 1 │ parse "a", "b"
 2 │ more { a 1, b 2; }
   ·           ┬
   ·           ╰── remove it
   ╰────
  help: a space is enough; a comma that is part of a text is quoted with it
"#
    );
}

#[test]
fn a_brace_on_its_own_line_is_told_to_move_up() {
    assert_eq!(
        told(
            r#"flow "x"
{
    log "a"
}
"#
        ),
        r#"  × the `{` of `flow` belongs on the line of `flow`
   ╭─[flows.kdl:2:1]
 1 │ flow "x"
   · ──┬─
   ·   ╰── the block belongs to this
 2 │ {
   · ┬
   · ╰── move it up
 3 │     log "a"
   ╰────
  help: write `flow … {`
"#
    );
}

#[test]
fn an_unquoted_url_is_no_comment() {
    assert_eq!(
        told(
            r#"http "POST" https://x.example/a?b=c {
    body "x"
}
http "GET" url=http://y // z
"#
        ),
        r#"  × this URL is not quoted: everything from `//` on reads as a comment
   ╭─[flows.kdl:1:13]
 1 │ http "POST" https://x.example/a?b=c {
   ·             ───────────────────────
 2 │     body "x"
   ╰────
  help: write `"https://x.example/a?b=c"`

  × this URL is not quoted: everything from `//` on reads as a comment
   ╭─[flows.kdl:4:16]
 3 │ }
 4 │ http "GET" url=http://y // z
   ·                ────────
   ╰────
  help: write `"http://y"`
"#
    );
}

#[test]
fn an_unquoted_path_is_told_to_be_quoted() {
    assert_eq!(
        told(
            "webhook /payments/x {
    accept application/json
}
"
        ),
        r#"  × `/payments/x` is not quoted
   ╭─[flows.kdl:1:9]
 1 │ webhook /payments/x {
   ·         ─────┬─────
   ·              ╰── not allowed without quotes
 2 │     accept application/json
   ╰────
  help: write `"/payments/x"`

  × `application/json` is not quoted
   ╭─[flows.kdl:2:12]
 1 │ webhook /payments/x {
 2 │     accept application/json
   ·            ────────┬───────
   ·                    ╰── not allowed without quotes
 3 │ }
   ╰────
  help: write `"application/json"`
"#
    );
}

#[test]
fn a_list_in_brackets_is_told_of_values_in_a_row() {
    assert_eq!(
        told(
            "accept [200, 204]
"
        ),
        r#"  × there are no `[…]` lists
   ╭─[flows.kdl:1:8]
 1 │ accept [200, 204]
   ·        ──────────
   ╰────
  help: values follow each other: `"a" "b"`; in a `json` block each element is a node called `-`
"#
    );
}

#[test]
fn an_equals_sign_behind_a_node_is_told_to_go() {
    assert_eq!(
        told(
            r#"server {
    listen = "127.0.0.1:1"
}
"#
        ),
        r#"  × there is no `=` after `listen` at the start of a line
   ╭─[flows.kdl:2:12]
 1 │ server {
 2 │     listen = "127.0.0.1:1"
   ·            ┬
   ·            ╰── remove it
 3 │ }
   ╰────
  help: `listen` is a node here: write `listen …`; a property is written on the line of its node
"#
    );
}

#[test]
fn colons_are_no_part_of_the_language() {
    assert_eq!(
        told(
            r#"max-body: "1MiB"
flow "x" mode:"sync"
"#
        ),
        r#"  × there is no colon after a name like `max-body`
   ╭─[flows.kdl:1:9]
 1 │ max-body: "1MiB"
   ·         ┬
   ·         ╰── remove the colon
 2 │ flow "x" mode:"sync"
   ╰────
  help: write `max-body`, a space, and the value

  × a property is set with `=`, not `:`
   ╭─[flows.kdl:2:14]
 1 │ max-body: "1MiB"
 2 │ flow "x" mode:"sync"
   ·              ─
   ╰────
  help: write `mode=…`
"#
    );
}

#[test]
fn an_unquoted_expression_is_shown_quoted() {
    assert_eq!(
        told(
            r#"when amount >= 100 and currency == 'EUR' label="big" { stop; }
when not ok { stop; }
"#
        ),
        r#"  × an expression is one text, in quotes
   ╭─[flows.kdl:1:6]
 1 │ when amount >= 100 and currency == 'EUR' label="big" { stop; }
   ·      ─────────────────┬─────────────────
   ·                       ╰── not quoted
 2 │ when not ok { stop; }
   ╰────
  help: write `when "amount >= 100 and currency == 'EUR'"`

  × an expression is one text, in quotes
   ╭─[flows.kdl:2:6]
 1 │ when amount >= 100 and currency == 'EUR' label="big" { stop; }
 2 │ when not ok { stop; }
   ·      ───┬──
   ·         ╰── not quoted
   ╰────
  help: write `when "not ok"`
"#
    );
}

#[test]
fn an_unquoted_placeholder_is_shown_quoted() {
    assert_eq!(
        told(
            "log {{ x }}
"
        ),
        r#"  × this placeholder is not quoted
   ╭─[flows.kdl:1:5]
 1 │ log {{ x }}
   ·     ───────
   ╰────
  help: write `"{{ x }}"`
"#
    );
}

#[test]
fn a_block_without_an_end_is_found_by_its_indentation() {
    assert_eq!(
        told(
            r#"flow "x" {
    webhook {
        parse {
        }
}
flow "y"
"#
        ),
        r#"  × the block of `webhook` is not closed
   ╭─[flows.kdl:2:13]
 1 │ flow "x" {
 2 │     webhook {
   ·             ┬
   ·             ╰── opened here
 3 │         parse {
 4 │         }
 5 │ }
   · ┬
   · ╰── this closes it, though it stands further left
 6 │ flow "y"
   ╰────
  help: a `}` is missing
"#
    );
}

#[test]
fn blocks_without_an_end_are_pointed_at() {
    assert_eq!(
        told(
            r#"flow "x" {
    webhook {
"#
        ),
        r#"  × the block of `webhook` is not closed
   ╭─[flows.kdl:2:13]
 1 │ flow "x" {
   ·          ┬
   ·          ╰── nor is this one
 2 │     webhook {
   ·             ┬
   ·             ╰── opened here
   ╰────
  help: a `}` is missing
"#
    );
}

#[test]
fn a_closing_brace_too_many_is_pointed_at() {
    assert_eq!(
        told(
            r#"flow "x" }
"#
        ),
        r#"  × this `}` closes nothing
   ╭─[flows.kdl:1:10]
 1 │ flow "x" }
   ·          ┬
   ·          ╰── no block is open here
   ╰────
"#
    );
}

#[test]
fn text_without_an_end_is_pointed_at_where_it_starts() {
    assert_eq!(
        told(
            r#"flow "x {
    log "a"
}
"#
        ),
        r#"  × this text is not closed
   ╭─[flows.kdl:1:6]
 1 │ flow "x {
   ·      ─┬
   ·       ╰── starts here
 2 │     log "a"
   ╰────
  help: close it with `"` on the same line
"#
    );
}

#[test]
fn text_over_lines_in_plain_quotes_is_told_of_three() {
    assert_eq!(
        told(
            r#"body "one
two"
"#
        ),
        r#"  × text in plain quotes ends on the line it starts on
   ╭─[flows.kdl:1:6]
 1 │ body "one
   ·      ────
 2 │ two"
   ╰────
  help: put `"""` on a line before and after it for several lines, or write `\n` for a line break
"#
    );
}

#[test]
fn text_in_three_quotes_on_one_line_is_told_to_take_one() {
    assert_eq!(
        told(
            r#"body """one"""
"#
        ),
        r#"  × text in three quotes starts on the line below them
   ╭─[flows.kdl:1:6]
 1 │ body """one"""
   ·      ─────────
   ╰────
  help: use single `"` quotes for one line, or start a new line behind `"""`
"#
    );
}

#[test]
fn long_text_without_an_end_is_pointed_at_where_it_starts() {
    assert_eq!(
        told(
            r#"body """
    a
"#
        ),
        r#"  × this text is not closed
   ╭─[flows.kdl:1:6]
 1 │ body """
   ·      ─┬─
   ·       ╰── starts here
 2 │     a
   ╰────
  help: close it with `"""` on a line of its own
"#
    );
}

#[test]
fn a_line_indented_too_little_is_pointed_at() {
    assert_eq!(
        told(
            r#"body """
    a
  b
    """
"#
        ),
        r#"  × this line is indented less than the closing `"""`
   ╭─[flows.kdl:3:3]
 2 │     a
 3 │   b
   ·   ─
 4 │     """
   ╰────
  help: the spaces in front of the closing `"""` are taken off every line: start each with the
        same ones
"#
    );
}

#[test]
fn raw_text_without_an_end_is_told_how_to_close_it() {
    assert_eq!(
        told(
            r##"body ##"a"#
"##
        ),
        r###"  × this raw text is not closed
   ╭─[flows.kdl:1:6]
 1 │ body ##"a"#
   ·      ───┬──
   ·         ╰── starts here
   ╰────
  help: close it with `"##`
"###
    );
}

#[test]
fn a_missing_space_is_pointed_at() {
    assert_eq!(
        told(
            r#"flow "x""y"
"#
        ),
        r#"  × there is no space between these two values
   ╭─[flows.kdl:1:9]
 1 │ flow "x""y"
   ·         ─┬─
   ·          ╰── put a space in front of this
   ╰────
  help: a `"` inside of text is written `\"`
"#
    );
}

#[test]
fn values_behind_a_block_belong_in_front_of_it() {
    assert_eq!(
        told(
            r#"flow { stop } "x"
"#
        ),
        r#"  × a node ends with its block
   ╭─[flows.kdl:1:15]
 1 │ flow { stop } "x"
   ·               ─┬─
   ·                ╰── belongs on the next line
   ╰────
  help: values and properties of the node stand in front of its `{`
"#
    );
}

#[test]
fn a_block_needs_a_name() {
    assert_eq!(
        told(
            "{ stop; }
"
        ),
        "  × this block has no name in front of it
   ╭─[flows.kdl:1:1]
 1 │ { stop; }
   · ─
   ╰────
"
    );
}

#[test]
fn a_second_block_is_refused() {
    assert_eq!(
        told(
            "flow { } { }
"
        ),
        "  × `flow` has a second block
   ╭─[flows.kdl:1:10]
 1 │ flow { } { }
   ·          ─
   ╰────
"
    );
}

#[test]
fn a_property_needs_a_value() {
    assert_eq!(
        told(
            "flow mode= {
}
"
        ),
        "  × there is no value behind this `=`
   ╭─[flows.kdl:1:10]
 1 │ flow mode= {
   ·          ─
 2 │ }
   ╰────
"
    );
}

#[test]
fn a_second_equals_sign_is_pointed_at() {
    assert_eq!(
        told(
            "flow a=b=c
"
        ),
        "  × there is a second `=` here
   ╭─[flows.kdl:1:9]
 1 │ flow a=b=c
   ·         ─
   ╰────
  help: put a value that contains `=` in quotes
"
    );
}

#[test]
fn a_broken_annotation_is_pointed_at() {
    assert_eq!(
        told(
            r#"listen (env "x"
listen (env)
listen 1 )
"#
        ),
        r#"  × an annotation is one word in parentheses
   ╭─[flows.kdl:1:8]
 1 │ listen (env "x"
   ·        ────────
 2 │ listen (env)
   ╰────
  help: like `(env)"NAME"`; a text with parentheses is quoted

  × there is nothing behind `(env)`
   ╭─[flows.kdl:2:8]
 1 │ listen (env "x"
 2 │ listen (env)
   ·        ──┬──
   ·          ╰── an annotation stands in front of a value
 3 │ listen 1 )
   ╰────
  help: like `(env)"NAME"`

  × this `)` closes nothing
   ╭─[flows.kdl:3:10]
 2 │ listen (env)
 3 │ listen 1 )
   ·          ─
   ╰────
"#
    );
}

#[test]
fn a_character_that_no_file_may_hold_is_named() {
    assert_eq!(
        told("log \"x\0y\" \u{202e}\n"),
        r#"  × the character U+0000 is not allowed in a file
   ╭─[flows.kdl:1:7]
 1 │ log "x?y" �
   ·       ─
   ╰────
  help: is this a text file?

  × the character U+202E is not allowed in a file
   ╭─[flows.kdl:1:11]
 1 │ log "x?y" �
   ·           ─
   ╰────
  help: delete it, or write `\u{202e}` in a text
"#
    );
}

#[test]
fn a_comment_without_an_end_is_pointed_at() {
    assert_eq!(
        told(
            "flow /* x
"
        ),
        "  × this comment is not closed
   ╭─[flows.kdl:1:6]
 1 │ flow /* x
   ·      ─┬
   ·       ╰── starts here
   ╰────
  help: close it with `*/`
"
    );
}

#[test]
fn a_number_beyond_all_numbers_is_pointed_at() {
    assert_eq!(
        told(
            "respond 999999999999999999999999999999999999999
"
        ),
        "  × this number has too many digits
   ╭─[flows.kdl:1:9]
 1 │ respond 999999999999999999999999999999999999999
   ·         ───────────────────────────────────────
   ╰────
  help: if it is an identifier, put it in quotes
"
    );
}

#[test]
fn a_file_of_comments_is_an_empty_file() {
    assert_eq!(
        told(
            r#"// nothing
/- flow "x" { }
"#
        ),
        r#"  × there is nothing in this file
   ╭─[flows.kdl:1:1]
 1 │ // nothing
   · ▲
 2 │ /- flow "x" { }
   ╰────
  help: write a flow, like `flow "hello" mode="sync" { webhook "/hello"; respond 200; }`; a half-
        written save looks the same
"#
    );
}

#[test]
fn columns_are_right_behind_characters_of_several_bytes() {
    assert_eq!(
        told(
            r#"lög "ünïcödé" 10s
"#
        ),
        r#"  × `10s` is neither a number nor text
   ╭─[flows.kdl:1:15]
 1 │ lög "ünïcödé" 10s
   ·               ─┬─
   ·                ╰── text starting with a digit is quoted
   ╰────
  help: write `"10s"`
"#
    );
}

#[test]
fn a_node_starts_with_a_name() {
    assert_eq!(
        told("1 \"x\"\n;\n= 2\n"),
        r#"  × a node starts with its name, and `1` is none
   ╭─[flows.kdl:1:1]
 1 │ 1 "x"
   · ─
 2 │ ;
   ╰────
  help: if it is a name, write `"1"`; if it is a value, put it behind its node

  × there is nothing in front of this `;`
   ╭─[flows.kdl:2:1]
 1 │ 1 "x"
 2 │ ;
   · ┬
   · ╰── remove it
 3 │ = 2
   ╰────

  × there is no name in front of this `=`
   ╭─[flows.kdl:3:1]
 2 │ ;
 3 │ = 2
   · ─
   ╰────
"#
    );
}

#[test]
fn closing_quotes_stand_on_a_line_of_their_own() {
    assert_eq!(
        told("body \"\"\"\n  a\"\"\"\n"),
        r#"  × the closing `"""` belongs on a line of its own
   ╭─[flows.kdl:2:3]
 1 │ body """
 2 │   a"""
   ·   ─
   ╰────
"#
    );
}

#[test]
fn what_is_only_told_by_kdl_is_told_in_our_manner() {
    assert_eq!(
        told("flow 1=2\n"),
        "  × this was not expected here
   ╭─[flows.kdl:1:7]
 1 │ flow 1=2
   ·       ─
   ╰────
"
    );
}

#[test]
fn more_than_fifty_slips_are_counted() {
    let lines = reading(&"a 1s\n".repeat(60)).1.lines();
    assert_eq!(lines.len(), 51);
    assert_eq!(
        lines[50],
        "flows.kdl:51:3: error: 10 more like these from here on"
    );
}

#[test]
fn what_a_slip_was_meant_to_say_is_what_the_tree_says() {
    let (tree, report) =
        reading("flow 'a b' timeout=10s on=true url=https://x.org/y {\n    when a > 1\n}\n");
    assert_eq!(report.error_count(), 5);
    assert!(tree.complete);
    let mut fields = tree.nodes[0].clone().open();
    let text = |value: crate::syntax::Scalar| value.as_text().unwrap().value.clone();
    assert_eq!(text(fields.argument().unwrap()), "a b");
    assert_eq!(text(fields.property("timeout").unwrap()), "10s");
    assert_eq!(fields.property("on").unwrap().as_bool(), Some(true));
    assert_eq!(text(fields.property("url").unwrap()), "https://x.org/y");
    let mut when = fields.children().remove(0).open();
    assert_eq!(text(when.argument().unwrap()), "a > 1");
}
