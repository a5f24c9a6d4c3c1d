use std::{fmt, str::FromStr};

use crossterm::event::KeyCode;

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
    /// While what to do is searched.
    Palette,
    /// While it is asked whether to quit.
    Question,
}

/// A key, as the terminal sends it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
    /// What the footer says, where it is worth a place there, and how much: least is first.
    pub hint: Option<(u8, &'static str)>,
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

use Context::{Flows, Main, Palette, Prompt, Question, Reading};

const EVERYWHERE: &[Context] = &[Main, Reading, Flows, Prompt, Palette, Question];
const MOVING: &[Context] = &[Main, Reading, Flows];
const TYPING: &[Context] = &[Prompt, Palette];
const OVERLAYS: &[Context] = &[Reading, Flows];

const DOWN: Key = code(KeyCode::Down);
const UP: Key = code(KeyCode::Up);
const LEFT: Key = code(KeyCode::Left);
const RIGHT: Key = code(KeyCode::Right);
const PAGE_DOWN: Key = code(KeyCode::PageDown);
const PAGE_UP: Key = code(KeyCode::PageUp);
const HOME: Key = code(KeyCode::Home);
const END: Key = code(KeyCode::End);
const ENTER: Key = code(KeyCode::Enter);
const ESC: Key = code(KeyCode::Esc);
const TAB: Key = code(KeyCode::Tab);
const BACK_TAB: Key = code(KeyCode::BackTab);
const BACKSPACE: Key = code(KeyCode::Backspace);
const F1: Key = code(KeyCode::F(1));

const fn on(
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

impl Binding {
    const fn hint(self, rank: u8, hint: &'static str) -> Self {
        Self {
            hint: Some((rank, hint)),
            ..self
        }
    }
}

const FILTER_HELP: &str = "filter, by words that all hold: flow:NAME status:4xx|404 is:error \
    is:failed is:refused is:ok is:queued, or text in id, flow, method, path, peer, headers, \
    variables, branches taken or error (up to 64 KiB of a run)";

/// All keys.
#[rustfmt::skip] // A table reads as a table.
pub const GROUPS: &[Group] = &[
    Group { title: "Moving", bindings: &[
        on(&[plain('j'), DOWN], MOVING, Action::Down, "j ↓", "down"),
        on(&[plain('k'), UP], MOVING, Action::Up, "k ↑", "up; in the list, stop following"),
        on(&[PAGE_DOWN, ctrl('d'), ctrl('f')], MOVING, Action::PageDown, "PgDn ^D", "a screenful down"),
        on(&[PAGE_UP, ctrl('u'), ctrl('b')], MOVING, Action::PageUp, "PgUp ^U", "a screenful up"),
        on(&[plain('g'), HOME], MOVING, Action::First, "g Home", "to the first"),
        on(&[plain('G'), END], MOVING, Action::Last, "G End", "to the last; in the list, follow"),
    ] },
    Group { title: "Runs", bindings: &[
        on(&[ENTER, RIGHT, plain('l')], &[Main], Action::Inspect, "Enter → l", "to the inspector").hint(2, "inspect"),
        on(&[LEFT, plain('h')], &[Main], Action::List, "← h", "to the list"),
        on(&[ESC], &[Main], Action::Back, "Esc", "back to the list; there, clear the filter").hint(2, "back"),
        on(&[plain('/')], &[Main], Action::Filter, "/", FILTER_HELP).hint(3, "filter"),
        on(&[plain('e')], &[Main], Action::Errors, "e", "errors only, or all again").hint(4, "errors"),
        on(&[plain(' ')], &[Main], Action::Freeze, "Space", "freeze the list, or let it go on").hint(7, "freeze"),
        on(&[plain('f')], &[Main], Action::Follow, "f", "follow the newest run; a frozen list goes on").hint(8, "follow"),
    ] },
    Group { title: "Inspector", bindings: &[
        on(&[TAB], &[Main], Action::NextTab, "Tab", "next tab").hint(3, "next tab"),
        on(&[BACK_TAB], &[Main], Action::PreviousTab, "Shift-Tab", "the tab before"),
        on(&[plain('1')], &[Main], Action::Show(Tab::Steps), "1", "steps"),
        on(&[plain('2')], &[Main], Action::Show(Tab::Variables), "2", "variables"),
        on(&[plain('3')], &[Main], Action::Show(Tab::Request), "3", "request"),
        on(&[plain('4')], &[Main], Action::Show(Tab::Response), "4", "response"),
        on(&[plain('5')], &[Main], Action::Show(Tab::Why), "5", "why: conditions and the values they read"),
        on(&[plain('6')], &[Main], Action::Show(Tab::Flow), "6", "flow, with the path taken"),
        on(&[plain('7')], &[Main], Action::Show(Tab::Raw), "7", "the record as JSON"),
        on(&[plain('J')], &[Main], Action::ScrollDown, "J", "scroll it down, from the list"),
        on(&[plain('K')], &[Main], Action::ScrollUp, "K", "scroll it up, from the list"),
    ] },
    Group { title: "Flows and the file", bindings: &[
        on(&[plain('u')], MOVING, Action::Flows, "u", "flows and their URLs").hint(5, "flows"),
        on(&[plain('y')], &[Main, Flows], Action::CopyUrl, "y", "copy the flow's URL").hint(9, "URL"),
        on(&[plain('c')], &[Main, Flows], Action::CopyCurl, "c", "copy a curl line for the flow").hint(6, "curl"),
        on(&[ENTER], &[Flows], Action::FilterFlow, "Enter", "in the flows: only this one's runs").hint(9, "its runs"),
        on(&[plain('!')], MOVING, Action::Diagnostics, "!", "what is wrong with the file"),
        on(&[plain('w')], MOVING, Action::Rerouted, "w", "which of the last requests would go another way since the last reload"),
    ] },
    Group { title: "Everything else", bindings: &[
        on(&[plain('?'), F1], MOVING, Action::Help, "?", "these keys").hint(0, "help"),
        on(&[plain(':')], &[Main], Action::Palette, ":", "search all that keys do, and do it"),
        on(&[plain('q')], &[Main], Action::Quit, "q", "quit; a server asks whether to stop, an attached dashboard just goes").hint(1, "quit"),
        on(&[ctrl('c')], EVERYWHERE, Action::Interrupt, "^C", "the same; twice does not ask"),
        on(&[ctrl('l')], EVERYWHERE, Action::Redraw, "^L", "draw anew"),
        on(&[ctrl('z')], EVERYWHERE, Action::Suspend, "^Z", ""),
        on(&[ESC, plain('q'), LEFT, plain('h')], OVERLAYS, Action::Back, "Esc", "").hint(1, "close"),
        on(&[plain('y'), plain('Y')], &[Question], Action::Confirm, "y", ""),
        on(&[plain('n'), plain('N'), plain('q'), ESC], &[Question], Action::Decline, "n", ""),
        on(&[ENTER], TYPING, Action::Apply, "Enter", ""),
        on(&[ESC], TYPING, Action::Back, "Esc", ""),
        on(&[BACKSPACE, ctrl('h')], TYPING, Action::Erase, "Backspace", ""),
        on(&[ctrl('w')], TYPING, Action::EraseWord, "^W", ""),
        on(&[ctrl('u')], TYPING, Action::EraseAll, "^U", ""),
        on(&[DOWN, ctrl('n')], &[Palette], Action::Down, "↓", ""),
        on(&[UP, ctrl('p')], &[Palette], Action::Up, "↑", ""),
    ] },
];

/// Keys that have a name rather than a character, as they are written and as they are shown.
const NAMED: &[(&str, &str, KeyCode)] = &[
    ("space", "Space", KeyCode::Char(' ')),
    ("enter", "Enter", KeyCode::Enter),
    ("esc", "Esc", KeyCode::Esc),
    ("tab", "Tab", KeyCode::Tab),
    ("shift-tab", "Shift-Tab", KeyCode::BackTab),
    ("backspace", "Backspace", KeyCode::Backspace),
    ("delete", "Del", KeyCode::Delete),
    ("insert", "Ins", KeyCode::Insert),
    ("up", "↑", KeyCode::Up),
    ("down", "↓", KeyCode::Down),
    ("left", "←", KeyCode::Left),
    ("right", "→", KeyCode::Right),
    ("home", "Home", KeyCode::Home),
    ("end", "End", KeyCode::End),
    ("pgup", "PgUp", KeyCode::PageUp),
    ("pgdn", "PgDn", KeyCode::PageDown),
];

impl FromStr for Key {
    type Err = ();

    /// A key as somebody writes it: `Q`, `ctrl-f`, `space`, `f5`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (control, rest) = match text.strip_prefix("ctrl-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() && c != ' ' => KeyCode::Char(c),
            _ => match rest.strip_prefix('f').and_then(|n| n.parse().ok()) {
                Some(number @ 1..=12) => KeyCode::F(number),
                _ => {
                    let named = NAMED.iter().find(|(written, ..)| *written == rest);
                    named.map(|(_, _, code)| *code).ok_or(())?
                }
            },
        };
        Ok(Self { code, control })
    }
}

impl fmt::Display for Key {
    /// The key as it is shown: `Q`, `^F`, `Space`, `F5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("^")?;
        }
        let named = NAMED.iter().find(|(_, _, code)| *code == self.code);
        match (named, self.code) {
            (Some((_, shown, _)), _) => f.write_str(shown),
            (None, KeyCode::Char(c)) if self.control => write!(f, "{}", c.to_ascii_uppercase()),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, code) => write!(f, "{code}"),
        }
    }
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
