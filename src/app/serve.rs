use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::interval,
};

use super::{
    LogFormat, StateDir,
    access_log::AccessLog,
    assemble::{Assembled, base_url},
    attach::{Door, runtime_directory},
    health, inherited,
    lent::Lent,
    log, memory,
    reload::{Keeper, Live, Look, Lookout, SETTLE, Sighting, bind_all},
    retention,
    revisions::Revisions,
    screen::{self, Screen},
    whatif::AfterReload,
    worker::{Workers, redactor},
};
use crate::{
    attach::Pins,
    dashboard,
    diagnostic::Report,
    engine::Means,
    event::{Bus, Event, FlowCounts, Process, TallySnapshot},
    http::World,
    model::QueueBounds,
    observe::History,
    queue::{Limits, Queue},
    store::Store,
};

/// Between two tellings of all counters.
const TALLY: Duration = Duration::from_millis(250);

/// Between two tellings of what passed through each flow.
const COUNTS: Duration = Duration::from_secs(1);

/// Between two looks at what other processes left in the queue.
const LOOK: Duration = Duration::from_millis(500);

/// How long the tasks that are left may take to let go of what they hold.
const LAST_TASKS: Duration = Duration::from_millis(300);

/// How long whoever reads the log may take to read its end.
const LAST_LINES: Duration = Duration::from_secs(1);

/// How long the store may take to take what the history has yet to write.
const LAST_ROWS: Duration = Duration::from_secs(2);

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// The configuration's entry file.
    pub file: PathBuf,
    /// Where state goes, where it is not beside the configuration.
    pub state: Option<PathBuf>,
    /// No dashboard, even on a terminal.
    pub headless: bool,
    /// How log lines look.
    pub log_format: LogFormat,
    /// How long what is in flight may take once the server was told to stop.
    pub grace: Duration,
    /// How often the configuration is read in case no change was told.
    pub poll: Duration,
}

/// How serving ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// As it was told to, with everything that was in flight finished.
    Drained,
    /// As it was told to; something did not finish within the grace.
    Cut,
    /// It never began: the configuration is broken, and the diagnostics are printed.
    BrokenConfiguration,
    /// It never began, for this reason.
    Failed(String),
}

/// Serves until a signal, or the dashboard, says stop.
pub fn serve(options: Options) -> Ended {
    inherited::keep_from_children();
    let first = match load(&options) {
        Ok(first) => first,
        Err(ended) => return ended,
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return Ended::Failed(format!("no async runtime: {error}")),
    };
    let log = match log::init(options.log_format) {
        Ok(log) => log,
        Err(error) => return Ended::Failed(format!("no thread for the log: {error}")),
    };
    let ended = runtime.block_on(async {
        match Serving::begin(&options, first, log.clone()).await {
            Ok(serving) => serving.until_stopped().await,
            Err(message) => Ended::Failed(message),
        }
    });
    log.flush(LAST_LINES);
    // The store is closed when the last task lets go of it. Whatever still reads a disk that hangs,
    // or hashes a password, is not waited for.
    runtime.shutdown_timeout(LAST_TASKS);
    ended
}

/// What serving begins with.
struct First {
    state: StateDir,
    assembled: Assembled,
    store: Store,
    queue: Queue,
    revisions: Revisions,
    /// What is wrong with the file, where an older revision of it is served.
    rejected: Option<Report>,
    lookout: Lookout,
    notices: Vec<String>,
}

fn load(options: &Options) -> Result<First, Ended> {
    let state = StateDir::open(options.state.as_deref(), &options.file).map_err(Ended::Failed)?;
    let secret = state.secret().map_err(Ended::Failed)?;
    // A clock without a period is none.
    let poll = options.poll.max(SETTLE);
    let mut lookout = Lookout::new(&options.file, secret.clone(), poll);
    let Sighting { look, notices } = lookout.look(SETTLE);
    let (sound, report) = match look {
        Look::Sound(assembled, report) => (Some(*assembled), report),
        Look::Broken(report) => (None, report),
        Look::Unchanged | Look::Unstable => {
            let file = options.file.display();
            return Err(Ended::Failed(format!(
                "{file} keeps changing while it is read"
            )));
        }
    };
    print(&report);
    if sound.is_none() && !Store::is_in(state.path()) {
        return Err(Ended::BrokenConfiguration);
    }
    let store = Store::open(state.path()).map_err(|error| Ended::Failed(error.to_string()))?;
    let revisions = Revisions::open(store.clone(), options.file.clone()).map_err(Ended::Failed)?;
    let (assembled, rejected) = match sound {
        Some(assembled) => (assembled, None),
        None => match revisions.last_good(&secret) {
            Ok(Some(assembled)) => (assembled, Some(report)),
            Ok(None) => return Err(Ended::BrokenConfiguration),
            Err(why) => {
                // Nobody may be there to read it.
                let _ = writeln!(io::stderr(), "hookyard: {why}");
                return Err(Ended::BrokenConfiguration);
            }
        },
    };
    let QueueBounds { runs, bytes } = assembled.server().queue;
    Ok(First {
        state,
        assembled,
        queue: Queue::open(store.clone(), Limits { runs, bytes }).map_err(Ended::Failed)?,
        store,
        revisions,
        rejected,
        lookout,
        notices,
    })
}

