use std::time::Duration;

use serde_json::{Map, json};

use crate::{
    event::{LATENCY_BUCKETS, Process, TallySnapshot},
    run::{Outcome, Value},
};

/// All counters. Of the latencies only the buckets that hold any are told, each with its number.
pub fn tally_json(tally: &TallySnapshot) -> Value {
    let outcomes: Map<_, _> = Outcome::ALL
        .into_iter()
        .map(|outcome| (outcome.to_string(), tally.outcomes[outcome as usize].into()))
        .collect();
    let latency: Vec<_> = tally
        .latency
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(bucket, count)| json!([bucket, count]))
        .collect();
    json!({
        "outcomes": outcomes,
        "latency": latency,
        "dropped": tally.dropped,
        "brief": tally.brief,
        "skipped": tally.unrecorded,
        "in_flight": tally.in_flight,
        "waiting": tally.waiting,
        "parked": tally.parked,
        "dead": tally.dead,
        "uptime_ms": tally.process.map(|process| millis(process.uptime)),
        "memory": tally.process.and_then(|process| process.memory),
    })
}

pub(super) fn read_tally(tally: &Value) -> TallySnapshot {
    let count = |name: &str| tally[name].as_u64().unwrap_or_default();
    let mut latency = vec![0; LATENCY_BUCKETS];
    for pair in tally["latency"].as_array().into_iter().flatten() {
        let place = pair[0]
            .as_u64()
            .and_then(|bucket| usize::try_from(bucket).ok())
            .and_then(|bucket| latency.get_mut(bucket));
        if let Some(place) = place {
            *place = pair[1].as_u64().unwrap_or_default();
        }
    }
    TallySnapshot {
        outcomes: Outcome::ALL.map(|outcome| {
            tally["outcomes"][outcome.to_string()]
                .as_u64()
                .unwrap_or_default()
        }),
        latency,
        dropped: count("dropped"),
        brief: count("brief"),
        unrecorded: count("skipped"),
        in_flight: count("in_flight"),
        waiting: count("waiting"),
        parked: count("parked"),
        dead: count("dead"),
        process: tally["uptime_ms"].as_u64().map(|uptime| Process {
            uptime: Duration::from_millis(uptime),
            memory: tally["memory"].as_u64(),
        }),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Tally;

    #[test]
    fn counters_come_back_as_they_were() {
        let counted = Tally::default();
        for (i, outcome) in Outcome::ALL.into_iter().enumerate() {
            for _ in 0..=i {
                counted.count(outcome);
                counted.answered(Duration::from_micros(7 << i));
            }
        }
        let (outcomes, latency) = counted.counts();
        let tally = TallySnapshot {
            outcomes,
            latency,
            dropped: 1,
            brief: 2,
            unrecorded: 3,
            in_flight: 4,
            waiting: 5,
            parked: 9,
            dead: 6,
            process: Some(Process {
                uptime: Duration::from_secs(7),
                memory: Some(8),
            }),
        };
        assert_eq!(read_tally(&tally_json(&tally)), tally);
    }
}
