use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{Done, Goes, header::header_value};
use crate::{
    engine::walk::{End, Walk},
    expr::{Context, RenderError},
    graph::{Body, ReplyRenderer, Status},
    run::{Reply, StepDetail},
};

/// Answers the caller.
pub(super) fn take(walk: &Walk<'_>, reply: &ReplyRenderer) -> Done {
    match render_reply(reply, &walk.scope()) {
        Ok(reply) => Done {
            detail: walk
                .is_detailed()
                .then(|| StepDetail::Respond(reply.status.as_u16())),
            goes: Ok(Goes::Ends(End::Answered(reply))),
        },
        Err(message) => Done {
            goes: Err(message.into()),
            detail: None,
        },
    }
}

/// Renders an answer.
///
/// # Errors
/// A sentence: a template failed, a status is none, or a header came to a value that no header
/// may have (RFC 9110, 5.5: no CR, LF or NUL).
pub fn render_reply(reply: &ReplyRenderer, context: &dyn Context) -> Result<Reply, String> {
    let (status, constant_headers, headers, body) = match reply {
        ReplyRenderer::Constant(reply) => return Ok(reply.clone()),
        ReplyRenderer::Rendered {
            status,
            constant_headers,
            headers,
            body,
        } => (status, constant_headers, headers, body),
    };
    let status = match status {
        Status::Fixed(status) => *status,
        Status::Computed(template) => {
            let text = template.render(context).map_err(message)?;
            parse_status(text.trim())
                .ok_or_else(|| format!("{text:?} is no status: it takes 200 to 599"))?
        }
    };
    let mut rendered = HeaderMap::with_capacity(constant_headers.len() + headers.len());
    for (name, value) in constant_headers {
        rendered.append(name, value.clone());
    }
    for (name, template) in headers {
        let text = template.render(context).map_err(message)?;
        rendered.append(name, header_value(name, &text)?);
    }
    let body = match body {
        Body::Constant(body) => body.clone(),
        Body::Text(template) => Bytes::from(template.render(context).map_err(message)?),
        Body::Json(json) => {
            let mut out = Vec::with_capacity(256);
            json.render_into(context, &mut out).map_err(message)?;
            Bytes::from(out)
        }
    };
    Ok(Reply {
        status,
        headers: rendered,
        body,
    })
}

fn parse_status(text: &str) -> Option<StatusCode> {
    let code: u16 = text.parse().ok()?;
    // 1xx are hyper's to send; nothing above 599 is a status (RFC 9110, 15).
    (200..600)
        .contains(&code)
        .then(|| StatusCode::from_u16(code).ok())?
}

fn message(error: RenderError) -> String {
    error.message
}
