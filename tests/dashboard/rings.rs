//! What is kept is bounded, and a failure outlives a thousand successes.

use std::{sync::Arc, time::Duration};

use hookyard::{
    event::{Accepted, Event, Process, TallySnapshot},
    observe::{Entry, FAILURES, FAILURES_BYTES, Filter, RECENT, RECENT_BYTES, Rates, Runs, Shares},
    run::Outcome,
};

use crate::fixtures::{deploy, id, moment, paid, start, stray, tally};

/// The runs that get through a filter.
fn kept(runs: &Runs, filter: &str) -> Vec<Arc<Entry>> {
    runs.select(&Filter::parse(filter).unwrap(), moment(0))
}

/// What they weigh together.
fn bytes(runs: &Runs, filter: &str) -> usize {
    kept(runs, filter).iter().map(|entry| entry.bytes).sum()
}

#[test]
fn no_more_than_so_many_runs_are_kept() {
    let mut runs = Runs::default();
    for number in 0..3 * RECENT as u64 {
        runs.finished(Arc::new(paid(number, 1)));
    }
    assert_eq!(kept(&runs, "").len(), RECENT);
    assert_eq!(kept(&runs, "is:error").len(), 0);
    assert!(bytes(&runs, "") < RECENT_BYTES);
    assert_eq!(runs.heard(), 3 * RECENT as u64);
}

#[test]
fn no_more_than_so_many_bytes_are_kept() {
    let mut runs = Runs::default();
    // The failures are old: only their own ring still has them.
    for number in 0..100 {
        let mut record = paid(number, if number < 50 { -1 } else { 1 });
        record.request.body = vec![b'x'; 1 << 20].into();
        runs.finished(Arc::new(record));
    }
    let (recent, failures) = (kept(&runs, "").len(), kept(&runs, "is:error").len());
    assert!((30..=32).contains(&recent), "{recent}");
    assert!(bytes(&runs, "") <= RECENT_BYTES);
    assert!((6..=8).contains(&failures), "{failures}");
    assert!(bytes(&runs, "is:error") <= FAILURES_BYTES);
}

#[test]
fn a_run_that_ends_in_its_place_is_weighed_too() {
    let mut runs = Runs::default();
    for number in 0..200 {
        runs.accepted(&Accepted {
            id: id(number),
            flow: deploy(),
            at: start(),
            answered: None,
        });
    }
    for number in 0..200 {
        let mut record = paid(number, 1);
        record.request.body = vec![b'x'; 1 << 20].into();
        runs.finished(Arc::new(record));
        assert!(bytes(&runs, "") <= RECENT_BYTES);
    }
}

#[test]
fn failures_are_kept_apart_and_noise_is_not() {
    let mut runs = Runs::default();
    runs.finished(Arc::new(paid(0, -1)));
    runs.finished(Arc::new(stray(1, "/.env")));
    for number in 2..2_000 {
        runs.finished(Arc::new(paid(number, 1)));
    }
    let errors = kept(&runs, "is:error");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].id, id(0));
    assert_eq!(kept(&runs, "").len(), RECENT);
    for number in 2_000..3_000 {
        runs.finished(Arc::new(paid(number, -1)));
    }
    // What is in both is shown once.
    assert_eq!(kept(&runs, "is:error").len(), RECENT);
    for number in 3_000..5_000 {
        runs.finished(Arc::new(paid(number, 1)));
    }
    assert_eq!(kept(&runs, "is:error").len(), FAILURES);
}

