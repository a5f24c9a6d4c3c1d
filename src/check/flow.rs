use std::{rc::Rc, time::Duration};

use super::{
    answers::{self, Exits},
    around::Around,
    callees::{Callee, Parameter},
    input::{self, Inputs},
    names::Names,
    scalar,
    secret::Secrets,
    step, trigger,
};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    model::{Absence, Block, Flow, Mode, Route},
    run::{Overlap, Policy},
    syntax::{Node, Scalar},
};

/// The most runs of a flow that go at once.
const MOST_AT_ONCE: i128 = 256;

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A flow that was read, with the places that other flows may collide with.
#[derive(Debug)]
pub(super) struct Read {
    pub name: String,
    pub name_span: Span,
    pub route: Option<(Route, Span)>,
    /// `None` where something in it is wrong.
    pub flow: Option<Flow>,
}

/// `flow "name" mode="sync" { webhook …; steps …; on-error { … } }`, or with `input "name"` lines in
/// the place of the `webhook` where other flows call it.
pub(super) fn flow(
    node: Node,
    around: &Rc<Around>,
    secrets: &Secrets,
    report: &mut Report,
) -> Option<Read> {
    let errors_before = report.error_count();
    let mut fields = node.open();
    let name = fields
        .expect_argument(report, "a name: `flow \"payment\"`")
        .and_then(|value| {
            let text = scalar::name(&value, "a flow's name", report)?;
            Some((text.value.clone(), value.span))
        });
    let mode = fields.property("mode");
    let mut of_webhook = mode.as_ref().map(|value| ("mode", value.span));
    let is_mode_written = mode.is_some();
    let mode = mode.map_or(Some(Mode::Async), |value| {
        scalar::word(
            &value,
            "`mode`",
            &[("sync", Mode::Sync), ("async", Mode::Async)],
            report,
        )
    });
    let timeout = fields.property("timeout");
    of_webhook = of_webhook.or(timeout.as_ref().map(|value| ("timeout", value.span)));
    let mode = mode.filter(|_| is_mode_written || !fields.has_slip_of_property("mode"));
    // A slip in the mode says nothing of what the flow may do.
    let assumed = mode.unwrap_or(Mode::Sync);
    let concurrency = fields.property("concurrency");
    let overlap = fields.property("overlap");
    of_webhook = of_webhook.or(concurrency
        .as_ref()
        .map(|value| ("concurrency", value.span)));
    of_webhook = of_webhook.or(overlap.as_ref().map(|value| ("overlap", value.span)));
    let mut webhook = fields.child("webhook", report);
    let mut on_error = fields.child("on-error", report);
    if webhook.is_none() {
        webhook = fields.slip_of_child("webhook", report);
    }
    if on_error.is_none() {
        on_error = fields.slip_of_child("on-error", report);
    }
    let inputs = fields.children_named("input");
    let steps = fields.children();
    let is_named = |(name, _): &(String, Span)| around.callees.is_called(name);
    let is_named = name.as_ref().is_some_and(is_named);
    let is_called = webhook.is_none() && (!inputs.is_empty() || is_named);
    if let Some((name, span)) = name.as_ref().filter(|_| is_called && !is_named) {
        report.push(
            Diagnostic::warning(*span, "no flow calls this one, and no request leads to it")
                .help(format!("`call {name:?}` in another flow does")),
        );
    }
    match (&webhook, inputs.first()) {
        (None, _) if !is_called => report.push(
            Diagnostic::error(fields.span, "a flow needs a `webhook`")
                .help("`webhook \"/path\"`, or `webhook` alone for a generated path"),
        ),
        (Some(webhook), Some(input)) => report.push(
            Diagnostic::error(input.span, "`input` is for flows that are called").also(
                webhook.span,
                "this one has a `webhook`, whose `parse` reads a request",
            ),
        ),
        _ => {}
    }
    if let Some((word, span)) = of_webhook.filter(|_| is_called) {
        report.push(
            Diagnostic::error(span, format!("`{word}` is for flows with a `webhook`"))
                .help("this one is called, and runs as part of the flow that calls it"),
        );
    }
    // What of this is not for flows that are called has just been told.
    let told_mode = mode.filter(|_| !is_called);
    let timeout = timeout.map_or(DEFAULT_TIMEOUT, |value| {
        self::timeout(&value, told_mode, report)
    });
    let policy = policy(concurrency, overlap, told_mode, report);
    fields.finish(report);

    let has_webhook = webhook.is_some();
    let (draft, inputs, mut names) = match webhook {
        Some(node) => {
            let (draft, names) = trigger::trigger(node, mode, around, secrets, report);
            (Some(draft), Inputs::default(), names)
        }
        None => {
            let mut inputs = input::inputs(inputs, report);
            let mut names = Names::new(std::mem::take(&mut inputs.variables), around);
            if inputs.is_unsure || !is_called {
                names.become_unsure();
            }
            (None, inputs, names)
        }
    };
    let start = names.point();
    let (body, exits) = step::block(steps, &mut names, report);
    let (on_error, handled) = match on_error {
        Some(node) => step::handler(node, &start, &mut names, report),
        None => (Block::new(), Exits::default()),
    };
    if is_called {
        answers::check_called(&exits, &handled, report);
    } else if mode.is_some() {
        answers::check(assumed, &exits, &handled, report);
    }
    let uses_document = names.uses_document();
    let depth = names.depth();
    let (name, name_span) = name?;
    let route = draft.as_ref().and_then(|draft| draft.route.clone());
    let trigger = draft.map(|draft| draft.finish(&names));
    let variables = names.into_variables();
    let parameters = variables.iter().zip(&inputs.inputs);
    let callee = Callee {
        has_webhook,
        inputs: parameters
            .map(|(variable, input)| Parameter {
                name: variable.name.clone(),
                kind: input.kind,
                is_required: input.absence == Absence::Refused,
            })
            .collect(),
        is_unsure: inputs.is_unsure,
        gives: exits.output(),
        uses_document,
        depth,
    };
    around.callees.note(&name, callee);
    let flow = (report.error_count() == errors_before).then(|| Flow {
        name: name.clone(),
        // Whoever calls it waits for it, but over no connection.
        mode: if is_called { Mode::Async } else { assumed },
        timeout,
        policy,
        trigger,
        inputs: inputs.inputs,
        depth,
        body,
        on_error,
        variables,
    });
    Some(Read {
        name,
        name_span,
        route,
        flow,
    })
}

