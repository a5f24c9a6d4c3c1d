//! The house keeps its walls: who may import whom, and which crate enters by which door.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Every room but `cli`, which nobody may know.
const ANYTHING: &[&str] = &[
    "app",
    "diagnostic",
    "expr",
    "run",
    "store",
    "system",
    "event",
    "syntax",
    "model",
    "check",
    "graph",
    "auth",
    "payload",
    "draft",
    "engine",
    "queue",
    "http",
    "observe",
    "attach",
    "dashboard",
];

/// Who may import whom.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("expr", &[]),
    ("run", &[]),
    ("store", &[]),
    ("system", &[]),
    ("event", &["run"]),
    ("syntax", &["diagnostic"]),
    ("model", &["diagnostic", "expr", "run"]),
    ("check", &["syntax", "model", "expr", "diagnostic", "run"]),
    ("graph", &["model", "expr", "run", "event"]),
    ("auth", &["model", "run"]),
    ("payload", &["model", "expr", "run"]),
    (
        "draft",
        &["diagnostic", "model", "expr", "observe", "payload", "run"],
    ),
    (
        "engine",
        &["graph", "model", "payload", "event", "expr", "run"],
    ),
    ("queue", &["run", "event", "store"]),
    (
        "http",
        &[
            "graph", "model", "auth", "payload", "engine", "queue", "event", "run", "system",
        ],
    ),
    ("observe", &["diagnostic", "run", "event", "store"]),
    ("attach", &["event", "observe", "run", "system"]),
    ("dashboard", &["draft", "event", "observe", "run"]),
    ("app", ANYTHING),
    ("cli", ANYTHING),
];

/// By which doors a crate enters. Crates that are only vocabulary may be used anywhere.
const DOORS: &[(&str, &[&str])] = &[
    ("arc_swap", &["http"]),
    ("argon2", &["auth"]),
    ("base64", &["auth", "run"]),
    ("bcrypt", &["auth"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("crossterm", &["dashboard"]),
    ("futures_util", &["engine"]),
    ("glob", &["app"]),
    ("hickory_resolver", &["engine"]),
    ("hmac", &["app"]),
    ("http_body_util", &["http"]),
    ("httpdate", &["engine"]),
    ("humantime", &["run", "check", "cli", "store"]),
    ("hyper", &["http"]),
    ("hyper_util", &["http"]),
    ("ipnet", &["model"]),
    ("jsonpath_rust", &["expr"]),
    ("kdl", &["syntax"]),
    ("libmimalloc_sys", &["app"]),
    (
        "rustix",
        &["app", "attach", "auth", "dashboard", "engine", "http"],
    ),
    ("matchit", &["model"]),
    ("miette", &["diagnostic"]),
    ("mimalloc", &["main"]),
    ("minijinja", &["expr"]),
    ("notify", &["app"]),
    ("percent_encoding", &["expr"]),
    ("ratatui", &["dashboard"]),
    ("reqwest", &["engine"]),
    ("roxmltree", &["payload"]),
    ("rusqlite", &["store"]),
    ("rustls", &["engine"]),
    ("rustls_native_certs", &["engine"]),
    ("sha2", &["app", "auth"]),
    ("strsim", &["diagnostic", "observe"]),
    ("subtle", &["auth"]),
    (
        "tokio",
        &[
            "app", "attach", "engine", "http", "queue", "store", "system",
        ],
    ),
    ("tokio_io_timeout", &["http"]),
    ("tracing", &["app", "engine", "http", "queue"]),
    ("tracing_subscriber", &["app"]),
    ("unicode_width", &["dashboard", "cli", "draft"]),
    ("url", &["model", "engine"]),
    ("uuid", &["run"]),
    ("webpki_roots", &["engine"]),
    ("wide", &["payload"]),
];

/// Words that all rooms speak: bytes, HTTP's own types, JSON values, small vectors.
const VOCABULARY: &[&str] = &["bytes", "http", "serde", "serde_json", "smallvec"];

#[test]
fn every_module_imports_only_what_its_row_allows() {
    let table: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = BTreeSet::new();
    for (module, path, text) in sources() {
        if module == "main" || module == "lib" {
            continue;
        }
        let Some(allowed) = table.get(&*module) else {
            wrong.insert(format!(
                "{}: the table does not know `{module}`",
                path.display()
            ));
            continue;
        };
        for imported in imported_modules(&text) {
            if imported != module && !allowed.contains(&&*imported) {
                wrong.insert(format!(
                    "{}: `{module}` may not import `{imported}`",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_crate_enters_by_its_door() {
    let doors: BTreeMap<&str, &[&str]> = DOORS.iter().copied().collect();
    let mut wrong = BTreeSet::new();
    let mut used = BTreeSet::new();
    let dependencies = dependencies();
    for (module, path, text) in sources() {
        for name in &dependencies {
            if !mentions(&text, name) {
                continue;
            }
            used.insert(name.clone());
            if VOCABULARY.contains(&&**name) {
                continue;
            }
            match doors.get(&**name) {
                None => {
                    wrong.insert(format!("`{name}` has no door in the table"));
                }
                Some(rooms) if !rooms.contains(&&*module) => {
                    wrong.insert(format!(
                        "{}: `{name}` does not enter by `{module}`",
                        path.display()
                    ));
                }
                Some(_) => {}
            }
        }
    }
    for name in &dependencies {
        if !used.contains(name) {
            wrong.insert(format!("nothing uses `{name}`"));
        }
    }
    for (name, _) in DOORS {
        if !dependencies.contains(*name) {
            wrong.insert(format!(
                "the table has a door for `{name}`, which is no dependency"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_in_the_library_names_every_module() {
    let map = fs::read_to_string("src/lib.rs").unwrap();
    for (module, _) in MAY_IMPORT {
        assert!(
            map.contains(&format!("| [`{module}`] |")),
            "`{module}` is missing in the map of src/lib.rs"
        );
    }
}

/// Every source file: its module, its path, its text without comments.
fn sources() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    let mut directories = vec![PathBuf::from("src")];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((module_of(&path), path, without_comments(&text)));
            }
        }
    }
    assert!(found.len() > 50, "the sources were not found");
    found
}

fn module_of(path: &Path) -> String {
    let first = path.components().nth(1).unwrap();
    Path::new(first.as_os_str())
        .file_stem()
        .unwrap()
        .to_string_lossy()
        .into_owned()
}

fn without_comments(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules behind every `crate::`, `use crate::{…}` included.
fn imported_modules(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        // `$crate::`, or the end of another word, is somebody else's.
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => {
                found.insert(word(rest));
            }
            Some(list) => {
                let mut depth = 0;
                let mut expects = true;
                for (i, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => expects = true,
                        c if expects && (c.is_alphabetic() || c == '_') => {
                            found.insert(word(&list[i..]));
                            expects = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found.remove("");
    found
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap();
    let section = section.split("\n[").next().unwrap();
    section
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(name, _)| !name.starts_with([' ', '#']))
        .map(|(name, _)| name.trim().replace('-', "_"))
        .collect()
}

/// Whether a text names a crate at the start of a path: `kdl::…`, `use kdl…`, `use ::kdl…`.
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = &text[..at];
        let after = &text[at + name.len()..];
        let starts = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.')
            && (!before.ends_with("::") || before.ends_with(" ::"));
        let is_use = before.trim_end().ends_with("use");
        starts && (after.starts_with("::") || (is_use && after.starts_with([';', ' '])))
    })
}
