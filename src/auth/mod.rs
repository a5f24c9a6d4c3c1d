//! (headers, secrets) -> verdict. No clock, no I/O but the system's random numbers, and nothing
//! secret in any of its texts.
//!
//! Passwords are compared in constant time and by digest, so that neither their length nor the
//! place of the first wrong byte can be measured, and an unknown user costs what a wrong password
//! does. A password that is configured as a bcrypt or argon2 hash is slow to verify, on purpose:
//! [`verify`] hands that work back as a [`Hashing`], to be done where it stops nobody, and
//! [`Verified`] remembers the credentials that passed.

mod basic;
mod hash;
mod random;
mod verified;

pub use hash::Hashing;
pub use random::random;
pub use verified::Verified;

use http::{HeaderMap, HeaderValue};
use subtle::{Choice, ConstantTimeEq};

use crate::model::{Auth, Basic, Secret};
use basic::Credentials;
use hash::Hash;

/// Whether a request's credentials pass.
#[derive(Debug)]
pub enum Verdict {
    /// They do, or none are asked for.
    Passed,
    /// They are missing, unreadable or wrong; which of these is nobody's business.
    Refused,
    /// It takes slow work to tell.
    Hashing(Hashing),
}

/// Judges the credentials of a request: any of the `ways` passes, and none means anybody may.
pub fn verify(ways: &[Auth<Secret>], headers: &HeaderMap, verified: &Verified) -> Verdict {
    if ways.is_empty() {
        return Verdict::Passed;
    }
    let Some(credentials) = Credentials::read(headers) else {
        return Verdict::Refused;
    };
    let basics = || ways.iter().map(|Auth::Basic(basic)| basic);
    let digest = credentials.digest();
    let mut passed = Choice::from(0);
    let mut has_hashes = false;
    for basic in basics() {
        for password in &basic.passwords {
            if Hash::recognise(password.expose()).is_some() {
                has_hashes = true;
            } else {
                let expected = basic::digest(basic.user.as_bytes(), password.expose());
                work::count();
                passed |= expected.ct_eq(&digest);
            }
        }
    }
    if bool::from(passed) {
        return Verdict::Passed;
    }
    if !has_hashes {
        return Verdict::Refused;
    }
    let candidates = candidates(basics().collect(), &credentials);
    let mut known = false;
    let candidates: Vec<_> = candidates
        .into_iter()
        .map(|(password, counts)| {
            let key = verified.key(password.expose(), credentials.bytes());
            known |= counts & verified.knows(&key);
            hash::Candidate::new(password, counts, key)
        })
        .collect();
    if known {
        return Verdict::Passed;
    }
    Verdict::Hashing(Hashing::new(candidates, credentials))
}

/// The hashes to verify a password against, and which of them count. There are as many for any
/// user, known or not: where a user has fewer, or none, the first hash is verified in vain.
fn candidates<'s>(basics: Vec<&'s Basic<Secret>>, given: &Credentials) -> Vec<(&'s Secret, bool)> {
    let hashes_of = |user: &str| -> Vec<&'s Secret> {
        basics
            .iter()
            .filter(|basic| basic.user == user)
            .flat_map(|basic| &basic.passwords)
            .filter(|password| Hash::recognise(password.expose()).is_some())
            .collect()
    };
    let most = basics
        .iter()
        .map(|basic| hashes_of(&basic.user).len())
        .max()
        .unwrap_or_default();
    let mut candidates: Vec<_> = basics
        .iter()
        .find(|basic| bool::from(basic.user.as_bytes().ct_eq(given.user())))
        .map(|basic| hashes_of(&basic.user))
        .unwrap_or_default()
        .into_iter()
        .map(|hash| (hash, true))
        .collect();
    if let Some(first) = basics
        .iter()
        .flat_map(|basic| hashes_of(&basic.user))
        .next()
    {
        candidates.resize(most, (first, false));
    }
    candidates
}

/// The `WWW-Authenticate` of a 401 (RFC 7617, section 2).
pub fn challenge(realm: &str) -> HeaderValue {
    let mut text = String::from("Basic realm=\"");
    for c in realm.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            ' '..='~' => text.push(c),
            // A quoted string of a header is ASCII (RFC 9110, 5.6.4).
            _ => text.push('?'),
        }
    }
    text.push_str("\", charset=\"UTF-8\"");
    HeaderValue::from_str(&text)
        .unwrap_or_else(|_| HeaderValue::from_static("Basic realm=\"\", charset=\"UTF-8\""))
}

/// How many passwords were compared or verified, counted for the tests alone.
mod work {
    #[cfg(test)]
    thread_local! {
        static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    pub(super) fn count() {
        #[cfg(test)]
        DONE.with(|done| done.set(done.get() + 1));
    }

    #[cfg(test)]
    pub(super) fn of<T>(task: impl FnOnce() -> T) -> (T, usize) {
        let before = DONE.with(std::cell::Cell::get);
        let result = task();
        (result, DONE.with(std::cell::Cell::get) - before)
    }
}

#[cfg(test)]
mod tests;
