use std::{borrow::Cow, collections::BTreeSet};

use crossterm::event::{KeyCode, KeyModifiers};

use super::{
    action::Action,
    keys::{Binding, Context, GROUPS, Key},
};

/// Which keys mean what: the table, and what the viewer has put in the place of some of it.
#[derive(Clone, Debug, Default)]
pub struct Keymap {
    instead: Vec<(Action, Vec<Key>)>,
}

impl Keymap {
    /// What keys can be given to, by name.
    pub fn names() -> BTreeSet<String> {
        bindings()
            .map(|binding| Self::name(binding.action))
            .collect()
    }

    /// An action's name: `PageDown` is `page-down`, `Show(Why)` is `show-why`. Taken from the
    /// variant, so that no action can be without one.
    pub fn name(action: Action) -> String {
        let mut name = String::new();
        for c in format!("{action:?}").chars() {
            if c.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            if c.is_ascii_alphanumeric() {
                name.push(c.to_ascii_lowercase());
            }
        }
        name
    }

    /// Gives the action of that name these keys, in the place of those it had.
    pub fn bind(&mut self, to: &str, keys: &[Key]) {
        let action = bindings()
            .map(|binding| binding.action)
            .find(|action| Self::name(*action) == to);
        if let Some(action) = action {
            self.instead.retain(|(other, _)| *other != action);
            self.instead.push((action, keys.to_vec()));
        }
    }

    /// What a key asks for in that place, if anything.
    pub fn look_up(
        &self,
        context: Context,
        code: KeyCode,
        modifiers: KeyModifiers,
    ) -> Option<Action> {
        if modifiers.contains(KeyModifiers::SUPER) {
            return None;
        }
        let key = Key {
            code,
            control: modifiers.contains(KeyModifiers::CONTROL),
            // Alt-q is not q.
            alt: modifiers.contains(KeyModifiers::ALT),
        };
        let here = |binding: &&Binding| binding.contexts.contains(&context);
        let given = bindings()
            .filter(here)
            .find(|binding| self.given(binding).is_some_and(|keys| keys.contains(&key)));
        let all = GROUPS.iter().flat_map(|group| group.bindings);
        given
            .or_else(|| {
                all.filter(here)
                    .find(|binding| self.given(binding).is_none() && binding.keys.contains(&key))
            })
            .map(|binding| binding.action)
    }

    /// The keys of a binding as they are shown, the first of them alone up to the first blank.
    pub fn shown(&self, binding: &Binding) -> Cow<'static, str> {
        match self.given(binding) {
            None => binding.shown.into(),
            Some(keys) => {
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                keys.join(" ").into()
            }
        }
    }

    /// The key that messages name for an action; none where it has been given none.
    pub fn key(&self, action: Action) -> Option<String> {
        let binding = bindings().find(|binding| binding.action == action)?;
        let shown = self.shown(binding);
        shown.split(' ').next().map(str::to_owned)
    }

    /// The keys that it was given. What the help does not name is what any dialogue has, and stays.
    fn given(&self, binding: &Binding) -> Option<&[Key]> {
        let mut instead = self.instead.iter();
        instead
            .find(|(action, _)| *action == binding.action && !binding.help.is_empty())
            .map(|(_, keys)| keys.as_slice())
    }
}

/// The bindings that the help names.
fn bindings() -> impl Iterator<Item = &'static Binding> {
    GROUPS
        .iter()
        .flat_map(|group| group.bindings)
        .filter(|binding| !binding.help.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(keymap: &Keymap, context: Context, key: &str) -> Option<Action> {
        let key: Key = key.parse().unwrap();
        let modifiers = if key.control {
            KeyModifiers::CONTROL
        } else {
            KeyModifiers::NONE
        };
        keymap.look_up(context, key.code, modifiers)
    }

    #[test]
    fn a_key_that_is_given_away_means_nothing_else_any_more() {
        let mut keymap = Keymap::default();
        keymap.bind("quit", &["Q".parse().unwrap(), "ctrl-q".parse().unwrap()]);
        keymap.bind("filter", &["f".parse().unwrap()]);
        assert_eq!(press(&keymap, Context::Main, "Q"), Some(Action::Quit));
        assert_eq!(press(&keymap, Context::Main, "ctrl-q"), Some(Action::Quit));
        assert_eq!(press(&keymap, Context::Main, "q"), None);
        assert_eq!(press(&keymap, Context::Main, "f"), Some(Action::Filter));
        assert_eq!(press(&keymap, Context::Main, "/"), None);
        // A dialogue is left as any other is.
        assert_eq!(press(&keymap, Context::Reading, "q"), Some(Action::Back));
    }

    #[test]
    fn names_are_what_the_actions_are_called() {
        let names = Keymap::names();
        for known in ["down", "page-down", "show-why", "copy-url", "quit"] {
            assert!(names.contains(known), "{known} in {names:?}");
        }
    }
}
