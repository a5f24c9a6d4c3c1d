use std::{
    collections::{HashMap, hash_map},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::World;
use crate::{
    engine::Finished,
    graph::Flow,
    queue::Dedupe,
    run::{Outcome, Reply},
};

/// A flow and what tells one of its requests from another.
type Key = (Arc<str>, String);

/// The requests that are being answered now and must not be answered twice: whoever comes with the
/// same key waits for the answer of the first.
#[derive(Clone, Debug, Default)]
pub(super) struct Once {
    answering: Arc<Mutex<HashMap<Key, watch::Receiver<Option<Reply>>>>>,
}

/// What a request finds that comes with a key.
pub(super) enum Turn {
    /// It is the first, and whoever comes next waits for it.
    First(First),
    /// Another was, and has been answered this.
    Second(Reply),
}

/// The first request with a key. Dropped without an answer, it lets the next one be the first.
pub(super) struct First {
    once: Once,
    key: Key,
    dedupe: Dedupe,
    answer: watch::Sender<Option<Reply>>,
}

impl Once {
    /// Waits for the turn of a request.
    pub async fn turn(&self, flow: &Arc<str>, dedupe: Dedupe) -> Turn {
        let key = (Arc::clone(flow), dedupe.key.clone());
        loop {
            let mut answered = match self.answering().entry(key.clone()) {
                hash_map::Entry::Vacant(place) => {
                    let (answer, answered) = watch::channel(None);
                    place.insert(answered);
                    return Turn::First(First {
                        once: self.clone(),
                        key,
                        dedupe,
                        answer,
                    });
                }
                hash_map::Entry::Occupied(place) => place.get().clone(),
            };
            // Where there is no answer, somebody else may be the first now.
            if let Ok(reply) = answered.wait_for(Option::is_some).await
                && let Some(reply) = &*reply
            {
                return Turn::Second(reply.clone());
            }
        }
    }

    fn answering(&self) -> MutexGuard<'_, HashMap<Key, watch::Receiver<Option<Reply>>>> {
        // Every change of it is whole.
        self.answering
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl First {
    /// What was answered before this process, or before the one that came last was gone.
    ///
    /// # Errors
    /// The store cannot say; the sentence says why.
    pub async fn remembered(&self, world: &World) -> Result<Option<Reply>, String> {
        let (flow, key) = &self.key;
        world.queue.remembered(flow, key).await
    }

    /// Gives those that wait the answer.
    pub fn answer(self, reply: Reply) {
        self.answer.send_replace(Some(reply));
    }

    /// Remembers the answer of a run that went well; one that did not may be tried again.
    pub async fn keep(self, world: &World, flow: &Flow, finished: &Finished) {
        if finished.outcome != Outcome::Succeeded {
            return;
        }
        let reply = finished.reply.clone().unwrap_or_else(Reply::ok);
        let dedupe = self.dedupe.clone();
        let id = finished.input.id;
        if let Err(why) = world.queue.remember(&flow.name, id, &reply, dedupe).await {
            tracing::warn!(flow = &*flow.name, run = %id, "the answer is not remembered: {why}");
        }
        self.answer(reply);
    }
}

impl Drop for First {
    fn drop(&mut self) {
        self.once.answering().remove(&self.key);
    }
}
