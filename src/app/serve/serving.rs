use std::{
    io::{self, IsTerminal},
    path::PathBuf,
    pin::pin,
    sync::Arc,
    time::Duration,
};

use super::{Ended, Options, clocks, draining::Draining, first::First};
use crate::{
    app::{
        access_log,
        assemble::base_url,
        attach::{Door, runtime_directory},
        health,
        lent::Lent,
        log, memory,
        redactor::redactor,
        reload::{Keeper, Live, Look, bind_all},
        retention,
        revisions::Revisions,
        screen::{self, Screen},
        signals::{Signals, told_to_stop},
        whatif::AfterReload,
        worker::Workers,
    },
    attach::Pins,
    dashboard,
    engine::Means,
    event::{Bus, Observer},
    http::World,
    observe::keep_history,
    store::Store,
};

/// A server that serves.
pub(super) struct Serving {
    grace: Duration,
    signals: Signals,
    world: Arc<World>,
    live: Live,
    keeper: Keeper,
    workers: Workers,
    screen: Option<Screen>,
    /// Open as long as there is something to be told.
    _door: Door,
    access_log: Option<Observer>,
    history: Observer,
    log: log::Log,
}

impl Serving {
    /// Binds, and starts everything.
    ///
    /// # Errors
    /// The sentence says what cannot be had.
    pub async fn begin(options: &Options, first: First, log: log::Log) -> Result<Self, String> {
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
        memory::give_back();
        let mut world = World::new(Arc::new(graph), queue, bus.clone())
            .map_err(|error| format!("no random numbers: {error}"))?;
        world.means = Means::noting(state.programs(), own_binary());
        match world.means.end_leftovers().await {
            0 => {}
            count => notices.push(format!(
                "programs that a killed server had left running were ended: {count}"
            )),
        }
        let world = Arc::new(world);
        let file = options.file.display().to_string();
        let pins = Pins::default();
        let mut door = Door::new(&world, &state, &options.file, pins.clone());
        if let Err(why) = door.open(&state, runtime_directory().as_deref()).await {
            notices.push(format!("no dashboard can be attached: {why}"));
        }
        let (mut screen, mut access_log) = (None, None);
        if options.headless || !io::stdout().is_terminal() {
            access_log = Some(
                start_access_log(&world)
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
        clocks::start(&world);
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

    /// Serves until it is told to stop, and finishes what is in flight.
    pub async fn until_stopped(mut self) -> Ended {
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
                            tracing::warn!("the dashboard or its terminal is gone; serving goes on without");
                            match start_access_log(&self.world) {
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

/// This binary, by a path that holds while it is replaced on disk; `None` where there is none, as in
/// a chroot without `/proc`.
fn own_binary() -> Option<PathBuf> {
    let path = PathBuf::from("/proc/self/exe");
    path.exists().then_some(path)
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

/// Starts to write lines.
fn start_access_log(world: &Arc<World>) -> io::Result<Observer> {
    let served = Arc::clone(world);
    access_log::start(&world.bus, move || Arc::clone(&served.graph.load().secrets))
}

/// Starts to keep what ends without ever having been queued.
fn start_history(world: &Arc<World>, store: Store) -> io::Result<Observer> {
    let served = Arc::clone(world);
    keep_history(
        &world.bus,
        store,
        move |record, bodies| redactor(&served.graph.load().secrets).record_within(record, bodies),
        |count| {
            tracing::info!(
                requests = count,
                "more requests than the history keeps: these were counted, not kept"
            );
        },
    )
}
