use std::collections::BTreeSet;

use super::scalar;
use crate::{
    diagnostic::{Diagnostic, Report, did_you_mean, nearest},
    model::{Colours, Preferences, Rebinding},
    syntax::{Node, Tree, Word, unknown_node},
};

/// What a dashboard has that can be chosen.
pub struct Choices<'c> {
    /// The actions that can have other keys.
    pub actions: &'c BTreeSet<String>,
    /// Whether a text names a key.
    pub is_key: fn(&str) -> bool,
    /// Whether two actions are asked for in one place, so that a key cannot be for both.
    pub meet: fn(&str, &str) -> bool,
    /// The actions that would lose a key they usually have, were it given to that action.
    pub displaced: fn(&str, &str) -> BTreeSet<String>,
}

/// An action, and the keys that it is to have.
struct Given {
    action: Word,
    keys: Vec<Word>,
}

/// `theme "…"`, `glyphs "…"`, `mouse #true`, `keys { ACTION "KEY"… }`. What is wrong is reported, and the rest
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
            "mouse" => {
                let mut fields = node.open();
                let value = fields.expect_argument(report, "`#true` or `#false`");
                if let Some(mouse) =
                    value.and_then(|value| scalar::boolean(&value, "`mouse`", report))
                {
                    preferences.mouse = mouse;
                }
                fields.finish(report);
            }
            "keys" => preferences.keys.extend(keys(node, choices, report)),
            _ => unknown_node(&node, "", &["theme", "glyphs", "mouse", "keys"], report),
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
    let mut all: Vec<Given> = Vec::new();
    for child in fields.children() {
        let action = child.name.clone();
        let mut line = child.open();
        let mut keys = Vec::new();
        let first = line.expect_argument(report, "a key like \"Q\"");
        for value in first.into_iter().chain(line.arguments()) {
            let Some(key) = scalar::text(&value, "a key", report) else {
                continue;
            };
            if (choices.is_key)(&key.value) {
                keys.push(Word {
                    text: key.value.clone(),
                    span: value.span,
                });
            } else {
                report.push(
                    Diagnostic::error(value.span, format!("{:?} is no key", key.value))
                        .help("write \"Q\", \"ctrl-f\", \"space\", \"pgdn\" or \"f5\""),
                );
            }
        }
        line.finish(report);
        if !choices.actions.contains(&action.text) {
            let unknown = Diagnostic::error(action.span, format!("no key does `{}`", action.text));
            let near = nearest(&action.text, choices.actions.iter().map(String::as_str));
            report.push(match near {
                Some(near) => unknown.help(did_you_mean(near)),
                None => unknown.help("`?` in the dashboard shows what keys do"),
            });
            continue;
        }
        if let Some(before) = all.iter().find(|given| given.action.text == action.text) {
            report.push(
                Diagnostic::error(action.span, format!("`{}` is there twice", action.text))
                    .also(before.action.span, "first here"),
            );
            continue;
        }
        keys.retain(|key| is_free(key, &action.text, &all, choices, report));
        if !keys.is_empty() {
            all.push(Given { action, keys });
        }
    }
    fields.finish(report);
    tell_displaced(&all, choices, report);
    all.into_iter()
        .map(|given| Rebinding {
            action: given.action.text,
            keys: given.keys.into_iter().map(|key| key.text).collect(),
        })
        .collect()
}

/// Whether a key is given to nothing else in the same place; says so where it is.
fn is_free(
    key: &Word,
    action: &str,
    all: &[Given],
    choices: &Choices<'_>,
    report: &mut Report,
) -> bool {
    let before = all
        .iter()
        .filter(|given| (choices.meet)(&given.action.text, action))
        .find_map(|given| {
            let mut keys = given.keys.iter();
            Some((given, keys.find(|before| before.text == key.text)?))
        });
    if let Some((given, before)) = before {
        let has = format!("`{}` has {:?} already", given.action.text, key.text);
        report.push(Diagnostic::error(key.span, has).also(before.span, "first here"));
    }
    before.is_none()
}

/// Says what has lost a key that it usually has.
fn tell_displaced(all: &[Given], choices: &Choices<'_>, report: &mut Report) {
    for given in all {
        for key in &given.keys {
            for other in (choices.displaced)(&given.action.text, &key.text) {
                if all.iter().all(|given| given.action.text != other) {
                    report.push(
                        Diagnostic::warning(
                            key.span,
                            format!("{:?} is taken from `{other}`", key.text),
                        )
                        .help(format!("give `{other}` another key, too")),
                    );
                }
            }
        }
    }
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
            meet: |_, _| true,
            displaced: |action, key| match key {
                "q" if action != "quit" => ["quit".to_owned()].into(),
                _ => BTreeSet::new(),
            },
        };
        let mut report = Report::new();
        let tree = read_text("dashboard.kdl", text, &mut report);
        let preferences = preferences(tree, &choices, &mut report);
        let lines = report.lines().iter().map(ToString::to_string).collect();
        (preferences, lines)
    }

    #[test]
    fn all_that_can_be_chosen_is_read() {
        let text = "theme \"light\"\nglyphs \"ascii\"\nmouse #true\nkeys {\n  quit \"Q\" \"x\"\n  filter \"f\"\n}\n";
        let rebinding = |action: &str, keys: &[&str]| Rebinding {
            action: action.to_owned(),
            keys: keys.iter().map(ToString::to_string).collect(),
        };
        let expected = Preferences {
            colours: Colours::Light,
            ascii: true,
            mouse: true,
            keys: vec![rebinding("quit", &["Q", "x"]), rebinding("filter", &["f"])],
        };
        assert_eq!(read(text), (expected, Vec::new()));
    }

    #[test]
    fn a_key_is_for_one_action_and_what_loses_its_own_is_told() {
        let text = "keys {\n  page-down \"n\" \"q\"\n  filter \"n\" \"f\"\n  page-down \"d\"\n}\n";
        let (preferences, lines) = read(text);
        assert_eq!(
            lines,
            [
                "dashboard.kdl:3:10: error: `page-down` has \"n\" already",
                "dashboard.kdl:4:3: error: `page-down` is there twice",
                "dashboard.kdl:2:17: warning: \"q\" is taken from `quit` (give `quit` another key, too)",
            ]
        );
        let keys: Vec<_> = preferences
            .keys
            .iter()
            .map(|given| given.keys.join(" "))
            .collect();
        assert_eq!(keys, ["n q", "f"]);
        // What has another one is no longer missed.
        let text = "keys {\n  page-down \"q\"\n  quit \"Q\"\n}\n";
        assert_eq!(read(text).1, [""; 0]);
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_holds() {
        let text = "theme \"drak\"\nglyphs \"ascii\"\nmice #true\nkeys {\n  quit \"qq\"\n  filtre \"f\"\n  page-down \"n\"\n}\n";
        let (preferences, lines) = read(text);
        assert_eq!(
            lines,
            [
                "dashboard.kdl:1:7: error: `theme` is one of `terminal`, `dark`, `light`, `plain`, not \"drak\" (did you mean \"dark\"?)",
                "dashboard.kdl:3:1: error: unknown node `mice` (allowed here: `theme`, `glyphs`, `mouse` and `keys`)",
                "dashboard.kdl:5:8: error: \"qq\" is no key (write \"Q\", \"ctrl-f\", \"space\", \"pgdn\" or \"f5\")",
                "dashboard.kdl:6:3: error: no key does `filtre` (did you mean `filter`?)",
            ]
        );
        assert!(preferences.ascii);
        assert_eq!(preferences.keys.len(), 1);
        assert_eq!(preferences.keys[0].action, "page-down");
    }
}
