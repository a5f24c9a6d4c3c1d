use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    Disk, LogFormat, StateDir,
    access_log::AccessLog,
    assemble::{Assembled, base_url},
    log,
    reload::{Loader, Look, Watch, Watched},
    screen::{self, Screen},
    worker,
};
use crate::{
    dashboard,
    diagnostic::{Report, Style},
    event::{Bus, Event, Loaded, Rejected},
    graph::Graph,
    http::{Listener, Server, World},
    model::Listen,
};

/// Nothing is read until changes have stopped for this long: an editor saves in several steps.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// A file that never stands still is looked at all the same.
const LONGEST_DEBOUNCE: Duration = Duration::from_secs(2);
/// Between two readings that have to agree.
const SETTLE: Duration = Duration::from_millis(20);
/// Network file systems tell no changes, and the system's watches may run out.
const POLL: Duration = Duration::from_secs(10);
const TALLY: Duration = Duration::from_millis(250);
/// How long whoever reads the log may take to read its end.
const LAST_LINES: Duration = Duration::from_secs(1);

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
    let state = StateDir::locate(options.state.as_deref(), &options.file);
    let secret = match state.create().and_then(|()| state.installation_secret()) {
        Ok(secret) => secret,
        Err(error) => {
            return Ended::Failed(format!(
                "the state directory {} cannot be used: {error}",
                state.path().display()
            ));
        }
    };
    let mut loader = Loader::new(&options.file, secret);
    let (assembled, watched) = match loader.look(&Disk, || std::thread::sleep(SETTLE)) {
        (Look::Sound(assembled, report), watched) => {
            print(&report);
            (assembled, watched.unwrap_or_default())
        }
        (Look::Broken(report), _) => {
            print(&report);
            return Ended::BrokenConfiguration;
        }
        (Look::Unchanged | Look::Unstable, _) => {
            return Ended::Failed(format!(
                "{} keeps changing while it is read",
                options.file.display()
            ));
        }
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
        // Before the terminal is taken over, or a signal at just that moment would leave it so.
        let Ok(signals) = Signals::catch() else {
            return Ended::Failed("signals cannot be handled".to_owned());
        };
        match Serving::begin(&options, loader, watched, *assembled, log.clone()).await {
            Ok(serving) => serving.until_stopped(signals).await,
            Err(message) => Ended::Failed(message),
        }
    });
    log.flush(LAST_LINES);
    ended
}

/// The signals that are listened to.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    fn catch() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }
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

fn print(report: &Report) {
    if !report.is_empty() {
        // Nobody may be there to read it.
        let _ = write!(io::stderr(), "{}", report.render(log::style(&io::stderr())));
    }
}

/// A server that serves.
struct Serving {
    file: String,
    grace: Duration,
    loader: Loader,
    watch: Watch,
    watched: Watched,
    world: Arc<World>,
    servers: Vec<Bound>,
    workers: tokio::task::JoinSet<()>,
    screen: Option<Screen>,
    access_log: Option<AccessLog>,
    log: log::Log,
}

/// An address, as configured, and the server that listens there.
struct Bound {
    wanted: Listen,
    actual: Listen,
    server: Server,
}

impl Serving {
    async fn begin(
        options: &Options,
        loader: Loader,
        watched: Watched,
        assembled: Assembled,
        log: log::Log,
    ) -> Result<Self, String> {
        let listeners = bind_all(&assembled.server().listen).await?;
        let actual: Vec<_> = listeners
            .iter()
            .map(|(_, listener)| listener.place())
            .collect();
        let base_url = base_url(assembled.server(), &actual);
        let graph = Arc::new(assembled.compile(base_url));
        let bus = Bus::default();
        let world = Arc::new(
            World::new(Arc::clone(&graph), bus.clone())
                .map_err(|error| format!("no random numbers: {error}"))?,
        );
        let file = options.file.display().to_string();
        let (mut screen, mut access_log) = (None, None);
        if options.headless || !io::stdout().is_terminal() {
            access_log = Some(
                AccessLog::start(&bus)
                    .map_err(|error| format!("no thread for the log: {error}"))?,
            );
        } else {
            log.set_silent(true);
            screen = Some(Screen::open(&bus, file.clone()).map_err(|error| {
                log.set_silent(false);
                format!("no thread for the dashboard: {error}")
            })?);
        }
        let workers = worker::start(&world);
        let servers = listeners
            .into_iter()
            .map(|(wanted, listener)| Bound {
                wanted,
                actual: listener.place(),
                server: Server::start(listener, Arc::clone(&world)),
            })
            .collect();
        let mut serving = Self {
            file,
            grace: options.grace,
            loader,
            watch: Watch::new(),
            watched,
            world,
            servers,
            workers,
            screen,
            access_log,
            log,
        };
        serving.follow();
        serving.tell_loaded(&graph, None);
        tokio::spawn(tell_tally(bus));
        Ok(serving)
    }

