use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, overlay, paint};
use crate::dashboard::{
    keys::acts,
    page::{Row, Tone},
    state::State,
    text,
    theme::Theme,
};

/// How wide the keys are.
const KEYS: usize = 4;
/// How much of what a key does is told before what there is to know of that.
const HELP: usize = 20;

/// What can be done with the selected run, each with its key.
pub(super) fn draw(state: &State, cursor: usize, main: Rect, theme: Theme, buffer: &mut Buffer) {
    overlay::clear(main, buffer);
    let area = overlay::area(main);
    let title = match state.selected() {
        Some(entry) => format!("Run {} of {}", entry.id.short(), name(&entry.flow)),
        None => "No run is selected".to_owned(),
    };
    overlay::open(&title, "Enter does it, Esc closes", area, theme, buffer);
    let text = layout::text(area);
    let top = (cursor + 1).saturating_sub(usize::from(text.height).max(1));
    let columns = usize::from(text.width);
    for (down, (index, binding)) in acts().enumerate().skip(top).enumerate() {
        let is_selected = index == cursor;
        let mut row = Row::new();
        paint::say(&mut row, Tone::Plain, if is_selected { "▸ " } else { "  " });
        paint::say(
            &mut row,
            Tone::Strong,
            &text::pad(&state.keymap().shown(binding), KEYS),
        );
        let room = columns.saturating_sub(paint::width(&row));
        let caveat = state.caveat(binding.action);
        let caveat = caveat.map_or_else(String::new, |caveat| format!(" · {caveat}"));
        let least = text::width(binding.help).min(HELP);
        let caveat = text::fit(&caveat, room.saturating_sub(least));
        let help = room.saturating_sub(text::width(&caveat));
        paint::say(&mut row, Tone::Plain, &text::fit(binding.help, help));
        paint::say(&mut row, Tone::Warn, &caveat);
        if is_selected {
            paint::row_in(&row, theme.selected(true), down, text, buffer);
        } else {
            paint::row(&row, down, text, theme, buffer);
        }
    }
}

fn name(flow: &str) -> &str {
    if flow.is_empty() { "no flow" } else { flow }
}
