use crossterm::event::{KeyCode, KeyModifiers};

use super::{action::Action, page::Tab};

/// Where a key is pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Context {
    /// In the list or the inspector.
    Main,
    /// In an overlay that is read.
    Reading,
    /// In the list of flows.
    Flows,
    /// While a filter is typed.
    Prompt,
    /// While it is asked whether to quit.
    Question,
}

/// A key, as the terminal sends it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Whether Ctrl is held; Shift is in the character.
    pub control: bool,
}

/// One line of the table that keys are looked up in, and that the help is made from.
#[derive(Debug)]
pub struct Binding {
    /// The keys.
    pub keys: &'static [Key],
    /// Where they mean this.
    pub contexts: &'static [Context],
    /// What they ask for.
    pub action: Action,
    /// The keys as shown.
    pub shown: &'static str,
    /// What the help says; nothing keeps it out of the help.
    pub help: &'static str,
    /// What the footer says, where it is worth a place there.
    pub hint: Option<&'static str>,
}

/// A heading of the help, and the keys under it.
#[derive(Debug)]
pub struct Group {
    /// The heading.
    pub title: &'static str,
    /// The keys.
    pub bindings: &'static [Binding],
}

const fn plain(c: char) -> Key {
    code(KeyCode::Char(c))
}

const fn ctrl(c: char) -> Key {
    Key {
        code: KeyCode::Char(c),
        control: true,
    }
}

const fn code(code: KeyCode) -> Key {
    Key {
        code,
        control: false,
    }
}

use Context::{Flows, Main, Prompt, Question, Reading};

const EVERYWHERE: &[Context] = &[Main, Reading, Flows, Prompt, Question];
const MOVING: &[Context] = &[Main, Reading, Flows];

const fn binding(
    keys: &'static [Key],
    contexts: &'static [Context],
    action: Action,
    shown: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        keys,
        contexts,
        action,
        shown,
        help,
        hint: None,
    }
}

const fn hinted(binding: Binding, hint: &'static str) -> Binding {
    Binding {
        hint: Some(hint),
        ..binding
    }
}

