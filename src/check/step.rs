use super::{
    answers::Exits, branch, expression, json, names::Names, reply, scalar::quoted, variable,
};
use crate::{
    diagnostic::{Diagnostic, Report, nearest},
    expr::Lenience,
    model::{Block, SetValue, Step, StepKind},
    syntax::{Fields, Literal, Node},
};

const KEYWORDS: [&str; 6] = ["branch", "respond", "set", "log", "stop", "fail"];

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
        let Some((kind, mut own)) = step(&mut fields, names, report) else {
            if !is_unreachable {
                exits.get_or_insert_default().then(Exits::unknown());
            }
            continue;
        };
        if exits.as_ref().is_some_and(Exits::is_closed) && !is_unreachable {
            is_unreachable = true;
            report.push(
                Diagnostic::error(span, "this step is never reached")
                    .help("every way above it ends with `respond`, `stop` or `fail`"),
            );
        }
        let on_error = match on_error {
            Some(node) => {
                let after = names.point();
                let (handler, handled) = handler(node, &before, names, report);
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
        steps.extend(kind.map(|kind| Step { kind, on_error }));
        match &mut exits {
            None => exits = Some(own),
            // What is never reached opens no way again.
            Some(exits) if is_unreachable => exits.responds.extend(own.responds),
            Some(exits) => exits.then(own),
        }
    }
    (steps, exits.unwrap_or_default())
}

/// `on-error { … }`, of a step or a flow.
pub(super) fn handler(
    node: Node,
    before: &super::names::Point,
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

/// One step, by its keyword. `None` where there is no such step; an inner `None` where the step
/// is known and broken.
fn step(
    fields: &mut Fields,
    names: &mut Names,
    report: &mut Report,
) -> Option<(Option<StepKind>, Exits)> {
    let span = fields.span;
    Some(match &*fields.name.text {
        "branch" => {
            let (branch, exits) = branch::branch(fields, names, report);
            (branch.map(StepKind::Branch), exits)
        }
        "respond" => {
            let reply = reply::reply(fields, names, report);
            let exits = Exits {
                responds: vec![span],
                ..Exits::default()
            };
            (reply.map(StepKind::Respond), exits)
        }
        "set" => (set(fields, names, report), Exits::goes_on(span)),
        "log" => {
            let line = fields
                .expect_argument(report, "the line to write")
                .and_then(|text| {
                    expression::template(&text, "a line", Lenience::Lenient, names, report)
                });
            (line.map(StepKind::Log), Exits::goes_on(span))
        }
        "stop" => {
            let exits = Exits {
                stops: vec![span],
                ..Exits::default()
            };
            (Some(StepKind::Stop), exits)
        }
        "fail" => {
            let message = fields
                .expect_argument(report, "a message")
                .and_then(|text| {
                    expression::template(&text, "a message", Lenience::Strict, names, report)
                });
            (message.map(StepKind::Fail), Exits::default())
        }
        unknown => {
            let mut diagnostic =
                Diagnostic::error(fields.name.span, format!("there is no step `{unknown}`"));
            diagnostic = diagnostic.help(match (unknown, nearest(unknown, KEYWORDS)) {
                ("when" | "otherwise", _) => format!("`{unknown}` stands inside a `branch`"),
                ("on-error", _) => {
                    "`on-error` stands in a flow, or in the block of the step that may fail"
                        .to_owned()
                }
                ("mode" | "timeout", _) => {
                    format!("it is a property of the flow: `flow \"…\" {unknown}=\"…\"`")
                }
                ("auth" | "parse" | "methods" | "accept", _) => {
                    format!("`{unknown}` stands inside the `webhook`")
                }
                ("if" | "switch" | "match" | "case", _) => {
                    "did you mean `branch { when \"…\" { … } }`?".to_owned()
                }
                ("return" | "reply" | "response" | "answer", _) => {
                    "did you mean `respond`?".to_owned()
                }
                ("let" | "var" | "assign", _) => "did you mean `set`?".to_owned(),
                ("print" | "echo", _) => "did you mean `log`?".to_owned(),
                ("end" | "exit", _) => "did you mean `stop`?".to_owned(),
                ("error" | "throw" | "raise" | "abort", _) => "did you mean `fail`?".to_owned(),
                (_, Some(near)) => format!("did you mean `{near}`?"),
                (_, None) => format!("there are {}", quoted(&KEYWORDS)),
            });
            report.push(diagnostic);
            // Its block, if it has one, is as unknown as the step.
            names.become_unsure();
            return None;
        }
    })
}

/// `set total="{{ … }}" note="…"`.
fn set(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Option<StepKind> {
    let properties = fields.properties_left();
    if properties.is_empty() {
        // Told once: what stands there in their place is no further slip.
        fields.arguments();
        report.push(
            Diagnostic::error(fields.span, "`set` sets nothing")
                .help("`set total=\"{{ amount * 2 }}\"`"),
        );
        return None;
    }
    let mut values = Vec::new();
    let mut is_whole = true;
    let mut set_names = Vec::new();
    for (name, scalar) in properties {
        let value = match &scalar.literal {
            Literal::String(_) => {
                expression::template(&scalar, "a value", Lenience::Strict, names, report)
                    .map(SetValue::Rendered)
            }
            Literal::Null => {
                report.push(Diagnostic::error(
                    scalar.span,
                    "a variable cannot be set to `#null`: that is what an absent one is",
                ));
                None
            }
            _ => json::constant(&scalar, report).map(SetValue::Constant),
        };
        let is_name = variable::is_usable(&name.text, name.span, report);
        match (is_name, value) {
            (true, Some(value)) => set_names.push((name.text, value)),
            (true, None) => {
                // Known from here on, so that its uses are not reported as well.
                names.set(&name.text, "set");
                is_whole = false;
            }
            (false, _) => {
                names.become_unsure();
                is_whole = false;
            }
        }
    }
    // All values are computed before the first variable is set.
    for (name, value) in set_names {
        values.push((names.set(&name, "set"), value));
    }
    is_whole.then_some(StepKind::Set(values))
}
