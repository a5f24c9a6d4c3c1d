//! The shipped configuration and every example: checked by the real binary, and each `curl` line in
//! their comments sent to it as it is written.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
};

use support::Server;

/// What each command is answered, in the order of the files: status and body.
const EXPECTED: &[(&str, &[(u16, &str)])] = &[
    (
        "flows.kdl",
        &[
            (200, r#"{"ok":true,"order":"A-1","fee":5.0,"bulk":[]}"#),
            (202, "queued me/site\n"),
            (200, r#"{"form":"contact","hello":"Ada","tags":["a","b"]}"#),
        ],
    ),
    ("examples/deploy.kdl", &[(202, "queued me/site\n")]),
    (
        "examples/form.kdl",
        &[(200, "Thank you, Ada of London: engines, poetry\n")],
    ),
    ("examples/notification.kdl", &[(202, "noted\n")]),
    (
        "examples/payment.kdl",
        &[(200, r#"{"ok":true,"payment":"tr_1"}"#)],
    ),
    (
        "examples/routing.kdl",
        &[(200, r#"{"release":"me/site","version":"1.2.0"}"#)],
    ),
    (
        "examples/split/flows.kdl",
        &[
            (200, r#"{"ok":true,"revision":"…"}"#),
            (201, r#"{"order":7}"#),
        ],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A request as a `curl` command says it.
#[derive(Debug, Default)]
struct Curl {
    method: Option<String>,
    target: String,
    headers: Vec<(String, String)>,
    data: Vec<String>,
    user: Option<String>,
}

impl Curl {
    fn parse(command: &str) -> Self {
        let mut curl = Self::default();
        let mut words = words(command).into_iter().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().expect("an option has a value");
            match &*word {
                "-X" => curl.method = Some(value()),
                "-u" => curl.user = Some(value()),
                "-d" => curl.data.push(value()),
                "-H" => {
                    let header = value();
                    let (name, value) = header.split_once(": ").expect("a header has a value");
                    curl.headers.push((name.to_owned(), value.to_owned()));
                }
                url => {
                    curl.target = url
                        .strip_prefix("http://127.0.0.1:13000")
                        .unwrap_or_else(|| panic!("{url} is not on the example's address"))
                        .to_owned();
                }
            }
        }
        curl
    }

    fn send(&self, server: &Server) -> support::Reply {
        let mut headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let is_type = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case("content-type");
        if !self.data.is_empty() && !headers.iter().any(is_type) {
            headers.push(("Content-Type", "application/x-www-form-urlencoded"));
        }
        let authorization = self.user.as_ref().map(|user| {
            use base64::Engine as _;
            let encoded = base64::engine::general_purpose::STANDARD.encode(user);
            format!("Basic {encoded}")
        });
        if let Some(authorization) = &authorization {
            headers.push(("Authorization", authorization));
        }
        let method = match &self.method {
            Some(method) => method,
            None if self.data.is_empty() => "GET",
            None => "POST",
        };
        server.request(method, &self.target, &headers, &self.data.join("&"))
    }
}

/// The words of a command, as a shell takes them apart: blanks, and single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    assert!(!is_quoted, "a quote is not closed: {command}");
    words.extend(word);
    words
}

/// The `curl` commands in a file's comments; a `\` at the end goes on in the next line.
fn commands(text: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let Some(comment) = line.trim_start().strip_prefix("//").map(str::trim) else {
            goes_on = false;
            continue;
        };
        if comment.starts_with("curl ") {
            commands.push(String::new());
        } else if !goes_on {
            continue;
        }
        let command = commands.last_mut().expect("a command has begun");
        let part = comment.strip_suffix('\\');
        command.push_str(part.unwrap_or(comment));
        goes_on = part.is_some();
    }
    commands
}

/// A file and, where it stands in a directory of its own, all that stands beside and below it.
fn files_of(entry: &Path) -> Vec<PathBuf> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("a directory can be listed") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = vec![entry.to_owned()];
    if entry.file_name().is_some_and(|name| name == "flows.kdl")
        && entry != root().join("flows.kdl")
    {
        found.clear();
        walk(
            entry.parent().expect("a file is in a directory"),
            &mut found,
        );
        found.sort();
    }
    found
}

/// The entry files of all examples, as they are named in the table.
fn entries() -> Vec<String> {
    let mut names = vec!["flows.kdl".to_owned()];
    for entry in fs::read_dir(root().join("examples")).expect("there are examples") {
        let path = entry.expect("they can be listed").path();
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            names.push(format!("examples/{name}/flows.kdl"));
        } else if name.ends_with(".kdl") {
            names.push(format!("examples/{name}"));
        }
    }
    names.sort();
    names
}

#[test]
fn every_example_has_an_expectation() {
    let mut expected: Vec<&str> = EXPECTED.iter().map(|(name, _)| *name).collect();
    expected.sort_unstable();
    assert_eq!(entries(), expected);
}

#[test]
fn every_example_is_sound_without_a_warning() {
    for name in entries() {
        let output = support::run(&["check", &name], root());
        let printed = support::stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{printed}");
        assert!(
            printed.starts_with(&format!("{name}: ")) && !printed.contains("warning"),
            "{printed}"
        );
    }
}

#[test]
fn every_command_in_an_example_is_answered_as_it_says() {
    for (name, expected) in EXPECTED {
        let entry = root().join(name);
        let base = entry.parent().expect("a file is in a directory");
        let directory = tempfile::tempdir().expect("a directory");
        let mut written = Vec::new();
        for file in files_of(&entry) {
            let text = fs::read_to_string(&file).expect("an example can be read");
            let target = directory
                .path()
                .join(file.strip_prefix(base).expect("it is below"));
            fs::create_dir_all(target.parent().expect("it is in one")).expect("it is made");
            fs::write(target, text.replace("127.0.0.1:13000\"", "127.0.0.1:0\""))
                .expect("it is written");
            if file.extension().is_some_and(|extension| extension == "kdl") {
                written.extend(commands(&text));
            }
        }
        assert_eq!(written.len(), expected.len(), "{name}: {written:#?}");
        let file = entry.file_name().expect("a file has a name").to_owned();
        let server = Server::start_in(directory, Path::new(&file), |command| command);
        for (command, (status, body)) in written.iter().zip(*expected) {
            let reply = Curl::parse(command).send(&server);
            let is_body = match body.split_once('…') {
                None => reply.body == *body,
                Some((start, end)) => reply.body.starts_with(start) && reply.body.ends_with(end),
            };
            assert!(
                reply.status == *status && is_body,
                "{name}: {command}\nexpected {status} {body}\ngot {} {}",
                reply.status,
                reply.body
            );
        }
    }
}
