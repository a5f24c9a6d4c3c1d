use ratatui::{buffer::Buffer, layout::Rect};

use super::paint;
use crate::dashboard::{
    page::{Page, Row, Tone},
    state::State,
    text,
    theme::Theme,
};

const MORE: &str = " · ! shows all";

/// How many rows it would like; none where nothing is wrong.
pub(super) fn height(state: &State, columns: u16) -> u16 {
    u16::try_from(rows(state, columns).len()).unwrap_or(u16::MAX)
}

pub(super) fn draw(state: &State, area: Rect, theme: Theme, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let rows = rows(state, area.width);
    let height = usize::from(area.height);
    for (down, row) in rows.iter().take(height).enumerate() {
        let mut row = row.clone();
        if down + 1 == height && rows.len() > height {
            // What there is no room for can be read behind the key.
            let left = usize::from(area.width).saturating_sub(text::width(MORE));
            let joined: String = row.iter().map(|(_, text)| text.as_str()).collect();
            row = vec![(Tone::Bad, format!("{}{MORE}", text::fit(&joined, left)))];
        }
        paint::row_in(&row, theme.banner(), down, area, buffer);
    }
}

fn rows(state: &State, columns: u16) -> Vec<Row> {
    let mut page = Page::default();
    if let Some(sentence) = state.link.lost_sentence() {
        let sentence = format!(" ○ {sentence}");
        page.line().put(Tone::Bad, &sentence).hang(3);
    }
    let Some(rejected) = &state.rejected else {
        return page.rows(usize::from(columns));
    };
    let location = match &rejected.location {
        Some(location) => format!("{location}: "),
        None => String::new(),
    };
    let more = match rejected.errors {
        0 | 1 => String::new(),
        errors => format!(" ({errors} errors)"),
    };
    let serving = match &state.loaded {
        Some(loaded) => format!(" — revision {} goes on being served", loaded.revision),
        None => String::new(),
    };
    page.line()
        .put(
            Tone::Bad,
            &format!(
                // The key stays with what it does.
                " ✗ {} {}: {location}{}{more}{serving} · !\u{a0}shows\u{a0}all",
                state.file, rejected.reason, rejected.message
            ),
        )
        .hang(3);
    page.rows(usize::from(columns))
}
