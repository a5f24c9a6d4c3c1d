use super::{flow, serve_files, support::Server, wait_for_file};

/// Fails until it was run as often as its argument says.
const SCRIPT: &str =
    "echo x >> count\n[ \"$(wc -l < count)\" -ge \"$1\" ] || { echo not yet >&2; exit 1; }\n";

fn serve(succeeds_at: u32, mode: &str) -> Server {
    let step = format!(
        r#"exec "sh" "try.sh" "{succeeds_at}" as="out" {{ retry attempts=3 backoff="1ms" max="5ms"; }}"#
    );
    let text = match mode {
        "sync" => flow(&step),
        _ => format!(
            "flow \"run\" {{\n    webhook \"/\"\n    {step}\n    log \"code {{{{ out.code }}}}\"\n}}\n"
        ),
    };
    serve_files(&[("flows.kdl", &text), ("try.sh", SCRIPT)], |command| {
        command
    })
}

/// The outcome of the next run, and why it did not succeed.
fn outcome(server: &Server) -> (String, String) {
    let line = server.wait_for_line(|line| line["outcome"].is_string());
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    (text("outcome"), text("why"))
}

#[test]
fn a_run_in_the_background_succeeds_where_a_later_try_does() {
    let server = serve(3, "async");
    assert_eq!(server.post("/", "{}").status, 200);
    server.wait_for_line(|line| line["message"] == "code 0");
    assert_eq!(outcome(&server), ("succeeded".into(), String::new()));
    assert_eq!(wait_for_file(server.directory(), "count"), "x\nx\nx\n");
}

#[test]
fn a_run_fails_once_its_tries_are_spent_and_says_how_many() {
    let server = serve(4, "sync");
    let reply = server.post("/", "{}");
    assert_eq!(
        super::told(&reply),
        (500, "`sh` ended with code 1: not yet, after 3 tries")
    );
    assert_eq!(wait_for_file(server.directory(), "count"), "x\nx\nx\n");
}

#[test]
fn a_first_try_that_succeeds_is_the_only_one() {
    let server = serve(1, "sync");
    assert_eq!(server.post("/", "{}").status, 200);
    assert_eq!(wait_for_file(server.directory(), "count"), "x\n");
}