/// `concurrency=4 overlap="drop"`.
fn policy(
    concurrency: Option<Scalar>,
    overlap: Option<Scalar>,
    mode: Option<Mode>,
    report: &mut Report,
) -> Policy {
    if mode == Some(Mode::Sync)
        && let Some(value) = concurrency.as_ref().or(overlap.as_ref())
    {
        report.push(
            Diagnostic::error(
                value.span,
                "`concurrency` and `overlap` are for async flows: the callers of this one wait",
            )
            .help("say `mode=\"async\"`, or leave it out"),
        );
    }
    const OVERLAPS: [(&str, Overlap); 3] = [
        ("queue", Overlap::Queue),
        ("drop", Overlap::Drop),
        ("replace", Overlap::Replace),
    ];
    Policy {
        concurrency: concurrency
            .and_then(|value| scalar::integer(&value, "`concurrency`", 1, MOST_AT_ONCE, report))
            .map(|count| count as u32),
        overlap: overlap
            .and_then(|value| scalar::word(&value, "`overlap`", &OVERLAPS, report))
            .unwrap_or_default(),
    }
}

fn timeout(value: &Scalar, mode: Option<Mode>, report: &mut Report) -> Duration {
    if mode == Some(Mode::Async) {
        report.push(
            Diagnostic::error(
                value.span,
                "`timeout` is for sync flows: nobody waits for this one",
            )
            .help("say `mode=\"sync\"`, or leave it out"),
        );
    }
    scalar::duration(value, "`timeout`", report).unwrap_or(DEFAULT_TIMEOUT)
}
