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
        let all = || GROUPS.iter().flat_map(|group| group.bindings).filter(here);
        // A dialogue goes on to understand what it says that it does.
        let of_dialogue = all()
            .filter(|binding| binding.help.is_empty() && is_dialogue(context))
            .find(|binding| binding.keys.contains(&key));
        let given =
            || all().find(|binding| self.given(binding).is_some_and(|keys| keys.contains(&key)));
        let usual =
            || all().find(|binding| self.given(binding).is_none() && binding.keys.contains(&key));
        of_dialogue
            .or_else(given)
            .or_else(usual)
            .map(|binding| binding.action)
    }

    /// Whether two actions are asked for in one place, so that a key cannot be for both.
    pub fn meet(one: &str, other: &str) -> bool {
        let of = |name: &str| {
            let name = name.to_owned();
            bindings().filter(move |binding| Self::name(binding.action) == name)
        };
        of(one).any(|one| of(other).any(|other| shares_a_place(one, other)))
    }

    /// The actions that would lose a key they usually have, were it given to that action.
    pub fn displaced(action: &str, key: &str) -> BTreeSet<String> {
        let Ok(key) = key.parse::<Key>() else {
            return BTreeSet::new();
        };
        bindings()
            .filter(|binding| binding.keys.contains(&key))
            .map(|binding| Self::name(binding.action))
            .filter(|other| other != action && Self::meet(action, other))
            .collect()
    }

    /// The keys of a binding as they are shown, the first of them alone up to the first blank;
    /// nothing where it has none left.
    pub fn shown(&self, binding: &Binding) -> Cow<'static, str> {
        let has_lost = |key: &Key| self.has_lost(binding, key);
        match self.given(binding) {
            None if !binding.keys.iter().any(has_lost) => binding.shown.into(),
            None => shown(binding.keys.iter().filter(|key| !has_lost(key))).into(),
            Some(keys) => shown(keys.iter()).into(),
        }
    }

    /// Whether a key that a binding usually has was given to another one, in one place at least.
    fn has_lost(&self, binding: &Binding, key: &Key) -> bool {
        let is_dialogues = |context: &Context| binding.help.is_empty() && is_dialogue(*context);
        bindings().any(|other| {
            other.action != binding.action
                && self.given(other).is_some_and(|keys| keys.contains(key))
                && other
                    .contexts
                    .iter()
                    .any(|context| binding.contexts.contains(context) && !is_dialogues(context))
        })
    }

    /// The key that messages name for an action; none where it has been given none.
    pub fn key(&self, action: Action) -> Option<String> {
        let binding = bindings().find(|binding| binding.action == action)?;
        first(&self.shown(binding)).map(str::to_owned)
    }

    /// The keys that it was given. What the help does not name is what any dialogue has, and stays.
    fn given(&self, binding: &Binding) -> Option<&[Key]> {
        let mut instead = self.instead.iter();
        instead
            .find(|(action, _)| *action == binding.action && !binding.help.is_empty())
            .map(|(_, keys)| keys.as_slice())
    }
}

/// The first of keys as they are shown; none where there is none.
pub fn first(shown: &str) -> Option<&str> {
    shown.split(' ').next().filter(|key| !key.is_empty())
}

fn shown<'k>(keys: impl Iterator<Item = &'k Key>) -> String {
    let keys: Vec<String> = keys.map(ToString::to_string).collect();
    keys.join(" ")
}

fn shares_a_place(one: &Binding, other: &Binding) -> bool {
    let mut contexts = one.contexts.iter();
    contexts.any(|context| other.contexts.contains(context))
}

/// Whether something lies over the screen there, with keys of its own.
fn is_dialogue(context: Context) -> bool {
    !matches!(context, Context::Main | Context::Flows | Context::Screen)
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
    fn what_lost_its_keys_names_none_of_them() {
        let mut keymap = Keymap::default();
        assert_eq!(keymap.key(Action::Rerouted), Some("w".to_owned()));
        keymap.bind("freeze", &["w".parse().unwrap()]);
        assert_eq!(press(&keymap, Context::Main, "w"), Some(Action::Freeze));
        assert_eq!(press(&keymap, Context::Flows, "w"), Some(Action::Span));
        assert_eq!(keymap.key(Action::Rerouted), None);
        assert_eq!(keymap.key(Action::Span), Some("w".to_owned()));
        keymap.bind("freeze", &["j".parse().unwrap()]);
        assert_eq!(keymap.key(Action::Down), Some("↓".to_owned()));
    }

    #[test]
    fn a_dialogue_keeps_the_keys_that_it_names() {
        let mut keymap = Keymap::default();
        keymap.bind("page-down", &["space".parse().unwrap()]);
        assert_eq!(
            press(&keymap, Context::Main, "space"),
            Some(Action::PageDown)
        );
        assert_eq!(
            press(&keymap, Context::Picking, "space"),
            Some(Action::Tick)
        );
    }

    #[test]
    fn a_key_is_taken_from_what_is_asked_for_in_the_same_place() {
        let displaced = |action, key| Vec::from_iter(Keymap::displaced(action, key));
        assert_eq!(displaced("freeze", "w"), ["rerouted"]);
        assert_eq!(displaced("follow", "q"), ["quit"]);
        assert_eq!(displaced("follow", "f"), [""; 0]);
        assert_eq!(displaced("span", "f"), [""; 0]);
        assert!(Keymap::meet("freeze", "follow"));
        assert!(!Keymap::meet("span", "freeze"));
    }

    #[test]
    fn names_are_what_the_actions_are_called() {
        let names = Keymap::names();
        for known in ["down", "page-down", "show-why", "copy-url", "quit"] {
            assert!(names.contains(known), "{known} in {names:?}");
        }
    }
}
