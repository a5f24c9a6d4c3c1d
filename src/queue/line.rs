use std::{
    collections::VecDeque,
    fmt,
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// A line in memory, bounded by how many stand in it and by how much they weigh.
pub struct Queue<T> {
    line: Mutex<Line<T>>,
    arrived: Notify,
    most: usize,
    heaviest: usize,
}

struct Line<T> {
    waiting: VecDeque<(T, usize)>,
    weight: usize,
    closed: bool,
}

/// There is no room, or the queue is closed; here is what was to be appended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full<T>(pub T);

impl<T> Queue<T> {
    /// An empty queue for up to `most` items that weigh up to `heaviest` bytes together.
    pub fn new(most: usize, heaviest: usize) -> Self {
        Self {
            line: Mutex::new(Line {
                waiting: VecDeque::new(),
                weight: 0,
                closed: false,
            }),
            arrived: Notify::new(),
            most,
            heaviest,
        }
    }

    /// Puts an item of `weight` bytes at the end.
    ///
    /// # Errors
    /// There is no room for it, or the queue is closed.
    pub fn try_append(&self, item: T, weight: usize) -> Result<(), Full<T>> {
        let mut line = self.line();
        if line.closed
            || line.waiting.len() >= self.most
            || line.weight.saturating_add(weight) > self.heaviest
        {
            return Err(Full(item));
        }
        line.weight += weight;
        line.waiting.push_back((item, weight));
        drop(line);
        self.arrived.notify_one();
        Ok(())
    }

    /// Takes the item at the front, and waits where there is none. `None` once the queue is
    /// closed and empty.
    pub async fn claim(&self) -> Option<T> {
        loop {
            let mut arrived = pin!(self.arrived.notified());
            // Enrolled before looking, so that nothing arrives unseen between the two.
            arrived.as_mut().enable();
            {
                let mut line = self.line();
                if let Some((item, weight)) = line.waiting.pop_front() {
                    line.weight -= weight;
                    return Some(item);
                }
                if line.closed {
                    return None;
                }
            }
            arrived.await;
        }
    }

    /// Takes nothing more; what waits can still be claimed.
    pub fn close(&self) {
        self.line().closed = true;
        self.arrived.notify_waiters();
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.line().waiting.len()
    }

    /// Whether none wait.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn line(&self) -> MutexGuard<'_, Line<T>> {
        // Nothing in here can panic halfway through a change.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("waiting", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn what_came_first_is_claimed_first() {
        let queue = Queue::new(8, 100);
        for item in 0..3 {
            queue.try_append(item, 1).unwrap();
        }
        assert_eq!(queue.len(), 3);
        for item in 0..3 {
            assert_eq!(queue.claim().await, Some(item));
        }
        assert!(queue.is_empty());
    }

    #[tokio::test]
    async fn count_and_weight_both_bound_it_and_a_claim_makes_room() {
        let queue = Queue::new(2, 10);
        queue.try_append('a', 8).unwrap();
        assert_eq!(queue.try_append('b', 3), Err(Full('b')));
        queue.try_append('c', 2).unwrap();
        assert_eq!(queue.try_append('d', 0), Err(Full('d')));
        assert_eq!(queue.claim().await, Some('a'));
        queue.try_append('e', 8).unwrap();
        assert_eq!(queue.try_append('f', usize::MAX), Err(Full('f')));
    }

    #[tokio::test]
    async fn a_closed_queue_hands_out_what_waits_and_then_ends() {
        let queue = Queue::new(8, 100);
        queue.try_append(1, 1).unwrap();
        queue.close();
        assert_eq!(queue.try_append(2, 1), Err(Full(2)));
        assert_eq!(queue.claim().await, Some(1));
        assert_eq!(queue.claim().await, None);
    }

    #[tokio::test]
    async fn every_item_reaches_one_of_many_waiting_workers_and_closing_ends_them_all() {
        let queue = Arc::new(Queue::new(1_000, 1_000));
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let queue = Arc::clone(&queue);
                tokio::spawn(async move {
                    let mut claimed = Vec::new();
                    while let Some(item) = queue.claim().await {
                        claimed.push(item);
                        tokio::task::yield_now().await;
                    }
                    claimed
                })
            })
            .collect();
        for item in 0..500 {
            queue.try_append(item, 1).unwrap();
            if item % 7 == 0 {
                tokio::task::yield_now().await;
            }
        }
        queue.close();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        all.sort_unstable();
        assert_eq!(all, (0..500).collect::<Vec<_>>());
    }
}
