//! Every configuration in the documentation goes through the checker.
//!
//! A block of KDL in a Markdown file starts with ```` ```kdl ````. Words behind `kdl` say what it is:
//!
//! | word | what the block is |
//! | --- | --- |
//! | none | a whole configuration |
//! | `fragment=flow` | what stands in a sync flow, its `webhook` included |
//! | `fragment=webhook` | what stands in the `webhook "/doc/{order}"` of a sync flow |
//! | `fragment=parse` | what stands in the `parse` of such a webhook |
//! | `fragment=steps` | steps of a sync flow that has parsed [`VARIABLES`] |
//! | `file=dashboard` | what somebody wants of the dashboard, in a file of their own |
//! | `fails` | it must not pass |

use std::{
    fs,
    path::{Path, PathBuf},
};

use hookyard::{
    check,
    dashboard::{Key, Keymap},
    diagnostic::{Report, Style},
    syntax,
};

/// What the steps in the documentation may use.
const VARIABLES: &str = r#"
    body "amount" type="number" required=#true
    body "currency" type="string" default="EUR"
    body "name" type="string" required=#true
    body "note" type="string"
    body "items" type="list"
"#;

struct Block {
    /// `docs/flows.md:12`.
    place: String,
    words: Vec<String>,
    text: String,
}

impl Block {
    fn says(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }

    fn configuration(&self) -> String {
        let text = &self.text;
        let fragment = self
            .words
            .iter()
            .find_map(|word| word.strip_prefix("fragment="));
        match fragment {
            None => text.clone(),
            Some("flow") => format!("flow \"doc\" mode=\"sync\" {{\n{text}\n}}\n"),
            Some("webhook") => format!(
                "flow \"doc\" mode=\"sync\" {{\nwebhook \"/doc/{{order}}\" {{\n{text}\n}}\nrespond\n}}\n"
            ),
            Some("parse") => format!(
                "flow \"doc\" mode=\"sync\" {{\nwebhook \"/doc/{{order}}\" {{\nparse {{\n{text}\n}}\n}}\nrespond\n}}\n"
            ),
            Some("steps") => format!(
                "flow \"doc\" mode=\"sync\" {{\nwebhook \"/doc\" {{\nparse {{\n{VARIABLES}\n}}\n}}\n{text}\n}}\n"
            ),
            Some(other) => panic!("{}: there is no `fragment={other}`", self.place),
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README, where there is one, and all of `docs`.
fn documents() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .expect("there is documentation")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    let readme = root().join("README.md");
    if readme.exists() {
        found.push(readme);
    }
    found.sort();
    found
}

fn blocks(path: &Path) -> Vec<Block> {
    let name = path.strip_prefix(root()).unwrap_or(path).display();
    let text = fs::read_to_string(path).expect("a document can be read");
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let indentation = line.len() - line.trim_start().len();
        let mut inside = String::new();
        loop {
            let (_, line) = lines.next().expect("every block is closed");
            if line.trim() == "```" {
                break;
            }
            inside += line.get(indentation..).unwrap_or_default();
            inside += "\n";
        }
        let mut words = info.split_whitespace().map(str::to_owned);
        if words.next().as_deref() == Some("kdl") {
            blocks.push(Block {
                place: format!("{name}:{}", number + 1),
                words: words.collect(),
                text: inside,
            });
        }
    }
    blocks
}

fn report(block: &Block) -> Report {
    let mut report = Report::new();
    let tree = syntax::read_text(&block.place, &block.configuration(), &mut report);
    if block.says("file=dashboard") {
        let choices = check::Choices {
            actions: &Keymap::names(),
            is_key: |text| text.parse::<Key>().is_ok(),
            meet: Keymap::meet,
            displaced: Keymap::displaced,
        };
        check::preferences(tree, &choices, &mut report);
    } else {
        let _ = check::configuration(tree, &mut report);
    }
    report.sort();
    report
}

#[test]
fn every_configuration_in_the_documentation_is_what_it_is_said_to_be() {
    for document in documents() {
        for block in blocks(&document) {
            for word in &block.words {
                assert!(
                    ["fails", "file=dashboard"].contains(&word.as_str())
                        || word.starts_with("fragment="),
                    "{}: `{word}` means nothing",
                    block.place
                );
            }
            let report = report(&block);
            if block.says("file=dashboard") {
                assert_eq!(report.lines(), [""; 0], "{}", block.place);
            }
            assert_eq!(
                report.has_errors(),
                block.says("fails"),
                "{}\n{}",
                block.place,
                report.render(Style::default())
            );
        }
    }
}

#[test]
fn the_language_is_documented_with_configurations() {
    let reference = root().join("docs/flows.md");
    assert!(
        blocks(&reference).len() >= 10,
        "the reference shows what it says"
    );
    for document in documents() {
        let name = document.display();
        let text = fs::read_to_string(&document).expect("a document can be read");
        if text.contains("flows.kdl") && text.contains("webhook \"") {
            assert!(!blocks(&document).is_empty(), "{name} marks no `kdl` block");
        }
    }
}

#[test]
fn every_keyword_is_in_the_reference() {
    let text = fs::read_to_string(root().join("docs/flows.md")).expect("there is a reference");
    for word in [
        "server",
        "listen",
        "public-url",
        "max-body",
        "max-connections",
        "timeouts",
        "secrets",
        "env-file",
        "include",
        "flow",
        "webhook",
        "methods",
        "accept",
        "auth",
        "parse",
        "header",
        "query",
        "path",
        "body",
        "on-error",
        "json",
        "retry",
        "env",
        "stdin",
        "accept-codes",
        "max-output",
    ]
    .into_iter()
    .chain(check::step_words())
    {
        assert!(
            text.contains(&format!("`{word}")) || text.contains(&format!("`\"{word}")),
            "`{word}` is not in the reference"
        );
    }
    for property in [
        "mode=",
        "timeout=",
        "as=",
        "type=",
        "required=",
        "default=",
        "label=",
        "as-list=",
        "cwd=",
        "allow-dash=",
        "attempts=",
        "backoff=",
        "max=",
    ] {
        assert!(
            text.contains(&format!("`{property}")),
            "`{property}` is not in the reference"
        );
    }
}

#[test]
fn every_link_within_a_document_leads_to_a_heading() {
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document can be read");
        let anchors: Vec<String> = text
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| {
                line.trim_start_matches('#')
                    .trim()
                    .to_lowercase()
                    .chars()
                    .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                    .map(|c| if c == ' ' { '-' } else { c })
                    .collect()
            })
            .collect();
        for (at, _) in text.match_indices("](#") {
            let link = text[at + 3..].split(')').next().unwrap_or_default();
            assert!(
                anchors.iter().any(|anchor| anchor == link),
                "{}: nothing is called #{link}",
                document.display()
            );
        }
    }
}
