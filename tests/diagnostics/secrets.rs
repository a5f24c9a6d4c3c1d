use super::{accepted, refused};

#[test]
fn secrets_are_masked_in_the_lines_that_are_shown() {
    refused(
        r#"secrets {
    shop "hunter2" "hunter3"
}
flow "a" mode="sync" {
    webhook "/a" {
        auth {
            basic user="shop" password="hunter4" passwrd="hunter5"
            basic "shop" "hunter6"
            basic user="shop" { password "hunter7" hunter8=1; }
            bearer "hunter9"
        }
    }
    respond 200
}
"#,
        r#"
  × `shop` takes only one value
   ╭─[flows.kdl:2:20]
 1 │ secrets {
 2 │     shop "*******" "*******"
   ·                    ────┬────
   ·                        ╰── not expected
 3 │ }
   ╰────

  × `basic` has no property `passwrd`
   ╭─[flows.kdl:7:50]
 6 │         auth {
 7 │             basic user="shop" password=********* passwrd=*********
   ·                                                  ───────
 8 │             basic ****** *********
   ╰────
  help: did you mean `password`?

  × `basic` takes its user and password by name
   ╭─[flows.kdl:8:13]
 7 │             basic user="shop" password=********* passwrd=*********
 8 │             basic ****** *********
   ·             ──────────────────────
 9 │             basic user="shop" { password ********* hunter8=*; }
   ╰────
  help: `basic user="…" password=(env)"…"`

  × `password` has no property `hunter8`
    ╭─[flows.kdl:9:52]
  8 │             basic ****** *********
  9 │             basic user="shop" { password ********* hunter8=*; }
    ·                                                    ───────
 10 │             bearer *********
    ╰────
  help: `password` takes no properties

  × unknown node `bearer` in `auth`
    ╭─[flows.kdl:10:13]
  9 │             basic user="shop" { password ********* hunter8=*; }
 10 │             bearer *********
    ·             ──────
 11 │         }
    ╰────
  help: allowed here: `basic`
flows.kdl: 5 errors
"#,
    );
}

#[test]
fn a_file_that_cannot_be_read_shows_no_secret_either() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { auth { basic user="shop" password="hunter2; }; }
    respond 200
"#,
        r#"
  × this text is not closed
   ╭─[flows.kdl:2:54]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a" { auth { basic user="shop" password=**************
   ·                                                      ───────┬──────
   ·                                                             ╰── starts here
 3 │     respond ***
   ╰────
  help: close it with `"` on the same line
flows.kdl: 1 error
"#,
    );
}

#[test]
fn braces_that_are_off_show_no_secret_of_auth() {
    for auth in [
        r#"basic "shop" "hunter2""#,
        r#"basic user="shop" pass="hunter2""#,
        r#"basic user="shop" { pasword "hunter2"; }"#,
        r#"basic user="shop" { pasword "hunter2" }"#,
        "basic user=\"shop\" {\n                pasword \"hunter2\"\n            }",
    ] {
        for (before, behind) in [
            ("{", ""),
            ("{", "}}"),
            ("{", "}\n}"),
            ("{ }", "}"),
            ("", "}"),
        ] {
            let flows = format!(
                "flow \"a\" mode=\"sync\" {{\n    webhook \"/a\" {{\n        auth {before}\n            {auth}\n        {behind}\n    }}\n    respond 200\n}}\n"
            );
            let (code, printed) = super::check_files(&[("flows.kdl", &flows)], &[]);
            assert_eq!(code, Some(2), "{flows}");
            assert!(!printed.contains("hunter"), "{flows}\n{printed}");
        }
    }
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" {
        auth {
            basic user="shop" pass="hunter2"
    }
    respond 200
}
"#,
        r#"
  × the block of `auth` is not closed
   ╭─[flows.kdl:3:14]
 2 │     webhook "/a" {
 3 │         auth {
   ·              ┬
   ·              ╰── opened here
 4 │             basic user="shop" pass=*********
 5 │     }
   ·     ┬
   ·     ╰── this closes it, though it stands further left
 6 │     respond 200
   ╰────
  help: a `}` is missing
flows.kdl: 1 error
"#,
    );
}

