use std::time::Duration;

/// When things happened on a server, by its own clock, and laid on that of whoever hears of them:
/// what is heard late did not happen late.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Timeline {
    /// A moment on this line, and for how long the server had served then.
    anchor: Option<(Duration, Duration)>,
    /// For how long it had served when it was heard of last.
    last: Duration,
    /// By how much this line is ahead of the clock here: the first that was heard may have been
    /// late itself.
    ahead: Duration,
}

impl Timeline {
    /// When that was heard of now which happened when the server had served for so long.
    pub(super) fn place(&mut self, uptime: Option<Duration>, now: Duration) -> Duration {
        let here = self.at(now);
        let Some(uptime) = uptime else {
            return here;
        };
        let place = match self.anchor {
            // A clock that does not go on is another server's.
            Some((at, served)) if uptime > self.last => at + (uptime - served),
            _ => {
                self.anchor = Some((here, uptime));
                here
            }
        };
        self.last = uptime;
        self.ahead = self.ahead.max(place.saturating_sub(now));
        place
    }

    /// A moment of the clock here.
    pub(super) fn at(&self, now: Duration) -> Duration {
        now + self.ahead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_is_heard_late_is_placed_when_it_happened() {
        let mut line = Timeline::default();
        for uptime in [100, 101, 102] {
            let now = seconds(uptime - 90);
            assert_eq!(line.place(Some(seconds(uptime)), now), now);
        }
        for uptime in [103, 104, 120] {
            let place = line.place(Some(seconds(uptime)), seconds(30));
            assert_eq!(place, seconds(uptime - 90));
        }
        assert_eq!(line.at(seconds(31)), seconds(31));
    }

    #[test]
    fn what_is_heard_all_at_once_is_as_long_as_it_was() {
        let mut line = Timeline::default();
        let places = [7, 8, 27].map(|uptime| line.place(Some(seconds(uptime)), seconds(1)));
        assert_eq!(places, [seconds(1), seconds(2), seconds(21)]);
        assert_eq!(line.at(seconds(1)), seconds(21));
    }

    #[test]
    fn a_server_that_started_anew_goes_on_from_now() {
        let mut line = Timeline::default();
        line.place(Some(seconds(100)), seconds(10));
        assert_eq!(line.place(Some(seconds(1)), seconds(15)), seconds(15));
        assert_eq!(line.place(Some(seconds(2)), seconds(16)), seconds(16));
        assert_eq!(line.place(None, seconds(17)), seconds(17));
    }
}
