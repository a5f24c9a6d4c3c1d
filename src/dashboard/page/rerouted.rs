use super::{Line, Page, Tone};
use crate::event::Rerouted;

/// How many characters of an id are shown.
const SHORT: usize = 8;

/// Which of the last requests would go another way on what was saved.
pub fn rerouted(rerouted: &Rerouted) -> Page {
    let mut page = Page::default();
    page.line()
        .put(Tone::Dim, &format!("revision {}, ", rerouted.revision))
        .put(Tone::Plain, &rerouted.summary());
    if !rerouted.changed.is_empty() {
        page.blank();
    }
    for request in &rerouted.changed {
        let line = begin(&mut page, &request.id, &request.flow, &request.was);
        line.put(Tone::Strong, &request.now);
        if let Some(location) = &request.location {
            line.put(Tone::Dim, &format!(" ({location})"));
        }
    }
    if !rerouted.unknown.is_empty() {
        page.heading("What cannot be known");
    }
    for request in &rerouted.unknown {
        begin(&mut page, &request.id, &request.flow, &request.was)
            .put(Tone::Warn, "unknown")
            .put(Tone::Dim, &format!(": {}", request.why));
    }
    page
}

fn begin<'p>(page: &'p mut Page, id: &str, flow: &str, was: &str) -> &'p mut Line {
    let short = id.get(id.len().saturating_sub(SHORT)..).unwrap_or(id);
    page.line()
        .put(Tone::Accent, &format!("#{short} "))
        .put(Tone::Plain, &format!("{flow}: {was}"))
        .put(Tone::Dim, " -> ")
        .hang(2)
}
