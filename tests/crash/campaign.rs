use std::{
    collections::{BTreeMap, BTreeSet},
    fs, thread,
    time::{Duration, Instant},
};

use hookyard::store::{HistoryFilter, Reader, State};
use tempfile::TempDir;

use crate::{
    life::Life,
    load::{self, Load},
    support::PATIENCE,
};

/// Runs that note in `log` that they are done, by an append of one line: their id, and the number
/// of their request. Each of the second flow fails once before.
const FLOWS: &str = r#"
server { listen "127.0.0.1:0"; queue runs=100000 bytes="1GiB"; }
flow "steady" {
    webhook "/steady" {
        parse { query "n" required=#true; }
        respond 202 { body "{{ run.id }}"; }
    }
    exec "tee" "-a" "log" { stdin "{{ run.id }} {{ n }}\n"; }
}
flow "flaky" {
    webhook "/flaky" {
        parse { query "n" required=#true; }
        respond 202 { body "{{ run.id }}"; }
    }
    exec "mkdir" "tried-{{ run.id }}" { on-error { log "it was tried before"; }; }
    delay "1ms"
    exec "sh" "flaky.sh" "{{ run.id }}" "{{ n }}" { retry attempts=100 backoff="20ms" max="50ms"; }
}
"#;
/// Beside them, a run that dies.
const LOST: &str = r#"
flow "lost" {
    webhook "/lost" { respond 202 { body "{{ run.id }}"; }; }
    exec "false"
}
"#;
/// Little room for what has ended, in bytes.
const ROOM: i64 = 64 << 10;
/// Succeeds the second time.
const FLAKY: &str = "rmdir \"tried-$1\" 2>/dev/null && exit 1\necho \"$1 $2\" >> log\n";

/// How many send at once.
const SENDERS: usize = 3;
/// A run that was interrupted so often is let come to its end: five times, and it would be dead.
const ENOUGH: u32 = 3;

/// How a life of the server ends.
#[derive(Clone, Copy)]
pub enum Death {
    /// By a kill, so long after it was started.
    Starting(Duration),
    /// By a kill, so long after it began to serve.
    Serving(Duration),
    /// By a kill, once all that it was sent is done.
    Done,
    /// By itself, at this point.
    At(&'static str),
}

/// Many lives on one state directory, and what is known of them from outside.
pub struct Campaign {
    directory: TempDir,
    load: Load,
    /// How often each run was in flight when its server ended.
    in_flight: BTreeMap<String, usize>,
    has_tired: bool,
    /// The runs that have died, and are kept whatever the bounds of the history are.
    dead: Vec<String>,
    is_bounded: bool,
}

/// What a campaign came to.
#[derive(Debug)]
pub struct Told {
    /// How many requests were answered.
    pub acknowledged: usize,
    /// How many were sent and not answered.
    pub unanswered: usize,
    /// How many runs a server's end interrupted, each counted as often as it was.
    pub in_flight: usize,
    /// How many runs were done more than once.
    pub repeated: usize,
    /// How many were done though nobody was told that they would be.
    pub untold: usize,
    /// How many were done and are in the history no more.
    pub removed: usize,
}

impl Campaign {
    pub fn new() -> Self {
        Self::of(FLOWS)
    }

    /// One in which a run has died.
    pub fn with_a_loss() -> Self {
        let mut campaign = Self::of(&(FLOWS.to_owned() + LOST));
        let life = Life::begin(campaign.directory.path(), None);
        let id = load::lose(life.address().unwrap());
        campaign.dead.push(id);
        campaign.wait_until(|reader| reader.dead() == Ok(1));
        campaign
    }

    /// Has the history of later lives bounded, or not.
    pub fn bound(&mut self, is_bounded: bool) {
        let file = self.directory.path().join("flows.kdl");
        let bounds = format!("server {{ history max=\"{}KiB\";", ROOM >> 10);
        let flows = fs::read_to_string(&file).unwrap();
        let flows = match is_bounded {
            true => flows.replace("server {", &bounds),
            false => flows.replace(&bounds, "server {"),
        };
        fs::write(&file, flows).unwrap();
        self.is_bounded = is_bounded;
    }

    fn of(flows: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("flows.kdl"), flows).unwrap();
        fs::write(directory.path().join("flaky.sh"), FLAKY).unwrap();
        Self {
            directory,
            load: Load::default(),
            in_flight: BTreeMap::new(),
            has_tired: false,
            dead: Vec::new(),
            is_bounded: false,
        }
    }

    /// One life, in which each sender sends so many requests at most.
    pub fn live(&mut self, death: Death, requests: u64) {
        if self.has_tired {
            self.rest();
        }
        let point = match death {
            Death::At(point) => Some(point),
            _ => None,
        };
        let mut life = Life::begin(self.directory.path(), point);
        let load = &self.load;
        // Of a step that comes to nothing the first time, no repetition is seen.
        let is_steady = point == Some("acted");
        thread::scope(|scope| {
            let mut senders = Vec::new();
            if let Death::Starting(after) = death {
                thread::sleep(after);
            } else if let Some(address) = life.address() {
                for _ in 0..SENDERS {
                    senders.push(scope.spawn(move || load.send(address, requests, is_steady)));
                }
            }
            match death {
                Death::Starting(_) => {}
                Death::Serving(after) => thread::sleep(after),
                Death::Done => {
                    for sender in senders {
                        sender.join().unwrap();
                    }
                    self.wait_until(|reader| left(reader).is_empty());
                }
                Death::At(_) => life.wait(),
            }
            drop(life);
        });
        self.look();
    }

    /// A life without a load, until nothing is left to do.
    pub fn rest(&mut self) {
        let _life = Life::begin(self.directory.path(), None);
        self.wait_until(|reader| left(reader).is_empty());
        self.has_tired = false;
    }

    fn wait_until(&self, is_so: impl Fn(&Reader) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        // Until it is opened for the first time, there is nothing to be read.
        while !self.reader().is_ok_and(|reader| is_so(&reader)) {
            assert!(
                Instant::now() < deadline,
                "what is waited for does not come"
            );
            thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Sees what was in flight when the server ended. Opened for reading alone, the store stays as
    /// it was left.
    fn look(&mut self) {
        let Ok(reader) = self.reader() else {
            assert!(self.load.acknowledged.lock().unwrap().is_empty());
            return;
        };
        for (seq, id, state) in left(&reader) {
            if state == State::Running {
                *self.in_flight.entry(id).or_default() += 1;
                let row = reader.queued(seq).unwrap().unwrap();
                self.has_tired |= row.interruptions >= ENOUGH;
            }
        }
    }

    /// Lets everything be done, and compares.
    pub fn end(mut self) -> Told {
        self.rest();
        if self.is_bounded {
            // What was left of it is removed with the next start.
            let _life = Life::begin(self.directory.path(), None);
            self.wait_until(|reader| reader.history_size().unwrap().removable <= ROOM);
        }
        let acknowledged = self.load.acknowledged.lock().unwrap();
        let unanswered = self.load.unanswered.lock().unwrap();
        let log = fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
        // How often each run was done, with its request.
        let mut done = BTreeMap::<(u64, String), usize>::new();
        for line in log.lines() {
            let (id, number) = line.split_once(' ').unwrap();
            *done
                .entry((number.parse().unwrap(), id.to_owned()))
                .or_default() += 1;
        }

        let lost: Vec<_> = acknowledged
            .iter()
            .filter(|run| !done.contains_key(run))
            .collect();
        assert!(lost.is_empty(), "acknowledged, and not done: {lost:?}");
        let told: BTreeSet<_> = acknowledged.iter().collect();
        let untold: Vec<_> = done.keys().filter(|run| !told.contains(run)).collect();
        let invented: Vec<_> = untold
            .iter()
            .filter(|(number, _)| !unanswered.contains(number))
            .collect();
        assert!(invented.is_empty(), "done, and never sent: {invented:?}");
        let numbers: BTreeSet<_> = done.keys().map(|(number, _)| number).collect();
        assert_eq!(numbers.len(), done.len(), "a request has become two runs");
        let repeated: Vec<_> = done.iter().filter(|(_, times)| **times > 1).collect();
        for ((_, id), times) in &repeated {
            let interrupted = self.in_flight.get(id).copied().unwrap_or_default();
            assert!(
                **times <= 1 + interrupted,
                "{id} was done {times} times, and interrupted {interrupted} times"
            );
        }

        let reader = self.reader().unwrap();
        let dead = self.dead.len() as i64;
        assert_eq!((left(&reader).len(), reader.dead()), (0, Ok(dead)));
        let history = reader.history(&HistoryFilter::default(), u32::MAX).unwrap();
        let ended: BTreeSet<_> = history
            .iter()
            .map(|run| (&*run.id, &*run.outcome))
            .collect();
        let done_well = done.keys().map(|(_, id)| (&**id, "succeeded"));
        let dead = self.dead.iter().map(|id| (&**id, "dead"));
        let expected: BTreeSet<_> = done_well.chain(dead).collect();
        let removed: Vec<_> = expected.difference(&ended).collect();
        assert!(ended.is_subset(&expected), "{ended:?}");
        assert!(self.is_bounded || removed.is_empty(), "{removed:?}");
        assert!(removed.iter().all(|(_, outcome)| *outcome != "dead"));
        let removed = removed.len();
        Told {
            acknowledged: acknowledged.len(),
            unanswered: unanswered.len(),
            in_flight: self.in_flight.values().sum(),
            repeated: repeated.len(),
            untold: untold.len(),
            removed,
        }
    }

    fn reader(&self) -> Result<Reader, String> {
        Reader::open(&self.directory.path().join("state")).map_err(|error| error.to_string())
    }
}

/// The runs that have not ended: where they stand in the order of acceptance, their ids and states.
fn left(reader: &Reader) -> Vec<(i64, String, State)> {
    let mut left = Vec::new();
    reader
        .index(|row| left.push((row.seq, row.id, row.state)))
        .unwrap();
    left
}
