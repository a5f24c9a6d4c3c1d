//! What went wrong on the way to an answer, in plain sentences.

use std::{error::Error, io};

use rustls::CertificateError;

use super::{Peer, resolver::Unresolved};
use crate::{engine::effect::Failure, model::Barred};

/// That an address may not be connected to. No other try will find it allowed.
pub(super) fn barred(barred: Barred, peer: &Peer) -> Failure {
    Failure::lasting(match peer {
        Peer::At(origin) => barred.of(origin.host.trim_matches(['[', ']'])),
        Peer::Secret => barred.of_nobody(),
    })
}

/// That there was no whole answer.
pub(super) fn no_answer(error: reqwest::Error, peer: &Peer) -> Failure {
    // Its own sentence would tell the URL, and a secret may be in it.
    let error = error.without_url();
    let mut root: &(dyn Error + 'static) = &error;
    loop {
        if let Some(why) = root.downcast_ref::<Barred>() {
            return barred(*why, peer);
        }
        if let Some(why) = root.downcast_ref::<Unresolved>() {
            return unresolved(why, peer);
        }
        if let Some(error) = root.downcast_ref() {
            return disconnected(error, peer);
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
    // An error of TLS travels inside of one or two of I/O.
    if let Some(inner) = error.get_ref() {
        if let Some(error) = inner.downcast_ref() {
            return insecure(error, peer);
        }
        if let Some(error) = inner.downcast_ref() {
            return disconnected(error, peer);
        }
    }
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
