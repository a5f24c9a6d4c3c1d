use super::refused;

#[test]
fn a_value_is_one_argument_or_children() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    respond 200 {
        json {
            a 1 2
            b 1 { c 2; }
            d
            e { }
            f g=1
            h 1
            h 2
            - 3
        }
    }
}
"#,
        r#"
  × list items and named members cannot be mixed
   ╭─[flows.kdl:5:13]
 4 │         json {
 5 │             a 1 2
   ·             ─────
 6 │             b 1 { c 2; }
   ╰────
  help: all children are named `-` for a list, none for an object

  × several arguments are a list only with `(array)`
   ╭─[flows.kdl:5:13]
 4 │         json {
 5 │             a 1 2
   ·             ─────
 6 │             b 1 { c 2; }
   ╰────
  help: write `(array)` before the name

  × a JSON value is one argument or children, not both
   ╭─[flows.kdl:6:13]
 5 │             a 1 2
 6 │             b 1 { c 2; }
   ·             ───
 7 │             d
   ╰────
  help: put the argument into a child

  × a JSON value is missing
   ╭─[flows.kdl:7:13]
 6 │             b 1 { c 2; }
 7 │             d
   ·             ─
 8 │             e { }
   ╰────
  help: one argument, or children; `(array)` and `(object)` stand before empty ones

  × an empty block could be a list or an object
   ╭─[flows.kdl:8:13]
 7 │             d
 8 │             e { }
   ·             ─
 9 │             f g=1
   ╰────
  help: write `(array)` or `(object)` before the name

  × JSON in KDL has no properties
    ╭─[flows.kdl:9:15]
  8 │             e { }
  9 │             f g=1
    ·               ─
 10 │             h 1
    ╰────
  help: a member is a child: `f { g … }`

  × the member `h` is there twice
    ╭─[flows.kdl:11:13]
  9 │             f g=1
 10 │             h 1
    ·             ┬
    ·             ╰── first here
 11 │             h 2
    ·             ─
 12 │             - 3
    ╰────
flows.kdl: 7 errors
"#,
    );
}

#[test]
fn lists_and_objects_are_told_apart_by_their_children() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    respond 200 {
        json {
            a { - 1; b 2; }
            (array)c { d 1; }
            (object)e 1
            (object)f { - 1; }
            (map)g 1
        }
    }
}
"#,
        r#"
  × list items and named members cannot be mixed
   ╭─[flows.kdl:5:22]
 4 │         json {
 5 │             a { - 1; b 2; }
   ·                      ───
 6 │             (array)c { d 1; }
   ╰────
  help: all children are named `-` for a list, none for an object

  × the items of an `(array)` are named `-`
   ╭─[flows.kdl:6:13]
 5 │             a { - 1; b 2; }
 6 │             (array)c { d 1; }
   ·             ────────
 7 │             (object)e 1
   ╰────

  × an `(object)` has children, no arguments
   ╭─[flows.kdl:7:23]
 6 │             (array)c { d 1; }
 7 │             (object)e 1
   ·                       ─
 8 │             (object)f { - 1; }
   ╰────

  × the members of an `(object)` have names: `-` is for lists
   ╭─[flows.kdl:8:13]
 7 │             (object)e 1
 8 │             (object)f { - 1; }
   ·             ─────────
 9 │             (map)g 1
   ╰────

  × `(map)` is no JSON type
    ╭─[flows.kdl:9:13]
  8 │             (object)f { - 1; }
  9 │             (map)g 1
    ·             ────────
 10 │         }
    ╰────
  help: there are `(array)` and `(object)`
flows.kdl: 5 errors
"#,
    );
}

#[test]
fn values_are_what_json_has() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    respond 200 {
        json {
            a #nan
            b 99999999999999999999999
            c (date)"2026-01-01"
            d (u8)5
            e "{{ x }}"
        }
    }
}
"#,
        r#"
  × JSON has no such number
   ╭─[flows.kdl:5:15]
 4 │         json {
 5 │             a #nan
   ·               ────
 6 │             b 99999999999999999999999
   ╰────

  × JSON has no such number
   ╭─[flows.kdl:6:15]
 5 │             a #nan
 6 │             b 99999999999999999999999
   ·               ───────────────────────
 7 │             c (date)"2026-01-01"
   ╰────

  × `(date)` cannot stand before a JSON text
   ╭─[flows.kdl:7:16]
 6 │             b 99999999999999999999999
 7 │             c (date)"2026-01-01"
   ·                ────
 8 │             d (u8)5
   ╰────
  help: `(raw)` takes a text as it is

  × `(u8)` cannot stand before a value
   ╭─[flows.kdl:8:16]
 7 │             c (date)"2026-01-01"
 8 │             d (u8)5
   ·                ──
 9 │             e "{{ x }}"
   ╰────

  × nothing is called `x` here
    ╭─[flows.kdl:9:19]
  8 │             d (u8)5
  9 │             e "{{ x }}"
    ·                   ─
 10 │         }
    ╰────
flows.kdl: 5 errors
"#,
    );
}

#[test]
fn commas_and_colons_of_json_are_told_alone() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    respond 200 { json { a: 1, b "x" }; }
}
"#,
        r#"
  × there is no colon after a name like `a`
   ╭─[flows.kdl:3:27]
 2 │     webhook "/a"
 3 │     respond 200 { json { a: 1, b "x" }; }
   ·                           ┬
   ·                           ╰── remove the colon
 4 │ }
   ╰────
  help: write `a`, a space, and the value

  × there are no commas between values
   ╭─[flows.kdl:3:30]
 2 │     webhook "/a"
 3 │     respond 200 { json { a: 1, b "x" }; }
   ·                              ┬
   ·                              ╰── remove it
 4 │ }
   ╰────
  help: a space is enough; a comma that is part of a text is quoted with it
flows.kdl: 2 errors
"#,
    );
}
