use std::{collections::VecDeque, sync::Arc, time::Duration};

use super::{Ended, Moment, Percentiles, timeline::Timeline};
use crate::{event::TallySnapshot, run::Outcome};

const SECOND: Duration = Duration::from_secs(1);
/// What the present rate is measured over: one burst of webhooks should not flicker by.
const NOW: Duration = Duration::from_secs(3);
/// Counters that are further apart say nothing of the single seconds between them; they are told
/// several times a second.
const APART: u64 = 3;

/// How much, how fast and how well: differences of snapshots.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    // The first snapshot of every second of the last minute, oldest first.
    marks: VecDeque<(Duration, Arc<TallySnapshot>)>,
    // How many had ended by each second of the last quarter of an hour: more than that is too
    // much to keep of it.
    totals: VecDeque<(Duration, u64)>,
    latest: Option<(Duration, Arc<TallySnapshot>)>,
    timeline: Timeline,
}

/// What became of the requests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shares {
    /// How many failed, timed out, were cancelled or are dead.
    pub failed: u64,
    /// How many were refused before they became a run.
    pub refused: u64,
    /// How many there were in all.
    pub of: u64,
}

impl Rates {
    /// How many seconds are looked back.
    pub const SECONDS: usize = 60;
    /// Over how many seconds it is known how many requests ended.
    pub const HISTORY: usize = 15 * 60;

    /// Takes in a snapshot that was heard of at `now`.
    pub fn take(&mut self, snapshot: &Arc<TallySnapshot>, now: Moment) {
        let uptime = snapshot.process.map(|process| process.uptime);
        let now = self.timeline.place(uptime, now.steady);
        let whole = Duration::from_secs(now.as_secs());
        if self.totals.back().is_none_or(|(at, _)| whole > *at) {
            self.marks.push_back((whole, Arc::clone(snapshot)));
            self.totals.push_back((whole, total(snapshot)));
        }
        let oldest = |seconds: usize| now.saturating_sub(SECOND * (seconds as u32 + 1));
        let (mark, total) = (oldest(Self::SECONDS), oldest(Self::HISTORY));
        while self.marks.front().is_some_and(|(at, _)| *at < mark) {
            self.marks.pop_front();
        }
        while self.totals.front().is_some_and(|(at, _)| *at < total) {
            self.totals.pop_front();
        }
        self.latest = Some((now, Arc::clone(snapshot)));
    }

    /// The counters as they were heard of last.
    pub fn latest(&self) -> Option<&TallySnapshot> {
        self.latest.as_ref().map(|(_, snapshot)| &**snapshot)
    }

    /// How many requests ended in each of the last so many bars of whole `seconds`, oldest first;
    /// nothing where nobody knows, since the counters were not heard of.
    pub fn bars(&self, bars: usize, seconds: usize, now: Moment) -> Vec<Option<u64>> {
        let all = self.per_second(bars * seconds, now);
        let bar = |counts: &[Option<u64>]| {
            let known = counts.iter().flatten().count() as u64;
            let sum: u64 = counts.iter().flatten().sum();
            // What is known of the time stands for the rest of it.
            (known > 0).then(|| sum * counts.len() as u64 / known)
        };
        all.chunks(seconds.max(1)).map(bar).collect()
    }

    fn per_second(&self, seconds: usize, now: Moment) -> Vec<Option<u64>> {
        let end = self.timeline.at(now.steady).as_secs();
        let mut counts = vec![Some(0); seconds];
        for ((from, before), (to, after)) in self.totals.iter().zip(self.totals.iter().skip(1)) {
            let (from, to) = (from.as_secs(), to.as_secs());
            let count = after.saturating_sub(*before);
            let apart = to - from;
            for second in from..to {
                // For the second that began then; the one that runs now is not shown.
                if let Some(back) = end.checked_sub(second + 1)
                    && let Some(place) = seconds.checked_sub(back as usize + 1)
                {
                    let of = |part: u64| count * part / apart;
                    let part = second - from;
                    counts[place] = (apart < APART).then(|| of(part + 1) - of(part));
                }
            }
        }
        counts
    }

    /// Requests a second at present.
    pub fn now(&self) -> Option<f64> {
        let (at, latest) = self.latest.as_ref()?;
        let (since, before) = self
            .marks
            .iter()
            .rev()
            .find(|(mark, _)| at.saturating_sub(*mark) >= NOW)
            .or_else(|| self.marks.front())?;
        let over = at.saturating_sub(*since).max(SECOND).as_secs_f64();
        Some(total(latest).saturating_sub(total(before)) as f64 / over)
    }

    /// Requests a second over all that is known, and over how long that is; nothing before a
    /// second of it is.
    pub fn long(&self) -> Option<(f64, Duration)> {
        let (at, latest) = self.latest.as_ref()?;
        let (since, before) = self.totals.front()?;
        let over = at.saturating_sub(*since);
        let count = total(latest).saturating_sub(*before);
        (over >= SECOND).then(|| (count as f64 / over.as_secs_f64(), over))
    }

    /// What ended within the last minute.
    pub fn last_minute(&self) -> Option<Ended> {
        let (_, before) = self.marks.front()?;
        Some(Ended::between(before, self.latest()?))
    }

    /// How long the runs of the last minute took; nothing where there were none.
    pub fn percentiles(&self) -> Option<Percentiles> {
        self.last_minute()?.percentiles()
    }

    /// What became of the requests of the last minute; nothing where there were none.
    pub fn shares(&self) -> Option<Shares> {
        let ended = self.last_minute()?;
        let failures = Outcome::FAILURES.map(|outcome| ended.count(outcome));
        let of = ended.total();
        (of > 0).then(|| Shares {
            failed: failures.iter().sum(),
            refused: ended.count(Outcome::Refused),
            of,
        })
    }
}

fn total(snapshot: &TallySnapshot) -> u64 {
    snapshot.outcomes.iter().sum()
}