    async fn until_stopped(mut self, signals: Signals) -> Ended {
        let Signals {
            mut interrupt,
            mut terminate,
            mut hang_up,
        } = signals;
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        poll.reset();
        loop {
            tokio::select! {
                _ = interrupt.recv() => break,
                _ = terminate.recv() => break,
                _ = hang_up.recv() => {
                    // Asked for by hand: secrets from the environment or a mount may be new.
                    self.loader.forget();
                    self.reload().await;
                }
                () = self.watch.changed() => {
                    self.let_settle().await;
                    self.reload().await;
                }
                _ = poll.tick() => {
                    self.warn_of_dead_mount();
                    self.reload().await;
                }
                left = screen::left(&mut self.screen) => {
                    self.screen = None;
                    self.log.set_silent(false);
                    match left {
                        dashboard::Left::Quit | dashboard::Left::Stopped => break,
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
        if let Some(screen) = self.screen.take() {
            let is_back = screen.close().await;
            self.log.set_silent(!is_back);
        }
        tokio::select! {
            ended = self.drain() => ended,
            // Told twice, it goes at once.
            _ = interrupt.recv() => Ended::Cut,
            _ = terminate.recv() => Ended::Cut,
        }
    }

    async fn drain(mut self) -> Ended {
        tracing::info!(grace = ?self.grace, "stopping: no new connections, finishing what is in flight");
        self.world.bus.publish(Event::Draining);
        let deadline = tokio::time::Instant::now() + self.grace;
        for bound in &self.servers {
            bound.server.stop_accepting();
        }
        let mut is_whole = true;
        let grace = self.grace;
        let drained = self
            .servers
            .into_iter()
            .map(|bound| bound.server.drained(grace));
        for drained in drained.map(tokio::spawn).collect::<Vec<_>>() {
            is_whole &= drained.await.unwrap_or(false);
        }
        // Only now nothing can be accepted any more.
        self.world.queue.close();
        let workers = async { while self.workers.join_next().await.is_some() {} };
        is_whole &= tokio::time::timeout_at(deadline, workers).await.is_ok();
        if let Some(access_log) = self.access_log {
            access_log.finish(LAST_LINES);
        }
        if is_whole {
            tracing::info!("stopped");
            Ended::Drained
        } else {
            tracing::warn!(
                queued = self.world.queue.len(),
                "stopped before everything was finished"
            );
            Ended::Cut
        }
    }

    /// Waits until changes have stopped.
    async fn let_settle(&self) {
        let latest = tokio::time::Instant::now() + LONGEST_DEBOUNCE;
        while tokio::time::Instant::now() < latest
            && tokio::time::timeout(DEBOUNCE, self.watch.changed())
                .await
                .is_ok()
        {}
    }

    /// Looks for something new, and puts it live if it is sound.
    async fn reload(&mut self) {
        // What changes from here on is told again.
        let mut loader = std::mem::replace(&mut self.loader, Loader::new("".as_ref(), Vec::new()));
        let looked = tokio::task::spawn_blocking(move || {
            let look = loader.look(&Disk, || std::thread::sleep(SETTLE));
            (loader, look)
        })
        .await;
        let Ok((loader, (look, watched))) = looked else {
            tracing::error!("reading the configuration panicked; the old one goes on being served");
            return;
        };
        self.loader = loader;
        if let Some(watched) = watched {
            self.watched = watched;
            self.follow();
        }
        match look {
            Look::Unchanged => {}
            Look::Unstable => {
                tracing::warn!("{} keeps changing; it is read again later", self.file)
            }
            Look::Broken(report) => self.tell_rejected(&report),
            Look::Sound(assembled, report) => {
                for line in report.lines() {
                    tracing::warn!("{line}");
                }
                if let Err(message) = self.put_live(*assembled).await {
                    let mut report = Report::new();
                    report.push(crate::diagnostic::Diagnostic::without_span(message));
                    self.tell_rejected(&report);
                    // The address may be free the next time, though no file changed.
                    self.loader.forget();
                }
            }
        }
    }

    /// Binds what is new, swaps the graph, and leaves what is old: in this order, so that there
    /// is no moment at which a request finds nobody.
    async fn put_live(&mut self, assembled: Assembled) -> Result<(), String> {
        let wanted = assembled.server().listen.clone();
        let new: Vec<_> = wanted
            .iter()
            .filter(|listen| !self.servers.iter().any(|bound| bound.wanted == **listen))
            .cloned()
            .collect();
        let listeners = bind_all(&new).await?;
        let actual: Vec<_> = wanted
            .iter()
            .filter_map(|listen| {
                let kept = self.servers.iter().find(|bound| bound.wanted == *listen);
                kept.map(|bound| bound.actual.clone()).or_else(|| {
                    let (_, listener) = listeners.iter().find(|(wanted, _)| wanted == listen)?;
                    Some(listener.place())
                })
            })
            .collect();
        let base_url = base_url(assembled.server(), &actual);
        let graph = Arc::new(assembled.compile(base_url));
        let before = self.world.graph.swap(Arc::clone(&graph));
        self.world.verified.clear();
        for (wanted, listener) in listeners {
            self.servers.push(Bound {
                wanted,
                actual: listener.place(),
                server: Server::start(listener, Arc::clone(&self.world)),
            });
        }
        let (kept, left): (Vec<_>, Vec<_>) = self
            .servers
            .drain(..)
            .partition(|bound| wanted.contains(&bound.wanted));
        self.servers = kept;
        for bound in left {
            bound.server.stop_accepting();
            tokio::spawn(bound.server.drained(self.grace));
        }
        self.tell_loaded(&graph, Some(&before));
        Ok(())
    }

    fn follow(&mut self) {
        if let Err(error) = self.watch.follow(&self.watched) {
            let notice = format!("changes are only noticed every {POLL:?}: {error}");
            tracing::warn!("{notice}");
            self.world.bus.publish(Event::Notice(notice.into()));
        }
    }

    /// A file that is mounted by itself and was replaced outside keeps showing its old content.
    fn warn_of_dead_mount(&self) {
        use std::os::unix::fs::MetadataExt;
        let dead = self
            .watched
            .files
            .iter()
            .find(|file| file.metadata().is_ok_and(|metadata| metadata.nlink() == 0));
        if let Some(file) = dead {
            let notice = format!(
                "{} was replaced outside of its mount, and what is mounted here never changes: mount its directory instead",
                file.display()
            );
            tracing::warn!("{notice}");
            self.world.bus.publish(Event::Notice(notice.into()));
        }
    }

    fn tell_loaded(&self, graph: &Graph, before: Option<&Graph>) {
        let listening: Vec<_> = self
            .servers
            .iter()
            .map(|bound| bound.actual.to_string())
            .collect();
        tracing::info!(
            revision = &*graph.revision,
            flows = graph.flows.len(),
            listening = listening.join(", "),
            "{} {}",
            self.file,
            if before.is_some() {
                "reloaded"
            } else {
                "is being served"
            },
        );
        if let Some(before) = before {
            let names = |graph: &Graph, other: &Graph| {
                let gone = graph.flows.iter().map(|flow| &*flow.name);
                gone.filter(|name| !other.flows.iter().any(|flow| *flow.name == **name))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let (gone, new) = (names(before, graph), names(graph, before));
            if !gone.is_empty() {
                tracing::warn!(flows = gone, "no longer served");
                self.world
                    .bus
                    .publish(Event::Notice(format!("no longer served: {gone}").into()));
            }
            if !new.is_empty() {
                tracing::info!(flows = new, "newly served");
            }
        }
        self.world.bus.publish(Event::Loaded(Arc::new(Loaded {
            revision: Arc::clone(&graph.revision),
            at: SystemTime::now(),
            file: self.file.clone(),
            flows: graph
                .flows
                .iter()
                .map(|flow| Arc::clone(&flow.shape))
                .collect(),
            listening,
        })));
    }

    fn tell_rejected(&self, report: &Report) {
        let revision = &self.world.graph.load().revision;
        tracing::error!(
            errors = report.error_count(),
            revision = &**revision,
            "{} is broken; the revision before it goes on being served",
            self.file
        );
        for line in report.lines() {
            tracing::error!("{line}");
        }
        let first = report.diagnostics().first();
        self.world.bus.publish(Event::Rejected(Arc::new(Rejected {
            at: SystemTime::now(),
            location: first
                .and_then(|first| first.span)
                .map(|span| report.location(span)),
            message: first.map_or_else(String::new, |first| first.message.clone()),
            errors: report.error_count(),
            rendered: report.render(Style::default()),
        })));
    }
}

async fn bind_all(places: &[Listen]) -> Result<Vec<(Listen, Listener)>, String> {
    let mut listeners = Vec::with_capacity(places.len());
    for place in places {
        let listener = Listener::bind(place)
            .await
            .map_err(|error| format!("cannot listen on {place}: {error}"))?;
        listeners.push((place.clone(), listener));
    }
    Ok(listeners)
}

async fn tell_tally(bus: Bus) {
    let mut tick = tokio::time::interval(TALLY);
    loop {
        tick.tick().await;
        if bus.is_watched() {
            bus.publish(Event::Tally(Arc::new(bus.tally())));
        }
    }
}
