use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

use crate::run::Reply;

/// Makes an answer ready for hyper, which adds `Date` and `Content-Length`.
pub(super) fn response(reply: Reply, ends_connection: bool) -> Response<Full<Bytes>> {
    let Reply {
        status,
        mut headers,
        mut body,
    } = reply;
    // RFC 9110, 15.3.5 and 15.4.5: these have none.
    if matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        body = Bytes::new();
    }
    if headers.keys().any(is_of_the_connection) {
        remove(&mut headers);
    }
    if ends_connection {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Framing is the connection's own: no flow may contradict it.
const OF_THE_CONNECTION: [HeaderName; 5] = [
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::UPGRADE,
    header::TRAILER,
];

fn is_of_the_connection(name: &HeaderName) -> bool {
    OF_THE_CONNECTION.contains(name)
}

#[cold]
fn remove(headers: &mut HeaderMap) {
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
}

/// Has the connection closed behind an answer.
pub(super) fn end_connection<B>(response: &mut Response<B>) {
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
}
