use crossterm::event::{
    Event, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::{action::Action, keymap::Keymap, keys::Context, state::Target};

/// How many rows a notch of a wheel is.
const NOTCH: isize = 3;

/// What an event of the terminal asks for, if anything. Pasted text is only ever typed into the
/// filter: a paste in the wrong window must not press keys, `q` and `y` among them.
pub fn actions(event: &Event, context: Context, keymap: &Keymap) -> Vec<Action> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => keymap
            .look_up(context, key.code, key.modifiers)
            .or_else(|| typed(context, key.code, key.modifiers))
            .into_iter()
            .collect(),
        Event::Paste(text) if context == Context::Prompt => text
            .chars()
            .take(256)
            .filter(|c| !c.is_control())
            .map(Action::Type)
            .collect(),
        _ => Vec::new(),
    }
}

/// What a mouse asks for, if anything: `target` knows what is drawn at a column and row.
pub fn pointed(event: &Event, target: impl FnOnce((u16, u16)) -> Option<Target>) -> Option<Action> {
    let Event::Mouse(MouseEvent {
        kind, column, row, ..
    }) = event
    else {
        return None;
    };
    let target = || target((*column, *row));
    match kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Action::Click(target()?)),
        MouseEventKind::ScrollDown => Some(Action::Wheel(target()?, NOTCH)),
        MouseEventKind::ScrollUp => Some(Action::Wheel(target()?, -NOTCH)),
        _ => None,
    }
}

fn typed(context: Context, code: KeyCode, modifiers: KeyModifiers) -> Option<Action> {
    match code {
        KeyCode::Char(c)
            if matches!(context, Context::Prompt | Context::Palette)
                && !modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) =>
        {
            Some(Action::Type(c))
        }
        _ => None,
    }
}
