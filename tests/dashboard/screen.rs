//! A dashboard on a screen of memory.

use crossterm::event::{
    Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};
use hookyard::{
    dashboard::{Effect, State, Theme, actions, pointed, render, target},
    event::Event,
    observe::Told,
};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};

use crate::fixtures::moment;

pub struct Screen {
    pub state: State,
    pub terminal: Terminal<TestBackend>,
    pub theme: Theme,
    pub seconds: u64,
}

impl Screen {
    pub fn new(width: u16, height: u16) -> Self {
        Self {
            state: State::new("flows.kdl".to_owned(), moment(0)),
            terminal: Terminal::new(TestBackend::new(width, height)).unwrap(),
            theme: Theme::default(),
            seconds: 0,
        }
    }

    pub fn hear(&mut self, events: impl IntoIterator<Item = Event>) -> &mut Self {
        for event in events {
            self.state.apply(event, moment(self.seconds));
        }
        self.draw();
        self
    }

    /// What a feed tells.
    pub fn tell(&mut self, told: Told) -> &mut Self {
        self.state.hear(told, moment(self.seconds));
        self.draw();
        self
    }

    /// Presses keys: single characters, or names in angle brackets. Draws after each, as a
    /// viewer sees it.
    pub fn press(&mut self, keys: &str) -> Option<Effect> {
        let mut effect = None;
        let mut keys = keys;
        while let Some(first) = keys.chars().next() {
            let (code, modifiers, length) = match first {
                '<' => {
                    let end = keys.find('>').unwrap();
                    let (code, modifiers) = named(&keys[1..end]);
                    (code, modifiers, end + 1)
                }
                c => (KeyCode::Char(c), KeyModifiers::NONE, c.len_utf8()),
            };
            keys = &keys[length..];
            let event = TerminalEvent::Key(KeyEvent::new(code, modifiers));
            effect = self.send(&event).or(effect);
        }
        effect
    }

    pub fn send(&mut self, event: &TerminalEvent) -> Option<Effect> {
        let mut effect = None;
        let area = *self.buffer().area();
        let pointed = pointed(event, |at| target(&self.state, area, at));
        let actions = actions(event, self.state.context(), self.state.keymap());
        for action in actions.into_iter().chain(pointed) {
            effect = self.state.act(action).or(effect);
        }
        self.draw();
        effect
    }

    /// What a mouse does in the first place that has this text.
    pub fn point(&mut self, kind: MouseEventKind, text: &str) -> Option<Effect> {
        let shown = self.text();
        let mut lines = shown.lines().enumerate();
        let (row, column) = lines
            .find_map(|(row, line)| Some((row, line[..line.find(text)?].chars().count())))
            .unwrap();
        self.send(&TerminalEvent::Mouse(MouseEvent {
            kind,
            column: column.try_into().unwrap(),
            row: row.try_into().unwrap(),
            modifiers: KeyModifiers::NONE,
        }))
    }

    pub fn click(&mut self, text: &str) -> Option<Effect> {
        self.point(MouseEventKind::Down(MouseButton::Left), text)
    }

    pub fn draw(&mut self) {
        let theme = self.theme;
        let state = &mut self.state;
        self.terminal
            .draw(|frame| render(state, theme, frame))
            .unwrap();
    }

    pub fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// The screen as text, without blanks at the ends of lines.
    pub fn text(&self) -> String {
        // The backend's own text is quoted, and cuts wide characters properly.
        self.terminal
            .backend()
            .to_string()
            .lines()
            .map(|line| {
                let line = line.strip_prefix('"').unwrap_or(line);
                let line = line.strip_suffix('"').unwrap_or(line);
                format!("{}\n", line.trim_end())
            })
            .collect()
    }

    pub fn paths(&self) -> Vec<String> {
        self.state
            .rows()
            .iter()
            .map(|entry| entry.path.clone())
            .collect()
    }
}

fn named(name: &str) -> (KeyCode, KeyModifiers) {
    let code = match name {
        "esc" => KeyCode::Esc,
        "enter" => KeyCode::Enter,
        "tab" => KeyCode::Tab,
        "end" => KeyCode::End,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "backspace" => KeyCode::Backspace,
        function if function.starts_with('f') => {
            return (
                KeyCode::F(function[1..].parse().unwrap()),
                KeyModifiers::NONE,
            );
        }
        alt if alt.starts_with("a-") => {
            let c = alt[2..].chars().next().unwrap();
            return (KeyCode::Char(c), KeyModifiers::ALT);
        }
        control => {
            let c = control.strip_prefix("c-").unwrap().chars().next().unwrap();
            return (KeyCode::Char(c), KeyModifiers::CONTROL);
        }
    };
    (code, KeyModifiers::NONE)
}
