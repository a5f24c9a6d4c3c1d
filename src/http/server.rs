use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use hyper::server::conn::http1;
use tokio::{sync::watch, task::JoinHandle};

use super::{
    Listener, World,
    connection::{Connection, builder},
    connections::{Entry, Wish},
    shortage::Shortage,
    socket::Socket,
};
use crate::run::Peer;

/// Between two attempts to accept while there is nothing left to accept with.
const BACK_OFF: Duration = Duration::from_millis(100);
/// The same where a connection was closed, so that there soon is.
const SHORT_BACK_OFF: Duration = Duration::from_millis(1);

/// Serves one listener.
#[derive(Debug)]
pub struct Server {
    number: u64,
    world: Arc<World>,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Starts to serve, in tasks of the runtime that it is called in.
    pub fn start(listener: Listener, world: Arc<World>) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let (stop, stopped) = watch::channel(false);
        let acceptor = Acceptor {
            number,
            world: Arc::clone(&world),
            listener,
            builder: Arc::new(builder()),
        };
        Self {
            number,
            world,
            stop,
            accepting: tokio::spawn(acceptor.accept_until(stopped)),
        }
    }

    /// Stops listening. Connections that were already made are served on.
    pub fn stop_accepting(&self) {
        self.stop.send_replace(true);
    }

    /// Whether it still listens. Where nobody told it to stop, its task has panicked.
    pub fn is_accepting(&self) -> bool {
        !self.accepting.is_finished()
    }

    /// Stops listening, closes idle connections, and waits until the requests in flight are
    /// answered; what is not after `grace` is cut off. Whether all were.
    pub async fn drained(self, grace: Duration) -> bool {
        self.stop_accepting();
        let connections = &self.world.connections;
        let all_finished = tokio::time::timeout(grace, async {
            // It ends soon; a panic in there has been told by the hook.
            let _ = self.accepting.await;
            connections.tell(self.number, Wish::Finish);
            tokio::select! {
                () = connections.gone(self.number) => {}
                // A client that never ends its head must not take all of the grace.
                never = keep_sweeping(&self.world) => match never {},
            }
        })
        .await
        .is_ok();
        if !all_finished {
            connections.tell(self.number, Wish::Close);
            connections.gone(self.number).await;
        }
        all_finished
    }
}

struct Acceptor {
    number: u64,
    world: Arc<World>,
    listener: Listener,
    builder: Arc<http1::Builder>,
}

impl Acceptor {
    async fn accept_until(self, mut stopped: watch::Receiver<bool>) {
        let mut stopped = pin!(async move {
            // The server is gone where the sender is.
            let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
        });
        let mut next_sweep = Instant::now();
        let mut shortage = Shortage::default();
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut stopped => break,
                () = tokio::time::sleep_until(next_sweep.into()) => {
                    next_sweep = sweep(&self.world);
                    if let Some(failures) = shortage.over(Instant::now()) {
                        tracing::info!(failures, "connections are accepted again");
                    }
                    continue;
                }
                accepted = self.listener.accept() => accepted,
            };
            let (socket, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) if is_of_one_connection(&error) => continue,
                Err(error) => {
                    // Out of file descriptors, most likely: closing one helps, spinning does not.
                    if shortage.failed(&error) {
                        tracing::warn!(%error, "cannot accept connections");
                    }
                    let (_, patience) = self.bounds();
                    let has_room = self.world.connections.make_room(patience, Instant::now());
                    let pause = if has_room { SHORT_BACK_OFF } else { BACK_OFF };
                    tokio::select! {
                        () = &mut stopped => break,
                        () = tokio::time::sleep(pause) => continue,
                    }
                }
            };
            shortage.accepted(Instant::now());
            let entry = tokio::select! {
                biased;
                entry = self.admit() => entry,
                () = &mut stopped => break,
            };
            self.serve(socket, peer, entry);
        }
        self.accept_waiting();
    }

    /// Waits for room. Meanwhile others wait in the system's backlog.
    async fn admit(&self) -> Arc<Entry> {
        let connections = &self.world.connections;
        loop {
            let mut changed = pin!(connections.changed());
            changed.as_mut().enable();
            if let Some(entry) = self.try_admit() {
                return entry;
            }
            // Time alone makes room, too: for a client that is waited for.
            let _ = tokio::time::timeout(BACK_OFF, changed).await;
        }
    }

    fn try_admit(&self) -> Option<Arc<Entry>> {
        let (most, patience) = self.bounds();
        self.world
            .connections
            .admit(self.number, most, patience, Instant::now())
    }

    /// How many connections there may be, and for how long one of them may wait for its client
    /// when others wait for room.
    fn bounds(&self) -> (usize, Duration) {
        let graph = self.world.graph.load();
        let server = &graph.server;
        (server.max_connections, server.timeouts.body / 10)
    }

    /// Takes in those whose connection is made and waits in the backlog: closing it would reset
    /// them.
    fn accept_waiting(&self) {
        let mut cx = Context::from_waker(Waker::noop());
        while let Poll::Ready(Ok((socket, peer))) = pin!(self.listener.accept()).poll(&mut cx) {
            match self.try_admit() {
                Some(entry) => self.serve(socket, peer, entry),
                None => break,
            }
        }
    }

    fn serve(&self, socket: Socket, peer: Peer, entry: Arc<Entry>) {
        let connection = Connection::new(Arc::clone(&self.world), entry, peer);
        let builder = Arc::clone(&self.builder);
        tokio::spawn(async move { connection.serve(socket, &builder).await });
    }
}

async fn keep_sweeping(world: &World) -> Infallible {
    loop {
        tokio::time::sleep_until(sweep(world).into()).await;
    }
}

/// Closes the connections that are idle for too long, and says when to look again.
fn sweep(world: &World) -> Instant {
    /// Those that are due at about the same time are closed together.
    const SOONEST: Duration = Duration::from_millis(5);
    /// A reload may have brought a shorter patience.
    const LATEST: Duration = Duration::from_secs(1);
    let patience = world.graph.load().server.timeouts.header;
    let now = Instant::now();
    now + world
        .connections
        .sweep(patience, now)
        .clamp(SOONEST, LATEST)
}

/// The connection failed before it was accepted; the next may be sound.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
