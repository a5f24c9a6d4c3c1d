use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::paint;
use crate::{
    dashboard::{
        action::Action,
        keymap::first,
        keys::{Context, GROUPS},
        page::{Page, Row, Tone},
        state::{Focus, Message, Overlay, State},
        text,
        theme::Theme,
    },
    observe::FilterError,
};

/// What is being typed.
struct Typed<'s> {
    label: &'static str,
    text: &'s str,
    error: Option<&'s FilterError>,
    /// What came of it so far.
    progress: String,
}

/// How many rows it would like: a message is there to be read whole.
pub(super) fn height(state: &State, columns: u16) -> u16 {
    let columns = usize::from(columns);
    let rows = match (message(state), typed(state)) {
        (Some(message), _) => message.rows(columns).len(),
        (None, Some(typed)) => 1 + typed.slip(columns).len(),
        (None, None) => 1,
    };
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// What is said now. A question is not talked over, and nor is who types, unless that asked for it.
fn message(state: &State) -> Option<&Message> {
    let message = state.message.as_ref();
    message.filter(|message| {
        state.overlay != Some(Overlay::Quit)
            && (typed(state).is_none() || message.goes_with_a_key())
    })
}

/// What is typed, where nothing lies over it.
fn typed(state: &State) -> Option<Typed<'_>> {
    if state.overlay == Some(Overlay::Quit) {
        return None;
    }
    match (&state.prompt, state.typed_find()) {
        (Some(prompt), _) => Some(Typed {
            label: "filter: ",
            text: prompt.as_str(),
            error: prompt.error(),
            progress: String::new(),
        }),
        (None, Some(find)) => Some(Typed {
            label: "find: ",
            text: find.as_str(),
            error: None,
            progress: find.progress(),
        }),
        (None, None) => None,
    }
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
    } else if let Some(Overlay::Asking(asking)) = &state.overlay {
        let question = if columns < 34 {
            "send? y/N".to_owned()
        } else {
            format!("{} y/N", asking.words())
        };
        paint::say(&mut row, Tone::Bad, &question);
    } else if let Some(typed) = typed(state) {
        paint::say(&mut row, Tone::Accent, typed.label);
        paint::say(&mut row, Tone::Plain, typed.end(columns));
        let progress = format!("   {}", typed.progress);
        if paint::width(&row) + text::width(&progress) <= columns {
            paint::say(&mut row, Tone::Dim, &progress);
        }
        // Enter says it too, where there is no room here.
        for (down, row) in typed.slip(columns).iter().enumerate() {
            paint::row(row, 1 + down, area, theme, buffer);
        }
    } else {
        hints(&mut row, state, columns);
    }
    paint::row(&row, 0, area, theme, buffer);
}

/// Where the cursor blinks, while something is typed.
pub(super) fn cursor(state: &State, area: Rect) -> Option<Position> {
    let is_typed = state.overlay.is_none() && message(state).is_none();
    let typed = typed(state).filter(|_| is_typed)?;
    if area.is_empty() {
        return None;
    }
    let end = text::width(typed.label) + text::width(typed.end(usize::from(area.width)));
    let x = u16::try_from(end).unwrap_or(u16::MAX);
    Some(Position::new(area.x + x.min(area.width - 1), area.y))
}

impl Typed<'_> {
    /// As much of it as there is room for: its end is always in sight.
    fn end(&self, columns: usize) -> &str {
        let room = columns.saturating_sub(text::width(self.label) + 1);
        let mut shown = self.text;
        while text::width(shown) > room {
            let mut chars = shown.chars();
            chars.next();
            shown = chars.as_str();
        }
        shown
    }

    /// Carets under the word that is wrong, and behind them, or below, what it takes.
    fn slip(&self, columns: usize) -> Vec<Row> {
        let Some(error) = self.error else {
            return Vec::new();
        };
        let hidden = self.text.len() - self.end(columns).len();
        let column = |at: usize| text::width(&self.text[hidden..at.max(hidden)]);
        let (start, end) = (column(error.span.start), column(error.span.end));
        let carets = (end - start).max(1);
        let indent = text::width(self.label) + start;
        let mut page = Page::default();
        let line = page.line();
        line.put(Tone::Plain, &" ".repeat(indent))
            .put(Tone::Warn, &"^".repeat(carets));
        let says = format!(" {error}");
        if indent + carets + text::width(&says) <= columns {
            line.put(Tone::Warn, &says);
        } else {
            page.line().put(Tone::Warn, &error.to_string());
        }
        page.rows(columns)
    }
}

fn hints(row: &mut Row, state: &State, columns: usize) {
    let context = state.context();
    let inspecting = state.focus == Focus::Inspector;
    let related = state.related();
    let empty = state.list.runs.is_empty();
    let mut hints: Vec<(u8, String, &str)> = GROUPS
        .iter()
        .flat_map(|group| group.bindings)
        .filter(|binding| binding.contexts.contains(&context))
        .filter(|binding| match binding.action {
            Action::Help
            | Action::Quit
            | Action::NextScreen
            | Action::Flows
            | Action::CopyUrl
            | Action::CopyCurl => true,
            _ if empty && context == Context::Main => false,
            Action::NextTab => inspecting,
            Action::Open => !inspecting || related.is_some(),
            Action::Back => context != Context::Main || inspecting,
            _ => true,
        })
        .filter_map(|binding| {
            let shown = state.keymap.shown(binding);
            let key = first(&shown)?.to_owned();
            let (rank, hint) = binding.hint?;
            let hint = match (binding.action, related) {
                (Action::Filter, _) if inspecting => "find",
                (Action::Open, Some((what, _))) if inspecting => what,
                _ => hint,
            };
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
