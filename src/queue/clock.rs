use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A wall-clock time in milliseconds since 1970.
pub(super) fn millis(at: SystemTime) -> i64 {
    match at.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis)
        }
    }
}

/// The first of them that is not before a time.
pub(super) fn millis_not_before(at: SystemTime) -> i64 {
    const ALMOST: Duration = Duration::from_nanos(999_999);
    at.checked_add(ALMOST).map_or(i64::MAX, millis)
}

/// The time that is so many milliseconds after 1970.
pub(super) fn from_millis(millis: i64) -> SystemTime {
    let distance = Duration::from_millis(millis.unsigned_abs());
    let at = if millis < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    at.unwrap_or(UNIX_EPOCH)
}

/// When it is `until`, told by the clock that nobody sets: from here on, a wall clock that jumps
/// moves nothing.
pub(super) fn deadline(until: SystemTime, wall: SystemTime, now: Instant) -> Instant {
    /// A time that does not come.
    const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    let left = until.duration_since(wall).unwrap_or(Duration::ZERO);
    now + left.min(NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_as_far_as_the_wall_clock_says_when_it_is_made() {
        let now = Instant::now();
        let wall = UNIX_EPOCH + Duration::from_secs(1_000_000);
        let hour = Duration::from_secs(3600);
        assert_eq!(deadline(wall + hour, wall, now), now + hour);
        assert_eq!(deadline(wall - hour, wall, now), now);
        assert!(deadline(from_millis(i64::MAX), wall, now) > now + 10_000 * hour);
    }

    #[test]
    fn what_is_due_is_never_early() {
        let at = UNIX_EPOCH + Duration::from_nanos(1_000_001);
        assert_eq!((millis(at), millis_not_before(at)), (1, 2));
        assert_eq!(millis_not_before(from_millis(2)), 2);
    }

    #[test]
    fn milliseconds_lead_back_to_their_time() {
        for millis_since in [0, 1, 1_795_000_000_123, -5] {
            assert_eq!(millis(from_millis(millis_since)), millis_since);
        }
    }
}
