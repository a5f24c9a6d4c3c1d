use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    dashboard::{
        page::{Row, Span, Tone},
        state::{Flows, Focus, State},
        text::{self, pad, pad_left, width},
        theme::Theme,
        view::{
            layout::{self, Panes},
            paint,
        },
    },
    event::{FlowCount, Loaded},
    run::FlowShape,
};

/// How wide the counts of a span are.
const COUNT: usize = 5;
/// How wide the share of errors behind them is.
const SHARE: usize = 6;
/// How many columns how the runs stand takes.
const STANDING: usize = 4 * COUNT;

/// The flows with what passed through them, and the graph of the selected one.
pub(super) fn draw(state: &State, panes: &Panes, theme: Theme, buffer: &mut Buffer) {
    let Some(loaded) = &state.loaded else {
        let row = vec![(Tone::Dim, "Reading the file.".to_owned())];
        paint::row(&row, 0, layout::text(panes.main), theme, buffer);
        return;
    };
    list(state, loaded, panes.list, theme, buffer);
    graph(state, loaded, panes.inspector, theme, buffer);
    paint::vertical(panes.rule, theme, buffer);
}

fn list(state: &State, loaded: &Loaded, area: Rect, theme: Theme, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let flows = &state.flows;
    let rows = layout::rows(area);
    let columns = Columns::new(usize::from(area.width), loaded);
    let above = area.height - rows.height;
    if above > 0 {
        let mut title = Row::new();
        paint::say(&mut title, tone(flows, Focus::List), "Flows");
        paint::say(&mut title, Tone::Plain, &format!(" {}", loaded.flows.len()));
        paint::say(&mut title, Tone::Dim, " · Enter shows its runs");
        paint::title(title, area, theme, buffer);
    }
    if above > 1 {
        paint::row(&columns.headings(), 1, area, theme, buffer);
    }
    if loaded.flows.is_empty() {
        let row = vec![(Tone::Dim, "no flow is served".to_owned())];
        paint::row(&row, 0, rows, theme, buffer);
    }
    let counts = flows.counts(loaded);
    let in_sight = loaded.flows.iter().enumerate().skip(flows.top);
    for (down, (index, flow)) in in_sight.take(rows.height.into()).enumerate() {
        let is_selected = index == flows.cursor;
        let row = columns.row(flow, counts, is_selected);
        if is_selected {
            let focused = flows.focus == Focus::List && state.overlay.is_none();
            paint::row_in(&row, theme.selected(focused), down, rows, buffer);
        } else {
            paint::row(&row, down, rows, theme, buffer);
        }
    }
}

fn graph(state: &State, loaded: &Loaded, area: Rect, theme: Theme, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let flows = &state.flows;
    let text = layout::text(area);
    if text.height < area.height {
        let mut title = Row::new();
        let name = loaded.flows.get(flows.cursor).map(|flow| &*flow.name);
        paint::say(
            &mut title,
            tone(flows, Focus::Inspector),
            name.unwrap_or_default(),
        );
        let span = flows.span.title();
        paint::say(&mut title, Tone::Dim, &format!(" · last {span}, w turns"));
        if let Some(percent) = flows.scroll.percent() {
            paint::say(&mut title, Tone::Dim, &format!(" · {percent}%"));
        }
        paint::title(title, area, theme, buffer);
    }
    for (down, row) in flows.scroll.in_sight().iter().enumerate() {
        paint::row(row, down, text, theme, buffer);
    }
}

fn tone(flows: &Flows, pane: Focus) -> Tone {
    if flows.focus == pane {
        Tone::Accent
    } else {
        Tone::Strong
    }
}

/// What there is room for.
struct Columns {
    name: usize,
    spans: &'static [Span],
    standing: bool,
}

impl Columns {
    fn new(columns: usize, loaded: &Loaded) -> Self {
        let names = loaded.flows.iter().map(|flow| width(&flow.name));
        let wanted = names.fold(4, usize::max).min(24);
        let room = columns.saturating_sub(2);
        // The last hour is what is left.
        let forms: [(&[Span], bool); 5] = [
            (&Span::ALL, true),
            (&Span::ALL[..2], true),
            (&Span::ALL[..2], false),
            (&Span::ALL[1..2], false),
            (&[], false),
        ];
        let counts = |(spans, standing): (&[Span], bool)| {
            spans.len() * (COUNT + SHARE) + if standing { STANDING } else { 0 }
        };
        let fits = forms
            .into_iter()
            .find(|form| counts(*form) + wanted.min(12) <= room);
        let (spans, standing) = fits.unwrap_or((&[], false));
        Self {
            name: wanted.min(room - counts((spans, standing)).min(room)),
            spans,
            standing,
        }
    }

    fn headings(&self) -> Row {
        let mut row = Row::new();
        paint::say(
            &mut row,
            Tone::Dim,
            &format!("  {}", pad("flow", self.name)),
        );
        for span in self.spans {
            let title = pad_left(span.title(), COUNT + SHARE);
            paint::say(&mut row, Tone::Dim, &title);
        }
        if self.standing {
            for title in ["wait", "park", "run", "dead"] {
                paint::say(&mut row, Tone::Dim, &pad_left(title, COUNT));
            }
        }
        row
    }

    fn row(&self, flow: &FlowShape, counts: Option<&[FlowCount]>, selected: bool) -> Row {
        let mut row = Row::new();
        let glyph = if selected { "▸ " } else { "  " };
        paint::say(&mut row, Tone::Plain, glyph);
        paint::say(&mut row, Tone::Strong, &pad(&flow.name, self.name));
        let count = counts.map(|counts| {
            let found = counts.iter().find(|count| count.name == flow.name);
            found.cloned().unwrap_or_default()
        });
        for span in self.spans {
            let passed = count.as_ref().map(|count| span.of(count.runs));
            let (tone, runs) = number(passed.map(|passed| passed.runs), Tone::Plain);
            paint::say(&mut row, tone, &pad_left(&runs, COUNT));
            let errors = passed.filter(|passed| passed.errors > 0);
            let share = errors.and_then(|passed| passed.share());
            let share = share.map_or_else(String::new, text::percent);
            paint::say(&mut row, Tone::Bad, &pad_left(&share, SHARE));
        }
        if self.standing {
            // The runs of a sync flow are in no queue, but for those that go on in the background;
            // what is called is a part of other runs.
            let standing = count.map(|count| count.standing);
            let is_unqueued = flow.sync || flow.called;
            let standing = standing.filter(|all| !is_unqueued || *all != Default::default());
            for (count, tone) in [
                (standing.map(|all| all.waiting), Tone::Accent),
                (standing.map(|all| all.parked), Tone::Accent),
                (standing.map(|all| all.running), Tone::Accent),
                (standing.map(|all| all.dead), Tone::Bad),
            ] {
                let (tone, count) = number(count, tone);
                paint::say(&mut row, tone, &pad_left(&count, COUNT));
            }
        }
        row
    }
}

// What is nothing, or not known, is beside the point.
fn number(count: Option<u64>, tone: Tone) -> (Tone, String) {
    match count {
        None => (Tone::Dim, "-".to_owned()),
        Some(0) => (Tone::Dim, "0".to_owned()),
        Some(count) => (tone, text::count(count)),
    }
}