#[test]
fn rates_are_differences_over_a_minute() {
    let mut rates = Rates::default();
    let take = |rates: &mut Rates, requests, second| {
        let Event::Tally(snapshot) = tally(requests) else {
            unreachable!()
        };
        rates.take(&snapshot, moment(second));
    };
    assert_eq!(rates.now(), None);
    assert_eq!(rates.percentiles(), None);
    take(&mut rates, 1_000, 1);
    assert_eq!(rates.now(), Some(0.0));
    assert_eq!(rates.shares(), None);
    for second in 2..=11 {
        take(&mut rates, 1_000 + (second - 1) * 20, second);
    }
    assert_eq!(rates.now(), Some(20.0));
    assert_eq!(
        rates.bars(12, 1, moment(11)),
        [0, 0, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20].map(Some)
    );
    let shares = Shares {
        failed: 10,
        refused: 10,
        of: 200,
    };
    assert_eq!(rates.shares(), Some(shares));
    // Requests 1,000 to 1,200 took 10.2 to 12.2 milliseconds.
    let times = rates.percentiles().unwrap();
    assert!(times.p50 >= Duration::from_micros(11_200), "{times:?}");
    assert!(times.p99 >= times.p95 && times.p95 >= times.p50);
    assert!(
        times.p99 <= Duration::from_micros(12_200 * 9 / 8),
        "{times:?}"
    );
    assert_eq!(rates.long(), Some((20.0, Duration::from_secs(10))));
    let ended = rates.last_minute().unwrap();
    assert_eq!(ended.total(), 200);
    assert_eq!(ended.count(Outcome::Failed), 10);
    assert_eq!(ended.share(Outcome::Succeeded), Some(0.9));
    assert!(times.p90 <= times.p95 && times.p99 <= times.max);
    // A minute later, nothing of that is left.
    for second in 12..=72 {
        take(&mut rates, 1_200, second);
    }
    assert_eq!(rates.now(), Some(0.0));
    assert_eq!(rates.percentiles(), None);
    // It is still known that it was.
    assert_eq!(rates.bars(72, 1, moment(72))[..12], {
        let mut bars = [Some(20); 12];
        bars[0] = Some(0);
        bars[11] = Some(0);
        bars
    });
}

#[test]
fn what_ended_is_known_for_a_quarter_of_an_hour() {
    let mut rates = Rates::default();
    for second in 0..2_000 {
        let Event::Tally(snapshot) = tally(second) else {
            unreachable!()
        };
        rates.take(&snapshot, moment(second));
    }
    let bars = rates.bars(Rates::HISTORY + 100, 1, moment(2_000));
    assert_eq!(bars[..98], [Some(0); 98]);
    assert_eq!(bars[98..Rates::HISTORY + 99], [Some(1); Rates::HISTORY + 1]);
    assert_eq!(rates.long(), Some((1.0, Duration::from_secs(901))));
}

/// Counters that a server told when it had served for so long.
fn tally_at(requests: u64, uptime: u64) -> Arc<TallySnapshot> {
    let Event::Tally(mut snapshot) = tally(requests) else {
        unreachable!()
    };
    Arc::make_mut(&mut snapshot).process = Some(Process {
        uptime: Duration::from_secs(uptime),
        memory: None,
    });
    snapshot
}

#[test]
fn what_a_stalled_viewer_missed_is_a_gap_and_no_peak() {
    let mut rates = Rates::default();
    for second in 0..5 {
        rates.take(&tally_at(second * 10, 100 + second), moment(second));
    }
    // It stalls for a while, then hears what waited, and the newest, at once.
    for second in [5, 6, 20] {
        rates.take(&tally_at(second * 10, 100 + second), moment(20));
    }
    rates.take(&tally_at(210, 121), moment(21));
    let known = |seconds: usize| vec![Some(10); seconds];
    let expected = [known(6), vec![None; 14], known(1)].concat();
    assert_eq!(rates.bars(21, 1, moment(21)), expected);
    assert_eq!(rates.now(), Some(10.0));
    // A bar of several seconds is as high as what is known of it.
    let expected = [Some(70), None, Some(70)];
    assert_eq!(rates.bars(3, 7, moment(21)), expected);
}

#[test]
fn a_recording_is_as_long_as_what_was_recorded() {
    let mut rates = Rates::default();
    for second in 0..8 {
        rates.take(&tally_at(second * 10, 100 + second), moment(3));
    }
    assert_eq!(rates.bars(7, 1, moment(3)), [Some(10); 7]);
    assert_eq!(rates.long(), Some((10.0, Duration::from_secs(7))));
}
