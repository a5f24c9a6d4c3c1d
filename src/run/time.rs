use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A time as RFC 3339 writes it, in UTC, to the millisecond: `2026-11-24T03:04:05.678Z`.
pub fn timestamp(at: SystemTime) -> String {
    // The formatter gives up on times before 1970 and after 9999, which only a broken clock tells.
    let latest = UNIX_EPOCH + Duration::from_secs(253_402_300_799);
    humantime::format_rfc3339_millis(at.clamp(UNIX_EPOCH, latest)).to_string()
}

/// Longer than anybody waits, and far from where adding to the clock fails: 365 days.
pub const LONGEST_DURATION: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `500ms`, `10s`, `5m`, `2h`, `3d`, and sums of them: `1h 30m`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    humantime::parse_duration(text).ok()
}
