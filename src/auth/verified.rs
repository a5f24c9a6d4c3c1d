use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest, Sha256};

use super::random;

/// How many are remembered; the oldest make room.
const MOST: usize = 1_024;

/// A digest of a hash and of credentials that it may or may not verify.
pub(super) type Key = [u8; 32];

/// Which credentials have passed which hash, so that the slow work is done once. Neither is kept:
/// only digests under a key that this process alone has, and never writes down. They outlive a
/// reload: a hash that went is asked for no more, and one that stayed need not be hashed again by
/// everybody at once.
pub struct Verified {
    secret: [u8; 32],
    passed: Mutex<Passed>,
}

#[derive(Default)]
struct Passed {
    keys: HashSet<Key>,
    by_age: VecDeque<Key>,
}

impl Verified {
    /// Knows none.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn new() -> std::io::Result<Self> {
        let mut secret = [0; 32];
        random(&mut secret)?;
        Ok(Self {
            secret,
            passed: Mutex::default(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.passed().by_age.len()
    }

    pub(super) fn key(&self, hash: &[u8], credentials: &[u8]) -> Key {
        // The length keeps the border between the two where it is.
        Sha256::new()
            .chain_update(self.secret)
            .chain_update((hash.len() as u64).to_le_bytes())
            .chain_update(hash)
            .chain_update(credentials)
            .finalize()
            .into()
    }

    pub(super) fn knows(&self, key: &Key) -> bool {
        self.passed().keys.contains(key)
    }

    pub(super) fn learn(&self, key: Key) {
        let mut passed = self.passed();
        if !passed.keys.insert(key) {
            return;
        }
        passed.by_age.push_back(key);
        if passed.by_age.len() > MOST
            && let Some(oldest) = passed.by_age.pop_front()
        {
            passed.keys.remove(&oldest);
        }
    }

    fn passed(&self) -> MutexGuard<'_, Passed> {
        // Nothing in here can panic halfway through a change.
        self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verified({})", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_make_room() {
        let verified = Verified::new().unwrap();
        let key = |i: usize| verified.key(b"hash", &i.to_le_bytes());
        for i in 0..MOST + 10 {
            verified.learn(key(i));
            verified.learn(key(i));
        }
        assert_eq!(verified.len(), MOST);
        assert!(!verified.knows(&key(9)) && verified.knows(&key(10)));
    }

    #[test]
    fn keys_differ_by_process_and_by_the_border_between_hash_and_credentials() {
        let (one, other) = (Verified::new().unwrap(), Verified::new().unwrap());
        assert_ne!(one.key(b"a", b"b"), other.key(b"a", b"b"));
        assert_ne!(one.key(b"ab", b"c"), one.key(b"a", b"bc"));
    }
}
