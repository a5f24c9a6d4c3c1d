use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};

use super::{action::Action, keymap::Keymap, keys::Context};

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
