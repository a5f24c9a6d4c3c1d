use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A time as RFC 3339 writes it, in UTC, to the millisecond: `2026-11-24T03:04:05.678Z`.
pub fn timestamp(at: SystemTime) -> String {
    // The formatter gives up on times before 1970 and after 9999, which only a broken clock tells.
    let latest = UNIX_EPOCH + Duration::from_secs(253_402_300_799);
    humantime::format_rfc3339_millis(at.clamp(UNIX_EPOCH, latest)).to_string()
}

/// The same for people: `2026-11-24 03:04:05.678 UTC`.
pub fn timestamp_shown(at: SystemTime) -> String {
    timestamp(at).replace('T', " ").replace('Z', " UTC")
}

/// The time that [`timestamp`] wrote like this; `None` where it is none.
pub fn parse_timestamp(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(text).ok()
}

/// Longer than anybody waits, and far from where adding to the clock fails: 365 days.
pub const LONGEST_DURATION: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `500ms`, `10s`, `5m`, `2h`, `3d`, and sums of them: `1h 30m`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    humantime::parse_duration(text).ok()
}

/// A duration to three digits: `12µs`, `1.23ms`, `45.6ms`, `7.89s`, `2m03s`. At most six columns
/// up to 99 hours.
pub fn duration_text(time: Duration) -> String {
    let micros = time.as_micros();
    if micros < 1_000 {
        return format!("{micros}µs");
    }
    // Cut, not rounded, so that nothing becomes 1000ms.
    let digits = |thousandths: u128, unit: &str| match thousandths {
        0..10_000 => format!(
            "{}.{:02}{unit}",
            thousandths / 1_000,
            thousandths % 1_000 / 10
        ),
        10_000..100_000 => format!(
            "{}.{}{unit}",
            thousandths / 1_000,
            thousandths % 1_000 / 100
        ),
        _ => format!("{}{unit}", thousandths / 1_000),
    };
    let seconds = time.as_secs();
    match seconds {
        0 => digits(micros, "ms"),
        1..60 => digits(time.as_millis(), "s"),
        60..3_600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3_600, seconds / 60 % 60),
    }
}

/// A wall-clock time in milliseconds since 1970.
pub fn millis(at: SystemTime) -> i64 {
    match at.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis)
        }
    }
}

/// The microseconds of a length of time.
pub fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The first millisecond since 1970 that is not before a time: what is due then is never early.
pub fn millis_not_before(at: SystemTime) -> i64 {
    const ALMOST: Duration = Duration::from_nanos(999_999);
    at.checked_add(ALMOST).map_or(i64::MAX, millis)
}

/// The time that is so many milliseconds after 1970.
pub fn from_millis(millis: i64) -> SystemTime {
    let distance = Duration::from_millis(millis.unsigned_abs());
    let at = if millis < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    at.unwrap_or(UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_lead_back_to_their_time() {
        let at = from_millis(1_795_000_000_123);
        assert_eq!(parse_timestamp(&timestamp(at)), Some(at));
        assert_eq!(parse_timestamp("yesterday"), None);
    }

    #[test]
    fn milliseconds_lead_back_to_their_time() {
        for millis_since in [0, 1, 1_795_000_000_123, -5] {
            assert_eq!(millis(from_millis(millis_since)), millis_since);
        }
    }

    #[test]
    fn durations_have_three_digits() {
        for (micros, shown) in [
            (0, "0µs"),
            (999, "999µs"),
            (1_000, "1.00ms"),
            (45_678, "45.6ms"),
            (999_999, "999ms"),
            (1_000_000, "1.00s"),
            (59_999_999, "59.9s"),
            (123_000_000, "2m03s"),
            (7_260_000_000, "2h01m"),
        ] {
            assert_eq!(duration_text(Duration::from_micros(micros)), shown);
        }
    }

    #[test]
    fn what_is_due_is_never_early() {
        let at = UNIX_EPOCH + Duration::from_nanos(1_000_001);
        assert_eq!((millis(at), millis_not_before(at)), (1, 2));
        assert_eq!(millis_not_before(from_millis(2)), 2);
    }
}
