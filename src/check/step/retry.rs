use std::time::Duration;

use crate::{
    check::scalar,
    diagnostic::{Diagnostic, Report},
    model::Retry,
    syntax::{Fields, Node},
};

/// The steps that may fail for a while and then succeed.
const RETRIED: [&str; 2] = ["exec", "http"];

const DEFAULT_BACKOFF: Duration = Duration::from_secs(1);
const DEFAULT_MAX: Duration = Duration::from_secs(5 * 60);

/// The steps that `retry` belongs to: "`exec` or `http`".
pub(super) fn places() -> String {
    RETRIED.map(|word| format!("`{word}`")).join(" or ")
}

/// What the block of a step says of `retry`; an error where that is no step to be tried again.
pub(super) fn of_step(fields: &mut Fields, report: &mut Report) -> Option<Retry> {
    if RETRIED.contains(&&*fields.name.text) {
        return fields
            .child("retry", report)
            .and_then(|node| retry(node, report));
    }
    if let Some(node) = fields.misplaced_child("retry") {
        report.push(
            Diagnostic::error(
                node.name.span,
                format!("`{}` is never tried again", fields.name.text),
            )
            .help(format!("`retry` stands in the block of {}", places())),
        );
    }
    None
}

/// `retry attempts=3 backoff="2s" max="1m"`.
fn retry(node: Node, report: &mut Report) -> Option<Retry> {
    let mut fields = node.open();
    let attempts = fields.property("attempts");
    let backoff = fields.property("backoff");
    let max = fields.property("max");
    if attempts.is_none() && !fields.has_slip_of_property("attempts") {
        report.push(
            Diagnostic::error(fields.span, "`retry` needs `attempts=`")
                .help("`retry attempts=3`: it is tried three times in all"),
        );
    }
    let attempts = attempts.and_then(|value| scalar::integer(&value, "`attempts`", 2, 100, report));
    let backoff_span = backoff.as_ref().map(|value| value.span);
    let backoff = backoff.map_or(Some(DEFAULT_BACKOFF), |value| {
        scalar::duration(&value, "`backoff`", report)
    });
    let max_span = max.as_ref().map(|value| value.span);
    let max = max.map_or(Some(DEFAULT_MAX), |value| {
        scalar::duration(&value, "`max`", report)
    });
    let span = backoff_span.or(max_span).unwrap_or(fields.span);
    fields.finish(report);
    let retry = Retry {
        attempts: attempts? as u32,
        backoff: backoff?,
        max: max?,
    };
    if retry.backoff > retry.max {
        report.push(
            Diagnostic::error(
                span,
                format!(
                    "`backoff`, which is {:?}, is longer than `max`, which is {:?}",
                    retry.backoff, retry.max
                ),
            )
            .help("the pause before a try grows from `backoff` up to `max`"),
        );
    }
    Some(retry)
}
