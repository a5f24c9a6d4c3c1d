//! One thing to tell about a configuration.

use super::Span;

/// How bad it is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Severity {
    /// The configuration cannot be used.
    Error,
    /// It can be used, but probably does not do what was meant.
    Warning,
}

impl Severity {
    /// The word in front of a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing to tell about a configuration: a plain sentence, where, and what to do about it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// One plain sentence: lower case, no full stop, code in backticks.
    pub message: String,
    /// The place it is about; none for a file that could not be read.
    pub span: Option<Span>,
    /// A few words written at the place itself.
    pub label: Option<String>,
    /// Other places that explain it.
    pub related: Vec<(Span, String)>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Something of this severity, at a place where there is one.
    pub fn at(severity: Severity, span: Option<Span>, message: impl Into<String>) -> Self {
        Self {
            severity,
            message: message.into(),
            span,
            label: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// An error at a place.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self::at(Severity::Error, Some(span), message)
    }

    /// A warning about a place.
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self::at(Severity::Warning, Some(span), message)
    }

    /// An error with no place to point at.
    pub fn without_span(message: impl Into<String>) -> Self {
        Self::at(Severity::Error, None, message)
    }

    /// Writes a few words at the place itself.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Points at another place that explains it.
    pub fn also(mut self, span: Span, note: impl Into<String>) -> Self {
        self.related.push((span, note.into()));
        self
    }

    /// Says what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
