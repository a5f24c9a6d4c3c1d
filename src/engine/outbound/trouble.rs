//! What went wrong on the way to an answer, in plain sentences.

use std::{error::Error, io};

use rustls::CertificateError;

use super::{Peer, gate::Barred, resolver::Unresolved};
use crate::engine::effect::Failure;

/// That an address may not be connected to. No other try will find it allowed.
pub(super) fn barred(barred: Barred, peer: &Peer) -> Failure {
    let what = match peer {
        Peer::Secret => format!("the server is at {}", barred.kind),
        Peer::At(origin) => {
            let host = origin.host.trim_matches(['[', ']']);
            if host.parse() == Ok(barred.address) {
                barred.to_string()
            } else {
                format!("{host} leads to {}, {}", barred.address, barred.kind)
            }
        }
    };
    Failure::lasting(format!(
        "{what}, and `server {{ outbound {{ allow … }} }}` does not name it"
    ))
}

/// That there was no whole answer.
pub(super) fn no_answer(error: &reqwest::Error, peer: &Peer) -> Failure {
    let mut root: &(dyn Error + 'static) = error;
    loop {
        if let Some(why) = root.downcast_ref::<Barred>() {
            return barred(*why, peer);
        }
        if let Some(why) = root.downcast_ref::<Unresolved>() {
            return unresolved(why, peer);
        }
        // An error of TLS travels inside of one of I/O, which tells of it as of its own.
        if let Some(inner) = root.downcast_ref::<io::Error>() {
            match inner.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(tls) => return insecure(tls, peer),
                None => return disconnected(inner, peer),
            }
        }
        match root.source() {
            Some(source) => root = source,
            None => break,
        }
    }
    Failure::passing(format!("{peer} gave no whole answer: {root}"))
}

fn unresolved(unresolved: &Unresolved, peer: &Peer) -> Failure {
    let host = peer.host();
    Failure::passing(match (&unresolved.why, peer) {
        (Some(why), Peer::At(_)) => format!("{host} {unresolved}: {why}"),
        _ => format!("{host} {unresolved}"),
    })
}

fn insecure(error: &rustls::Error, peer: &Peer) -> Failure {
    let host = peer.host();
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return Failure::passing(format!("{peer} cannot be spoken to by TLS: {error}"));
    };
    let why = match certificate {
        CertificateError::UnknownIssuer => "nobody who is trusted here has issued it".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is somebody else's".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        // Some have sentences of their own, some no more than a name.
        other => other.to_string(),
    };
    Failure::lasting(format!("the certificate of {host} is not trusted: {why}"))
}

fn disconnected(error: &io::Error, peer: &Peer) -> Failure {
    Failure::passing(match error.kind() {
        io::ErrorKind::ConnectionRefused => format!("connection refused by {peer}"),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            format!("there is no way to {peer}")
        }
        io::ErrorKind::TimedOut => format!("{peer} does not answer"),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => format!("{peer} broke the connection off"),
        _ => format!("the connection to {peer} failed: {error}"),
    })
}
