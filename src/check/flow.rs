use std::time::Duration;

use super::{answers, answers::Exits, names::Names, scalar, secret::Secrets, step, trigger};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    model::{Block, Flow, Mode, Outbound, Route},
    run::{Overlap, Policy},
    syntax::{Fields, Node, Scalar},
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

/// `flow "name" mode="sync" { webhook …; steps …; on-error { … } }`.
///
/// `outbound` is what its requests may reach, where that is known.
pub(super) fn flow(
    node: Node,
    secrets: &Secrets,
    outbound: Option<&Outbound>,
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
    let mode = mode.filter(|_| is_mode_written || !fields.has_slip_of_property("mode"));
    // A slip in the mode says nothing of what the flow may do.
    let assumed = mode.unwrap_or(Mode::Sync);
    let timeout = timeout.map_or(DEFAULT_TIMEOUT, |value| self::timeout(&value, mode, report));
    let policy = policy(&mut fields, mode, report);
    let mut webhook = fields.child("webhook", report);
    let mut on_error = fields.child("on-error", report);
    if webhook.is_none() {
        webhook = fields.slip_of_child("webhook", report);
    }
    if on_error.is_none() {
        on_error = fields.slip_of_child("on-error", report);
    }
    let steps = fields.children();
    if webhook.is_none() {
        report.push(
            Diagnostic::error(fields.span, "a flow needs a `webhook`")
                .help("`webhook \"/path\"`, or `webhook` alone for a generated path"),
        );
    }
    fields.finish(report);

    let (draft, mut names) = match webhook {
        Some(node) => {
            let (draft, names) = trigger::trigger(node, mode, secrets, report);
            (Some(draft), names)
        }
        None => {
            let mut names = Names::new(Vec::new());
            names.become_unsure();
            (None, names)
        }
    };
    names.set_outbound(outbound);
    let start = names.point();
    let (body, exits) = step::block(steps, &mut names, report);
    let (on_error, handled) = match on_error {
        Some(node) => step::handler(node, &start, &mut names, report),
        None => (Block::new(), Exits::default()),
    };
    if mode.is_some() {
        answers::check(assumed, &exits, &handled, report);
    }
    let (name, name_span) = name?;
    let route = draft.as_ref().and_then(|draft| draft.route.clone());
    let flow = match draft {
        Some(draft) if report.error_count() == errors_before => Some(Flow {
            name: name.clone(),
            mode: assumed,
            timeout,
            policy,
            trigger: draft.finish(&names),
            body,
            on_error,
            variables: names.into_variables(),
        }),
        _ => None,
    };
    Some(Read {
        name,
        name_span,
        route,
        flow,
    })
}

/// `concurrency=4 overlap="drop"`.
fn policy(fields: &mut Fields, mode: Option<Mode>, report: &mut Report) -> Policy {
    let concurrency = fields.property("concurrency");
    let overlap = fields.property("overlap");
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
