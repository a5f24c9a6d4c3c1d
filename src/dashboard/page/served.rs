use super::{Page, Span, Tone, flow};
use crate::{
    dashboard::text,
    event::{FlowCount, Passed},
    run::FlowShape,
};

/// How wide a name is, with the blanks behind it.
const NAME: usize = 9;
/// How wide a column of numbers is.
const NUMBER: usize = 9;

/// A flow as it is served: where to send to, what passed through it, and at which arms within
/// `span`. Where nothing is known of any flow, there are no `counts`.
pub fn served(shape: &FlowShape, counts: Option<&[FlowCount]>, span: Span) -> Page {
    let mut page = Page::default();
    flow::title(&mut page, shape);
    if !shape.url.is_empty() {
        page.line()
            .put(Tone::Dim, "url")
            .fill_to(NAME)
            .put(Tone::Accent, &shape.url)
            .hang(NAME);
    }
    page.blank();
    let count = counts.and_then(|counts| counts.iter().find(|count| count.name == shape.name));
    if shape.called {
        page.line().put(
            Tone::Dim,
            "Other flows call it: the calls are counted, once their runs have ended.",
        );
        page.blank();
    }
    table(&mut page, counts.is_some(), count);
    if !shape.called {
        standing(&mut page, shape, counts.is_some(), count);
    }
    let heading = page.heading("Steps");
    if counts.is_some() {
        let span = span.title();
        heading.put(
            Tone::Dim,
            &format!("  with the runs of the last {span} and their errors"),
        );
    }
    flow::counted(&mut page, shape, counts.map(|_| (count, span)));
    if !shape.curl.is_empty() {
        page.blank();
        page.line()
            .put(Tone::Dim, "curl")
            .fill_to(NAME)
            .put(Tone::Plain, &shape.curl)
            .hang(NAME);
    }
    page
}

fn table(page: &mut Page, is_known: bool, count: Option<&FlowCount>) {
    let heading = page.line();
    heading.put(Tone::Dim, "last").fill_to(NAME);
    for span in Span::ALL {
        heading.put(Tone::Dim, &text::pad_left(span.title(), NUMBER));
    }
    let runs = |span: Span| span.of(count.map(|count| count.runs).unwrap_or_default());
    let refused = |span: Span| span.of(count.map(|count| count.refused).unwrap_or_default());
    let mut row = |name: &str, tone: Tone, shown: &dyn Fn(Span) -> Option<String>| {
        let line = page.line();
        line.put(Tone::Dim, name).fill_to(NAME);
        for span in Span::ALL {
            let shown = is_known.then(|| shown(span)).flatten();
            let (tone, shown) = match &shown {
                Some(shown) if shown != "0" && shown != "0%" => (tone, &**shown),
                Some(shown) => (Tone::Dim, &**shown),
                None => (Tone::Dim, "-"),
            };
            line.put(tone, &text::pad_left(shown, NUMBER));
        }
    };
    row("runs", Tone::Strong, &|span| {
        Some(runs(span).runs.to_string())
    });
    row("errors", Tone::Bad, &|span| {
        Some(runs(span).errors.to_string())
    });
    row("share", Tone::Bad, &|span| {
        runs(span).share().map(text::percent)
    });
    row("refused", Tone::Warn, &|span| {
        Some(refused(span).runs.to_string())
    });
}

fn standing(page: &mut Page, shape: &FlowShape, is_known: bool, count: Option<&FlowCount>) {
    let standing = count.map(|count| count.standing).unwrap_or_default();
    // The runs of a sync flow are in no queue, but for those that go on in the background.
    if !is_known || (shape.sync && standing == Default::default()) {
        return;
    }
    let line = page.line();
    line.put(Tone::Dim, "now").fill_to(NAME);
    for (index, (count, name, tone)) in [
        (standing.waiting, "waiting", Tone::Accent),
        (standing.parked, "parked", Tone::Accent),
        (standing.running, "running", Tone::Accent),
        (standing.dead, "dead", Tone::Bad),
    ]
    .into_iter()
    .enumerate()
    {
        let gap = if index == 0 { "" } else { "  " };
        let tone = if count == 0 { Tone::Dim } else { tone };
        line.put(tone, &format!("{gap}{count}"))
            .put(Tone::Dim, &format!(" {name}"));
    }
}

/// What stands behind an arm: how many took it, and which share of those ended in an error.
pub(super) fn beside(passed: Passed) -> (Tone, String) {
    let runs = text::count(passed.runs);
    match passed.share() {
        Some(share) if passed.errors > 0 => (
            Tone::Bad,
            format!("  {runs} · {} errors", text::percent(share)),
        ),
        Some(_) => (Tone::Good, format!("  {runs}")),
        None => (Tone::Dim, format!("  {runs}")),
    }
}
