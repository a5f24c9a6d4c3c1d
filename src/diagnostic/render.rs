//! Diagnostics as pictures: the lines of the file, with arrows.

use std::fmt;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};

use super::source::harmless;
use super::{Diagnostic, Report, Severity, SourceId, Span};

/// How diagnostics are drawn.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// The width that messages are wrapped at.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
        }
    }
}

impl Report {
    /// All diagnostics, drawn one below the other.
    pub fn render(&self, style: Style) -> String {
        let theme = if style.color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width.max(20))
            .with_context_lines(1)
            .with_links(false)
            .without_cause_chain();
        let shown: Vec<Arc<NamedSource<String>>> = self
            .sources()
            .iter()
            .map(|source| Arc::new(NamedSource::new(harmless(&source.name), source.shown())))
            .collect();
        let mut drawn = String::new();
        for diagnostic in self.diagnostics() {
            if !drawn.is_empty() {
                drawn.push('\n');
            }
            let picture = Picture::new(self, diagnostic, &shown);
            if handler.render_report(&mut drawn, &picture).is_err() {
                // The message alone is better than nothing.
                drawn.push_str(&picture.message);
                drawn.push('\n');
            }
        }
        // A label without words leaves its arrow's blank behind.
        drawn
            .lines()
            .flat_map(|line| [line.trim_end(), "\n"])
            .collect()
    }
}

/// One diagnostic in the shape miette draws.
#[derive(Debug)]
struct Picture {
    severity: miette::Severity,
    message: String,
    help: Option<String>,
    source: Option<Arc<NamedSource<String>>>,
    labels: Vec<LabeledSpan>,
}

impl Picture {
    fn new(report: &Report, diagnostic: &Diagnostic, shown: &[Arc<NamedSource<String>>]) -> Self {
        let mut labels = Vec::new();
        let mut help: Vec<String> = diagnostic.help.iter().map(|help| harmless(help)).collect();
        if let Some(span) = diagnostic.span {
            labels.push(LabeledSpan::new_primary_with_span(
                diagnostic.label.as_deref().map(harmless),
                within(report, span),
            ));
        }
        let home: Option<SourceId> = diagnostic.span.map(|span| span.source);
        for (span, note) in &diagnostic.related {
            if home == Some(span.source) {
                labels.push(LabeledSpan::new_with_span(
                    Some(harmless(note)),
                    within(report, *span),
                ));
            } else {
                help.push(format!(
                    "also: {}: {}",
                    report.location(*span),
                    harmless(note)
                ));
            }
        }
        Self {
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            message: harmless(&diagnostic.message),
            help: (!help.is_empty()).then(|| help.join("\n")),
            source: home.map(|id| shown[id.0 as usize].clone()),
            labels,
        }
    }
}

/// A span that miette can draw: inside the text, and on one line.
fn within(report: &Report, span: Span) -> (usize, usize) {
    let text = &report.source(span.source).text;
    let start = span.start.min(text.len());
    let end = span.end.clamp(start, text.len());
    // Over several lines the picture is a bracket around all of them: the first line says enough.
    let first_line = text
        .get(start..end)
        .and_then(|covered| covered.find(['\n', '\r']));
    (start, first_line.unwrap_or(end - start))
}

impl fmt::Display for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Picture {}

impl miette::Diagnostic for Picture {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source
            .as_deref()
            .map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
