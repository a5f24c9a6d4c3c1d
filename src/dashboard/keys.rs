use std::{fmt, str::FromStr};

use crossterm::event::KeyCode;

use super::{action::Action, page::Tab, state::Screen};

/// Where a key is pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Context {
    /// In the list or the inspector.
    Main,
    /// On a screen that is read.
    Screen,
    /// In an overlay that is read.
    Reading,
    /// In the flows, or the graph of one.
    Flows,
    /// In the list of what can be done with a run.
    Acts,
    /// In a text that can be copied.
    Offer,
    /// In the answer to which way an edited request would go.
    Tried,
    /// In the answer that a run was done again.
    Begun,
    /// In the lines that a `parse` block could have.
    Picking,
    /// While a filter, or something to find, is typed.
    Prompt,
    /// While what to do is searched.
    Palette,
    /// While it is asked whether to quit, or to send a run again.
    Question,
}

/// A key, as the terminal sends it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Whether Ctrl is held; Shift is in the character.
    pub control: bool,
    /// Whether Alt is held.
    pub alt: bool,
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
        alt: false,
    }
}

const fn alt(c: char) -> Key {
    Key {
        code: KeyCode::Char(c),
        control: false,
        alt: true,
    }
}

const fn f(number: u8) -> Key {
    code(KeyCode::F(number))
}

const fn code(code: KeyCode) -> Key {
    Key {
        code,
        control: false,
        alt: false,
    }
}

use Context::{
    Acts, Begun, Flows, Main, Offer, Palette, Picking, Prompt, Question, Reading, Tried,
};

const SCREENS: &[Context] = &[Main, Flows, Context::Screen];
const PANES: &[Context] = &[Main, Flows];
const TYPING: &[Context] = &[Prompt, Palette];
const OVERLAYS: &[Context] = &[Reading, Acts, Offer, Tried, Begun, Picking];
const RUN: &[Context] = &[Main, Acts];
const RUN_OR_TRIED: &[Context] = &[Main, Acts, Tried];
const OPENING: &[Context] = &[Main, Context::Screen, Reading, Flows, Acts];

const EVERYWHERE: &[Context] = &[
    Main,
    Context::Screen,
    Reading,
    Flows,
    Acts,
    Offer,
    Tried,
    Begun,
    Picking,
    Prompt,
    Palette,
    Question,
];
const MOVING: &[Context] = &[
    Main,
    Context::Screen,
    Reading,
    Flows,
    Acts,
    Offer,
    Tried,
    Begun,
    Picking,
    Question,
];

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

