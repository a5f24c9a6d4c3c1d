use std::time::{Duration, Instant, SystemTime};

use serde_json::json;

use crate::{
    engine,
    queue::Claim,
    run::{Spent, Value, from_millis, micros, millis},
};

/// Keeps account of what a durable run's time goes to, over all of its lives.
#[derive(Debug)]
pub(super) struct Account {
    /// Up to this life.
    before: Spent,
    began: Instant,
}

impl Account {
    /// Goes on with the account of a run that is walked from here on. `None` where a life of it was
    /// interrupted, which nobody kept account of.
    pub fn open(claim: &Claim) -> Option<Self> {
        let now = SystemTime::now();
        let before = match claim.recall(engine::SPENT) {
            _ if claim.interruptions > 0 => return None,
            Some(kept) => resumed(kept, now)?,
            None => Spent {
                // What goes on below an answer was accepted later than its request came.
                waited: since(
                    claim.entry.id.made_at().max(claim.entry.request.received),
                    now,
                ),
                ..Spent::default()
            },
        };
        Some(Self {
            before,
            began: Instant::now(),
        })
    }

    /// What the time went to up to now.
    pub fn spent(&self) -> Spent {
        Spent {
            ran: self.before.ran + self.began.elapsed(),
            ..self.before
        }
    }

    /// Keeps it for the next life of the run, which is parked until `due`, or waits again.
    pub async fn keep(&self, claim: &Claim, due: Option<SystemTime>) {
        claim
            .keep(engine::SPENT, kept(self.spent(), SystemTime::now(), due))
            .await;
    }
}

fn kept(spent: Spent, at: SystemTime, due: Option<SystemTime>) -> Value {
    json!({
        "waited_us": micros(spent.waited),
        "parked_us": micros(spent.parked),
        "ran_us": micros(spent.ran),
        "at_ms": millis(at),
        "due_ms": due.map(millis),
    })
}

/// What was kept, and what has passed since.
fn resumed(kept: &Value, now: SystemTime) -> Option<Spent> {
    let time = |name: &str| kept[name].as_u64().map(Duration::from_micros);
    let at = from_millis(kept["at_ms"].as_i64()?);
    let idle = since(at, now);
    let parked = match kept["due_ms"].as_i64() {
        Some(due) => idle.min(since(at, from_millis(due))),
        None => Duration::ZERO,
    };
    Some(Spent {
        waited: time("waited_us")? + (idle - parked),
        parked: time("parked_us")? + parked,
        ran: time("ran_us")?,
    })
}

/// No time where the clock was set back.
fn since(then: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(then).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn what_passes_between_two_lives_was_parked_until_it_was_due_and_waited_from_there() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let spent = |waited, parked, ran| Spent {
            waited: Duration::from_secs(waited),
            parked: Duration::from_secs(parked),
            ran: Duration::from_secs(ran),
        };
        for (due, now, expected) in [
            (Some(130), 137, spent(8, 32, 3)),
            (Some(130), 110, spent(1, 12, 3)),
            (None, 110, spent(11, 2, 3)),
            (Some(130), 90, spent(1, 2, 3)),
        ] {
            let kept = kept(spent(1, 2, 3), at(100), due.map(at));
            assert_eq!(resumed(&kept, at(now)), Some(expected), "{due:?} {now}");
        }
    }
}
