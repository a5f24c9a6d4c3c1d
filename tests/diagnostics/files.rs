use super::{accepted, assert_same, check_files, refused, refused_files};

#[test]
fn an_empty_file_is_an_error() {
    refused(
        r#"
"#,
        r#"
  × there is nothing in this file
   ╭─[flows.kdl:1:1]
 1 │
   · ▲
   ╰────
  help: write a flow, like `flow "hello" mode="sync" { webhook "/hello"; respond 200; }`; a half-
        written save looks the same
flows.kdl: 1 error
"#,
    );
}

#[test]
fn so_is_a_file_of_comments_alone() {
    refused(
        r#"// nothing here
/-flow "a" { webhook "/a"; }
"#,
        r#"
  × there is nothing in this file
   ╭─[flows.kdl:1:1]
 1 │ // nothing here
   · ▲
 2 │ /-flow "a" { webhook "/a"; }
   ╰────
  help: write a flow, like `flow "hello" mode="sync" { webhook "/hello"; respond 200; }`; a half-
        written save looks the same
flows.kdl: 1 error
"#,
    );
}

#[test]
fn two_files_that_are_broken_are_told_at_once_each_with_its_own_lines() {
    refused_files(
        &[
            (
                "flows.kdl",
                r#"include "flows/*.kdl"
server { port 80; }
"#,
            ),
            (
                "flows/a.kdl",
                r#"flow "a" mode="sync" {
    webhook "/a"
    respond 200 { body "{{ x }}"; }
}
"#,
            ),
            (
                "flows/b.kdl",
                r#"flow "b" mode="sync" {
    webhook "/b"
    respond 200s
}
"#,
            ),
        ],
        r#"
  × unknown node `port` in `server`
   ╭─[flows.kdl:2:10]
 1 │ include "flows/*.kdl"
 2 │ server { port 80; }
   ·          ────
   ╰────
  help: allowed here: `listen`, `public-url`, `max-body`, `timeouts`, `max-connections`,
        `outbound`, `queue` and `history`

  × nothing is called `x` here
   ╭─[flows/a.kdl:3:28]
 2 │     webhook "/a"
 3 │     respond 200 { body "{{ x }}"; }
   ·                            ─
 4 │ }
   ╰────

  × `200s` is neither a number nor text
   ╭─[flows/b.kdl:3:13]
 2 │     webhook "/b"
 3 │     respond 200s
   ·             ──┬─
   ·               ╰── text starting with a digit is quoted
 4 │ }
   ╰────
  help: write `"200s"`
flows.kdl: 3 errors
"#,
    );
}