/// The heading of what can be done with the selected run.
const THIS_RUN: &str = "The selected run";

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
        on(&[ENTER], &[Main], Action::Open, "Enter", "to the inspector; there, to its replay or its original").hint(2, "inspect"),
        on(&[RIGHT, plain('l')], &[Main], Action::Inspect, "→ l", "to the inspector"),
        on(&[LEFT, plain('h')], &[Main], Action::List, "← h", "to the list"),
        on(&[ESC], &[Main], Action::Back, "Esc", "back to the list; there, clear the filter").hint(2, "back"),
        on(&[plain('/')], &[Main], Action::Filter, "/", "filter, by the words below; in the inspector, find").hint(3, "filter"),
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
        on(&[plain('n')], &[Main], Action::FindNext, "n", "to the next place of what / found; Esc ends that"),
        on(&[plain('N')], &[Main], Action::FindPrevious, "N", "to the place before"),
        on(&[plain('z')], &[Main], Action::Unfold, "z", "unfold large bodies, or fold them"),
        on(&[plain('M')], &[Main], Action::More, "M", "ask for the rest of a body that was cut"),
        on(&[plain('J')], &[Main], Action::ScrollDown, "J", "scroll it down, from the list"),
        on(&[plain('K')], &[Main], Action::ScrollUp, "K", "scroll it up, from the list"),
    ] },
    Group { title: THIS_RUN, bindings: &[
        on(&[plain('a')], RUN, Action::Acts, "a", "all that can be done with it").hint(4, "acts"),
        on(&[plain('C')], RUN, Action::CopyRequestCurl, "C", "copy its request as a curl line, without credentials"),
        on(&[plain('Y')], RUN, Action::CopyRequestUrl, "Y", "copy the URL it was sent to"),
        on(&[plain('b')], RUN, Action::CopyBody, "b", "copy its body, as it was sent"),
        on(&[plain('o')], RUN, Action::CopyRecord, "o", "copy its record as JSON, without credentials"),
        on(&[plain('p')], RUN, Action::DraftParse, "p", "choose what to parse, and copy the parse block"),
        on(&[plain('t')], RUN, Action::DraftTest, "t", "show and copy it as a test block, without credentials"),
        on(&[plain('s')], &[Main, Acts, Flows], Action::FlowText, "s", "show and copy its flow's KDL, as it is served"),
        on(&[plain('m')], RUN, Action::Mark, "m", "mark it, and keep it whatever comes; m again lets it go"),
        on(&[plain('d')], RUN, Action::Compare, "d", "compare it with the one marked last"),
        on(&[plain('D')], RUN, Action::DryRun, "D", "dry-run it: which way it would go now; nothing is done"),
        on(&[plain('E')], RUN_OR_TRIED, Action::EditRequest, "E", "edit its request in $EDITOR, and dry-run that"),
        on(&[plain('R')], RUN_OR_TRIED, Action::Resend, "R", "send it again (asks); an edited one where its dry-run is shown"),
        on(&[plain(' ')], &[Picking], Action::Tick, "Space", "").hint(0, "tick"),
        on(&[plain('a')], &[Picking], Action::TickAll, "a", "").hint(1, "all"),
        on(&[ENTER], &[Picking, Offer], Action::Take, "Enter", "").hint(0, "copy"),
        on(&[ENTER], &[Begun], Action::GoToRun, "Enter", "").hint(0, "to it"),
        on(&[ENTER, RIGHT, plain('l')], &[Acts], Action::Choose, "Enter", "").hint(0, "do it"),
    ] },
    Group { title: "Screens", bindings: &[
        on(&[plain(']')], SCREENS, Action::NextScreen, "]", "the next screen").hint(6, "screens"),
        on(&[plain('[')], SCREENS, Action::PreviousScreen, "[", "the screen before"),
        on(&[alt('1'), f(5)], SCREENS, Action::GoTo(Screen::Live), "Alt-1 F5", "live: the runs, and what became of one"),
        on(&[alt('2'), f(6)], SCREENS, Action::GoTo(Screen::Flows), "Alt-2 F6", "flows: what passed through them, and where"),
        on(&[alt('3'), f(7)], SCREENS, Action::GoTo(Screen::Config), "Alt-3 F7", "config: what is served, and every reload"),
        on(&[alt('4'), f(8)], SCREENS, Action::GoTo(Screen::Stats), "Alt-4 F8", "stats: how much, how fast and how well"),
        on(&[plain('+')], PANES, Action::Zoom, "+", "all the room for the pane with the focus, or its part again"),
        on(&[ESC, LEFT, plain('h')], &[Context::Screen], Action::Back, "Esc", "").hint(2, "back"),
    ] },
    Group { title: "Flows and the file", bindings: &[
        on(&[plain('u')], OPENING, Action::Flows, "u", "to the flows, or back to the runs").hint(5, "flows"),
        on(&[plain('y')], &[Main, Flows], Action::CopyUrl, "y", "copy the flow's URL").hint(9, "URL"),
        on(&[plain('c')], &[Main, Flows], Action::CopyCurl, "c", "copy a curl line for the flow").hint(6, "curl"),
        on(&[RIGHT, plain('l'), TAB], &[Flows], Action::Inspect, "→", "in the flows: to the graph").hint(4, "graph"),
        on(&[LEFT, plain('h'), BACK_TAB], &[Flows], Action::List, "←", "in the flows: to the list"),
        on(&[ESC], &[Flows], Action::Back, "Esc", "").hint(2, "back"),
        on(&[plain('w')], &[Flows], Action::Span, "w", "in the flows: count the arms over a minute, an hour or a day"),
        on(&[ENTER], &[Flows], Action::FilterFlow, "Enter", "in the flows: only this one's runs").hint(3, "its runs"),
        on(&[plain('x')], SCREENS, Action::Dead, "x", "the dead runs that are kept; in the flows, those of this one").hint(10, "dead"),
        on(&[plain('!')], OPENING, Action::Diagnostics, "!", "what is wrong with the file"),
        on(&[plain('w')], &[Main, Context::Screen, Reading], Action::Rerouted, "w", "which of the last requests would go another way since the last reload"),
    ] },
    Group { title: "Everything else", bindings: &[
        on(&[plain('?'), f(1)], OPENING, Action::Help, "?", "these keys").hint(0, "help"),
        on(&[plain(':')], SCREENS, Action::Palette, ":", "search all that keys do, and do it"),
        on(&[], SCREENS, Action::Mouse, "", "take the mouse, or leave it to the terminal"),
        on(&[plain('q')], SCREENS, Action::Quit, "q", "quit; a server asks whether to stop, an attached dashboard just goes").hint(1, "quit"),
        on(&[ctrl('c')], EVERYWHERE, Action::Interrupt, "^C", "the same; twice does not ask"),
        on(&[ctrl('l')], EVERYWHERE, Action::Redraw, "^L", "draw anew"),
        on(&[ctrl('z')], EVERYWHERE, Action::Suspend, "^Z", ""),
        on(&[ESC, plain('q'), LEFT, plain('h')], OVERLAYS, Action::Back, "Esc", "").hint(1, "close"),
        on(&[plain('y'), plain('Y')], &[Question], Action::Confirm, "y", ""),
        on(&[plain('n'), plain('N'), plain('q'), ESC, ENTER], &[Question], Action::Decline, "n", ""),
        on(&[ENTER], TYPING, Action::Apply, "Enter", ""),
        on(&[ESC], TYPING, Action::Back, "Esc", ""),
        on(&[BACKSPACE, ctrl('h')], TYPING, Action::Erase, "Backspace", ""),
        on(&[ctrl('w')], TYPING, Action::EraseWord, "^W", ""),
        on(&[ctrl('u')], TYPING, Action::EraseAll, "^U", ""),
        on(&[DOWN, ctrl('n')], &[Palette], Action::Down, "↓", ""),
        on(&[UP, ctrl('p')], &[Palette], Action::Up, "↑", ""),
    ] },
];

/// What can be done with the selected run, in the order of the help.
pub fn acts() -> impl Iterator<Item = &'static Binding> {
    GROUPS
        .iter()
        .filter(|group| group.title == THIS_RUN)
        .flat_map(|group| group.bindings)
        .filter(|binding| binding.action != Action::Acts && !binding.help.is_empty())
}

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
        let mut rest = text;
        let (mut control, mut alt) = (false, false);
        loop {
            (rest, control, alt) = if let Some(rest) = rest.strip_prefix("ctrl-") {
                (rest, true, alt)
            } else if let Some(rest) = rest.strip_prefix("alt-") {
                (rest, control, true)
            } else {
                break;
            };
        }
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
        Ok(Self { code, control, alt })
    }
}

impl fmt::Display for Key {
    /// The key as it is shown: `Q`, `^F`, `Space`, `F5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.alt {
            f.write_str("Alt-")?;
        }
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
