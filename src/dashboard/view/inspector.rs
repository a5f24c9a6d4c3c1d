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
        let tabs = Tabs::new(state, usize::from(area.width));
        paint::title(tabs.row, area, theme, buffer);
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

/// The tab whose name stands there in the title, if one does.
pub(super) fn tab(state: &State, area: Rect, column: u16) -> Option<Tab> {
    let tabs = Tabs::new(state, usize::from(area.width));
    let column = usize::from(column - area.x).checked_sub(paint::TITLE)?;
    let index = tabs.ends.iter().position(|end| column < *end)?;
    Some(Tab::ALL[index])
}

/// The names of the tabs.
#[derive(Clone)]
struct Tabs {
    row: Row,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Tabs {
    // All tabs with number and name, with the name alone, or with the others' numbers alone; how
    // far the page is scrolled is left out before the names are.
    fn new(state: &State, columns: usize) -> Self {
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
        let all = labels.map(|(label, percent)| {
            let mut tabs = Self {
                row: Row::new(),
                ends: Vec::new(),
            };
            for (index, tab) in Tab::ALL.into_iter().enumerate() {
                say(&mut tabs.row, state, index, tab, &label(index + 1, tab));
                tabs.ends.push(paint::width(&tabs.row));
            }
            paint::say(&mut tabs.row, Tone::Dim, percent);
            tabs
        });
        let fits = all
            .iter()
            .position(|tabs| paint::width(&tabs.row) + 3 <= columns);
        let [.., ref shortest] = all;
        fits.map_or_else(|| shortest.clone(), |at| all[at].clone())
    }
}

fn say(row: &mut Row, state: &State, index: usize, tab: Tab, label: &str) {
    if tab != state.inspector.tab {
        return paint::say(row, Tone::Dim, label);
    }
    let tone = match state.focus {
        Focus::Inspector => Tone::Accent,
        Focus::List => Tone::Strong,
    };
    // Never the number alone.
    let title = format!("{} {}", index + 1, tab.title());
    let shown = [label.trim(), title.as_str()]
        .into_iter()
        .find(|shown| shown.contains(tab.title()));
    let gap = if label.ends_with(' ') { "" } else { " " };
    paint::say(row, tone, &format!("{gap}[{}]", shown.unwrap_or_default()));
}
