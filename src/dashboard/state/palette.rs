use crate::dashboard::{
    action::Action,
    keymap::Keymap,
    keys::{Binding, Context, GROUPS},
};

/// A search through all that keys do, for whoever does not know the key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Palette {
    typed: String,
    cursor: usize,
}

impl Palette {
    /// Longer than any help.
    const LONGEST: usize = 64;

    /// What is typed.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The index of what is selected.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// What is found: all of it holds every word that is typed, in its name or its help.
    pub fn found(&self) -> Vec<&'static Binding> {
        let typed = self.typed.to_lowercase();
        GROUPS
            .iter()
            .flat_map(|group| group.bindings)
            .filter(|binding| !binding.help.is_empty() && binding.action != Action::Palette)
            .filter(|binding| binding.contexts.contains(&Context::Main))
            .filter(|binding| {
                let text = format!("{} {}", Keymap::name(binding.action), binding.help);
                let text = text.to_lowercase();
                typed.split_whitespace().all(|word| text.contains(word))
            })
            .collect()
    }

    /// What is selected.
    pub(super) fn chosen(&self) -> Option<Action> {
        self.found().get(self.cursor).map(|binding| binding.action)
    }

    /// Changes what is typed.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut String)) {
        change(&mut self.typed);
        let end = self.typed.char_indices().nth(Self::LONGEST);
        self.typed
            .truncate(end.map_or(self.typed.len(), |(at, _)| at));
        self.cursor = 0;
    }

    /// Moves the selection by so many rows.
    pub(super) fn go(&mut self, rows: isize) {
        let last = self.found().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
    }
}
