//! What acts on the world: tried as often as the file says, and never again once it is done.

use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, Instant, SystemTime},
};

use serde_json::json;

use super::{
    key::{TRIES, beside},
    pause,
    step::{Done, Fault, Goes},
    walk::{End, Walk},
};
use crate::{
    graph::{Step, StepId},
    model::Retry,
    run::{StepDetail, Value},
};

/// Whether the effect that this is kept of is over by `now`: a wait is kept from its beginning on.
pub fn is_over(kept: &Value, now: SystemTime) -> bool {
    kept.is_object() || pause::from_value(kept) <= now
}

/// A step that acts on the world.
pub(super) trait Act: Sync {
    /// The variable that takes what comes back.
    fn output(&self) -> Option<u32>;

    /// What it does, in a line to be told. Nothing secret may be in it.
    fn title(&self, walk: &Walk<'_>) -> String;

    /// Does it once. `key` is the same each time the same step of the same run is tried.
    fn attempt(
        &self,
        walk: &Walk<'_>,
        key: &str,
    ) -> impl Future<Output = Result<Value, Failure>> + Send;
}

/// Why a try failed.
#[derive(Debug)]
pub(super) struct Failure {
    /// A plain sentence.
    pub message: String,
    /// Whether another try may end otherwise.
    pub is_worth_retrying: bool,
    /// How long the other side asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure that another try may mend.
    pub fn passing(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_worth_retrying: true,
            retry_after: None,
        }
    }

    /// A failure that no other try can mend.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self {
            is_worth_retrying: false,
            ..Self::passing(message)
        }
    }
}

/// What an action came to in the end.
struct Came {
    attempts: u32,
    took: Duration,
    result: Result<Value, String>,
}

/// Takes a step that acts: recalls what it came to, or does it.
pub(super) async fn take(walk: &mut Walk<'_>, id: StepId, step: &Step, action: &impl Act) -> Done {
    let key = walk.key(id);
    let journal = walk.course.journal;
    let came = match journal.recall(&key) {
        Some(kept) => Came::from_value(kept),
        None => match done(walk, &key, step.retry, action).await {
            Ok(came) => {
                journal.keep(key, came.to_value()).await;
                came
            }
            Err(end) => {
                // It can still be told what would have been done.
                let detail = walk.is_detailed().then(|| StepDetail::Effect {
                    action: action.title(walk),
                    attempts: 0,
                    took: Duration::ZERO,
                    output: None,
                });
                return Done {
                    goes: Ok(Goes::Ends(end)),
                    detail,
                };
            }
        },
    };
    let detail = walk.is_detailed().then(|| StepDetail::Effect {
        action: action.title(walk),
        attempts: came.attempts,
        took: came.took,
        output: came.result.as_ref().ok().cloned(),
    });
    let goes = match came.result {
        Ok(value) => {
            if let Some(slot) = action.output() {
                walk.variables[slot as usize] = Some(value);
            }
            Ok(Goes::To(step.next))
        }
        Err(message) => Err(Fault {
            is_spent: true,
            action: Some(action.title(walk)),
            ..Fault::from(message)
        }),
    };
    Done { goes, detail }
}

/// Tries until it succeeds, or may not be tried again.
async fn done(
    walk: &Walk<'_>,
    key: &str,
    retry: Option<Retry>,
    action: &impl Act,
) -> Result<Came, End> {
    let journal = walk.course.journal;
    let tries_key = beside(key, TRIES);
    let mut attempts = 0;
    if let Some(tries) = journal.recall(&tries_key) {
        attempts = tries["attempts"].as_u64().unwrap_or_default() as u32;
        let most = Duration::from_millis(tries["pause_ms"].as_u64().unwrap_or_default());
        if let Some(end) =
            pause::until(walk, &tries_key, pause::from_value(&tries["due"]), most).await
        {
            return Err(end);
        }
    }
    loop {
        attempts += 1;
        let began = Instant::now();
        let tried = tokio::select! {
            // A run that is to end begins nothing; one that is only rehearsed depends on it.
            biased;
            () = journal.cancelled() => return Err(End::Cancelled),
            tried = action.attempt(walk, key) => tried,
        };
        let took = began.elapsed();
        let failure = match tried {
            Ok(value) => {
                return Ok(Came {
                    attempts,
                    took,
                    result: Ok(value),
                });
            }
            Err(failure) => failure,
        };
        let retry = retry.filter(|retry| failure.is_worth_retrying && attempts < retry.attempts);
        let Some(retry) = retry else {
            let message = match attempts {
                1 => failure.message,
                _ => format!("{}, after {attempts} tries", failure.message),
            };
            return Ok(Came {
                attempts,
                took,
                result: Err(message),
            });
        };
        let length = backoff(retry, attempts)
            .max(failure.retry_after.unwrap_or_default())
            .min(retry.max);
        let due = SystemTime::now() + length;
        let tries = json!({
            "attempts": attempts,
            "due": pause::to_value(due),
            "pause_ms": length.as_millis() as u64,
            "error": failure.message,
        });
        journal.keep(tries_key.clone(), tries).await;
        if let Some(end) = pause::until(walk, &tries_key, due, length).await {
            return Err(end);
        }
    }
}

/// How long to wait before the next try: anything up to a bound that doubles each time ("full
/// jitter"), so that those who failed together do not come back together.
fn backoff(retry: Retry, attempts: u32) -> Duration {
    let doubled = 2u32.saturating_pow(attempts.saturating_sub(1));
    let bound = retry.backoff.saturating_mul(doubled).min(retry.max);
    // A fresh state has fresh keys.
    let random = RandomState::new().hash_one(attempts);
    bound.mul_f64(random as f64 / u64::MAX as f64)
}

impl Came {
    fn to_value(&self) -> Value {
        let (word, came) = match &self.result {
            Ok(value) => ("output", value.clone()),
            Err(message) => ("error", Value::from(&**message)),
        };
        json!({
            "attempts": self.attempts,
            "took_us": self.took.as_micros() as u64,
            word: came,
        })
    }

    fn from_value(mut kept: Value) -> Self {
        Self {
            attempts: kept["attempts"].as_u64().unwrap_or(1) as u32,
            took: Duration::from_micros(kept["took_us"].as_u64().unwrap_or_default()),
            result: match kept["error"].as_str() {
                Some(message) => Err(message.to_owned()),
                None => Ok(kept["output"].take()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_anything_up_to_a_bound_that_doubles_up_to_the_longest() {
        let retry = Retry {
            attempts: 9,
            backoff: Duration::from_secs(2),
            max: Duration::from_secs(60),
        };
        for (attempts, bound) in [(1, 2), (2, 4), (5, 32), (6, 60), (100, 60)] {
            let pauses = (0..200).map(|_| backoff(retry, attempts));
            let longest = pauses.max().unwrap();
            assert!(longest <= Duration::from_secs(bound), "{longest:?}");
            assert!(longest > Duration::from_secs(bound) / 2, "{longest:?}");
        }
    }

    #[test]
    fn what_an_action_came_to_is_recalled_as_it_was_kept() {
        for result in [Ok(json!({"status": 200})), Err("no".to_owned())] {
            let came = Came {
                attempts: 3,
                took: Duration::from_micros(1_500),
                result: result.clone(),
            };
            let again = Came::from_value(came.to_value());
            assert_eq!(
                (again.attempts, again.took, again.result),
                (3, came.took, result)
            );
        }
    }
}
