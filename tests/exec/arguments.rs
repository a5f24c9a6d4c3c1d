use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::json;

use super::{ask, flow, serve, serve_files, support::Server, told};

#[test]
fn an_argument_is_a_single_one_and_no_shell_reads_it() {
    let server = serve(r#"exec "printf" "[%s]" "{{ a }}" "x {{ a }}" as="out""#);
    let hostile = "$(id) `id` ; id > x & * \"q\" 'q' \\ \n {{ a }}";
    let reply = ask(&server, hostile);
    assert_eq!(
        reply.json()["stdout"],
        json!(format!("[{hostile}][x {hostile}]"))
    );
}

#[test]
fn an_argument_that_came_to_nothing_is_still_there() {
    let server = serve(r#"exec "printf" "[%s]" "{{ a }}" "b" as="out""#);
    assert_eq!(ask(&server, "").json()["stdout"], "[][b]");
}

#[test]
fn a_dash_that_a_request_puts_first_is_refused() {
    for argument in ["{{ a }}", "-{{ a }}", "--{{ a }}", "{{ a }}{{ a }}"] {
        let server = serve(&format!(r#"exec "printf" "%s" "b" "{argument}" as="out""#));
        let a = if argument.starts_with('-') { "x" } else { "-x" };
        assert_eq!(
            told(&ask(&server, a)),
            (
                500,
                "argument 3 of `printf` came to a text that begins with `-`, which the program may \
                 take for an option"
            ),
            "{argument}"
        );
    }
}

#[test]
fn a_dash_inside_or_of_the_file_is_none_that_a_request_puts_first() {
    let server = serve(r#"exec "echo" "-n" "-c{{ a }}" "--name={{ a }}" "{{ a }}-x" "-" as="out""#);
    assert_eq!(ask(&server, "b").json()["stdout"], "-cb --name=b b-x -");
}

#[test]
fn allow_dash_lets_a_request_put_a_dash_first() {
    let server = serve(r#"exec "echo" "{{ a }}" "b" as="out" allow-dash=#true"#);
    assert_eq!(ask(&server, "-n").json()["stdout"], "b");
}

#[test]
fn a_nul_byte_is_refused() {
    let server = serve(r#"exec "echo" "{{ a }}" as="out""#);
    assert_eq!(
        told(&ask(&server, "a\0b")),
        (
            500,
            "argument 1 of `echo` came to a text with a NUL byte, which no program can be given"
        )
    );
}

#[test]
fn a_nul_byte_in_an_environment_variable_is_refused() {
    let server = serve(r#"exec "echo" as="out" { env "A" "{{ a }}"; }"#);
    assert_eq!(
        told(&ask(&server, "a\0b")),
        (
            500,
            "the environment variable `A` came to a text with a NUL byte, which no program can be \
             given"
        )
    );
}

/// A server whose flow stands in `flows/run.kdl` beside `flows/where.sh`, which says where it is
/// and where it runs.
fn with_script(step: &str, mode: u32) -> Server {
    let script = "#!/bin/sh\necho \"$0\"; pwd\n";
    let files = [
        ("flows.kdl", "include \"flows/run.kdl\"\n"),
        ("flows/run.kdl", &flow(step)),
        ("flows/where.sh", script),
        ("flows/lost.sh", "#!/nowhere/sh\n"),
        ("flows/bare.bin", "\u{1}no program\n"),
    ];
    let server = serve_files(&files, |command| command);
    for name in ["where.sh", "lost.sh", "bare.bin"] {
        let path = server.directory().join("flows").join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    server
}

#[test]
fn a_program_with_a_slash_is_beside_its_file_and_runs_beside_the_first_one() {
    let server = with_script(r#"exec "./where.sh" as="out""#, 0o755);
    let directory = fs::canonicalize(server.directory()).unwrap();
    let directory = directory.display();
    assert_eq!(
        ask(&server, "").json()["stdout"],
        json!(format!("{directory}/flows/where.sh\n{directory}\n"))
    );
}

#[test]
fn cwd_is_where_it_runs() {
    for (cwd, expected) in [("/", "/".to_owned()), (".", String::new())] {
        let server = with_script(&format!(r#"exec "./where.sh" as="out" cwd="{cwd}""#), 0o755);
        let flows = fs::canonicalize(server.directory().join("flows")).unwrap();
        let expected = if expected.is_empty() {
            flows.display().to_string()
        } else {
            expected
        };
        assert_eq!(
            ask(&server, "").json()["stdout"],
            json!(format!("{}/where.sh\n{expected}\n", flows.display()))
        );
    }
}

#[test]
fn a_program_that_cannot_be_started_is_told_in_a_sentence() {
    for (step, mode, expected) in [
        (
            r#"exec "no-such-program" as="out""#,
            0o755,
            "there is no program `no-such-program` in the PATH",
        ),
        (
            r#"exec "/no/such/program" as="out""#,
            0o755,
            "there is no program `/no/such/program`",
        ),
        (
            r#"exec "./where.sh" as="out""#,
            0o644,
            "`./where.sh` cannot be run: it is not executable for this user",
        ),
        (
            r#"exec "./lost.sh" as="out""#,
            0o755,
            "`./lost.sh` cannot be run: the interpreter that its first line names is not there",
        ),
        (
            r#"exec "./where.sh" as="out" cwd="/no/such/place""#,
            0o755,
            "there is no directory `/no/such/place` for `./where.sh` to run in",
        ),
    ] {
        let step = format!("{step} {{ retry attempts=3 backoff=\"1ms\"; }}");
        let server = with_script(&step, mode);
        assert_eq!(told(&ask(&server, "")), (500, expected));
    }
}
