use std::time::Duration;

/// What the time of a durable run went to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Spent {
    /// It waited for its turn: from its acceptance, and again each time that it was to go on.
    pub waited: Duration,
    /// It was parked: put aside by a `delay`, or until its next try.
    pub parked: Duration,
    /// Its steps were walked.
    pub ran: Duration,
}

impl Spent {
    /// Whether it was walked for so little of its time that the whole of it says something else.
    pub fn was_mostly_idle(&self) -> bool {
        self.waited + self.parked > self.ran
    }

    /// In words: `waited 9.95s, parked 5m00s, ran 17µs`.
    pub fn told(&self, time: impl Fn(Duration) -> String) -> String {
        let mut told = String::new();
        for (word, spent) in [("waited", self.waited), ("parked", self.parked)] {
            if !spent.is_zero() {
                told += &format!("{word} {}, ", time(spent));
            }
        }
        told + "ran " + &time(self.ran)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_no_time_is_not_told() {
        let seconds = |waited, parked, ran| Spent {
            waited: Duration::from_secs(waited),
            parked: Duration::from_secs(parked),
            ran: Duration::from_secs(ran),
        };
        for (spent, told, was_idle) in [
            (seconds(1, 2, 3), "waited 1s, parked 2s, ran 3s", false),
            (seconds(0, 2, 1), "parked 2s, ran 1s", true),
            (seconds(0, 0, 0), "ran 0s", false),
        ] {
            let time = |time: Duration| format!("{}s", time.as_secs());
            assert_eq!(
                (&*spent.told(time), spent.was_mostly_idle()),
                (told, was_idle)
            );
        }
    }
}
