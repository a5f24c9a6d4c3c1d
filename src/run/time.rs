use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A time as RFC 3339 writes it, in UTC, to the millisecond: `2026-11-24T03:04:05.678Z`.
pub fn timestamp(at: SystemTime) -> String {
    // The formatter gives up on times before 1970 and after 9999, which only a broken clock tells.
    let latest = UNIX_EPOCH + Duration::from_secs(253_402_300_799);
    humantime::format_rfc3339_millis(at.clamp(UNIX_EPOCH, latest)).to_string()
}
