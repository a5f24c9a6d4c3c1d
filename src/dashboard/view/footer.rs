use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::paint;
use crate::dashboard::{
    action::Action,
    keys::{Context, GROUPS},
    page::{Row, Tone},
    state::{Focus, Message, Overlay, Prompt, State},
    text,
    theme::Theme,
};

const FILTER: &str = "filter: ";

/// How many rows it would like: a message is there to be read whole.
pub(super) fn height(state: &State, columns: u16) -> u16 {
    match message(state) {
        Some(message) => u16::try_from(message.rows(columns.into()).len()).unwrap_or(u16::MAX),
        None => 1,
    }
}

/// What is said now. A question is not talked over, and nor is who types, unless that asked for it.
fn message(state: &State) -> Option<&Message> {
    let message = state.message.as_ref();
    message.filter(|message| {
        state.overlay != Some(Overlay::Quit)
            && (state.prompt.is_none() || message.goes_with_a_key())
    })
}

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    if let Some(message) = message(state) {
        for (down, row) in message.rows(columns).iter().enumerate() {
            paint::row(row, down, area, theme, buffer);
        }
        return;
    }
    let mut row = Row::new();
    if state.overlay == Some(Overlay::Quit) {
        let question = if columns < 34 {
            "quit? y/n"
        } else {
            "stop serving and quit? y/n"
        };
        paint::say(&mut row, Tone::Bad, question);
    } else if let Some(prompt) = &state.prompt {
        paint::say(&mut row, Tone::Accent, FILTER);
        paint::say(&mut row, Tone::Plain, end_of(prompt, columns));
        if let Some(error) = prompt.error() {
            // Enter says it too, where there is no room here.
            let error = format!("   {error}");
            if paint::width(&row) + text::width(&error) <= columns {
                paint::say(&mut row, Tone::Warn, &error);
            }
        }
    } else {
        hints(&mut row, state, columns);
    }
    paint::row(&row, 0, area, theme, buffer);
}

/// Where the cursor blinks, while a filter is typed.
pub(super) fn cursor(state: &State, area: Rect) -> Option<Position> {
    let is_typed = state.overlay.is_none() && message(state).is_none();
    let prompt = state.prompt.as_ref().filter(|_| is_typed)?;
    if area.is_empty() {
        return None;
    }
    let typed = text::width(end_of(prompt, usize::from(area.width)));
    let x = u16::try_from(text::width(FILTER) + typed).unwrap_or(u16::MAX);
    Some(Position::new(area.x + x.min(area.width - 1), area.y))
}

// What is typed is always in sight.
fn end_of(prompt: &Prompt, columns: usize) -> &str {
    let room = columns.saturating_sub(text::width(FILTER) + 1);
    let mut shown = prompt.as_str();
    while text::width(shown) > room {
        let mut chars = shown.chars();
        chars.next();
        shown = chars.as_str();
    }
    shown
}

fn hints(row: &mut Row, state: &State, columns: usize) {
    let context = state.context();
    let inspecting = state.focus == Focus::Inspector;
    let empty = state.list.runs.heard() == 0;
    let mut hints: Vec<(u8, String, &str)> = GROUPS
        .iter()
        .flat_map(|group| group.bindings)
        .filter(|binding| binding.contexts.contains(&context))
        .filter(|binding| match binding.action {
            Action::Help | Action::Quit | Action::Flows | Action::CopyUrl | Action::CopyCurl => {
                true
            }
            _ if empty && context == Context::Main => false,
            Action::NextTab => inspecting,
            Action::Inspect => !inspecting,
            Action::Back => context != Context::Main || inspecting,
            _ => true,
        })
        .filter_map(|binding| {
            let shown = state.keymap.shown(binding);
            let key = shown.split(' ').next()?.to_owned();
            let (rank, hint) = binding.hint?;
            Some((rank, key, hint))
        })
        .collect();
    hints.sort_by_key(|(rank, ..)| *rank);
    for (_, key, hint) in hints {
        let gap = if row.is_empty() { 0 } else { 2 };
        // A shorter one behind it may still find room.
        if paint::width(row) + gap + text::width(&key) + 1 + text::width(hint) > columns {
            continue;
        }
        paint::say(row, Tone::Plain, &" ".repeat(gap));
        paint::say(row, Tone::Strong, &key);
        paint::say(row, Tone::Dim, &format!(" {hint}"));
    }
}
