use std::time::{Duration, SystemTime};

use crate::run::{duration_text, from_millis, millis, timestamp};

/// A time that can be added to the clock.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    match humantime::parse_duration(text) {
        Ok(duration) if duration > LONGEST => Err("it is at most 365 days".to_owned()),
        Ok(duration) => Ok(duration),
        Err(_) => Err("say how long, as in `90s`, `30m`, `2h` or `7d`".to_owned()),
    }
}

/// So long ago, in milliseconds since 1970.
pub(super) fn ago(age: Duration) -> i64 {
    SystemTime::now().checked_sub(age).map_or(i64::MIN, millis)
}

/// A moment as it is listed, in UTC: `2026-11-24 08:24:45`.
pub(super) fn moment(millis: i64) -> String {
    let text = timestamp(from_millis(millis));
    text[.."2026-11-24T08:24:45".len()].replacen('T', " ", 1)
}

/// A length of time, in microseconds, as it is told everywhere.
pub(super) fn took(micros: u64) -> String {
    duration_text(Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_length_of_time_is_told_what_one_looks_like() {
        for text in ["tomorrow", "1x", "", "7"] {
            let why = duration(text).unwrap_err();
            assert_eq!(why, "say how long, as in `90s`, `30m`, `2h` or `7d`");
        }
        assert_eq!(duration("366d").unwrap_err(), "it is at most 365 days");
        assert_eq!(duration("7d").unwrap(), Duration::from_secs(7 * 86_400));
    }

    #[test]
    fn a_moment_is_told_to_the_second() {
        assert_eq!(moment(1_795_508_685_123), "2026-11-24 08:24:45");
    }
}
