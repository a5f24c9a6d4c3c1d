use http::{HeaderName, StatusCode, header};

use super::{expression, json, names::Names};
use crate::{
    diagnostic::{Diagnostic, Report},
    expr::{Lenience, placeholder},
    model::{BodyTemplate, ReplyTemplate, StatusTemplate, has_no_body, parse_status},
    syntax::{Fields, Node, Scalar},
};

/// What may follow a status: `header`s, and `body` or `json`. The status itself is the first
/// argument, 200 where there is none.
pub(super) fn reply(
    fields: &mut Fields,
    names: &mut Names,
    report: &mut Report,
) -> Option<ReplyTemplate> {
    let status = match fields.argument() {
        None => Some(StatusTemplate::Fixed(StatusCode::OK)),
        Some(scalar) => status(&scalar, names, report),
    };
    let mut headers = Vec::new();
    for node in fields.children_named("header") {
        headers.extend(header(node, Lenience::Lenient, names, report));
    }
    let text = fields.child("body", report);
    let tree = fields.child("json", report);
    let body = match (text, tree) {
        (None, None) => Some(BodyTemplate::Empty),
        (Some(node), None) => body(node, names, report).map(BodyTemplate::Text),
        (None, Some(node)) => {
            json::json(node, Lenience::Lenient, names, report).map(BodyTemplate::Json)
        }
        (Some(text), Some(tree)) => {
            report.push(
                Diagnostic::error(tree.span, "an answer has one body")
                    .also(text.span, "the other is here"),
            );
            None
        }
    };
    if let (Some(StatusTemplate::Fixed(status)), Some(body)) = (&status, &body)
        && has_no_body(*status)
        && !matches!(body, BodyTemplate::Empty)
    {
        report.push(Diagnostic::error(
            fields.span,
            format!("an answer with status {} has no body", status.as_u16()),
        ));
    }
    Some(ReplyTemplate {
        status: status?,
        headers,
        body: body?,
    })
}

fn status(scalar: &Scalar, names: &mut Names, report: &mut Report) -> Option<StatusTemplate> {
    if let (Some(text), None) = (scalar.as_text(), &scalar.annotation)
        && placeholder(&text.value).is_none()
    {
        let status = parse_status(&text.value);
        if status.is_none() {
            // `303 See Other`: the words are not sent in any case.
            let number = text.value.split(' ').next().unwrap_or_default();
            let is_status = number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
            let help = is_status.then(|| format!("write the number alone: {number}"));
            let needed = "a status is a whole number from 200 to 599";
            super::scalar::wrong_kind_helped(scalar, needed, help, report);
        }
        return status.map(StatusTemplate::Fixed);
    }
    if scalar.as_text().is_some() {
        return expression::template(scalar, "a status", Lenience::Strict, names, report)
            .map(StatusTemplate::Computed);
    }
    let code = super::scalar::integer(scalar, "a status", 200, 599, report)?;
    StatusCode::from_u16(code as u16)
        .ok()
        .map(StatusTemplate::Fixed)
}

fn body(node: Node, names: &mut Names, report: &mut Report) -> Option<crate::expr::Template> {
    let mut fields = node.open();
    let text = fields.expect_argument(report, "its text");
    let template = text
        .and_then(|text| expression::template(&text, "a body", Lenience::Lenient, names, report));
    fields.finish(report);
    template
}

/// `header "Name" "value"`, of an answer or a request.
pub(super) fn header(
    node: Node,
    lenience: Lenience,
    names: &mut Names,
    report: &mut Report,
) -> Option<(HeaderName, crate::expr::Template)> {
    let mut fields = node.open();
    let first = fields.expect_argument(report, "a name and a value")?;
    let name = header_name(&first, report);
    let value = fields.expect_argument(report, "a value behind the name");
    let value_span = value.as_ref().map_or(first.span, |value| value.span);
    let template = value.and_then(|value| {
        expression::template(&value, "a header's value", lenience, names, report)
    });
    fields.finish(report);
    let (name, template) = (name?, template?);
    let shown = first.as_text().map_or("", |text| &text.value);
    // Hyper frames the message; a header that says otherwise would split it in two.
    if [
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::CONNECTION,
        header::UPGRADE,
        header::TRAILER,
    ]
    .contains(&name)
    {
        report.push(Diagnostic::error(
            first.span,
            format!("`{shown}` is set by the server itself"),
        ));
        return None;
    }
    if let Some(text) = template.as_constant()
        && http::HeaderValue::from_str(text).is_err()
    {
        report.push(Diagnostic::error(
            value_span,
            format!("the value of `{shown}` has characters that no header may have"),
        ));
        return None;
    }
    Some((name, template))
}

/// A header's name (RFC 9110: a token).
pub(super) fn header_name(scalar: &Scalar, report: &mut Report) -> Option<HeaderName> {
    let text = super::scalar::text(scalar, "a header's name", report)?;
    let name = text.value.parse::<HeaderName>().ok();
    if name.is_none() {
        report.push(Diagnostic::error(
            scalar.span,
            format!("{:?} is no name for a header", text.value),
        ));
    }
    name
}
