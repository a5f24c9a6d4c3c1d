use super::paint;
use crate::{
    dashboard::{
        page::{Page, Row, Tone},
        text::{pad, width},
    },
    run::FlowShape,
};

/// How far a URL on a line of its own stands in.
const INDENT: usize = 4;

/// The columns of a table of flows and where to send to them.
pub(super) struct Columns {
    name: usize,
    mode: usize,
    methods: usize,
    url: usize,
}

impl Columns {
    pub(super) fn new<'a>(flows: impl Iterator<Item = &'a FlowShape> + Clone) -> Self {
        let widest = |of: fn(&FlowShape) -> usize| flows.clone().map(of).max().unwrap_or(0);
        Self {
            name: widest(|flow| width(&flow.name)).min(24),
            mode: widest(|flow| mode(flow).len()).max(5),
            methods: widest(|flow| width(&flow.methods.join(" "))).min(16),
            url: widest(|flow| width(&flow.url)),
        }
    }

    /// How many lines each flow takes in so many columns. No URL is ever cut.
    pub(super) fn lines(&self, columns: usize) -> usize {
        let wanted = 2 + self.name + 2 + self.mode + 2 + self.methods + 2 + self.url;
        if wanted <= columns {
            1
        } else {
            1 + self.url.div_ceil(columns.saturating_sub(INDENT).max(1))
        }
    }

    pub(super) fn rows(&self, flow: &FlowShape, selected: bool, columns: usize) -> Vec<Row> {
        let lines = self.lines(columns);
        let mut row = Row::new();
        paint::say(&mut row, Tone::Plain, if selected { "▸ " } else { "  " });
        paint::say(&mut row, Tone::Strong, &pad(&flow.name, self.name));
        let mode = pad(mode(flow), self.mode);
        paint::say(&mut row, Tone::Dim, &format!("  {mode}  "));
        paint::say(
            &mut row,
            Tone::Plain,
            &pad(&flow.methods.join(" "), self.methods),
        );
        if lines == 1 {
            paint::say(&mut row, Tone::Plain, "  ");
            paint::say(&mut row, Tone::Accent, &flow.url);
            return vec![row];
        }
        let mut rows = vec![row];
        let mut page = Page::default();
        page.line()
            .put(Tone::Plain, &" ".repeat(INDENT))
            .put(Tone::Accent, &flow.url)
            .hang(INDENT);
        rows.append(&mut page.rows(columns));
        rows.resize(lines, Row::new());
        rows
    }
}

/// How a flow is started.
fn mode(flow: &FlowShape) -> &'static str {
    match flow {
        FlowShape { called: true, .. } => "called",
        FlowShape { sync: true, .. } => "sync",
        _ => "async",
    }
}
