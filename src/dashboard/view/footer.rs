use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::paint;
use crate::dashboard::{
    action::Action,
    keys::{Context, GROUPS},
    page::{Row, Tone},
    state::{Focus, Overlay, State},
    text,
    theme::Theme,
};

const FILTER: &str = "filter: ";

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let mut row = Row::new();
    if state.overlay == Some(Overlay::Quit) {
        let question = if columns < 34 {
            "quit? y/n"
        } else {
            "stop serving and quit? y/n"
        };
        paint::say(&mut row, Tone::Bad, question);
    } else if state.prompt {
        paint::say(&mut row, Tone::Accent, FILTER);
        let (_, shown) = filter(state, columns);
        paint::say(&mut row, Tone::Plain, shown);
    } else if let Some(message) = &state.message {
        let message = text::fit(&message.text, columns).into_owned();
        paint::say(&mut row, Tone::Strong, &message);
    } else {
        hints(&mut row, state, columns);
    }
    paint::row(&row, 0, area, theme, buffer);
}

/// Where the cursor blinks, while a filter is typed.
pub(super) fn cursor(state: &State, area: Rect) -> Option<Position> {
    if area.is_empty() || !state.prompt || state.overlay.is_some() {
        return None;
    }
    let (columns, _) = filter(state, usize::from(area.width));
    let x = u16::try_from(text::width(FILTER) + columns).unwrap_or(u16::MAX);
    Some(Position::new(area.x + x.min(area.width - 1), area.y))
}

// The end of the filter, and how wide that is: what is typed is always in sight.
fn filter(state: &State, columns: usize) -> (usize, &str) {
    let room = columns.saturating_sub(text::width(FILTER) + 1);
    let mut shown = state.list.filter.as_str();
    while text::width(shown) > room {
        let mut chars = shown.chars();
        chars.next();
        shown = chars.as_str();
    }
    (text::width(shown), shown)
}

fn hints(row: &mut Row, state: &State, columns: usize) {
    let context = state.context();
    let inspecting = state.focus == Focus::Inspector;
    let empty = state.list.runs.heard() == 0;
    let mut hints: Vec<(u8, &str, &str)> = GROUPS
        .iter()
        .flat_map(|group| group.bindings)
        .filter(|binding| binding.contexts.contains(&context))
        .filter(|binding| match binding.action {
            Action::Help | Action::Quit | Action::Flows | Action::CopyUrl | Action::CopyCurl => {
                true
            }
            _ if empty && context == Context::Main => false,
            Action::Inspect => !inspecting,
            Action::Back => context != Context::Main || inspecting,
            _ => true,
        })
        .filter_map(|binding| {
            let key = binding.shown.split(' ').next()?;
            let (rank, hint) = binding.hint?;
            Some((rank, key, hint))
        })
        .collect();
    hints.sort_by_key(|(rank, ..)| *rank);
    for (_, key, hint) in hints {
        let gap = if row.is_empty() { 0 } else { 2 };
        if paint::width(row) + gap + text::width(key) + 1 + text::width(hint) > columns {
            break;
        }
        paint::say(row, Tone::Plain, &" ".repeat(gap));
        paint::say(row, Tone::Strong, key);
        paint::say(row, Tone::Dim, &format!(" {hint}"));
    }
}
