use std::time::{Duration, Instant, SystemTime};

/// When it is `until`, or `most` is over, told by the clock that nobody sets: from here on, a wall
/// clock that jumps moves nothing.
pub(super) fn deadline(
    until: SystemTime,
    wall: SystemTime,
    most: Duration,
    now: Instant,
) -> Instant {
    /// A time that does not come.
    const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    let left = until.duration_since(wall).unwrap_or(Duration::ZERO);
    now + left.min(most).min(NEVER)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::run::from_millis;

    #[test]
    fn a_deadline_is_as_far_as_the_wall_clock_says_when_it_is_made() {
        let now = Instant::now();
        let wall = UNIX_EPOCH + Duration::from_secs(1_000_000);
        let hour = Duration::from_secs(3600);
        let deadline = |until, most| deadline(until, wall, most, now);
        assert_eq!(deadline(wall + hour, Duration::MAX), now + hour);
        assert_eq!(deadline(wall - hour, Duration::MAX), now);
        assert!(deadline(from_millis(i64::MAX), Duration::MAX) > now + 10_000 * hour);
        assert_eq!(
            deadline(wall + hour, hour / 2),
            now + hour / 2,
            "it was set back"
        );
    }
}
