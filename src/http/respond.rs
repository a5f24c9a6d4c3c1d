use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

use crate::{
    model::has_no_body,
    run::{Outcome, Reply},
};

/// Makes an answer ready for hyper, which adds `Date` and
/// `Content-Length`. No flow has a header that frames the answer: the checker refuses them.
pub(super) fn response(reply: Reply, ends_connection: bool) -> Response<Full<Bytes>> {
    let body = if has_no_body(reply.status) {
        Bytes::new()
    } else {
        reply.body
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    if ends_connection {
        end_connection(&mut response);
    }
    response
}

/// The answer of a flow that ended like this, and answered nothing.
pub fn unanswered(outcome: Outcome) -> Reply {
    match outcome {
        Outcome::Succeeded => Reply::ok(),
        Outcome::TimedOut => too_late(),
        _ => failed(),
    }
}

/// The answer of a flow that failed before it answered: what failed is nobody's business outside.
pub(super) fn failed() -> Reply {
    Reply::text(StatusCode::INTERNAL_SERVER_ERROR, "the flow failed\n")
}

/// The answer of a flow that is over its time.
pub(super) fn too_late() -> Reply {
    Reply::text(StatusCode::GATEWAY_TIMEOUT, "the flow took too long\n")
}

/// Has the connection closed behind an answer.
pub(super) fn end_connection<B>(response: &mut Response<B>) {
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
}
