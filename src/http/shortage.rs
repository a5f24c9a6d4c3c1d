use std::{
    io,
    time::{Duration, Instant},
};

/// How long connections must be accepted before that is said: with each that is closed there is
/// room for one more.
const WELL: Duration = Duration::from_secs(5);

/// A time in which connections cannot be accepted, as often as strangers like: what is to be told
/// of it, as it begins and as it is over.
#[derive(Debug, Default)]
pub(super) struct Shortage {
    /// The number of what the system said, as it was told, while it lasts.
    told: Option<i32>,
    failures: u64,
    well_since: Option<Instant>,
}

impl Shortage {
    /// Takes in that one could not be accepted. Whether that is news.
    pub fn failed(&mut self, error: &io::Error) -> bool {
        self.failures += 1;
        self.well_since = None;
        let number = error.raw_os_error().unwrap_or_default();
        self.told.replace(number) != Some(number)
    }

    /// Takes in that one was accepted.
    pub fn accepted(&mut self, now: Instant) {
        if self.told.is_some() {
            self.well_since.get_or_insert(now);
        }
    }

    /// How often it failed, once, where it is over.
    pub fn over(&mut self, now: Instant) -> Option<u64> {
        let well_since = self.well_since?;
        (now.duration_since(well_since) >= WELL).then(|| std::mem::take(self).failures)
    }
}

#[cfg(test)]
mod tests {
    use rustix::io::Errno;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(1);

    #[test]
    fn the_same_error_is_news_once_though_some_are_accepted_in_between() {
        let start = Instant::now();
        let mut shortage = Shortage::default();
        let mut news = Vec::new();
        for _ in 0..3 {
            news.push(shortage.failed(&Errno::MFILE.into()));
            shortage.accepted(start);
        }
        news.push(shortage.failed(&Errno::NFILE.into()));
        assert_eq!(news, [true, false, false, true]);
    }

    #[test]
    fn it_is_over_once_all_went_well_for_a_while_and_may_begin_anew() {
        let start = Instant::now();
        let mut shortage = Shortage::default();
        shortage.accepted(start);
        assert_eq!(shortage.over(start + WELL), None, "it never began");
        shortage.failed(&Errno::MFILE.into());
        shortage.accepted(start);
        shortage.failed(&Errno::MFILE.into());
        assert_eq!(shortage.over(start + WELL), None, "it failed again");
        shortage.accepted(start + WELL);
        shortage.accepted(start + WELL + MOMENT);
        assert_eq!(
            shortage.over(start + WELL + WELL - MOMENT),
            None,
            "too soon"
        );
        assert_eq!(shortage.over(start + WELL + WELL), Some(2));
        assert_eq!(shortage.over(start + WELL + WELL), None, "it was told");
        assert!(shortage.failed(&Errno::MFILE.into()));
    }
}
