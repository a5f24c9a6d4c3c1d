use super::{names::Presence, parse, scalar, variable};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    model::{Absence, Input, Variable},
    syntax::Node,
};

/// What a flow takes where it is called, each with the variable it fills.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub inputs: Vec<Input>,
    pub variables: Vec<(Variable, Presence)>,
    spans: Vec<Span>,
    /// Whether a slip hides one.
    pub is_unsure: bool,
}

/// The lines `input "name" type="…" required=#true`.
pub(super) fn inputs(nodes: Vec<Node>, report: &mut Report) -> Inputs {
    let mut inputs = Inputs::default();
    for node in nodes {
        let is_whole = input(node, &mut inputs, report).is_some();
        inputs.is_unsure |= !is_whole;
    }
    inputs
}

fn input(node: Node, inputs: &mut Inputs, report: &mut Report) -> Option<()> {
    let mut fields = node.open();
    let name = fields.expect_argument(report, "a name: `input \"order\"`");
    let kind = fields.property("type");
    let required = fields.property("required");
    let default = fields.property("default");
    let label = fields.property("label");
    fields.finish(report);
    let kind = kind.and_then(|value| parse::kind(&value, report));
    let absence = parse::absence(kind, required.as_ref(), default.as_ref(), report);
    let label = scalar::title(label, "`label`", report);
    let place = name?;
    let name = variable::given_name(&place, report)?;
    let mut before = inputs.variables.iter().zip(&inputs.spans);
    if let Some((_, first)) = before.find(|((variable, _), _)| variable.name == name) {
        report.push(
            Diagnostic::error(place.span, format!("the input `{name}` is there twice"))
                .also(*first, "the other one"),
        );
        return None;
    }
    let absence = absence?;
    let presence = match absence {
        Absence::Allowed => Presence::MayBeAbsent,
        Absence::Refused | Absence::Default(_) => Presence::Present,
    };
    inputs.variables.push((
        Variable {
            source: format!("input {name}"),
            name,
            label,
            kind,
        },
        presence,
    ));
    inputs.spans.push(place.span);
    inputs.inputs.push(Input { kind, absence });
    Some(())
}
