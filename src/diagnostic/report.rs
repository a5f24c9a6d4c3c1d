//! Everything there is to tell about one configuration.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::source::harmless;
use super::{Diagnostic, Severity, Source, SourceId, Span};

/// How much is told: nobody reads more, and each picture takes its time and memory.
const MOST: usize = 500;

/// Collects what there is to tell about one configuration, together with the files it is about.
#[derive(Clone, Debug, Default)]
pub struct Report {
    sources: Vec<Source>,
    diagnostics: Vec<Diagnostic>,
    /// How many there were beyond those, and how bad the worst of them is.
    left_out: Option<(usize, Severity)>,
}

impl Report {
    /// Nothing to tell yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, so that spans can point into it.
    pub fn add_source(
        &mut self,
        path: impl Into<PathBuf>,
        name: impl Into<String>,
        text: impl Into<Arc<str>>,
    ) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources
            .push(Source::new(path.into(), name.into(), text.into()));
        id
    }

    /// Adds something to tell. Beyond some hundreds it is only counted.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST {
            self.diagnostics.push(diagnostic);
            return;
        }
        let (count, worst) = self.left_out.unwrap_or((0, Severity::Warning));
        let worst = match diagnostic.severity {
            Severity::Error => Severity::Error,
            Severity::Warning => worst,
        };
        self.left_out = Some((count + 1, worst));
    }

    /// All there is to tell.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The files, in the order they were read.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// One of the files. An id is only ever handed out by the report that holds the file.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// Whether anything is wrong enough that the configuration cannot be used.
    pub fn has_errors(&self) -> bool {
        self.error_count() > 0
    }

    /// How many errors there are; warnings do not count.
    pub fn error_count(&self) -> usize {
        let told = self.diagnostics.iter();
        let left_out = self
            .left_out
            .is_some_and(|(_, worst)| worst == Severity::Error);
        told.filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count()
            + usize::from(left_out)
    }

    /// How many errors and warnings there are: `2 errors, 1 warning`; empty where there are none.
    pub fn counted(&self) -> String {
        let errors = self.error_count();
        let warnings = self.diagnostics.len() - errors;
        let told = [(errors, "error"), (warnings, "warning")].into_iter();
        told.filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Whether something behind the start of a span, and within it, has been told of already.
    pub fn has_told_within(&self, span: Span) -> bool {
        let mut told = self.diagnostics.iter().filter_map(|told| told.span);
        told.any(|told| told.overlaps(span) && told.start > span.start)
    }

    /// Whether there is nothing to tell at all.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Hides a range of a file: it is never shown again.
    pub fn mask(&mut self, span: Span) {
        if let Some(source) = self.sources.get_mut(span.source.0 as usize)
            && span.start < span.end
        {
            source.masked.push(span.start..span.end);
        }
    }

    /// Whether a span touches something hidden.
    pub fn is_masked(&self, span: Span) -> bool {
        self.source(span.source).hides(span.start, span.end)
    }

    /// The text of a span, or `***` where it holds a secret.
    pub fn text(&self, span: Span) -> &str {
        if self.is_masked(span) {
            return "***";
        }
        self.source(span.source)
            .text
            .get(span.start..span.end)
            .unwrap_or_default()
    }

    /// Line and column of a span's start, both from 1; columns count characters.
    pub fn position(&self, span: Span) -> (usize, usize) {
        self.source(span.source).position(span.start)
    }

    /// A span's start as people write it: `flows.kdl:12:5`.
    pub fn location(&self, span: Span) -> String {
        let (line, column) = self.position(span);
        format!(
            "{}:{line}:{column}",
            harmless(&self.source(span.source).name)
        )
    }

    /// The line that a span starts in: `flows.kdl:12`.
    pub fn line(&self, span: Span) -> String {
        let source = self.source(span.source);
        format!("{}:{}", harmless(&source.name), source.line(span.start))
    }

    /// Puts everything in the order of the files, and drops what is told twice.
    pub fn sort(&mut self) {
        let place = |diagnostic: &Diagnostic| diagnostic.span.map(|span| (span.source, span.start));
        self.diagnostics.sort_by_key(place);
        let mut seen = HashSet::new();
        self.diagnostics
            .retain(|diagnostic| seen.insert(diagnostic.clone()));
        if let Some((count, severity)) = self.left_out.take() {
            let mut rest = Diagnostic::without_span(format!("{count} more are not told"));
            rest.severity = severity;
            self.diagnostics.push(rest);
        }
    }

    /// One line each: `flows.kdl:12:5: error: message (help)`.
    pub fn lines(&self) -> Vec<String> {
        let all = self.diagnostics.iter();
        all.map(|diagnostic| {
            let severity = format!("{}: ", diagnostic.severity.name());
            self.line_of(diagnostic, &severity)
        })
        .collect()
    }

    /// One line each for whoever says otherwise how bad it is: `flows.kdl:12:5: message (help)`.
    pub fn told(&self) -> impl Iterator<Item = (Severity, String)> {
        let all = self.diagnostics.iter();
        all.map(|diagnostic| (diagnostic.severity, self.line_of(diagnostic, "")))
    }

    /// The line of the first error.
    pub fn first_error(&self) -> Option<String> {
        let mut told = self.told();
        told.find_map(|(severity, line)| (severity == Severity::Error).then_some(line))
    }

    pub(super) fn line_of(&self, diagnostic: &Diagnostic, severity: &str) -> String {
        let place = diagnostic.span.map(|span| self.location(span) + ": ");
        let mut line = place.unwrap_or_default() + severity + &harmless(&diagnostic.message);
        if let Some(help) = &diagnostic.help {
            line.push_str(&format!(" ({})", harmless(help)));
        }
        line
    }

    /// For other programs: an array with one object for each diagnostic, and no text of the files.
    pub fn to_json(&self) -> Value {
        let place = |span: Span| {
            let source = self.source(span.source);
            let (line, column) = source.position(span.start);
            let (end_line, end_column) = source.position(span.end);
            (source.name.as_str(), line, column, end_line, end_column)
        };
        let each = self.diagnostics.iter().map(|diagnostic| {
            let place_of = diagnostic.span.map(place);
            let related: Vec<Value> = diagnostic
                .related
                .iter()
                .map(|(span, note)| {
                    let (file, line, column, end_line, end_column) = place(*span);
                    json!({
                        "message": note, "file": file, "line": line, "column": column,
                        "end_line": end_line, "end_column": end_column,
                    })
                })
                .collect();
            json!({
                "severity": diagnostic.severity.name(),
                "message": diagnostic.message,
                "label": diagnostic.label,
                "file": place_of.map(|place| place.0),
                "line": place_of.map(|place| place.1),
                "column": place_of.map(|place| place.2),
                "end_line": place_of.map(|place| place.3),
                "end_column": place_of.map(|place| place.4),
                "help": diagnostic.help,
                "related": related,
            })
        });
        Value::Array(each.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_files() -> (Report, SourceId, SourceId) {
        let mut report = Report::new();
        let first = report.add_source("/etc/flows.kdl", "flows.kdl", "flow \"ä\" {\n    nope\n}\n");
        let second = report.add_source("/etc/flows/x.kdl", "flows/x.kdl", "flow \"x\"\n");
        (report, first, second)
    }

    #[test]
    fn diagnostics_come_in_the_order_of_the_files_and_only_once() {
        let (mut report, first, second) = two_files();
        report.push(Diagnostic::error(Span::new(second, 0, 4), "last"));
        report.push(Diagnostic::error(Span::new(first, 16, 20), "second"));
        report.push(Diagnostic::warning(Span::new(first, 5, 9), "first"));
        report.push(Diagnostic::error(Span::new(first, 16, 20), "second"));
        report.push(Diagnostic::without_span("without a place").help("look"));
        report.sort();
        assert_eq!(
            report.lines(),
            [
                "error: without a place (look)",
                "flows.kdl:1:6: warning: first",
                "flows.kdl:2:5: error: second",
                "flows/x.kdl:1:1: error: last",
            ]
        );
        assert_eq!(report.error_count(), 3);
        let told: Vec<_> = report.told().collect();
        assert_eq!(
            told[..2],
            [
                (Severity::Error, "without a place (look)".to_owned()),
                (Severity::Warning, "flows.kdl:1:6: first".to_owned()),
            ]
        );
        assert_eq!(report.first_error().unwrap(), "without a place (look)");
    }

    #[test]
    fn beyond_some_hundreds_it_is_told_how_many_more_there_are() {
        let (mut report, first, _) = two_files();
        for at in 0..MOST {
            report.push(Diagnostic::warning(Span::new(first, at, at), "one"));
        }
        report.push(Diagnostic::error(Span::new(first, 0, 1), "an error"));
        report.push(Diagnostic::warning(Span::new(first, 0, 1), "a warning"));
        report.sort();
        assert_eq!(report.lines().last().unwrap(), "error: 2 more are not told");
        assert_eq!(report.diagnostics().len(), MOST + 1);
        assert!(report.has_errors());
    }

    #[test]
    fn json_holds_places_and_no_text_of_the_files() {
        let (mut report, first, second) = two_files();
        report.push(
            Diagnostic::error(Span::new(first, 5, 9), "given twice")
                .also(Span::new(second, 5, 8), "first here")
                .help("rename one"),
        );
        assert_eq!(
            report.to_json(),
            json!([{
                "severity": "error", "message": "given twice", "label": null, "help": "rename one",
                "file": "flows.kdl", "line": 1, "column": 6, "end_line": 1, "end_column": 9,
                "related": [{
                    "message": "first here", "file": "flows/x.kdl",
                    "line": 1, "column": 6, "end_line": 1, "end_column": 9,
                }],
            }])
        );
    }

    #[test]
    fn the_text_of_a_masked_span_is_never_given_out() {
        let (mut report, first, _) = two_files();
        report.mask(Span::new(first, 6, 8));
        assert_eq!(report.text(Span::new(first, 5, 9)), "***");
        assert_eq!(report.text(Span::new(first, 0, 4)), "flow");
    }
}
