//! What is told, and looked for, every so often.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::interval;

use crate::{
    app::{health::Chore, memory},
    event::{Event, FlowCounts, Process, TallySnapshot},
    http::World,
};

/// Between two tellings of all counters.
const TALLY: Duration = Duration::from_millis(250);

/// Between two tellings of what passed through each flow.
const COUNTS: Duration = Duration::from_secs(1);

/// Between two looks at what other processes left in the queue.
const LOOK: Duration = Duration::from_millis(500);

/// Starts all clocks.
pub(super) fn start(world: &Arc<World>) {
    tokio::spawn(tell_tally(Arc::clone(world)));
    tokio::spawn(tell_counts(Arc::clone(world)));
    tokio::spawn(look_for_visitors(Arc::clone(world)));
}

/// Sees what the command line leaves for a server: runs to replay, and runs to cancel.
async fn look_for_visitors(world: Arc<World>) {
    let mut tick = interval(LOOK);
    let mut looking = Chore::new("looking for what was left for the server");
    loop {
        tick.tick().await;
        looking.tell(world.queue.look().await.map(drop));
    }
}

async fn tell_tally(world: Arc<World>) {
    let bus = &world.bus;
    let started = Instant::now();
    let mut tick = interval(TALLY);
    loop {
        tick.tick().await;
        if bus.is_watched() {
            bus.set_queued(world.queue.waiting() as u64, world.queue.parked() as u64);
            bus.set_dead(world.queue.dead());
            let process = Process {
                uptime: started.elapsed(),
                memory: memory::resident(),
            };
            bus.publish(Event::Tally(Arc::new(TallySnapshot {
                process: Some(process),
                ..bus.tally()
            })));
        }
    }
}

/// Windows are made of the counts whether or not anybody watches: they are of the time before, too.
async fn tell_counts(world: Arc<World>) {
    let (bus, started) = (&world.bus, Instant::now());
    let mut tick = interval(COUNTS);
    loop {
        tick.tick().await;
        bus.flows().advance(started.elapsed().as_secs());
        if bus.is_watched() {
            bus.publish(Event::Counts(Arc::new(counts(&world))));
        }
    }
}

fn counts(world: &World) -> FlowCounts {
    let graph = world.graph.load();
    let standing = world.queue.standing();
    let flows = graph.flows.iter().filter_map(|flow| {
        let standing = standing.get(&flow.name).copied().unwrap_or_default();
        flow.tally.counts(&flow.name, standing)
    });
    FlowCounts {
        revision: Arc::clone(&graph.revision),
        flows: flows.collect(),
    }
}
