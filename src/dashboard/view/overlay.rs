use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, paint};
use crate::dashboard::{
    page::{Row, Tone},
    state::Scroll,
    theme::Theme,
};

/// Where an overlay lies: over everything, or in its middle where there is room to spare.
pub(super) fn area(main: Rect) -> Rect {
    let columns = main.width.min(100);
    Rect {
        x: main.x + (main.width - columns) / 2,
        width: columns,
        ..main
    }
}

/// Clears its place and draws its title.
pub(super) fn open(title: &str, hint: &str, area: Rect, theme: Theme, buffer: &mut Buffer) {
    for position in area.intersection(buffer.area).positions() {
        buffer[position].reset();
    }
    let mut row = Row::new();
    paint::say(&mut row, Tone::Accent, title);
    paint::say(&mut row, Tone::Dim, &format!(" · {hint}"));
    paint::title(row, area, theme, buffer);
}

pub(super) fn draw(
    title: &str,
    scroll: &Scroll,
    hint: &str,
    main: Rect,
    theme: Theme,
    buffer: &mut Buffer,
) {
    clear(main, buffer);
    let area = area(main);
    let hint = match scroll.percent() {
        Some(percent) => format!("{percent}% · {hint}"),
        None => hint.to_owned(),
    };
    open(title, &hint, area, theme, buffer);
    let text = layout::text(area);
    for (down, row) in scroll.in_sight().iter().enumerate() {
        paint::row(row, down, text, theme, buffer);
    }
}

/// Takes everything away that lies under an overlay.
pub(super) fn clear(main: Rect, buffer: &mut Buffer) {
    for position in main.intersection(buffer.area).positions() {
        buffer[position].reset();
    }
}