fn print(report: &Report) {
    if !report.is_empty() {
        // Nobody may be there to read it.
        let _ = write!(io::stderr(), "{}", report.render(log::style(&io::stderr())));
    }
}

/// This binary, by a path that holds while it is replaced on disk; `None` where there is none, as in
/// a chroot without `/proc`.
fn own_binary() -> Option<PathBuf> {
    let path = PathBuf::from("/proc/self/exe");
    path.exists().then_some(path)
}

/// One core is served best by one thread; a small server has just that.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut builder = if cores == 1 {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    builder.enable_all().build()
}

/// A server that serves.
struct Serving {
    grace: Duration,
    signals: Signals,
    world: Arc<World>,
    live: Live,
    keeper: Keeper,
    workers: Workers,
    screen: Option<Screen>,
    /// Open as long as there is something to be told.
    _door: Door,
    access_log: Option<AccessLog>,
    history: History,
    log: log::Log,
}

impl Serving {
    async fn begin(options: &Options, first: First, log: log::Log) -> Result<Self, String> {
        // First of all: who reads that it serves may stop it the next moment.
        let signals = Signals::catch().map_err(|error| format!("no signals: {error}"))?;
        let First {
            state,
            assembled,
            store,
            queue,
            revisions,
            rejected,
            lookout,
            mut notices,
        } = first;
        let listeners = bind_all(&assembled.server().listen, &[]).await?;
        let actual: Vec<_> = listeners
            .iter()
            .map(|(_, listener)| listener.place())
            .collect();
        let base_url = base_url(assembled.server(), &actual);
        let revisions = Arc::new(revisions);
        revisions.keep(&assembled).await?;
        let origin = assembled.origin().clone();
        let bus = Bus::default();
        let graph = assembled.counted_by(bus.flows()).compile(base_url);
        let mut world = World::new(Arc::new(graph), queue, bus.clone())
            .map_err(|error| format!("no random numbers: {error}"))?;
        world.means = Means::with_starter(own_binary());
        let world = Arc::new(world);
        let file = options.file.display().to_string();
        let pins = Pins::default();
        let mut door = Door::new(&world, &state, &options.file, pins.clone());
        if let Err(why) = door.open(&state, runtime_directory().as_deref()) {
            notices.push(format!("no dashboard can be attached: {why}"));
        }
        let (mut screen, mut access_log) = (None, None);
        if options.headless || !io::stdout().is_terminal() {
            access_log = Some(
                AccessLog::start(&bus)
                    .map_err(|error| format!("no thread for the log: {error}"))?,
            );
        } else {
            log.set_silent(true);
            screen = Some(door.screen(file.clone()).map_err(|error| {
                log.set_silent(false);
                format!("no thread for the dashboard: {error}")
            })?);
        }
        let history = start_history(&world, store.clone())
            .map_err(|error| format!("no thread for the history: {error}"))?;
        keep_policies(&world, &revisions);
        let mut live = Live::start(
            Arc::clone(&world),
            Arc::clone(&revisions),
            AfterReload::start(bus, store.clone(), pins),
            listeners,
            file,
            origin,
            options.grace,
        );
        // What others left while nobody served: what is cancelled is not to be begun first.
        if let Err(why) = world.queue.look().await {
            tracing::warn!("what was left for the server cannot be read yet: {why}");
        }
        // Only now it is known how many runs of each flow may go at once.
        let workers = Workers::start(Arc::clone(&world), revisions);
        if let Some(report) = rejected {
            live.take(Look::Broken(report)).await;
        }
        for notice in notices {
            live.notice(notice);
        }
        tokio::spawn(tell_tally(Arc::clone(&world)));
        tokio::spawn(tell_counts(Arc::clone(&world)));
        tokio::spawn(look_for_visitors(Arc::clone(&world)));
        tokio::spawn(health::log(store.ails()));
        tokio::spawn(retention::keep_bounds(Arc::clone(&world), store));
        Ok(Self {
            grace: options.grace,
            signals,
            world,
            live,
            keeper: Keeper::new(lookout),
            workers,
            screen,
            _door: door,
            access_log,
            history,
            log,
        })
    }

