use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use super::from_millis;

/// A run's id: a UUIDv7 (RFC 9562), so that ids sort by the time they were made, those of one
/// millisecond by their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RunId(uuid::Uuid);

impl RunId {
    /// A fresh id for something that happened at `now`.
    ///
    /// Unique, not secret: the random part is a keyed hash of a counter, which costs a request
    /// no system call.
    pub fn new(now: SystemTime) -> Self {
        static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static COUNTER: AtomicU64 = AtomicU64::new(0);

        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 10];
        // The counter puts ids of one process in order, around the bits that say what id it is; the
        // hash tells those of different ones apart.
        random[0] = (count >> 22) as u8 & 0x0f;
        random[1] = (count >> 14) as u8;
        random[2] = (count >> 8) as u8 & 0x3f;
        random[3] = count as u8;
        random[4..].copy_from_slice(&KEY.hash_one(count).to_le_bytes()[..6]);
        let millis = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as u64);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// When it was made, to the millisecond.
    pub fn made_at(&self) -> SystemTime {
        let millis = (self.0.as_u128() >> 80) as i64;
        from_millis(millis)
    }

    /// The id with these bits.
    pub fn from_u128(bits: u128) -> Self {
        Self(uuid::Uuid::from_u128(bits))
    }

    /// The id that is written like this; `None` where none is.
    pub fn parse(text: &str) -> Option<Self> {
        uuid::Uuid::try_parse(text).ok().map(Self)
    }

    /// The last eight characters: enough to tell neighbours apart on a screen.
    pub fn short(&self) -> String {
        let text = self.to_string();
        text[text.len() - 8..].to_owned()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_ids_of_one_millisecond_are_in_the_order_they_were_made_in() {
        let now = SystemTime::now();
        let ids: Vec<_> = (0..1_000_000).map(|_| RunId::new(now)).collect();
        assert!(ids.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn an_id_is_a_version_7_uuid_of_its_time() {
        let id = RunId::new(UNIX_EPOCH + std::time::Duration::from_millis(0x0123_4567_89ab));
        assert!(id.to_string().starts_with("01234567-89ab-7"), "{id}");
        assert_eq!(id.made_at(), from_millis(0x0123_4567_89ab));
        assert_eq!(id.short().len(), 8);
        assert_eq!(RunId::parse(&id.to_string()), Some(id));
        assert_eq!(RunId::parse("order A-1"), None);
    }
}
