use std::{fmt, io, sync::Arc};

use arc_swap::ArcSwap;
use tokio::sync::Semaphore;

use super::{connections::Connections, once::Once, room::Room};
use crate::{auth::Verified, engine::Means, event::Bus, graph::Graph, queue::Queue};

/// How many passwords are hashed at once: it takes whole cores, and much memory with argon2.
const HASHING: usize = 2;

/// All that requests are served from, shared by every server.
pub struct World {
    /// What is served now; a request keeps the flow that it was matched with.
    pub graph: ArcSwap<Graph>,
    /// The async runs that were accepted.
    pub queue: Queue,
    /// What steps act on the world by.
    pub means: Means,
    /// Where everything is told.
    pub bus: Bus,
    /// The credentials that slow hashes have already passed.
    pub verified: Verified,
    /// As many permits as passwords may be hashed now.
    pub hashing: Arc<Semaphore>,
    pub(super) connections: Connections,
    pub(super) once: Once,
    pub(super) room: Arc<Room>,
}

impl World {
    /// A world that serves `graph`, keeps async runs in `queue`, and tells `bus`.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn new(graph: Arc<Graph>, queue: Queue, bus: Bus) -> io::Result<Self> {
        Ok(Self {
            graph: ArcSwap::new(graph),
            queue,
            means: Means::default(),
            bus,
            verified: Verified::new()?,
            hashing: Arc::new(Semaphore::new(HASHING)),
            connections: Connections::new(),
            once: Once::default(),
            room: Arc::default(),
        })
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("revision", &self.graph.load().revision)
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}
