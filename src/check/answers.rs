use std::mem;

use crate::{
    diagnostic::{Diagnostic, Report, Span},
    model::Mode,
};

/// The ways out of a block of steps.
#[derive(Debug, Default)]
pub(super) struct Exits {
    /// Where the run goes on below the block.
    pub open: Vec<Way>,
    /// Where it stops.
    pub stops: Vec<Way>,
    /// Where it answers.
    pub responds: Vec<Span>,
    /// Where it ends with an output.
    pub outputs: Vec<Span>,
    /// Where it answers again, each behind where it did before.
    again: Vec<(Span, Span)>,
    /// Whether a way leads through something that could not be read: what it does is unknown.
    pub is_unknown: bool,
}

/// What a flow gives whoever calls it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gives {
    /// No way through it has an output.
    Nothing,
    /// Some ways have one.
    OutputOrNothing,
    /// All ways have.
    Output,
}

/// A way out that gives no answer where it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    span: Span,
    why: &'static str,
    /// Where it has given one before.
    answered: Option<Span>,
}

impl Way {
    /// A way that ends at `span`, and why it does.
    pub fn new(span: Span, why: &'static str) -> Self {
        Self {
            span,
            why,
            answered: None,
        }
    }
}

impl Exits {
    /// The exits of a step that the run always goes on from.
    pub fn goes_on(span: Span) -> Self {
        Self {
            open: vec![Way::new(span, "after this step the flow ends")],
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

    /// The exits of a step that answers, and that the flow goes on from.
    pub fn answers_first(span: Span) -> Self {
        Self {
            open: vec![Way {
                answered: Some(span),
                ..Way::new(span, "nothing follows")
            }],
            responds: vec![span],
            ..Self::default()
        }
    }

    /// The exits of a step that ends the run well, without an answer.
    pub fn stops(span: Span) -> Self {
        Self {
            stops: vec![Way::new(span, "this ends the run")],
            ..Self::default()
        }
    }

    /// The exits of a step that ends a flow that was called with an output.
    pub fn gives(span: Span) -> Self {
        Self {
            outputs: vec![span],
            ..Self::default()
        }
    }

    /// The exits of a step that always fails: the run goes on where that is handled.
    pub fn fails() -> Self {
        Self::default()
    }

    /// Whether no way leads anywhere: nothing was there.
    pub fn is_empty(&self) -> bool {
        self.is_closed()
            && self.stops.is_empty()
            && self.responds.is_empty()
            && self.outputs.is_empty()
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
        self.outputs.extend(other.outputs);
        self.again.extend(other.again);
        self.is_unknown |= other.is_unknown;
    }

    /// Takes the ways on which a block inside of the step ends the run.
    pub fn end_within(&mut self, inner: Self) {
        self.stops.extend(inner.stops);
        self.outputs.extend(inner.outputs);
    }

    /// Whether a flow with these ways out gives something where it is called and ends well.
    pub fn output(&self) -> Gives {
        if self.outputs.is_empty() {
            Gives::Nothing
        } else if self.is_closed() && self.stops.is_empty() {
            Gives::Output
        } else {
            Gives::OutputOrNothing
        }
    }

    /// Takes what follows below: ways that were open lead there.
    pub fn then(&mut self, mut below: Self) {
        let above = mem::take(&mut self.open);
        let answered = above.iter().find_map(|way| way.answered);
        if let Some(first) = answered {
            let again = below.responds.iter().map(|again| (first, *again));
            self.again.extend(again);
        }
        // Where some ways to here have not, those below are held to be of them.
        if above.iter().all(|way| way.answered.is_some()) {
            for way in below.open.iter_mut().chain(&mut below.stops) {
                way.answered = way.answered.or(answered);
            }
        }
        self.is_unknown = false;
        self.or(below);
    }
}

/// Holds a flow's answers against its mode: a sync flow that answers on some way answers on
/// every way, and an async flow answers from its trigger alone.
pub(super) fn check(mode: Mode, body: &Exits, on_error: &Exits, report: &mut Report) {
    for span in body.outputs.iter().chain(&on_error.outputs) {
        report.push(
            Diagnostic::error(*span, "`output` stands in a flow that is called")
                .help("this one has a `webhook`, whose caller is answered by `respond`"),
        );
    }
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
            for (first, again) in &body.again {
                report.push(
                    Diagnostic::error(*again, "the caller has been answered before")
                        .label("again here")
                        .also(*first, "here, and the flow went on"),
                );
            }
            for way in &body.open {
                if way.answered == Some(way.span) {
                    report.push(
                        Diagnostic::error(
                            way.span,
                            "the flow goes on from here, and nothing follows",
                        )
                        .help("leave `then` out"),
                    );
                }
            }
            let unanswered = body.open.iter().chain(&body.stops);
            let mut diagnostic: Option<Diagnostic> = None;
            for Way { span, why, .. } in unanswered.filter(|way| way.answered.is_none()) {
                let (span, why) = (*span, *why);
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

/// The same of a flow that is called: it answers nobody, and gives nothing once it has failed.
pub(super) fn check_called(body: &Exits, on_error: &Exits, report: &mut Report) {
    for span in body.responds.iter().chain(&on_error.responds) {
        report.push(
            Diagnostic::error(*span, "a flow that is called cannot `respond`")
                .help("give the flow that calls it what is to be answered: `output \"{{ … }}\"`"),
        );
    }
    for span in &on_error.outputs {
        report.push(
            Diagnostic::error(*span, "a flow that has failed gives no output")
                .help("with an `on-error` of its own, the step that fails is followed by others"),
        );
    }
}
