//! What is kept is bounded, and a failure outlives a thousand successes.

use std::{sync::Arc, time::Duration};

use hookyard::{
    event::{Accepted, Event},
    observe::{FAILURES, FAILURES_BYTES, Filter, RECENT, RECENT_BYTES, Rates, Runs},
    run::Outcome,
};

use crate::fixtures::{deploy, id, moment, paid, start, stray, tally};

#[test]
fn no_more_than_so_many_runs_are_kept() {
    let mut runs = Runs::default();
    for number in 0..3 * RECENT as u64 {
        runs.finished(Arc::new(paid(number, 1)));
    }
    let [(recent, bytes), (failures, _)] = runs.held();
    assert_eq!((recent, failures), (RECENT, 0));
    assert!(bytes < RECENT_BYTES);
    assert_eq!(runs.heard(), 3 * RECENT as u64);
}

#[test]
fn no_more_than_so_many_bytes_are_kept() {
    let mut runs = Runs::default();
    for number in 0..100 {
        let mut record = paid(number, if number % 2 == 0 { 1 } else { -1 });
        record.request.body = vec![b'x'; 1 << 20].into();
        runs.finished(Arc::new(record));
    }
    let [(recent, bytes), (failures, failed_bytes)] = runs.held();
    assert!((30..=32).contains(&recent), "{recent}");
    assert!(bytes <= RECENT_BYTES);
    assert!((6..=8).contains(&failures), "{failures}");
    assert!(failed_bytes <= FAILURES_BYTES);
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
        assert!(runs.held()[0].1 <= RECENT_BYTES);
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
    let errors = runs.select(&Filter::parse("is:error").unwrap(), moment(0));
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].id, id(0));
    assert_eq!(runs.select(&Filter::default(), moment(0)).len(), RECENT);
    for number in 2_000..3_000 {
        runs.finished(Arc::new(paid(number, -1)));
    }
    assert_eq!(runs.held()[1].0, FAILURES);
    // What is in both is shown once.
    assert_eq!(
        runs.select(&Filter::parse("is:error").unwrap(), moment(0))
            .len(),
        RECENT
    );
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
        rates.per_second(12, moment(11)),
        [0, 0, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20]
    );
    let shares = rates.shares().unwrap();
    assert!((shares.failed - 0.05).abs() < 1e-9);
    assert!((shares.refused - 0.05).abs() < 1e-9);
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
    assert_eq!(ended.share(&[Outcome::Succeeded]), Some(0.9));
    assert!(times.p90 <= times.p95 && times.p99 <= times.max);
    // A minute later, nothing of that is left.
    for second in 12..=72 {
        take(&mut rates, 1_200, second);
    }
    assert_eq!(rates.now(), Some(0.0));
    assert_eq!(rates.percentiles(), None);
    // It is still known that it was.
    assert_eq!(rates.per_second(72, moment(72))[..12], {
        let mut bars = [20; 12];
        bars[..1].fill(0);
        bars[11] = 0;
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
    let bars = rates.per_second(Rates::HISTORY + 100, moment(2_000));
    assert_eq!(bars[..98], [0; 98]);
    assert_eq!(bars[98..Rates::HISTORY + 99], [1; Rates::HISTORY + 1]);
    assert_eq!(rates.long(), Some((1.0, Duration::from_secs(901))));
}
