use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, paint};
use crate::dashboard::{
    page::{Row, Tab, Tone},
    state::{Find, Focus, State},
    theme::Theme,
};

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let text = layout::text(area);
    if text.height < area.height {
        paint::title(tabs(state, usize::from(area.width)), area, theme, buffer);
    }
    if state.selected().is_none() {
        let row = vec![(Tone::Dim, "no run is selected".to_owned())];
        paint::row(&row, 0, text, theme, buffer);
    }
    let scroll = &state.inspector.scroll;
    let here = state.inspector.find.as_ref().and_then(Find::row);
    for (down, row) in scroll.in_sight().iter().enumerate() {
        if here == Some(scroll.top() + down) {
            paint::row(&at_it(row), down, text, theme, buffer);
        } else {
            paint::row(row, down, text, theme, buffer);
        }
    }
}

/// A row with what is found in it as the place where the viewer is.
fn at_it(row: &Row) -> Row {
    let here = |tone: Tone| match tone {
        Tone::Found => Tone::Here,
        tone => tone,
    };
    row.iter()
        .map(|(tone, text)| (here(*tone), text.clone()))
        .collect()
}

// All tabs with number and name, with the name alone, or with the others' numbers alone; how far
// the page is scrolled is left out before the names are.
fn tabs(state: &State, columns: usize) -> Row {
    let percent = state.inspector.scroll.percent();
    let percent = percent.map_or_else(String::new, |percent| format!(" {percent}%"));
    type Label = fn(usize, Tab) -> String;
    let names: Label = |_, tab| format!(" {}", tab.title());
    let labels: [(Label, &str); 5] = [
        (
            |number, tab| format!(" {number} {} ", tab.title()),
            &percent,
        ),
        (|_, tab| format!(" {} ", tab.title()), &percent),
        (names, &percent),
        (names, ""),
        (|number, _| format!(" {number} "), &percent),
    ];
    let rows = labels.map(|(label, percent)| {
        let mut row = Row::new();
        for (index, tab) in Tab::ALL.into_iter().enumerate() {
            if tab != state.inspector.tab {
                paint::say(&mut row, Tone::Dim, &label(index + 1, tab));
                continue;
            }
            let tone = match state.focus {
                Focus::Inspector => Tone::Accent,
                Focus::List => Tone::Strong,
            };
            // Never the number alone.
            let title = format!("{} {}", index + 1, tab.title());
            let label = label(index + 1, tab);
            let shown = [label.trim(), title.as_str()]
                .into_iter()
                .find(|shown| shown.contains(tab.title()));
            let gap = if label.ends_with(' ') { "" } else { " " };
            paint::say(
                &mut row,
                tone,
                &format!("{gap}[{}]", shown.unwrap_or_default()),
            );
        }
        paint::say(&mut row, Tone::Dim, percent);
        row
    });
    let fits = rows.iter().position(|row| paint::width(row) + 3 <= columns);
    let [.., ref shortest] = rows;
    fits.map_or_else(|| shortest.clone(), |at| rows[at].clone())
}
