//! What has ended leaves none of its credentials in the file.

use std::fs;

use crate::{
    home::{Home, ended},
    support::request,
};

/// Reads a credential, has another in its headers, and is known by the first.
const FLOWS: &str = r#"
secrets { shop (env)"SHOP"; }
flow "take" {
    webhook "/take" {
        parse { header "X-Api-Key" as="key" required=#true; }
        accept "text"
        dedupe key="{{ key }}"
        respond 202 { body "taken"; }
    }
    exec "true" as="first"
    exec "true"
}
"#;

const SECRET: &str = "conf1gured-s3cret";

fn take(number: usize, body: &str) -> Vec<u8> {
    let key = format!("apik3yvalue-{number}");
    let headers = [
        ("Content-Type", "text/plain"),
        ("X-Api-Key", &*key),
        ("Cookie", "id=c00kievalue"),
    ];
    request("POST", "/take", &headers, body)
}

/// Where texts that none should be left of are found in the files of the store.
fn left_in(home: &Home) -> Vec<String> {
    let files = fs::read_dir(home.path().join("state")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let mut left = Vec::new();
    for path in files.filter(|path| path.is_file()) {
        let content = fs::read(&path).unwrap();
        for text in ["apik3yvalue", "c00kievalue", SECRET] {
            let count = content
                .windows(text.len())
                .filter(|window| *window == text.as_bytes())
                .count();
            if count > 0 {
                left.push(format!("{count} times {text} in {}", path.display()));
            }
        }
    }
    left
}

#[test]
fn what_has_ended_leaves_no_credentials_in_the_file_once_the_server_has_stopped() {
    let home = Home::of(FLOWS);
    let server = home.serve_with(|command| command.env("SHOP", SECRET));
    // The body of every other run has pages of its own.
    for number in 0..30 {
        let body = SECRET.repeat(if number % 2 == 0 { 1 } else { 2_000 });
        assert_eq!(server.send(&take(number, &body)).status, 202);
    }
    for _ in 0..30 {
        assert_eq!(ended(&server, "take")["outcome"], "succeeded");
    }
    home.wait_until("SELECT id FROM queue", &[]);
    server.stop("TERM");
    assert_eq!(left_in(&home), [""; 0]);
}

#[test]
fn a_key_is_known_again_though_only_a_hash_of_it_is_kept() {
    let home = Home::of(FLOWS);
    let server = home.serve_with(|command| command.env("SHOP", SECRET));
    server.send(&take(1, ""));
    assert_eq!(ended(&server, "take")["outcome"], "succeeded");
    let kept = home.ask("SELECT key FROM dedupe");
    assert_eq!(kept.iter().map(String::len).collect::<Vec<_>>(), [26]);
    server.stop("TERM");
    let server = home.serve_with(|command| command.env("SHOP", SECRET));
    server.send(&take(1, ""));
    let again = server.wait_for_line(|line| line["flow"] == "take");
    assert_eq!(again["outcome"], "skipped");
    assert_eq!(home.ask("SELECT key FROM dedupe"), kept);
}
