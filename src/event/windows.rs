/// How many runs passed somewhere, and how many of those ended in an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Passed {
    /// How many.
    pub runs: u64,
    /// How many of them failed, were over their time, cancelled or left dead.
    pub errors: u64,
}

/// The same within the last minute, hour and day, as far back as the server has counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Windows {
    /// This second and the 59 before.
    pub minute: Passed,
    /// This minute and the 59 before.
    pub hour: Passed,
    /// This hour and the 23 before.
    pub day: Passed,
}

/// What passed in each second of the last minute, each minute of the last hour, and each hour of
/// the last day.
#[derive(Debug)]
pub(super) struct Series {
    /// All that passed, as of the last look.
    seen: Passed,
    seconds: Ring<60>,
    minutes: Ring<60>,
    hours: Ring<24>,
}

/// The last so many periods of a length.
#[derive(Debug)]
struct Ring<const N: usize> {
    slots: [Passed; N],
    /// The period that goes on now, counted from the start.
    at: u64,
}

impl Passed {
    /// Which share of them ended in an error; nothing where there were none.
    pub fn share(self) -> Option<f64> {
        (self.runs > 0).then(|| self.errors as f64 / self.runs as f64)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            runs: self.runs + other.runs,
            errors: self.errors + other.errors,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            runs: self.runs.saturating_sub(other.runs),
            errors: self.errors.saturating_sub(other.errors),
        }
    }
}

impl Series {
    pub fn new() -> Self {
        Self {
            seen: Passed::default(),
            seconds: Ring::new(),
            minutes: Ring::new(),
            hours: Ring::new(),
        }
    }

    /// Takes in that so much had passed in all by that second since the start.
    pub fn advance(&mut self, second: u64, all: Passed) {
        let new = all.minus(self.seen);
        self.seen = all;
        self.seconds.add(second, new);
        self.minutes.add(second / 60, new);
        self.hours.add(second / 3_600, new);
    }

    pub fn windows(&self) -> Windows {
        Windows {
            minute: self.seconds.sum(),
            hour: self.minutes.sum(),
            day: self.hours.sum(),
        }
    }
}

impl<const N: usize> Ring<N> {
    fn new() -> Self {
        Self {
            slots: [Passed::default(); N],
            at: 0,
        }
    }

    fn add(&mut self, period: u64, new: Passed) {
        // What lies a whole round back is over, too.
        let over = period.saturating_sub(self.at).min(N as u64);
        for back in 0..over {
            self.slots[((period - back) % N as u64) as usize] = Passed::default();
        }
        self.at = self.at.max(period);
        let slot = &mut self.slots[(self.at % N as u64) as usize];
        *slot = slot.plus(new);
    }

    fn sum(&self) -> Passed {
        self.slots
            .iter()
            .fold(Passed::default(), |sum, slot| sum.plus(*slot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(windows: Windows) -> [u64; 3] {
        [windows.minute.runs, windows.hour.runs, windows.day.runs]
    }

    #[test]
    fn what_passed_leaves_the_minute_then_the_hour_then_the_day() {
        let mut series = Series::new();
        let passed = |runs| Passed { runs, errors: 0 };
        for (second, all, counted) in [
            (10, 5, [5, 5, 5]),
            (69, 7, [7, 7, 7]),
            (70, 7, [2, 7, 7]),
            (129, 7, [0, 7, 7]),
            (3_599, 7, [0, 7, 7]),
            (3_600, 7, [0, 2, 7]),
            (3_700, 8, [1, 1, 8]),
            (86_399, 8, [0, 0, 8]),
            (86_400, 8, [0, 0, 1]),
            (900_000, 9, [1, 1, 1]),
        ] {
            series.advance(second, passed(all));
            assert_eq!(runs(series.windows()), counted, "{second}");
        }
    }

    #[test]
    fn nothing_is_counted_twice_however_often_it_is_looked_at() {
        let mut series = Series::new();
        let all = Passed { runs: 3, errors: 1 };
        for second in [0, 0, 1, 1, 2] {
            series.advance(second, all);
        }
        assert_eq!(
            series.windows(),
            Windows {
                minute: all,
                hour: all,
                day: all
            }
        );
        assert_eq!(all.share(), Some(1.0 / 3.0));
        assert_eq!(Passed::default().share(), None);
    }
}