    async fn until_stopped(mut self) -> Ended {
        self.serve().await;
        if let Some(screen) = self.screen.take() {
            let is_back = screen.close().await;
            self.log.set_silent(!is_back);
        }
        let mut signals = self.signals;
        // Whoever had the terminal may still have it, and is not asked any more.
        let lent = Lent::default();
        let world = Arc::clone(&self.world);
        let drained = Draining {
            world: self.world,
            live: self.live,
            workers: self.workers,
            access_log: self.access_log,
            history: self.history,
        };
        let ended = tokio::select! {
            is_whole = drained.within(self.grace) => {
                if is_whole { Ended::Drained } else { Ended::Cut }
            }
            // Told twice, it goes at once.
            () = told_to_stop(&mut signals.interrupt, &mut signals.terminate, &lent) => {
                tracing::warn!("told to stop twice: what is in flight is cut off");
                Ended::Cut
            }
        };
        world.means.close();
        ended
    }

    /// Serves what is current, until it is told to stop.
    async fn serve(&mut self) {
        let Signals {
            interrupt,
            terminate,
            hang_up,
        } = &mut self.signals;
        let lent = self.screen.as_ref().map(Screen::lent).unwrap_or_default();
        let mut keeping = pin!(self.keeper.keep_current(&mut self.live, hang_up));
        loop {
            tokio::select! {
                () = told_to_stop(interrupt, terminate, &lent) => return,
                never = &mut keeping => match never {},
                left = screen::left(&mut self.screen) => {
                    self.screen = None;
                    self.log.set_silent(false);
                    match left {
                        dashboard::Left::Quit
                        | dashboard::Left::Stopped
                        | dashboard::Left::Detached => return,
                        dashboard::Left::TerminalGone => {
                            tracing::warn!("the terminal is gone; serving goes on without a dashboard");
                            match AccessLog::start(&self.world.bus) {
                                Ok(access_log) => self.access_log = Some(access_log),
                                Err(error) => tracing::error!(%error, "no thread for the log"),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A server that takes nothing new.
struct Draining {
    world: Arc<World>,
    live: Live,
    workers: Workers,
    access_log: Option<AccessLog>,
    history: History,
}

impl Draining {
    /// Finishes what is in flight, for `grace` at most. Whether all of it was.
    async fn within(self, grace: Duration) -> bool {
        tracing::info!(
            ?grace,
            "stopping: no new connections, finishing what is in flight"
        );
        self.world.bus.publish(Event::Draining);
        let deadline = Instant::now() + grace;
        let mut is_whole = self.live.drained(grace).await;
        // Only now nothing can be accepted any more.
        self.world.queue.close();
        is_whole &= self.workers.finish(deadline).await;
        if let Some(access_log) = self.access_log {
            access_log.finish(LAST_LINES);
        }
        self.history.finish(LAST_ROWS);
        let queued = self.world.queue.len();
        if !is_whole && queued > 0 {
            tracing::warn!(
                queued,
                "stopped before everything was finished; what is in the queue goes on after the next start"
            );
        } else if !is_whole {
            tracing::warn!("stopped before everything was finished");
        } else if queued > 0 {
            tracing::info!(queued, "stopped; runs that wait go on after the next start");
        } else {
            tracing::info!("stopped");
        }
        is_whole
    }
}

/// What the system has to say to a server.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Has signals told from here on, in the place of what they do to a process.
    fn catch() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }
}

async fn told_to_stop(interrupt: &mut Signal, terminate: &mut Signal, lent: &Lent) {
    loop {
        tokio::select! {
            _ = interrupt.recv() => {
                // Else it is whoever has the terminal that is meant.
                if !lent.is_lent() {
                    return;
                }
            }
            _ = terminate.recv() => return,
        }
    }
}

/// Has the runs of flows that are gone go beside each other as when they were accepted.
fn keep_policies(world: &World, revisions: &Revisions) {
    let mut gone = world.queue.standing();
    gone.retain(|_, runs| runs.waiting + runs.parked > 0);
    for flow in &world.graph.load().flows {
        gone.remove(&flow.name);
    }
    for (flow, policy) in revisions.policies(gone.keys()) {
        world.queue.set_policy(&flow, policy);
    }
}

/// Starts to keep what ends without ever having been queued.
fn start_history(world: &Arc<World>, store: Store) -> io::Result<History> {
    let served = Arc::clone(world);
    History::start(
        &world.bus,
        store,
        move |record| redactor(&served.graph.load().secrets).record(record),
        |count| {
            tracing::info!(
                requests = count,
                "more requests than the history keeps: these were counted, not kept"
            );
        },
    )
}

/// Sees what the command line leaves for a server: runs to replay, and runs to cancel.
async fn look_for_visitors(world: Arc<World>) {
    let mut tick = interval(LOOK);
    loop {
        tick.tick().await;
        if let Err(why) = world.queue.look().await {
            tracing::debug!("the queue cannot be looked at: {why}");
        }
    }
}

async fn tell_tally(world: Arc<World>) {
    let bus = &world.bus;
    let started = Instant::now();
    let mut tick = interval(TALLY);
    loop {
        tick.tick().await;
        if bus.is_watched() {
            bus.set_queued(world.queue.len() as u64, world.queue.parked() as u64);
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
