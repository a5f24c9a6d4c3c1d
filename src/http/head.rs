use http::{HeaderMap, Version, header};

use super::refusal::Refusal;

/// What hyper leaves to be checked of a head.
///
/// A body has one framing: `Transfer-Encoding` is `chunked` or not there. hyper refuses what does
/// not end in `chunked` and closes after a request that has `Content-Length` beside it; here the
/// codings before it go, too, as nothing here undoes them and others might read past them.
pub(super) fn check(version: Version, headers: &HeaderMap) -> Result<(), Refusal> {
    // RFC 9112, section 3.2.
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(_), None) => {}
        (None, None) if version < Version::HTTP_11 => {}
        (None, _) => return Err(Refusal::malformed("the Host header is missing")),
        (Some(_), Some(_)) => return Err(Refusal::malformed("there are several Host headers")),
    }
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (encodings.next(), encodings.next()) {
        (None, _) => Ok(()),
        (Some(one), None) if one.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(Refusal::malformed(
            "the only Transfer-Encoding taken is chunked",
        )),
    }
}
