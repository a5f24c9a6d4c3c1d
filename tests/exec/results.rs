use serde_json::json;

use super::{ask, serve, serve_files, told};

#[test]
fn what_came_of_it_is_the_variable() {
    let server = serve(r#"exec "sh" "-c" "echo out; echo err >&2" as="out""#);
    assert_eq!(
        ask(&server, "").json(),
        json!({ "code": 0, "stdout": "out\n", "stderr": "err\n", "truncated": false })
    );
}

#[test]
fn what_is_no_utf8_is_replaced() {
    let server = serve(r#"exec "printf" "a\\377b" as="out""#);
    assert_eq!(ask(&server, "").json()["stdout"], "a\u{fffd}b");
}

#[test]
fn a_code_that_is_not_accepted_fails_with_the_last_line_of_standard_error() {
    let server = serve(
        r#"exec "sh" "-c" "echo first >&2; echo ' and last ' >&2; echo >&2; exit 3" as="out""#,
    );
    assert_eq!(
        told(&ask(&server, "")),
        (500, "`sh` ended with code 3: and last")
    );
}

#[test]
fn a_code_that_is_not_accepted_fails_without_a_line_too() {
    let server = serve(r#"exec "false" as="out""#);
    assert_eq!(told(&ask(&server, "")), (500, "`false` ended with code 1"));
}

#[test]
fn a_long_last_line_is_cut() {
    let server =
        serve(r#"exec "sh" "-c" "head -c 5000 /dev/zero | tr '\\0' e >&2; exit 1" as="out""#);
    let expected = format!("`sh` ended with code 1: {}…", "e".repeat(200));
    assert_eq!(told(&ask(&server, "")), (500, &*expected));
}

#[test]
fn a_signal_that_killed_it_is_named() {
    let server = serve(r#"exec "sh" "-c" "kill -KILL $$" as="out""#);
    assert_eq!(
        told(&ask(&server, "")),
        (500, "`sh` was killed by signal 9")
    );
}

#[test]
fn an_accepted_code_chooses_the_answer() {
    let server = serve(
        r#"exec "sh" "-c" "exit \"$1\"" "sh" "{{ a }}" as="out" { accept-codes 0 2; }
    branch {
        when "out.code == 2" { respond 409 { body "two"; }; }
    }"#,
    );
    assert_eq!(ask(&server, "0").status, 200);
    assert_eq!(told(&ask(&server, "2")), (409, "two"));
    assert_eq!(told(&ask(&server, "1")), (500, "`sh` ended with code 1"));
}

#[test]
fn on_error_of_the_step_goes_on_below_it() {
    let server = serve(
        r#"exec "false" "{{ request.method }}" as="failing" { on-error { set why="{{ error.step }}: {{ error.message }}"; }; }
    set out="{{ why | default('none') }}""#,
    );
    assert_eq!(
        ask(&server, "").json(),
        json!("exec false POST: `false` ended with code 1")
    );
}

#[test]
fn a_secret_reaches_the_program_and_nobody_else() {
    let server = serve(
        r#"exec "sh" "-c" "echo \"$T\"; cat; echo \"no $T\" >&2; exit 19" as="out" {
        env "T" "Bearer {{ secrets.token }}"
        stdin "{{ secrets.token }}"
        accept-codes 19
    }
    exec "sh" "-c" "echo \"no $T\" >&2; exit 1" as="failing" { env "T" "{{ secrets.token }}"; on-error { set why="{{ error.message }}"; }; }
    set out="{{ [out, why | default('')] }}""#,
    );
    assert_eq!(
        ask(&server, "").json(),
        json!([
            { "code": 19, "stdout": "Bearer ***\n***", "stderr": "no Bearer ***\n", "truncated": false },
            "`sh` ended with code 1: no ***"
        ])
    );
}

#[test]
fn a_secret_that_the_program_escapes_or_that_is_cut_is_masked_too() {
    let server = serve(
        r#"exec "sh" "-c" "printf '{\"t\":\"s3cret\\\\u002dt0ken\"}'; printf '%1020s%s' '' \"$T\" >&2" as="out" {
        env "T" "{{ secrets.token }}"
        max-output "1KiB"
    }"#,
    );
    let stderr = format!("{}***", " ".repeat(1020));
    assert_eq!(
        ask(&server, "").json(),
        json!({ "code": 0, "stdout": r#"{"t":"***"}"#, "stderr": stderr, "truncated": true })
    );
}

#[test]
fn more_output_than_is_kept_is_thrown_away_and_noted() {
    for redirection in ["", " >&2"] {
        let text = format!(
            r#"
flow "run" mode="sync" {{
    webhook "/"
    exec "sh" "-c" "head -c 1000000000 /dev/zero{redirection}" as="out" {{ max-output "64KiB"; }}
    respond 200 {{ body "{{{{ out.stdout | length }}}} {{{{ out.stderr | length }}}} {{{{ out.truncated }}}}"; }}
}}
"#
        );
        let server = serve_files(&[("flows.kdl", &text)], |command| command);
        let expected = match redirection {
            "" => "65536 0 true",
            _ => "0 65536 true",
        };
        assert_eq!(told(&server.post("/", "{}")), (200, expected));
    }
}
