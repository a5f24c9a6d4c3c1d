//! `hookyard urls`: where each flow listens, and how to send it something.

mod support;

use std::{os::unix::fs::PermissionsExt, path::Path};

use support::{run, stderr, stdout};

const FLOWS: &str = r#"
server {
    listen "127.0.0.1:13000"
    public-url "https://hooks.example.org/in/"
}
flow "payment" mode="sync" {
    webhook "/payments" {
        auth { basic user="the shop" { password "s3cret"; }; }
        parse {
            header "X-Request-Id"
            query "page[0].size" as="size"
            body "order.id" as="order"
            body "order.items[1].sku" as="sku"
            body "amount" type="number"
            body "$.order.total" as="total"
        }
    }
    respond 200
}
flow "contact form" {
    webhook "/forms/{form}" {
        accept "form"
        methods "PUT" "POST"
        parse { body "name"; body "tags" type="list"; path "form"; }
    }
}
flow "hidden" mode="sync" { webhook { methods "GET"; }; respond 200; }
"#;

fn directory(flows: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("flows.kdl"), flows).expect("it is written");
    directory
}

/// The output, with the generated path of "hidden" as `TOKEN`.
fn urls(args: &[&str], directory: &Path) -> String {
    // The first time, a secret is made, and that is said.
    run(&["urls"], directory);
    let output = run(&[&["urls"], args].concat(), directory);
    assert_eq!(stderr(&output), "");
    let text = stdout(&output);
    let json = stdout(&run(&["urls", "--json"], directory));
    let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let url = rows[2]["url"].as_str().expect("a URL");
    let token = url.rsplit('/').next().expect("a path");
    assert_eq!(token.len(), 26, "{url}");
    text.replace(token, "TOKEN")
}

#[test]
fn a_table_lists_flow_mode_methods_and_url() {
    let directory = directory(FLOWS);
    assert_eq!(
        urls(&[], directory.path()),
        "\
FLOW          MODE   METHODS   URL
payment       sync   POST      https://hooks.example.org/in/payments
contact form  async  PUT,POST  https://hooks.example.org/in/forms/{form}
hidden        sync   GET       https://hooks.example.org/in/TOKEN
"
    );
}

#[test]
fn curl_lines_fill_in_what_is_parsed_and_never_show_a_password() {
    let directory = directory(FLOWS);
    assert_eq!(
        urls(&["--curl"], directory.path()),
        r#"# payment
curl -i -u 'the shop' -H 'x-request-id: example' -H 'Content-Type: application/json' -d '{"amount":1,"order":{"id":"example","items":[null,{"sku":"example"}]}}' -g 'https://hooks.example.org/in/payments?page[0][size]=example'

# contact form
curl -i -X PUT -d 'name=example' -d 'tags[]=example' https://hooks.example.org/in/forms/example

# hidden
curl -i -X GET https://hooks.example.org/in/TOKEN
"#
    );
}

#[test]
fn what_a_curl_line_fills_in_is_of_the_declared_type() {
    let directory = directory(
        r#"flow "a" {
    webhook "/a/{n}/{m}" {
        parse {
            path "n" type="integer"
            header "X-N" as="x" type="number"
            query "b" type="bool"
            query "j" type="json"
            body "l" type="list"
            body "s" type="string"
        }
    }
}
"#,
    );
    let output = run(&["urls", "--curl"], directory.path());
    assert_eq!(
        stdout(&output),
        "# a\ncurl -i -H 'x-n: 1' -H 'Content-Type: application/json' -d '{\"l\":[\"example\"],\"s\":\"example\"}' 'http://127.0.0.1:13000/a/1/example?b=true&j=1'\n"
    );
}

#[test]
fn json_is_for_machines() {
    let directory = directory(FLOWS);
    let rows: serde_json::Value =
        serde_json::from_str(&urls(&["--json"], directory.path())).expect("JSON");
    assert_eq!(
        rows[0],
        serde_json::json!({
            "flow": "payment",
            "mode": "sync",
            "methods": ["POST"],
            "url": "https://hooks.example.org/in/payments",
            "auth": ["basic"],
        })
    );
}

#[test]
fn a_generated_path_stays_the_same_and_differs_by_installation_and_by_flow() {
    let (one, other) = (directory(FLOWS), directory(FLOWS));
    let url = |directory: &Path| {
        let text = stdout(&run(&["urls"], directory));
        let line = text.lines().last().expect("a line").to_owned();
        line.rsplit('/').next().expect("a path").to_owned()
    };
    let first = url(one.path());
    assert_eq!(first, url(one.path()));
    assert_ne!(first, url(other.path()));
    let renamed = FLOWS.replace("\"hidden\"", "\"renamed\"");
    std::fs::write(one.path().join("flows.kdl"), renamed).expect("it is written");
    assert_ne!(first, url(one.path()));
}

#[test]
fn the_state_directory_and_its_secret_are_closed_to_others() {
    let directory = directory(FLOWS);
    run(&["urls"], directory.path());
    let mode = |path: &str| {
        let path = directory.path().join(path);
        path.metadata().expect("it is there").permissions().mode() & 0o777
    };
    assert_eq!(mode(".hookyard"), 0o700);
    assert_eq!(mode(".hookyard/installation-secret"), 0o600);
    let ignore = std::fs::read_to_string(directory.path().join(".hookyard/.gitignore"));
    assert!(ignore.expect("it is there").ends_with("*\n"));
}

#[test]
fn state_goes_where_it_is_told_to_and_is_left_alone_where_nothing_is_generated() {
    let home = directory(FLOWS);
    run(&["urls", "--state", "elsewhere"], home.path());
    assert!(home.path().join("elsewhere/installation-secret").exists());
    assert!(!home.path().join(".hookyard").exists());
    let written = directory("flow \"a\" { webhook \"/a\"; }");
    run(&["urls"], written.path());
    assert!(!written.path().join(".hookyard").exists());
}

const ELSEWHERE: &str =
    "generated URLs are those of a server only with its state directory, which --state DIR names";

#[test]
fn a_secret_that_is_made_for_a_list_is_told_of_once() {
    let directory = directory(FLOWS);
    let told = || stderr(&run(&["urls"], directory.path()));
    assert_eq!(
        told(),
        format!("hookyard: a new installation secret was made in .hookyard: {ELSEWHERE}\n")
    );
    assert_eq!(told(), "");
}

#[test]
fn a_state_directory_that_cannot_be_used_is_told_with_the_way_to_another() {
    let directory = directory(FLOWS);
    std::fs::write(directory.path().join("state"), "").expect("it is written");
    for (state, why) in [
        ("state", "not a directory"),
        ("no/state", "No such file or directory (os error 2)"),
    ] {
        let output = run(&["urls", "--state", state], directory.path());
        assert_eq!(
            stderr(&output),
            format!("hookyard: the state directory {state} cannot be used: {why}: {ELSEWHERE}\n")
        );
        assert_eq!(output.status.code(), Some(1));
    }
    assert!(!directory.path().join("no").exists());
}

#[test]
fn a_broken_file_is_explained_on_standard_error_with_exit_code_2() {
    let directory = directory("flow \"a\" {\n    webhook \"a\"\n}\n");
    let output = run(&["urls"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("a path starts with `/`"));
}
