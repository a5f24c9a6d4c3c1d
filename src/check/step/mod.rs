//! The steps, one file per keyword. A new one is a file and a line in [`STEPS`].

mod branch;
mod call;
mod delay;
mod each;
mod exec;
mod fail;
mod http;
mod log;
mod on_error;
mod output;
mod parallel;
mod respond;
mod retry;
mod set;
mod stop;
mod unknown;

pub(super) use on_error::handler;

use super::{answers::Exits, names::Names};
use crate::{
    diagnostic::{Diagnostic, Report},
    model::{Block, Step, StepKind},
    syntax::{Fields, Node},
};

/// Every step by its keyword, in the order they are documented.
const STEPS: [(&str, Check); 15] = [
    ("branch", branch::check),
    ("respond", respond::check),
    ("set", set::check),
    ("log", log::check),
    ("delay", delay::check),
    ("http", http::check),
    ("exec", exec::check),
    ("each", each::check),
    ("break", each::leave),
    ("continue", each::go_on),
    ("parallel", parallel::check),
    ("call", call::check),
    ("output", output::check),
    ("stop", stop::check),
    ("fail", fail::check),
];

/// Reads the fields of one step.
type Check = fn(&mut Fields, &mut Names, &mut Report) -> Checked;

/// One step, checked.
pub(super) struct Checked {
    /// What it does; `None` where it is broken.
    kind: Option<StepKind>,
    /// The ways out of it.
    exits: Exits,
}

/// The keywords of all steps.
pub fn step_words() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|(word, _)| *word)
}

/// Tells of answers where more than one may be given, or where others are still under way.
fn refuse_answers(place: &str, inner: &Exits, report: &mut Report) {
    for span in &inner.responds {
        report.push(
            Diagnostic::error(*span, format!("`respond` cannot stand in `{place}`"))
                .help("set what is to be answered, and respond below"),
        );
    }
}

/// Steps in the order they run.
pub(super) fn block(nodes: Vec<Node>, names: &mut Names, report: &mut Report) -> (Block, Exits) {
    let mut steps = Block::new();
    let mut exits: Option<Exits> = None;
    let mut is_unreachable = false;
    for node in nodes {
        let mut fields = node.open();
        let span = fields.span;
        let before = names.point();
        // Taken first: a step may use up all other children as steps of its own.
        let on_error = fields.child("on-error", report);
        let Some((_, check)) = STEPS.iter().find(|(word, _)| *word == fields.name.text) else {
            unknown::unknown(&fields.name, names, report);
            if !is_unreachable {
                exits.get_or_insert_default().then(Exits::unknown());
            }
            continue;
        };
        let retry = retry::of_step(&mut fields, report);
        let Checked {
            kind,
            exits: mut own,
        } = check(&mut fields, names, report);
        if exits.as_ref().is_some_and(Exits::is_closed) && !is_unreachable {
            is_unreachable = true;
            let by_output = exits
                .as_ref()
                .is_some_and(|exits| !exits.outputs.is_empty());
            report.push(
                Diagnostic::error(span, "this step is never reached").help(
                    match (by_output, names.is_in_loop()) {
                        (true, _) => "every way above it ends with `output`, or a step like it",
                        (false, true) => {
                            "every way above it ends with `continue`, `break`, `respond`, `stop` or `fail`"
                        }
                        (false, false) => "every way above it ends with `respond`, `stop` or `fail`",
                    },
                ),
            );
        }
        let on_error = match on_error {
            Some(node) => {
                let after = names.point();
                let (handler, handled) = on_error::handler(node, &before, names, report);
                // The ways meet again behind the step, if the handler leads there.
                if handled.is_closed() {
                    names.go_to(&after);
                } else {
                    let handled_point = names.point();
                    names.meet(&[after, handled_point]);
                }
                own.or(handled);
                handler
            }
            None => Block::new(),
        };
        fields.finish(report);
        steps.extend(kind.map(|kind| Step {
            kind,
            retry,
            on_error,
            place: report.line(span).into(),
        }));
        match &mut exits {
            None => exits = Some(own),
            // What is never reached opens no way again.
            Some(exits) if is_unreachable => {
                exits.responds.extend(own.responds);
                exits.outputs.extend(own.outputs);
            }
            Some(exits) => exits.then(own),
        }
    }
    (steps, exits.unwrap_or_default())
}
