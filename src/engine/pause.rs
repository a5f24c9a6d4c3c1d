//! Waiting: in memory where it is short, put aside where it is long.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::walk::{End, Walk};
use crate::run::Value;

/// What is shorter is not worth walking the run again for.
const SHORT: Duration = Duration::from_secs(2);

/// Waits until `due`, but no longer than `most`, whatever has become of the clock meanwhile. An
/// end where the run does not go on from here.
pub(super) async fn until(walk: &Walk<'_>, due: SystemTime, most: Duration) -> Option<End> {
    let left = due
        .duration_since(SystemTime::now())
        .unwrap_or_default()
        .min(most);
    if left.is_zero() {
        return None;
    }
    let park = async {
        if !walk.may_park || left < SHORT {
            tokio::time::sleep(left).await;
            return None;
        }
        Some(End::Parked(due))
    };
    tokio::select! {
        // A run that is to end is not put aside first.
        biased;
        () = walk.course.journal.cancelled() => Some(End::Cancelled),
        end = park => end,
    }
}

/// A moment as a journal keeps it: in milliseconds since 1970.
pub(super) fn to_value(due: SystemTime) -> Value {
    let since = due.duration_since(UNIX_EPOCH).unwrap_or_default();
    Value::from(since.as_millis() as u64)
}

/// The moment that was kept; one long ago where it is none.
pub(super) fn from_value(value: &Value) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(value.as_u64().unwrap_or_default())
}
