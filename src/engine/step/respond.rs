use bytes::Bytes;
use http::HeaderMap;

use super::{Done, Goes, header::header_value};
use crate::{
    engine::{
        Rest,
        walk::{End, Walk},
    },
    expr::{Context, RenderError},
    graph::{Body, ReplyRenderer, Respond, Status, Step, StepId},
    model::{Then, parse_status},
    run::{Reply, StepDetail},
};

/// Answers the caller.
pub(super) fn take(walk: &mut Walk<'_>, id: StepId, step: &Step, respond: &Respond) -> Done {
    let reply = match render_reply(&respond.reply, &walk.scope()) {
        Ok(reply) => reply,
        Err(message) => {
            return Done::failed(message);
        }
    };
    let detail = walk
        .is_detailed()
        .then(|| StepDetail::Respond(reply.status.as_u16()));
    let goes = match (respond.then, step.next) {
        (Then::End, _) | (Then::Continue, None) => Goes::Ends(End::Answered(reply)),
        // Nobody waits for this run, which outlives the process as it is.
        (Then::Continue, next) if walk.course.journal.is_kept() => {
            walk.answered = Some(reply);
            Goes::To(next)
        }
        (Then::Continue, Some(from)) => {
            let rest = Rest {
                answered_by: id,
                from,
            };
            Goes::Ends(End::AnsweredFirst(reply, rest))
        }
    };
    Done {
        goes: Ok(goes),
        detail,
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

fn message(error: RenderError) -> String {
    error.message
}
