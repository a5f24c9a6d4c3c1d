use std::{
    env, io,
    path::{Path, PathBuf},
};

use super::regular;
use crate::{
    check::{self, Choices},
    dashboard::{Complaint, Key, Keymap, Palette, Theme},
    diagnostic::{Report, Style},
    model::{Colours, Preferences},
    syntax,
};

/// How the dashboard looks and listens for one person.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    pub theme: Theme,
    pub keymap: Keymap,
    pub mouse: bool,
    /// What is wrong with the file that says so, if anything: the rest of it holds.
    pub complaint: Option<Complaint>,
}

impl Looks {
    /// As the person's file says, and as the terminal can.
    pub fn load(is_coloured: bool) -> Self {
        let file = place();
        let text = file.as_deref().map(regular::text);
        let (preferences, complaint) = match (&file, text) {
            (Some(file), Some(Ok(text))) => read(file, &text),
            (Some(file), Some(Err(error))) if error.kind() != io::ErrorKind::NotFound => (
                Preferences::default(),
                Some(Complaint::of(format!(
                    "{} cannot be read: {error}",
                    file.display()
                ))),
            ),
            _ => Default::default(),
        };
        let mut keymap = Keymap::default();
        for rebinding in &preferences.keys {
            let keys: Vec<Key> = rebinding
                .keys
                .iter()
                .filter_map(|key| key.parse().ok())
                .collect();
            keymap.bind(&rebinding.action, &keys);
        }
        Self {
            theme: Theme {
                palette: palette(preferences.colours, is_coloured),
                ascii: preferences.ascii,
            },
            keymap,
            mouse: preferences.mouse,
            complaint,
        }
    }
}

/// `$XDG_CONFIG_HOME/hookyard/dashboard.kdl`, else the same below `~/.config` (XDG Base Directory
/// Specification).
fn place() -> Option<PathBuf> {
    let absolute = |name| {
        let path = PathBuf::from(env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let directory =
        absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
    Some(directory.join("hookyard/dashboard.kdl"))
}

fn read(file: &Path, text: &str) -> (Preferences, Option<Complaint>) {
    let mut report = Report::new();
    let choices = Choices {
        actions: &Keymap::names(),
        is_key: |text| text.parse::<Key>().is_ok(),
        meet: Keymap::meet,
        displaced: Keymap::displaced,
    };
    let tree = syntax::read_text(&file.display().to_string(), text, &mut report);
    let preferences = check::preferences(tree, &choices, &mut report);
    report.sort();
    let complaint = report.lines().into_iter().next().map(|first| Complaint {
        first,
        more: report.diagnostics().len() - 1,
        rendered: report.render(Style::default()),
    });
    (preferences, complaint)
}

fn palette(wanted: Colours, is_coloured: bool) -> Palette {
    match wanted {
        _ if !is_coloured => Palette::Plain,
        Colours::Plain => Palette::Plain,
        Colours::Dark if has_256_colours() => Palette::Dark,
        Colours::Light if has_256_colours() => Palette::Light,
        Colours::Terminal | Colours::Dark | Colours::Light => Palette::Terminal,
    }
}

/// As far as the environment says: where it does not, sixteen are sure.
fn has_256_colours() -> bool {
    let says = |name, words: &[&str]| {
        env::var(name).is_ok_and(|value| words.iter().any(|word| value.contains(word)))
    };
    says("COLORTERM", &["truecolor", "24bit", "256color"])
        || says(
            "TERM",
            &[
                "256color",
                "direct",
                "kitty",
                "alacritty",
                "ghostty",
                "foot",
            ],
        )
}
