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
