use serde_json::json;

use super::{ask, serve, serve_files, support::request};

#[test]
fn standard_input_is_empty_where_the_file_says_nothing_of_it() {
    let server = serve(r#"exec "readlink" "/proc/self/fd/0" as="out""#);
    assert_eq!(ask(&server, "").json()["stdout"], "/dev/null\n");
}

#[test]
fn a_program_reads_the_text_that_it_is_given() {
    let server =
        serve(r#"exec "cat" as="out" { stdin "-{{ a }}\n{{ secrets.token | length }}"; }"#);
    assert_eq!(ask(&server, "b").json()["stdout"], "-b\n12");
}

#[test]
fn a_program_reads_the_body_byte_for_byte() {
    let flows = r#"
flow "run" mode="sync" {
    webhook "/"
    exec "od" "-An" "-v" "-tx1" as="out" { stdin body=#true; }
    respond 200 { json "{{ out }}"; }
}
"#;
    let server = serve_files(&[("flows.kdl", flows)], |command| command);
    let mut sent = request("POST", "/", &[], "????");
    let bytes = [0, 0xff, b'\r', 0x80];
    let end = sent.len();
    sent[end - 4..].copy_from_slice(&bytes);
    assert_eq!(server.send(&sent).json()["stdout"], " 00 ff 0d 80\n");
}

#[test]
fn a_program_need_not_read_what_it_is_given() {
    let server = serve(r#"exec "true" as="out" { stdin body=#true; }"#);
    let a = "x".repeat(900_000);
    assert_eq!(
        ask(&server, &a).json(),
        json!({ "code": 0, "stdout": "", "stderr": "", "truncated": false })
    );
}

#[test]
fn a_program_that_answers_while_it_reads_is_read_meanwhile() {
    let server = serve(r#"exec "cat" as="out" { stdin "{{ a }}"; }"#);
    let a = "x".repeat(900_000);
    assert_eq!(ask(&server, &a).json()["stdout"], json!(a));
}
