use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    World,
    connections::{Entry, Wish},
    handle::handle,
    respond,
    socket::{Socket, Watched},
};
use crate::{
    engine::{Panicked, caught},
    run::Peer,
};

/// The longest head, and how much of a body is read ahead.
const BUFFER: usize = 64 * 1024;
/// How long, and how much, is read from a client that is still sending when it was answered.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 8 * 1024 * 1024;

/// A connection that is being served. Dropping it takes it off the list.
pub(super) struct Connection {
    world: Arc<World>,
    entry: Arc<Entry>,
    peer: Peer,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.world.connections.leave(&self.entry);
    }
}

/// How every connection is set up. Timeouts of a head are not hyper's, which would set a timer
/// for each request: the server sweeps over all connections instead.
pub(super) fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .header_read_timeout(None)
        // A client that sends all and closes its side still gets its answer.
        .half_close(true)
        .max_buf_size(BUFFER);
    builder
}

impl Connection {
    pub fn new(world: Arc<World>, entry: Arc<Entry>, peer: Peer) -> Self {
        Self { world, entry, peer }
    }

    /// Serves requests until the client, an error or the server ends it.
    pub async fn serve(self, socket: Socket, builder: &http1::Builder) {
        let connection = Arc::new(self);
        let entry = &*connection.entry;
        let patience = connection.world.graph.load().server.timeouts.write;
        let io = Watched::new(socket, patience, Arc::clone(&connection.entry));
        let service = service_fn(|request| {
            let connection = Arc::clone(&connection);
            async move {
                let Connection { world, entry, peer } = &*connection;
                world.connections.begin(entry);
                let answer = caught(pin!(handle(world, entry, *peer, request))).await;
                let mut response =
                    answer.unwrap_or_else(|Panicked| respond::response(respond::failed(), true));
                if entry.wish() == Wish::Finish {
                    respond::end_connection(&mut response);
                }
                world.connections.rest(entry, Instant::now());
                Ok::<_, Infallible>(response)
            }
        });
        let mut http = builder.serve_connection(TokioIo::new(io), service);
        let mut is_known = false;
        let mut is_finishing = false;
        let mut was_idle = false;
        let ended = poll_fn(|cx| {
            if !is_known {
                // A task has one waker for all its life.
                is_known = true;
                entry.wake_by(cx.waker());
            }
            match entry.wish() {
                Wish::Stay => {}
                Wish::Finish if is_finishing => {}
                Wish::Finish => {
                    is_finishing = true;
                    was_idle = entry.is_idle();
                    Pin::new(&mut http).graceful_shutdown();
                }
                Wish::Close => return Poll::Ready(None),
            }
            Pin::new(&mut http).poll(cx).map(Some)
        })
        .await;
        let may_still_send = match ended {
            None => false,
            Some(Ok(())) => !was_idle,
            // hyper has answered these itself: 400, 414 or 431.
            Some(Err(error)) => error.is_parse(),
        };
        if may_still_send {
            let io = http.into_parts().io.into_inner();
            tokio::select! {
                () = linger(io) => {}
                () = entry.told_to_close() => {}
            }
        }
    }
}

/// Closes so that the client can read its answer. Where data comes in for a socket that is
/// closed, the system resets the connection, and the answer is lost on the client's side; so only
/// the writing side is closed until the client has seen it (RFC 9112, section 9.6).
async fn linger(mut io: Watched) {
    let discard = async {
        io.shutdown().await?;
        let mut buffer = vec![0; 16 * 1024];
        let mut left = LINGER_BYTES;
        while left > 0 {
            match io.read(&mut buffer).await? {
                0 => break,
                read => left = left.saturating_sub(read),
            }
        }
        std::io::Result::Ok(())
    };
    // However it ends, the connection is over.
    let _ = tokio::time::timeout(LINGER, discard).await;
}
