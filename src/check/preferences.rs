use std::collections::BTreeSet;

use super::scalar;
use crate::{
    diagnostic::{Diagnostic, Report, did_you_mean, nearest},
    model::{Colours, Preferences, Rebinding},
    syntax::{Node, Tree, unknown_node},
};

/// What a dashboard has that can be chosen.
pub struct Choices<'c> {
    /// The actions that can have other keys.
    pub actions: &'c BTreeSet<String>,
    /// Whether a text names a key.
    pub is_key: fn(&str) -> bool,
}

/// `theme "…"`, `glyphs "…"`, `keys { ACTION "KEY"… }`. What is wrong is reported, and the rest
/// holds.
pub fn preferences(tree: Tree, choices: &Choices<'_>, report: &mut Report) -> Preferences {
    let mut preferences = Preferences::default();
    for node in tree.nodes {
        match &*node.name.text {
            "theme" => {
                let words = [
                    ("terminal", Colours::Terminal),
                    ("dark", Colours::Dark),
                    ("light", Colours::Light),
                    ("plain", Colours::Plain),
                ];
                if let Some(colours) = word(node, "`theme`", &words, report) {
                    preferences.colours = colours;
                }
            }
            "glyphs" => {
                let words = [("unicode", false), ("ascii", true)];
                if let Some(ascii) = word(node, "`glyphs`", &words, report) {
                    preferences.ascii = ascii;
                }
            }
            "keys" => preferences.keys.extend(keys(node, choices, report)),
            _ => unknown_node(&node, "", &["theme", "glyphs", "keys"], report),
        }
    }
    preferences
}

fn word<T: Copy>(
    node: Node,
    what: &'static str,
    words: &[(&'static str, T)],
    report: &mut Report,
) -> Option<T> {
    let mut fields = node.open();
    let value = fields.expect_argument(report, "a word");
    let word = value.and_then(|value| scalar::word(&value, what, words, report));
    fields.finish(report);
    word
}

fn keys(node: Node, choices: &Choices<'_>, report: &mut Report) -> Vec<Rebinding> {
    let mut fields = node.open();
    let mut rebindings = Vec::new();
    for child in fields.children() {
        let name = child.name.clone();
        let mut line = child.open();
        let mut keys = Vec::new();
        let first = line.expect_argument(report, "a key like \"Q\"");
        for value in first.into_iter().chain(line.arguments()) {
            let Some(key) = scalar::text(&value, "a key", report) else {
                continue;
            };
            if (choices.is_key)(&key.value) {
                keys.push(key.value.clone());
            } else {
                report.push(
                    Diagnostic::error(value.span, format!("{:?} is no key", key.value))
                        .help("write \"Q\", \"ctrl-f\", \"space\", \"pgdn\" or \"f5\""),
                );
            }
        }
        line.finish(report);
        if !choices.actions.contains(&name.text) {
            let unknown = Diagnostic::error(name.span, format!("no key does `{}`", name.text));
            let near = nearest(&name.text, choices.actions.iter().map(String::as_str));
            report.push(match near {
                Some(near) => unknown.help(did_you_mean(near)),
                None => unknown.help("`?` in the dashboard shows what keys do"),
            });
        } else if !keys.is_empty() {
            rebindings.push(Rebinding {
                action: name.text,
                keys,
            });
        }
    }
    fields.finish(report);
    rebindings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::read_text;

    fn read(text: &str) -> (Preferences, Vec<String>) {
        let actions = ["filter", "page-down", "quit"].map(str::to_owned).into();
        let choices = Choices {
            actions: &actions,
            is_key: |text| text.len() == 1,
        };
        let mut report = Report::new();
        let tree = read_text("dashboard.kdl", text, &mut report);
        let preferences = preferences(tree, &choices, &mut report);
        let lines = report.lines().iter().map(ToString::to_string).collect();
        (preferences, lines)
    }

    #[test]
    fn all_that_can_be_chosen_is_read() {
        let text =
            "theme \"light\"\nglyphs \"ascii\"\nkeys {\n  quit \"Q\" \"x\"\n  filter \"f\"\n}\n";
        let rebinding = |action: &str, keys: &[&str]| Rebinding {
            action: action.to_owned(),
            keys: keys.iter().map(ToString::to_string).collect(),
        };
        let expected = Preferences {
            colours: Colours::Light,
            ascii: true,
            keys: vec![rebinding("quit", &["Q", "x"]), rebinding("filter", &["f"])],
        };
        assert_eq!(read(text), (expected, Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_holds() {
        let text = "theme \"drak\"\nglyphs \"ascii\"\nmice #true\nkeys {\n  quit \"qq\"\n  filtre \"f\"\n  page-down \"n\"\n}\n";
        let (preferences, lines) = read(text);
        assert_eq!(
            lines,
            [
                "dashboard.kdl:1:7: error: `theme` is one of `terminal`, `dark`, `light`, `plain`, not \"drak\" (did you mean \"dark\"?)",
                "dashboard.kdl:3:1: error: unknown node `mice` (allowed here: `theme`, `glyphs` and `keys`)",
                "dashboard.kdl:5:8: error: \"qq\" is no key (write \"Q\", \"ctrl-f\", \"space\", \"pgdn\" or \"f5\")",
                "dashboard.kdl:6:3: error: no key does `filtre` (did you mean `filter`?)",
            ]
        );
        assert!(preferences.ascii);
        assert_eq!(preferences.keys.len(), 1);
        assert_eq!(preferences.keys[0].action, "page-down");
    }
}