#[test]
fn an_empty_secret_is_an_error() {
    refused(
        r#"secrets { a ""; }
flow "a" mode="sync" {
    webhook "/a" { auth { basic user="shop" password=""; }; }
    respond 200
}
"#,
        r#"
  × a secret cannot be empty
   ╭─[flows.kdl:1:13]
 1 │ secrets { a ""; }
   ·             ──
 2 │ flow "a" mode="sync" {
   ╰────
  help: an empty secret would let anybody in

  × a secret cannot be empty
   ╭─[flows.kdl:3:54]
 2 │ flow "a" mode="sync" {
 3 │     webhook "/a" { auth { basic user="shop" password=**; }; }
   ·                                                      ──
 4 │     respond 200
   ╰────
  help: an empty secret would let anybody in
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn an_environment_variable_that_is_missing_is_a_warning() {
    accepted(
        r#"secrets { a (env)"HOOKYARD_TEST_MISSING"; }
flow "a" mode="sync" {
    webhook "/a" { auth { basic user="shop" { password (env)"HOOKYARD_TEST_GONE" (file)"gone.txt" (credential)"gone"; }; }; }
    respond 200
}
"#,
        r#"
  ⚠ the environment variable HOOKYARD_TEST_MISSING is not set
   ╭─[flows.kdl:1:18]
 1 │ secrets { a (env)"HOOKYARD_TEST_MISSING"; }
   ·                  ───────────────────────
 2 │ flow "a" mode="sync" {
   ╰────
  help: it may stand in a file, too: `secrets { env-file "secrets.env"; }`

  ⚠ the environment variable HOOKYARD_TEST_GONE is not set
   ╭─[flows.kdl:3:61]
 2 │ flow "a" mode="sync" {
 3 │     webhook "/a" { auth { basic user="shop" { password (env)"HOOKYARD_TEST_GONE" (file)"gone.txt" (credential)"gone"; }; }; }
   ·                                                             ────────────────────
 4 │     respond 200
   ╰────
  help: it may stand in a file, too: `secrets { env-file "secrets.env"; }`

  ⚠ the secret file gone.txt cannot be read: No such file or directory (os error 2)
   ╭─[flows.kdl:3:88]
 2 │ flow "a" mode="sync" {
 3 │     webhook "/a" { auth { basic user="shop" { password (env)"HOOKYARD_TEST_GONE" (file)"gone.txt" (credential)"gone"; }; }; }
   ·                                                                                        ──────────
 4 │     respond 200
   ╰────

  ⚠ the credential gone is missing: $CREDENTIALS_DIRECTORY is not set, systemd's LoadCredential=
  │ sets it
   ╭─[flows.kdl:3:111]
 2 │ flow "a" mode="sync" {
 3 │     webhook "/a" { auth { basic user="shop" { password (env)"HOOKYARD_TEST_GONE" (file)"gone.txt" (credential)"gone"; }; }; }
   ·                                                                                                               ──────
 4 │     respond 200
   ╰────
flows.kdl: 1 flow, 4 warnings
"#,
    );
}

#[test]
fn a_secret_that_is_too_short_to_be_kept_out_of_records_is_a_warning() {
    accepted(
        r#"flow "a" mode="sync" {
    webhook "/a" { auth { basic user="shop" { password "é" "z" "abc"; }; }; }
    respond 200
}
"#,
        r#"
  ⚠ the secret has 2 bytes, and so it cannot be kept out of records
   ╭─[flows.kdl:2:56]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a" { auth { basic user="shop" { password **** *** *****; }; }; }
   ·                                                        ────
 3 │     respond 200
   ╰────
  help: within base 64 it is not redacted: take 3 bytes at least

  ⚠ the secret has 1 byte, and so it cannot be kept out of records
   ╭─[flows.kdl:2:60]
 1 │ flow "a" mode="sync" {
 2 │     webhook "/a" { auth { basic user="shop" { password **** *** *****; }; }; }
   ·                                                             ───
 3 │     respond 200
   ╰────
  help: within base 64 it is not redacted: take 3 bytes at least
flows.kdl: 1 flow, 2 warnings
"#,
    );
}

#[test]
fn an_env_file_that_is_missing_is_a_warning() {
    accepted(
        r#"secrets { env-file "gone.env"; }
flow "a" mode="sync" { webhook "/a"; respond 200; }
"#,
        r#"
  ⚠ the env-file gone.env cannot be read: No such file or directory (os error 2)
flows.kdl: 1 flow, 1 warning
"#,
    );
}

#[test]
fn names_of_secrets_are_unique_and_known() {
    refused(
        r#"secrets {
    a (env)"A"
    a (env)"B"
    B (env)"C"
    c
    d (secret)"a"
    e (enf)"E"
    env-file "x"
    env-file "y"
}
flow "a" mode="sync" {
    webhook "/a" {
        auth {
            basic user="u" { password (secret)"aa" (secret)"B" (secret)"c"; }
            basic user="v" password=(secret)"shop"
        }
    }
    respond 200
}
"#,
        r#"
  ⚠ the env-file x cannot be read: No such file or directory (os error 2)

  × the secret `a` is there twice
   ╭─[flows.kdl:3:5]
 1 │ secrets {
 2 │     a (env)"A"
   ·     ┬
   ·     ╰── first here
 3 │     a (env)"B"
   ·     ─
 4 │     B (env)"C"
   ╰────

  × `B` cannot name a secret
   ╭─[flows.kdl:4:5]
 3 │     a (env)"B"
 4 │     B (env)"C"
   ·     ─
 5 │     c
   ╰────
  help: a name is lower-case letters, digits and `_`, no digit first

  × `c` needs a value, like `(env)"NAME"`
   ╭─[flows.kdl:5:5]
 4 │     B (env)"C"
 5 │     c
   ·     ─
 6 │     d (secret)"a"
   ╰────

  × a secret cannot be another one
   ╭─[flows.kdl:6:8]
 5 │     c
 6 │     d (secret)"a"
   ·        ──────
 7 │     e (enf)"*"
   ╰────
  help: say where it is kept: `(env)"NAME"`, `(file)"path"` or `(credential)"name"`

  × `(enf)` is no place where a secret is kept
   ╭─[flows.kdl:7:8]
 6 │     d (secret)"a"
 7 │     e (enf)"*"
   ·        ───
 8 │     env-file "x"
   ╰────
  help: did you mean `(env)`?

  × there is one `env-file`
    ╭─[flows.kdl:9:5]
  7 │     e (enf)"*"
  8 │     env-file "x"
    ·     ────┬───
    ·         ╰── it is here
  9 │     env-file "y"
    ·     ────────
 10 │ }
    ╰────

  × there is no secret named `aa`
    ╭─[flows.kdl:14:47]
 13 │         auth {
 14 │             basic user="u" { password (secret)"aa" (secret)"B" (secret)"c"; }
    ·                                               ────
 15 │             basic user="v" password=(secret)"shop"
    ╰────
  help: name it in `secrets { … }`

  × there is no secret named `shop`
    ╭─[flows.kdl:15:45]
 14 │             basic user="u" { password (secret)"aa" (secret)"B" (secret)"c"; }
 15 │             basic user="v" password=(secret)"shop"
    ·                                             ──────
 16 │         }
    ╰────
  help: name it in `secrets { … }`
flows.kdl: 8 errors, 1 warning
"#,
    );
}

#[test]
fn auth_says_who_may_and_how() {
    refused(
        r#"flow "a" { webhook "/a" { auth; }; }
flow "b" { webhook "/b" { auth { basic; }; }; }
flow "c" { webhook "/c" { auth { basic user="a:b" password=(env)"PATH"; }; }; }
flow "d" { webhook "/d" { auth { basic { user "u"; password (env)"PATH"; }; }; }; }
flow "e" { webhook "/e" { auth { basic user="u" password=(env)"PATH" { password (env)"PATH"; }; }; }; }
flow "f" { webhook "/f" { auth { basci user="u" password=(env)"PATH"; }; }; }
flow "g" { webhook "/g" { basic user="u" password=(env)"PATH"; }; }
"#,
        r#"
  × `auth` names no way to prove oneself
   ╭─[flows.kdl:1:27]
 1 │ flow "a" { webhook "/a" { auth; }; }
   ·                           ────
 2 │ flow "b" { webhook "/b" { auth { basic; }; }; }
   ╰────
  help: `basic user="…" password=(env)"…"`; a webhook without `auth` is open to all

  × `basic` needs `user="…"`
   ╭─[flows.kdl:2:34]
 1 │ flow "a" { webhook "/a" { auth; }; }
 2 │ flow "b" { webhook "/b" { auth { basic; }; }; }
   ·                                  ─────
 3 │ flow "c" { webhook "/c" { auth { basic user="a:b" password=(env)"PATH"; }; }; }
   ╰────

  × `basic` needs `password`
   ╭─[flows.kdl:2:34]
 1 │ flow "a" { webhook "/a" { auth; }; }
 2 │ flow "b" { webhook "/b" { auth { basic; }; }; }
   ·                                  ─────
 3 │ flow "c" { webhook "/c" { auth { basic user="a:b" password=(env)"PATH"; }; }; }
   ╰────

  × a Basic user cannot have `:`: it ends the name (RFC 7617)
   ╭─[flows.kdl:3:45]
 2 │ flow "b" { webhook "/b" { auth { basic; }; }; }
 3 │ flow "c" { webhook "/c" { auth { basic user="a:b" password=(env)"PATH"; }; }; }
   ·                                             ─────
 4 │ flow "d" { webhook "/d" { auth { basic { user "u"; password (env)"PATH"; }; }; }; }
   ╰────

  × `user` is a property of `basic`
   ╭─[flows.kdl:4:42]
 3 │ flow "c" { webhook "/c" { auth { basic user="a:b" password=(env)"PATH"; }; }; }
 4 │ flow "d" { webhook "/d" { auth { basic { user "u"; password (env)"PATH"; }; }; }; }
   ·                                          ────
 5 │ flow "e" { webhook "/e" { auth { basic user="u" password=(env)"PATH" { password (env)"PATH"; }; }; }; }
   ╰────
  help: write it on the line of `basic`: `user=…`

  × `password` is given twice
   ╭─[flows.kdl:5:72]
 4 │ flow "d" { webhook "/d" { auth { basic { user "u"; password (env)"PATH"; }; }; }; }
 5 │ flow "e" { webhook "/e" { auth { basic user="u" password=(env)"PATH" { password (env)"PATH"; }; }; }; }
   ·                                                               ───┬──   ────────────────────
   ·                                                                  ╰── first here
 6 │ flow "f" { webhook "/f" { auth { basci user="u" password=(env)"PATH"; }; }; }
   ╰────
  help: several values go into one child: `password (env)"NEW" (env)"OLD"`

  × unknown node `basci` in `auth`
   ╭─[flows.kdl:6:34]
 5 │ flow "e" { webhook "/e" { auth { basic user="u" password=(env)"PATH" { password (env)"PATH"; }; }; }; }
 6 │ flow "f" { webhook "/f" { auth { basci user="u" password=(env)"PATH"; }; }; }
   ·                                  ─────
 7 │ flow "g" { webhook "/g" { basic user="u" password=(env)"PATH"; }; }
   ╰────
  help: did you mean `basic`?

  × unknown node `basic` in `webhook`
   ╭─[flows.kdl:7:27]
 6 │ flow "f" { webhook "/f" { auth { basci user="u" password=(env)"PATH"; }; }; }
 7 │ flow "g" { webhook "/g" { basic user="u" password=(env)"PATH"; }; }
   ·                           ─────
   ╰────
  help: allowed here: `methods`, `accept`, `auth`, `parse`, `dedupe` and `respond`
flows.kdl: 8 errors
"#,
    );
}

#[test]
fn a_variable_as_a_shell_writes_it_is_a_warning_that_shows_no_name() {
    accepted(
        r#"secrets { token "${TOKEN_OF_THE_SHOP}"; }
flow "a" mode="sync" {
    webhook "/a" { auth { basic user="u" { password "$SHOP_PASSWORD" "$Lower" "$5.00"; }; }; }
    respond 200
}
"#,
        r#"
  ⚠ this secret is the text with the `$` itself
   ╭─[flows.kdl:1:17]
 1 │ secrets { token "********************"; }
   ·                 ──────────────────────
 2 │ flow "a" mode="sync" {
   ╰────
  help: a variable of the environment is written `(env)"NAME"`

  ⚠ this secret is the text with the `$` itself
   ╭─[flows.kdl:3:53]
 2 │ flow "a" mode="sync" {
 3 │     webhook "/a" { auth { basic user="u" { password **************** ******** *******; }; }; }
   ·                                                     ────────────────
 4 │     respond 200
   ╰────
  help: a variable of the environment is written `(env)"NAME"`
flows.kdl: 1 flow, 2 warnings
"#,
    );
}

#[test]
fn a_missing_secret_is_told_beside_other_errors() {
    refused(
        r#"secrets { token (env)"HOOKYARD_TEST_MISSING"; }
flow "a" mode="sync" {
    webhook "/a" { auth { basic user="u" { password (secret)"token" (file)"gone.txt"; }; }; }
    respnd 200
}
"#,
        r#"
  ⚠ the environment variable HOOKYARD_TEST_MISSING is not set
   ╭─[flows.kdl:1:22]
 1 │ secrets { token (env)"HOOKYARD_TEST_MISSING"; }
   ·                      ───────────────────────
 2 │ flow "a" mode="sync" {
   ╰────
  help: it may stand in a file, too: `secrets { env-file "secrets.env"; }`

  ⚠ the secret file gone.txt cannot be read: No such file or directory (os error 2)
   ╭─[flows.kdl:3:75]
 2 │ flow "a" mode="sync" {
 3 │     webhook "/a" { auth { basic user="u" { password (secret)"token" (file)"gone.txt"; }; }; }
   ·                                                                           ──────────
 4 │     respnd 200
   ╰────

  × there is no step `respnd`
   ╭─[flows.kdl:4:5]
 3 │     webhook "/a" { auth { basic user="u" { password (secret)"token" (file)"gone.txt"; }; }; }
 4 │     respnd 200
   ·     ──────
 5 │ }
   ╰────
  help: did you mean `respond`?
flows.kdl: 1 error, 2 warnings
"#,
    );
}

#[test]
fn a_secret_file_that_never_ends_is_not_read() {
    accepted(
        r#"secrets {
    shop (file)"/dev/zero"
}
flow "a" mode="sync" { webhook "/a"; respond 200; }
"#,
        r#"
  ⚠ the secret file /dev/zero cannot be read: it is a device, not a file
   ╭─[flows.kdl:2:16]
 1 │ secrets {
 2 │     shop (file)"/dev/zero"
   ·                ───────────
 3 │ }
   ╰────
flows.kdl: 1 flow, 1 warning
"#,
    );
}