/// All keys.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Moving",
        bindings: &[
            binding(
                &[plain('j'), code(KeyCode::Down)],
                MOVING,
                Action::Down,
                "j ↓",
                "down",
            ),
            binding(
                &[plain('k'), code(KeyCode::Up)],
                MOVING,
                Action::Up,
                "k ↑",
                "up; in the list, stop following",
            ),
            binding(
                &[code(KeyCode::PageDown), ctrl('d'), ctrl('f')],
                MOVING,
                Action::PageDown,
                "PgDn ^D",
                "a screenful down",
            ),
            binding(
                &[code(KeyCode::PageUp), ctrl('u'), ctrl('b')],
                MOVING,
                Action::PageUp,
                "PgUp ^U",
                "a screenful up",
            ),
            binding(
                &[plain('g'), code(KeyCode::Home)],
                MOVING,
                Action::First,
                "g Home",
                "to the first",
            ),
            binding(
                &[plain('G'), code(KeyCode::End)],
                MOVING,
                Action::Last,
                "G End",
                "to the last; in the list, follow",
            ),
        ],
    },
    Group {
        title: "Runs",
        bindings: &[
            hinted(
                binding(
                    &[code(KeyCode::Enter), code(KeyCode::Right), plain('l')],
                    &[Main],
                    Action::Inspect,
                    "Enter → l",
                    "to the inspector",
                ),
                "inspect",
            ),
            binding(
                &[code(KeyCode::Left), plain('h')],
                &[Main],
                Action::List,
                "← h",
                "to the list",
            ),
            binding(
                &[code(KeyCode::Esc)],
                &[Main],
                Action::Back,
                "Esc",
                "back to the list; there, clear the filter",
            ),
            hinted(
                binding(
                    &[plain('/')],
                    &[Main],
                    Action::Filter,
                    "/",
                    "filter: text flow:NAME status:4xx|404 is:error is:ok is:queued",
                ),
                "filter",
            ),
            hinted(
                binding(
                    &[plain('e')],
                    &[Main],
                    Action::Errors,
                    "e",
                    "errors only, or all again",
                ),
                "errors",
            ),
            hinted(
                binding(
                    &[plain(' ')],
                    &[Main],
                    Action::Freeze,
                    "Space",
                    "freeze the list, or let it go on",
                ),
                "freeze",
            ),
            hinted(
                binding(
                    &[plain('f')],
                    &[Main],
                    Action::Follow,
                    "f",
                    "follow the newest run",
                ),
                "follow",
            ),
        ],
    },
    Group {
        title: "Inspector",
        bindings: &[
            binding(
                &[code(KeyCode::Tab)],
                &[Main],
                Action::NextTab,
                "Tab",
                "next tab",
            ),
            binding(
                &[code(KeyCode::BackTab)],
                &[Main],
                Action::PreviousTab,
                "Shift-Tab",
                "the tab before",
            ),
            binding(
                &[plain('1')],
                &[Main],
                Action::Show(Tab::Steps),
                "1",
                "steps",
            ),
            binding(
                &[plain('2')],
                &[Main],
                Action::Show(Tab::Variables),
                "2",
                "variables",
            ),
            binding(
                &[plain('3')],
                &[Main],
                Action::Show(Tab::Request),
                "3",
                "request",
            ),
            binding(
                &[plain('4')],
                &[Main],
                Action::Show(Tab::Response),
                "4",
                "response",
            ),
            binding(
                &[plain('5')],
                &[Main],
                Action::Show(Tab::Why),
                "5",
                "why: conditions and the values they read",
            ),
            binding(
                &[plain('6')],
                &[Main],
                Action::Show(Tab::Flow),
                "6",
                "flow, with the path taken",
            ),
            binding(
                &[plain('7')],
                &[Main],
                Action::Show(Tab::Raw),
                "7",
                "the record as JSON",
            ),
            binding(
                &[plain('J')],
                &[Main],
                Action::ScrollDown,
                "J",
                "scroll it down, from the list",
            ),
            binding(
                &[plain('K')],
                &[Main],
                Action::ScrollUp,
                "K",
                "scroll it up, from the list",
            ),
        ],
    },
    Group {
        title: "Flows and the file",
        bindings: &[
            hinted(
                binding(
                    &[plain('u')],
                    MOVING,
                    Action::Flows,
                    "u",
                    "flows and their URLs",
                ),
                "flows",
            ),
            hinted(
                binding(
                    &[plain('y')],
                    &[Main, Flows],
                    Action::CopyUrl,
                    "y",
                    "copy the flow's URL",
                ),
                "copy URL",
            ),
            binding(
                &[plain('c')],
                &[Main, Flows],
                Action::CopyCurl,
                "c",
                "copy a curl line for the flow",
            ),
            binding(
                &[code(KeyCode::Enter)],
                &[Flows],
                Action::FilterFlow,
                "Enter",
                "in the flows: only this one's runs",
            ),
            binding(
                &[plain('!')],
                MOVING,
                Action::Diagnostics,
                "!",
                "what is wrong with the file",
            ),
        ],
    },
    Group {
        title: "Everything else",
        bindings: &[
            hinted(
                binding(
                    &[plain('?'), code(KeyCode::F(1))],
                    MOVING,
                    Action::Help,
                    "?",
                    "these keys",
                ),
                "help",
            ),
            hinted(
                binding(
                    &[plain('q')],
                    &[Main],
                    Action::Quit,
                    "q",
                    "stop serving and quit (asks)",
                ),
                "quit",
            ),
            binding(
                &[ctrl('c')],
                EVERYWHERE,
                Action::Interrupt,
                "^C",
                "the same; twice does not ask",
            ),
            binding(&[ctrl('l')], EVERYWHERE, Action::Redraw, "^L", "draw anew"),
            binding(&[ctrl('z')], EVERYWHERE, Action::Suspend, "^Z", ""),
            binding(
                &[
                    plain('q'),
                    code(KeyCode::Esc),
                    code(KeyCode::Left),
                    plain('h'),
                ],
                &[Reading, Flows],
                Action::Back,
                "q Esc",
                "",
            ),
            binding(
                &[plain('y'), plain('Y')],
                &[Question],
                Action::Confirm,
                "y",
                "",
            ),
            binding(
                &[plain('n'), plain('N'), plain('q'), code(KeyCode::Esc)],
                &[Question],
                Action::Decline,
                "n",
                "",
            ),
            binding(
                &[code(KeyCode::Enter)],
                &[Prompt],
                Action::Apply,
                "Enter",
                "",
            ),
            binding(&[code(KeyCode::Esc)], &[Prompt], Action::Back, "Esc", ""),
            binding(
                &[code(KeyCode::Backspace), ctrl('h')],
                &[Prompt],
                Action::Erase,
                "Backspace",
                "",
            ),
            binding(&[ctrl('w')], &[Prompt], Action::EraseWord, "^W", ""),
            binding(&[ctrl('u')], &[Prompt], Action::EraseAll, "^U", ""),
        ],
    },
];

/// What a key asks for in that place, if anything.
pub fn look_up(context: Context, code: KeyCode, modifiers: KeyModifiers) -> Option<Action> {
    // Alt-q is not q.
    if modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER) {
        return None;
    }
    let key = Key {
        code,
        control: modifiers.contains(KeyModifiers::CONTROL),
    };
    GROUPS
        .iter()
        .flat_map(|group| group.bindings)
        .find(|binding| binding.contexts.contains(&context) && binding.keys.contains(&key))
        .map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let bindings: Vec<&Binding> = GROUPS.iter().flat_map(|group| group.bindings).collect();
        for (i, one) in bindings.iter().enumerate() {
            for other in &bindings[i + 1..] {
                for context in one.contexts {
                    assert!(
                        !other.contexts.contains(context)
                            || !one.keys.iter().any(|key| other.keys.contains(key)),
                        "{} and {} in {context:?}",
                        one.shown,
                        other.shown
                    );
                }
            }
        }
    }
}
