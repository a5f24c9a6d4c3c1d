use crate::{
    diagnostic::{Diagnostic, Report, Span},
    model::Mode,
};

/// The ways out of a block of steps.
#[derive(Debug, Default)]
pub(super) struct Exits {
    /// Where the run goes on below the block, and why it can.
    pub open: Vec<(Span, &'static str)>,
    /// Where it stops without an answer.
    pub stops: Vec<Span>,
    /// Where it answers.
    pub responds: Vec<Span>,
    /// Whether a way leads through something that could not be read: what it does is unknown.
    pub is_unknown: bool,
}

impl Exits {
    /// The exits of a step that the run always goes on from.
    pub fn goes_on(span: Span) -> Self {
        Self {
            open: vec![(span, "after this step the flow ends")],
            ..Self::default()
        }
    }

    /// The exits of a step that answers.
    pub fn responds(span: Span) -> Self {
        Self {
            responds: vec![span],
            ..Self::default()
        }
    }

    /// The exits of a step that ends the run well, without an answer.
    pub fn stops(span: Span) -> Self {
        Self {
            stops: vec![span],
            ..Self::default()
        }
    }

    /// The exits of a step that always fails: the run goes on where that is handled.
    pub fn fails() -> Self {
        Self::default()
    }

    /// Whether no way leads anywhere: nothing was there.
    pub fn is_empty(&self) -> bool {
        self.is_closed() && self.stops.is_empty() && self.responds.is_empty()
    }

    /// Whether no way leads below the block.
    pub fn is_closed(&self) -> bool {
        self.open.is_empty() && !self.is_unknown
    }

    /// The exits of a step that could not be read.
    pub fn unknown() -> Self {
        Self {
            is_unknown: true,
            ..Self::default()
        }
    }

    /// Takes another way through the same place.
    pub fn or(&mut self, other: Self) {
        self.open.extend(other.open);
        self.stops.extend(other.stops);
        self.responds.extend(other.responds);
        self.is_unknown |= other.is_unknown;
    }

    /// Takes what follows below: ways that were open lead there.
    pub fn then(&mut self, below: Self) {
        self.open.clear();
        self.is_unknown = false;
        self.or(below);
    }
}

/// Holds a flow's answers against its mode: a sync flow that answers on some way answers on
/// every way, and an async flow answers from its trigger alone.
pub(super) fn check(mode: Mode, body: &Exits, on_error: &Exits, report: &mut Report) {
    match mode {
        Mode::Async => {
            for span in body.responds.iter().chain(&on_error.responds) {
                report.push(
                    Diagnostic::error(*span, "an async flow cannot `respond`: its caller has gone")
                        .help("put `respond` into the `webhook`, or say `mode=\"sync\"`"),
                );
            }
        }
        Mode::Sync if body.responds.is_empty() => {}
        Mode::Sync => {
            let unanswered = body
                .open
                .iter()
                .copied()
                .chain(body.stops.iter().map(|span| (*span, "this ends the run")));
            let mut diagnostic: Option<Diagnostic> = None;
            for (span, why) in unanswered {
                diagnostic = Some(match diagnostic {
                    None => Diagnostic::error(span, "a way through this flow gives no answer")
                        .label(why)
                        .help("a sync flow that responds on one way responds on every way"),
                    Some(diagnostic) => diagnostic.also(span, why),
                });
            }
            if let Some(diagnostic) = diagnostic {
                report.push(diagnostic.also(body.responds[0], "another way answers here"));
            }
        }
    }
}
