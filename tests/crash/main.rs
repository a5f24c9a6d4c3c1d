//! The real binary under load, killed at random and at named moments and started again on the same
//! state directory. What a sender was told is compared with what was done.
//!
//! What is random comes from one seed, which is printed: `HOOKYARD_SEED` takes it again.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod campaign;
mod life;
mod load;
mod random;

use std::{thread, time::Duration};

use campaign::{Campaign, Death, Told};
use random::Random;

/// How often each of two servers is killed, which run beside each other.
const KILLS: u32 = 120;
/// How often a process ends at each named point.
const ENDS: u32 = 6;
/// What a campaign has more of for each process that ended at a point.
type Trace = fn(&Told) -> usize;
/// The points that `src/store/crash.rs` has in debug builds.
const POINTS: [(&str, Trace); 4] = [
    ("accepted", |told| told.untold),
    ("started", |told| told.in_flight),
    ("acted", |told| told.repeated),
    ("waiting", |told| told.in_flight),
];

#[test]
fn whatever_the_moment_of_a_kill_what_was_acknowledged_is_done_and_only_what_was_in_flight_twice() {
    let mut random = Random::new();
    let told = thread::scope(|scope| {
        let campaigns = [random.fork(), random.fork()].map(|random| scope.spawn(|| killed(random)));
        campaigns.map(|campaign| campaign.join().unwrap())
    });
    for told in told {
        println!("{told:?}");
        // A load that never got through, or never was at work, would prove nothing.
        assert!(told.acknowledged > KILLS as usize, "{told:?}");
        assert!(told.in_flight > KILLS as usize, "{told:?}");
        assert!(told.unanswered > KILLS as usize / 10, "{told:?}");
    }
}

fn killed(mut random: Random) -> Told {
    let mut campaign = Campaign::new();
    for _ in 0..KILLS {
        let death = match random.below(5) {
            // While it opens what the one before has left.
            0 => Death::Starting(Duration::from_micros(random.below(100_000))),
            _ => Death::Serving(Duration::from_micros(random.below(150_000))),
        };
        campaign.live(death, random.below(30));
    }
    campaign.end()
}

#[test]
fn between_two_things_that_belong_together_a_crash_loses_nothing_and_repeats_only_what_was_in_flight()
 {
    for (point, trace) in POINTS {
        let mut campaign = Campaign::new();
        for _ in 0..ENDS {
            campaign.live(Death::At(point), 30);
            // A run that is interrupted at the same point for ever would be given up.
            campaign.rest();
        }
        let told = campaign.end();
        println!("{point}: {told:?}");
        assert!(trace(&told) >= ENDS as usize, "{point}: {told:?}");
        // Nothing that nobody knows of is let act.
        assert!(point != "started" || told.repeated == 0, "{told:?}");
    }
}

#[test]
fn a_crash_while_the_history_is_made_smaller_loses_none_that_is_to_be_kept_and_the_rest_goes_later()
{
    /// How many requests each sender sends in a life that leaves more than one write removes.
    const ENOUGH: u64 = 200;
    let mut campaign = Campaign::with_a_loss();
    for _ in 0..2 {
        campaign.bound(false);
        campaign.live(Death::Done, ENOUGH);
        campaign.bound(true);
        campaign.live(Death::At("removed"), 30);
    }
    let told = campaign.end();
    println!("{told:?}");
    assert!(told.acknowledged as u64 > 3 * ENOUGH, "{told:?}");
    assert!(told.removed as u64 > 3 * ENOUGH, "{told:?}");
}