#[test]
fn two_flows_in_two_files_that_collide_are_told_with_both_places() {
    refused_files(
        &[
            (
                "flows.kdl",
                r#"include "a.kdl"
include "b.kdl"
"#,
            ),
            (
                "a.kdl",
                r#"flow "a" { webhook "/a"; }
"#,
            ),
            (
                "b.kdl",
                r#"flow "a" { webhook "/a"; }
"#,
            ),
        ],
        r#"
  × two flows are named `a`
   ╭─[b.kdl:1:6]
 1 │ flow "a" { webhook "/a"; }
   ·      ───
   ╰────
  help: also: a.kdl:1:6: the other one

  × two flows are on the path `/a`
   ╭─[b.kdl:1:20]
 1 │ flow "a" { webhook "/a"; }
   ·                    ────
   ╰────
  help: also: a.kdl:1:20: the other one
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn an_included_file_that_is_empty_is_an_error() {
    refused_files(
        &[
            (
                "flows.kdl",
                r#"include "a.kdl"
flow "b" { webhook "/b"; }
"#,
            ),
            ("a.kdl", r#""#),
        ],
        r#"
  × there is nothing in this file
   ╭─[a.kdl:1:1]
   ╰────
  help: if it should be so, remove the file; a half-written save looks the same
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_secret_in_a_file_that_could_not_be_read_is_not_missed() {
    refused_files(
        &[
            (
                "flows.kdl",
                r#"include "secrets.kdl"
flow "a" mode="sync" {
    webhook "/a" { auth { basic user="u" password=(secret)"shop"; }; }
    respond 200
}
"#,
            ),
            (
                "secrets.kdl",
                r#"secrets {
    shop (env)"PATH"
"#,
            ),
        ],
        r#"
  × the block of `secrets` is not closed
   ╭─[secrets.kdl:1:9]
 1 │ secrets {
   ·         ┬
   ·         ╰── opened here
 2 │     shop (env)"PATH"
   ╰────
  help: a `}` is missing
flows.kdl: 1 error
"#,
    );
}

#[test]
fn includes_that_lead_nowhere_in_circles_or_to_the_same_file_are_told() {
    refused_files(
        &[
            (
                "flows.kdl",
                r#"include "gone.kdl"
include "a.kdl"
include "a.kdl"
include
include 5
"#,
            ),
            (
                "a.kdl",
                r#"include "flows.kdl"
flow "a" { webhook "/a"; }
"#,
            ),
        ],
        r#"
  × there is no file `gone.kdl`
   ╭─[flows.kdl:1:9]
 1 │ include "gone.kdl"
   ·         ──────────
 2 │ include "a.kdl"
   ╰────

  × `a.kdl` is included twice
   ╭─[flows.kdl:3:9]
 1 │ include "gone.kdl"
 2 │ include "a.kdl"
   ·         ───┬───
   ·            ╰── first here
 3 │ include "a.kdl"
   ·         ───────
 4 │ include
   ╰────

  × `include` needs the path of a file, like `"flows/*.kdl"`
   ╭─[flows.kdl:4:1]
 3 │ include "a.kdl"
 4 │ include
   · ───────
 5 │ include 5
   ╰────

  × `include` needs a path in quotes, not an integer
   ╭─[flows.kdl:5:9]
 4 │ include
 5 │ include 5
   ·         ─
   ╰────

  × `flows.kdl` includes itself
   ╭─[a.kdl:1:9]
 1 │ include "flows.kdl"
   ·         ───────────
 2 │ flow "a" { webhook "/a"; }
   ╰────
  help: by way of `flows.kdl`, `a.kdl` and back
flows.kdl: 5 errors
"#,
    );
}

#[test]
fn a_pattern_that_matches_nothing_is_a_warning() {
    accepted(
        r#"include "flows/*.kdl"
flow "a" { webhook "/a"; }
"#,
        r#"
  ⚠ `flows/*.kdl` matches no file
   ╭─[flows.kdl:1:9]
 1 │ include "flows/*.kdl"
   ·         ─────────────
 2 │ flow "a" { webhook "/a"; }
   ╰────
flows.kdl: 1 flow, 1 warning
"#,
    );
}

#[test]
fn what_is_no_file_is_not_read_and_neither_is_one_without_an_end() {
    let too_long = "/".repeat((8 << 20) + 1);
    refused_files(
        &[
            (
                "flows.kdl",
                r#"include "/dev/zero"
include "long.kdl"
flow "a" { webhook "/a"; }
"#,
            ),
            ("long.kdl", &too_long),
        ],
        r#"
  × `/dev/zero` could not be read: it is a device, not a file
   ╭─[flows.kdl:1:9]
 1 │ include "/dev/zero"
   ·         ───────────
 2 │ include "long.kdl"
   ╰────

  × `long.kdl` could not be read: it is longer than 8 MiB
   ╭─[flows.kdl:2:9]
 1 │ include "/dev/zero"
 2 │ include "long.kdl"
   ·         ──────────
 3 │ flow "a" { webhook "/a"; }
   ╰────
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn a_pattern_takes_names_with_a_leading_dot_only_where_it_has_one_itself() {
    let flow = |name: &str| format!("flow \"{name}\" {{ webhook \"/{name}\"; }}\n");
    let entry = |pattern: &str| format!("include \"{pattern}\"\n{}", flow("z"));
    let counted = |pattern: &str| {
        let files = [
            ("flows.kdl", entry(pattern)),
            ("in/a.kdl", flow("a")),
            ("in/.b.kdl", flow("b")),
            ("in/.#c.kdl", "no KDL".to_owned()),
            ("in/.git/d.kdl", flow("d")),
        ];
        let files = files.each_ref().map(|(name, text)| (*name, &**text));
        check_files(&files, &[]).1
    };
    assert_same(&counted("in/*.kdl"), "flows.kdl: 2 flows\n");
    assert_same(&counted("in/**/*.kdl"), "flows.kdl: 2 flows\n");
    assert_same(&counted("in/.b*.kdl"), "flows.kdl: 2 flows\n");
    assert_same(&counted("in/.g*/*.kdl"), "flows.kdl: 2 flows\n");
}
