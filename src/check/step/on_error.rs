use super::block;
use crate::{
    check::{
        answers::Exits,
        names::{Names, Point},
    },
    diagnostic::{Diagnostic, Report},
    model::Block,
    syntax::Node,
};

/// `on-error { … }`, of a step or a flow.
pub(in crate::check) fn handler(
    node: Node,
    before: &Point,
    names: &mut Names,
    report: &mut Report,
) -> (Block, Exits) {
    let mut fields = node.open();
    let span = fields.span;
    let nodes = fields.children();
    fields.finish(report);
    let is_empty = nodes.is_empty();
    if is_empty {
        report.push(
            Diagnostic::error(span, "`on-error` has no steps")
                .help("`on-error { log \"{{ error.message }}\"; }`"),
        );
    }
    names.enter_handler(before);
    let was_handling = names.set_handles_error(true);
    let (block, mut exits) = block(nodes, names, report);
    names.set_handles_error(was_handling);
    if is_empty {
        exits.or(Exits::goes_on(span));
    }
    (block, exits)
}
