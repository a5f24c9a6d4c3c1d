use std::rc::Rc;

use super::{Checked, set};
use crate::{
    check::{
        answers::{Exits, Gives},
        callees::{Callee, Parameter},
        names::Names,
        parse, scalar,
        scalar::quoted,
        variable,
    },
    diagnostic::{Diagnostic, Report, Span, did_you_mean, nearest},
    model::{Call, SetValue, StepKind},
    run::Value,
    syntax::{Fields, Node, Word},
};

/// `call "flow" as="result" { with order="{{ order_id }}"; }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let flow = fields
        .expect_argument(report, "a flow: `call \"notify\"`")
        .and_then(|value| {
            let text = scalar::name(&value, "a flow's name", report)?;
            Some((text.value.clone(), value.span))
        });
    let result = fields.property("as");
    let with = fields.child("with", report);
    let callee = flow
        .as_ref()
        .and_then(|(flow, span)| find(flow, *span, names, report));
    let given = match with {
        Some(node) => given(node, names, report),
        None => Some(Vec::new()),
    };
    let name = flow.as_ref().map_or("", |(name, _)| name);
    if let Some(callee) = &callee {
        names.note_call(callee);
        if let Some(given) = given.as_ref().filter(|_| !callee.is_unsure) {
            compare(name, fields.span, callee, given, report);
        }
    }
    let output = result.and_then(|value| {
        let variable = variable::given_name(&value, report);
        let Some(variable) = variable else {
            names.become_unsure();
            return None;
        };
        let slot = names.set(&variable, "call");
        match callee.as_ref().map(|callee| callee.gives) {
            Some(Gives::Nothing) => report.push(
                Diagnostic::error(value.span, format!("the flow `{name}` gives nothing"))
                    .help("what it gives is said by an `output` in it"),
            ),
            Some(Gives::OutputOrNothing) => names.may_leave_absent(slot),
            Some(Gives::Output) | None => {}
        }
        Some(slot)
    });
    let inputs = given.and_then(|given| {
        let inputs = given
            .into_iter()
            .map(|one| Some((one.name.text, one.value?)));
        inputs.collect::<Option<Vec<_>>>()
    });
    let call = flow.zip(inputs).map(|((flow, _), inputs)| Call {
        flow,
        inputs,
        output,
    });
    Checked {
        kind: call.map(|call| StepKind::Call(Box::new(call))),
        exits: Exits::goes_on(fields.span),
    }
}

/// What is known of the flow that is called; reports where it cannot be.
fn find(flow: &str, span: Span, names: &Names, report: &mut Report) -> Option<Rc<Callee>> {
    let callees = &names.around().callees;
    if !callees.names().any(|known| known == flow) {
        let diagnostic = Diagnostic::error(span, format!("there is no flow `{flow}`"));
        report.push(match nearest(flow, callees.names()) {
            Some(near) => diagnostic.help(did_you_mean(near)),
            None => diagnostic,
        });
        return None;
    }
    let callee = callees.get(flow)?;
    if callee.has_webhook {
        report.push(
            Diagnostic::error(
                span,
                format!("the flow `{flow}` has a `webhook`, and cannot be called"),
            )
            .help("move its steps into a flow of their own with `input` lines, and call that from both"),
        );
        return None;
    }
    Some(callee)
}

/// One input that is given.
struct Given {
    name: Word,
    span: Span,
    /// `None` where a slip is in it.
    value: Option<SetValue>,
}

impl Given {
    /// What is given, where it is the same each time.
    fn constant(&self) -> Option<Value> {
        match self.value.as_ref()? {
            SetValue::Constant(value) => Some(value.clone()),
            SetValue::Rendered(template) => template.as_constant().map(Value::from),
        }
    }
}

/// `with order="{{ order_id }}" amount=5`; `None` where nothing is given.
fn given(node: Node, names: &mut Names, report: &mut Report) -> Option<Vec<Given>> {
    let mut fields = node.open();
    let properties = fields.properties_left();
    if properties.is_empty() {
        fields.arguments();
        report.push(
            Diagnostic::error(fields.span, "`with` gives nothing")
                .help("`with order=\"{{ order_id }}\"`"),
        );
        return None;
    }
    fields.finish(report);
    let given = properties.into_iter().map(|(name, scalar)| Given {
        name,
        span: scalar.span,
        value: set::value(&scalar, "an input", names, report),
    });
    Some(given.collect())
}

/// Holds what is given against what the flow takes.
fn compare(flow: &str, call: Span, callee: &Callee, given: &[Given], report: &mut Report) {
    for one in given {
        let name = &one.name.text;
        match callee.inputs.iter().find(|input| input.name == *name) {
            None => report.push(unknown(flow, &one.name, &callee.inputs)),
            Some(input) => {
                if let Some((kind, value)) = input.kind.zip(one.constant())
                    && !parse::fits(Some(kind), &value)
                {
                    report.push(Diagnostic::error(
                        one.span,
                        format!("the input `{name}` has to be of type `{}`", kind.name()),
                    ));
                }
            }
        }
    }
    for input in callee.inputs.iter().filter(|input| input.is_required) {
        if !given.iter().any(|one| one.name.text == input.name) {
            let name = &input.name;
            report.push(
                Diagnostic::error(call, format!("the flow `{flow}` needs the input `{name}`"))
                    .help(format!("`call \"{flow}\" {{ with {name}=\"…\"; }}`")),
            );
        }
    }
}

fn unknown(flow: &str, name: &Word, inputs: &[Parameter]) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        name.span,
        format!("the flow `{flow}` has no input `{}`", name.text),
    );
    let known: Vec<_> = inputs.iter().map(|input| &*input.name).collect();
    match nearest(&name.text, known.iter().copied()) {
        Some(near) => diagnostic.help(did_you_mean(near)),
        None if known.is_empty() => diagnostic.help("it takes none"),
        None => diagnostic.help(format!("it takes {}", quoted(&known))),
    }
}
