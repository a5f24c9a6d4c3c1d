use argon2::{Argon2, PasswordHash, PasswordVerifier};

use super::{Verified, basic::Credentials, verified::Key, work};
use crate::model::Secret;

/// A password that is configured as its hash.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hash<'s> {
    /// `$2b$12$` and 53 characters.
    Bcrypt(&'s str),
    /// `$argon2id$…`, a PHC string.
    Argon2(&'s str),
}

impl<'s> Hash<'s> {
    /// A text that is a hash in its full form; all others are passwords in plain text.
    pub fn recognise(text: &'s [u8]) -> Option<Self> {
        // Seen on every request: most passwords are told by their first byte.
        if text.first() != Some(&b'$') {
            return None;
        }
        let text = std::str::from_utf8(text).ok()?;
        if text.starts_with("$2") && text.parse::<bcrypt::HashParts>().is_ok() {
            return Some(Self::Bcrypt(text));
        }
        if text.starts_with("$argon2") {
            let hash = PasswordHash::new(text).ok()?;
            return hash.hash.is_some().then_some(Self::Argon2(text));
        }
        None
    }

    fn verify(self, password: &[u8]) -> bool {
        work::count();
        match self {
            Self::Bcrypt(hash) => bcrypt::verify(password, hash).unwrap_or(false),
            Self::Argon2(hash) => Argon2::default().verify_password(password, hash).is_ok(),
        }
    }
}

/// A hash to verify a password against.
pub(super) struct Candidate {
    hash: Vec<u8>,
    counts: bool,
    key: Key,
}

impl Candidate {
    pub fn new(hash: &Secret, counts: bool, key: Key) -> Self {
        Self {
            hash: hash.expose().to_vec(),
            counts,
            key,
        }
    }
}

/// Slow work that tells whether credentials pass.
#[must_use = "nothing is verified until it is done"]
pub struct Hashing {
    candidates: Vec<Candidate>,
    credentials: Credentials,
}

impl Hashing {
    pub(super) fn new(candidates: Vec<Candidate>, credentials: Credentials) -> Self {
        Self {
            candidates,
            credentials,
        }
    }

    /// Does it, for tenths of a second: whether the credentials pass. Where they do, `verified`
    /// will know them.
    pub fn verify(self, verified: &Verified) -> bool {
        let mut passed = false;
        for candidate in &self.candidates {
            let right = Hash::recognise(&candidate.hash)
                .is_some_and(|hash| hash.verify(self.credentials.password()));
            if right & candidate.counts {
                verified.learn(candidate.key);
                passed = true;
            }
        }
        passed
    }
}

impl std::fmt::Debug for Hashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hashing({})", self.candidates.len())
    }
}
