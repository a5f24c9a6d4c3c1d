//! Waiting: in memory where it is short, put aside where it is long.

use std::time::{Duration, SystemTime};

use super::{
    key::{OVER, beside},
    walk::{End, Walk},
};
use crate::run::{Value, from_millis, millis_not_before};

/// What is shorter is not worth walking the run again for.
const SHORT: Duration = Duration::from_secs(2);

/// What moments are kept to.
const PRECISION: Duration = Duration::from_millis(1);

/// Time that a run has nothing to do in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pause {
    /// When it is over, by the wall clock; no more than a millisecond is told apart.
    pub due: SystemTime,
    /// How long that is. A wall clock that is set back makes it no longer.
    pub wait: Duration,
}

/// Waits until `due`, but no longer than `most`, whatever has become of the clock meanwhile. What
/// is waited for has its `key`. An end where the run does not go on from here.
pub(super) async fn until(
    walk: &Walk<'_>,
    key: &str,
    due: SystemTime,
    most: Duration,
) -> Option<End> {
    // As it will be recalled.
    let kept = to_value(due);
    let due = from_value(&kept);
    let left = || due.duration_since(SystemTime::now()).unwrap_or_default();
    if left().is_zero() {
        return None;
    }
    let journal = walk.course.journal;
    let over_key = beside(key, OVER);
    if journal.recall(&over_key).as_ref() == Some(&kept) {
        return None;
    }
    // A run that is to end is neither put aside first, nor has it waited.
    if journal.is_cancelled() {
        return Some(End::Cancelled);
    }
    if !journal.has_waited(due) {
        let wait = left().min(most);
        if walk.may_park && wait >= SHORT {
            return Some(End::Parked(Pause { due, wait }));
        }
        tokio::select! {
            // What is kept was rounded up, and the clock is as it was where no more than that is left.
            () = tokio::time::sleep(left().min(most + PRECISION)) => {}
            () = journal.cancelled() => return Some(End::Cancelled),
        }
    }
    if !left().is_zero() {
        // The clock was set back. The run may be put aside again, and is not to wait here again.
        journal.keep(over_key, kept).await;
    }
    None
}

/// A moment as a journal keeps it: in milliseconds since 1970, and not before the moment.
pub(super) fn to_value(due: SystemTime) -> Value {
    millis_not_before(due).into()
}

/// The moment that was kept; one long ago where it is none.
pub(super) fn from_value(value: &Value) -> SystemTime {
    from_millis(value.as_i64().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_moment_that_is_kept_is_never_early_and_stays_the_same() {
        let at = UNIX_EPOCH + Duration::from_nanos(1_000_001);
        let kept = from_value(&to_value(at));
        assert_eq!(kept, UNIX_EPOCH + Duration::from_millis(2));
        assert_eq!(from_value(&to_value(kept)), kept);
    }
}
