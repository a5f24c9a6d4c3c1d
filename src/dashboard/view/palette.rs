use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, overlay, paint};
use crate::dashboard::{
    keymap::Keymap,
    page::{Row, Tone},
    state::{Palette, State},
    text::{fit, pad},
    theme::Theme,
};

/// How wide the keys are.
const KEYS: usize = 10;
/// How wide the names are, by which a key can be given to them.
const NAMES: usize = 18;
/// From how many columns on they have room beside what the keys do.
const NAMED: usize = 60;

pub(super) fn draw(
    state: &State,
    palette: &Palette,
    main: Rect,
    theme: Theme,
    buffer: &mut Buffer,
) {
    overlay::clear(main, buffer);
    let area = overlay::area(main);
    overlay::open(
        "What to do",
        "type to search, Enter does it, Esc closes",
        area,
        theme,
        buffer,
    );
    let text = layout::text(area);
    let mut row = Row::new();
    paint::say(&mut row, Tone::Accent, ": ");
    paint::say(&mut row, Tone::Plain, palette.as_str());
    paint::say(&mut row, Tone::Dim, "▏");
    paint::row(&row, 0, text, theme, buffer);
    let found = palette.found();
    if found.is_empty() {
        let row = vec![(Tone::Dim, "  no key does that".to_owned())];
        paint::row(&row, 1, text, theme, buffer);
    }
    let columns = usize::from(text.width);
    let room = usize::from(text.height).saturating_sub(1).max(1);
    let top = (palette.cursor() + 1).saturating_sub(room);
    for (index, binding) in found.iter().enumerate().skip(top).take(room) {
        let is_selected = index == palette.cursor();
        let mut row = Row::new();
        paint::say(&mut row, Tone::Plain, if is_selected { "▸ " } else { "  " });
        let keys = state.keymap().shown(binding);
        paint::say(&mut row, Tone::Strong, &pad(&keys, KEYS));
        paint::say(&mut row, Tone::Plain, " ");
        if columns >= NAMED {
            let name = pad(&Keymap::name(binding.action), NAMES);
            paint::say(&mut row, Tone::Dim, &format!("{name} "));
        }
        let room = columns.saturating_sub(paint::width(&row));
        paint::say(&mut row, Tone::Plain, &fit(binding.help, room));
        let down = 1 + index - top;
        if is_selected {
            paint::row_in(&row, theme.selected(true), down, text, buffer);
        } else {
            paint::row(&row, down, text, theme, buffer);
        }
    }
}
