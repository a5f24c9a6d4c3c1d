use std::time::Duration;

use http::{Method, StatusCode};

use super::Checked;
use crate::{
    check::{
        answers::Exits, expression, json, names::Names, reply, scalar, setting::setting, target,
        variable,
    },
    diagnostic::{Diagnostic, Report},
    expr::{Lenience, Template},
    model::{Http, Payload, StepKind},
    syntax::{Fields, Node, Scalar},
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
const DEFAULT_MAX_RESPONSE: u64 = 1024 * 1024;

/// `http "POST" "https://…" as="answer" timeout="10s" { header …; query …; body …; … }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    Checked {
        kind: http(fields, names, report).map(|http| StepKind::Http(Box::new(http))),
        exits: Exits::goes_on(fields.span),
    }
}

fn http(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Option<Http> {
    let first = fields.expect_argument(report, "a method and a URL: `http \"POST\" \"https://…\"`");
    let method = first.as_ref().and_then(|value| method(value, report));
    // Where the method is missing, that says it all.
    let has_method = first.is_some_and(|value| !is_url(&value));
    let target = has_method
        .then(|| fields.expect_argument(report, "a URL behind the method"))
        .flatten()
        .and_then(|value| target::target(&value, names, report));
    let timeout = fields
        .property("timeout")
        .map_or(Some(DEFAULT_TIMEOUT), |value| {
            scalar::duration(&value, "`timeout`", report)
        });
    let mut headers = Some(Vec::new());
    for node in fields.children_named("header") {
        let header =
            names.naming_secrets(|names| reply::header(node, Lenience::Strict, names, report));
        push(&mut headers, header);
    }
    let mut query = Some(Vec::new());
    for node in fields.children_named("query") {
        push(&mut query, query_value(node, names, report));
    }
    let body = names.naming_secrets(|names| payload(fields, names, report));
    let accept_status = fields
        .child("accept-status", report)
        .map_or(Some(Vec::new()), |node| accept_status(node, report));
    let redirects = setting(fields, "redirects", report, |value, report| {
        scalar::integer(value, "`redirects`", 0, 20, report).map(|count| count as u32)
    });
    let max_response = setting(fields, "max-response", report, |value, report| {
        scalar::bytes(value, "`max-response`", report)
    });
    // Last of all: what the step itself says cannot use its own answer.
    let output = match fields.property("as") {
        None => Some(None),
        Some(value) => variable::output(&value, "http", names, report).map(Some),
    };
    let target = target?;
    Some(Http {
        method: method?,
        url: target.template,
        shown: target.shown,
        origin: target.origin,
        query: query?,
        headers: headers?,
        body: body?,
        accept_status: accept_status?,
        redirects: redirects.unwrap_or(Some(0))?,
        max_response: max_response.unwrap_or(Some(DEFAULT_MAX_RESPONSE))?,
        timeout: timeout?,
        output: output?,
    })
}

/// Adds what was read; where one was not, all are broken.
fn push<T>(read: &mut Option<Vec<T>>, one: Option<T>) {
    match (read.as_mut(), one) {
        (Some(read), Some(one)) => read.push(one),
        _ => *read = None,
    }
}

fn method(value: &Scalar, report: &mut Report) -> Option<Method> {
    let text = scalar::name(value, "a method", report)?;
    let method = text.value.parse::<Method>().ok().filter(|method| {
        // Methods are case-sensitive (RFC 9110, 9.1), and no server knows a small `post`.
        let has_small = text.value.bytes().any(|byte| byte.is_ascii_lowercase());
        !has_small && *method != Method::CONNECT
    });
    if method.is_none() {
        let upper = text.value.to_ascii_uppercase();
        let mut diagnostic =
            Diagnostic::error(value.span, format!("{:?} is no method", text.value));
        if is_url(value) {
            diagnostic = diagnostic.help("the method comes first: `http \"POST\" \"https://…\"`");
        } else if upper != text.value && upper.parse::<Method>().is_ok() {
            diagnostic = diagnostic.help(format!("did you mean {upper:?}?"));
        }
        report.push(diagnostic);
    }
    method
}

fn is_url(value: &Scalar) -> bool {
    let text = value.as_text();
    text.is_some_and(|text| text.value.contains("://"))
}

/// A name and a value: `query "topic" "{{ repo }}"`.
fn query_value(node: Node, names: &mut Names, report: &mut Report) -> Option<(String, Template)> {
    let mut fields = node.open();
    let name = fields.expect_argument(report, "a name and a value")?;
    let name = scalar::name(&name, "a name", report).map(|text| text.value.clone());
    let value = fields.expect_argument(report, "a value behind the name");
    let value = value.and_then(|value| {
        names.naming_secrets(|names| {
            expression::template(&value, "a value", Lenience::Strict, names, report)
        })
    });
    fields.finish(report);
    Some((name?, value?))
}

/// `body`, `json` or `form`, at most one of them.
fn payload(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Option<Payload> {
    let mut nodes = ["body", "json", "form"]
        .into_iter()
        .filter_map(|name| fields.child(name, report))
        .collect::<Vec<_>>();
    nodes.sort_by_key(|node| node.span.start);
    let mut nodes = nodes.into_iter();
    let Some(node) = nodes.next() else {
        return Some(Payload::Empty);
    };
    if let Some(second) = nodes.next() {
        report.push(
            Diagnostic::error(second.span, "a request has one body")
                .also(node.span, "the other is here"),
        );
        return None;
    }
    match &*node.name.text {
        "json" => json::json(node, Lenience::Strict, names, report).map(Payload::Json),
        "form" => form(node, names, report).map(Payload::Form),
        _ => {
            let mut fields = node.open();
            let text = fields.expect_argument(report, "its text");
            let template = text.and_then(|text| {
                expression::template(&text, "a body", Lenience::Strict, names, report)
            });
            fields.finish(report);
            template.map(Payload::Text)
        }
    }
}

/// `form { name "{{ x }}" }`: a name may be there several times, as in any form.
fn form(node: Node, names: &mut Names, report: &mut Report) -> Option<Vec<(String, Template)>> {
    let mut fields = node.open();
    let mut read = Some(Vec::new());
    for child in fields.children() {
        let mut field = child.open();
        let name = field.name.text.clone();
        let value = field.expect_argument(report, "a value").and_then(|value| {
            expression::template(&value, "a value", Lenience::Strict, names, report)
        });
        field.finish(report);
        push(&mut read, value.map(|value| (name, value)));
    }
    fields.finish(report);
    read
}

fn accept_status(node: Node, report: &mut Report) -> Option<Vec<StatusCode>> {
    let mut fields = node.open();
    let first = fields.expect_argument(report, "a status, like 404");
    let mut read = first.as_ref().map(|_| Vec::new());
    for value in first.into_iter().chain(fields.arguments()) {
        let status = scalar::integer(&value, "a status", 200, 599, report)
            .and_then(|code| StatusCode::from_u16(code as u16).ok());
        push(&mut read, status);
    }
    fields.finish(report);
    read
}
