//! Diagnostics as pictures: the lines of the file, with arrows.

use std::fmt;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use super::source::harmless;
use super::{Diagnostic, Report, Severity, Source, SourceId, Span};

/// How much is drawn, in bytes: what comes behind has a line each. A line of the file may be as long
/// as the file, and is in each picture of something in it.
const MOST_DRAWN: usize = 256 << 10;

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
        let shown: Vec<Arc<Shown>> = self
            .sources()
            .iter()
            .map(|source| Arc::new(Shown::new(source)))
            .collect();
        let mut drawn = String::new();
        for diagnostic in self.diagnostics() {
            if !drawn.is_empty() {
                drawn.push('\n');
            }
            if drawn.len() > MOST_DRAWN {
                drawn += &self.line_of(diagnostic, &format!("{}: ", diagnostic.severity.name()));
                drawn.push('\n');
                continue;
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

/// A source as it may be shown.
#[derive(Debug)]
struct Shown {
    source: Source,
    name: String,
    text: String,
}

impl Shown {
    fn new(source: &Source) -> Self {
        Self {
            name: harmless(&source.name),
            text: source.shown(),
            source: source.clone(),
        }
    }
}

impl SourceCode for Shown {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        // Without lines around it, this is the question for the place in the picture's head. There
        // miette counts bytes; people and editors count characters.
        let (line, column) = if before == 0 {
            let (line, column) = self.source.position(span.offset());
            (line - 1, column - 1)
        } else {
            (contents.line(), contents.column())
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            line,
            column,
            contents.line_count(),
        )))
    }
}

/// One diagnostic in the shape miette draws.
#[derive(Debug)]
struct Picture {
    severity: miette::Severity,
    message: String,
    help: Option<String>,
    source: Option<Arc<Shown>>,
    labels: Vec<LabeledSpan>,
}

impl Picture {
    fn new(report: &Report, diagnostic: &Diagnostic, shown: &[Arc<Shown>]) -> Self {
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

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source
            .as_deref()
            .map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new();
        let main = report.add_source(
            "flows.kdl",
            "flows.kdl",
            "flow \"pä\" moode=\"sync\"\n\nflow \"pä\"\n",
        );
        let other = report.add_source(
            "flows/x.kdl",
            "flows/x.kdl",
            "auth {\n    basic user=\"shöp\" { password \"hünter2\" \"x\" }\n}\n",
        );
        report.mask(Span::new(other, 42, 50));
        report.push(
            Diagnostic::error(Span::new(main, 11, 16), "`flow` has no property `moode`")
                .label("unknown")
                .help("did you mean `mode`?"),
        );
        report.push(
            Diagnostic::error(Span::new(main, 30, 35), "the flow `pä` is there twice")
                .label("again here")
                .also(Span::new(main, 5, 10), "first here")
                .also(Span::new(other, 0, 4), "used here"),
        );
        report.push(Diagnostic::warning(
            Span::new(other, 52, 55),
            "`password` is kept in the file itself",
        ));
        report.push(Diagnostic::without_span("there is no file `secrets.env`"));
        report
    }

    #[test]
    fn diagnostics_are_drawn_with_their_places_and_secrets_as_stars() {
        assert_eq!(
            report().render(Style {
                color: false,
                width: 80
            }),
            r#"  × `flow` has no property `moode`
   ╭─[flows.kdl:1:11]
 1 │ flow "pä" moode="sync"
   ·           ──┬──
   ·             ╰── unknown
 2 │
   ╰────
  help: did you mean `mode`?

  × the flow `pä` is there twice
   ╭─[flows.kdl:3:6]
 1 │ flow "pä" moode="sync"
   ·      ──┬─
   ·        ╰── first here
 2 │
 3 │ flow "pä"
   ·      ──┬─
   ·        ╰── again here
   ╰────
  help: also: flows/x.kdl:1:1: used here

  ⚠ `password` is kept in the file itself
   ╭─[flows/x.kdl:2:44]
 1 │ auth {
 2 │     basic user="shöp" { password "********" "x" }
   ·                                             ───
 3 │ }
   ╰────

  × there is no file `secrets.env`
"#
        );
    }

    #[test]
    fn without_colour_there_is_no_escape_and_with_it_there_is() {
        let plain = report().render(Style {
            color: false,
            width: 80,
        });
        let coloured = report().render(Style {
            color: true,
            width: 80,
        });
        assert!(!plain.contains('\u{1b}'));
        assert!(coloured.contains('\u{1b}'));
    }

    #[test]
    fn a_span_outside_of_its_text_is_drawn_all_the_same() {
        let mut report = Report::new();
        let source = report.add_source("a.kdl", "a.kdl", "");
        report.push(Diagnostic::error(Span::new(source, 7, 3), "nowhere"));
        assert!(report.render(Style::default()).contains("nowhere"));
    }

    #[test]
    fn where_pictures_grow_long_what_comes_behind_has_a_line_each() {
        let mut report = Report::new();
        let source = report.add_source("a.kdl", "a.kdl", "x".repeat(MOST_DRAWN));
        for at in [0, 1, 2] {
            report.push(Diagnostic::error(Span::new(source, at, at + 1), "no x"));
        }
        let drawn = report.render(Style::default());
        assert!(
            drawn.ends_with("\n\na.kdl:1:2: error: no x\n\na.kdl:1:3: error: no x\n"),
            "{}",
            &drawn[drawn.len() - 100..]
        );
        assert!(drawn.len() < 2 * MOST_DRAWN);
    }
}
