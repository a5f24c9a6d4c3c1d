use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use tokio::time::sleep;

use super::health::Chore;
use crate::{
    http::World,
    model::HistoryBounds,
    run::millis,
    store::{CrashPoint, Fault, Reader, Space, Store},
};

/// Between two looks at whether there is anything to remove.
const PASS: Duration = Duration::from_secs(15);
/// Between two looks at whether the bounds have changed.
const LOOK: Duration = Duration::from_millis(500);
/// The most rows that one write removes.
const ROWS: u32 = 500;
/// How much one write removes, in bytes, beside the last row: large records take long.
const BYTES: i64 = 4 << 20;
/// Between two writes: whoever wants to be accepted comes first.
const PAUSE: Duration = Duration::from_millis(20);
/// How many pages are given back to the file system at once.
const PAGES: u32 = 256;
/// How many free pages are left to the file, which will want them again.
const SPARE_PAGES: i64 = 1024;
/// How long a revision may be needed after it was live though no run names it yet.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// Removes what is too old, or too much, for as long as the server lives: runs that have ended,
/// keys of requests whose time is over, revisions that nothing names any more. All of it in small
/// writes, so that no accept waits for it.
pub(super) async fn keep_bounds(world: Arc<World>, store: Store) {
    let mut last: Option<(HistoryBounds, Instant)> = None;
    let mut before = None;
    let mut is_told = false;
    let mut removing = Chore::new("removing old runs");
    loop {
        let (bounds, current) = {
            let graph = world.graph.load();
            (graph.server.history, Arc::clone(&graph.revision))
        };
        let is_due = last.is_none_or(|(known, at)| known != bounds || at.elapsed() >= PASS);
        if is_due {
            let spared = [Some(Arc::clone(&current)), before.replace(current)];
            let pass = Pass {
                store: &store,
                bounds,
                spared: spared.into_iter().flatten().collect(),
            };
            match pass.remove_all().await {
                Ok(dead) => {
                    removing.tell(Ok(()));
                    let is_much = dead > bounds.max;
                    if is_much && !is_told {
                        tracing::warn!(
                            "dead runs take more than `history max`, {dead} bytes, and are never \
                             removed by themselves: see `hookyard runs --outcome dead`, then \
                             replay or purge them"
                        );
                    }
                    is_told = is_much;
                }
                Err(why) => removing.tell(Err(why)),
            }
            last = Some((bounds, Instant::now()));
        }
        sleep(LOOK).await;
    }
}

struct Pass<'s> {
    store: &'s Store,
    bounds: HistoryBounds,
    /// The revisions that requests may just be accepted by.
    spared: Vec<Arc<str>>,
}

impl Pass<'_> {
    /// How large the records of dead runs are, which stay, in bytes.
    ///
    /// # Errors
    /// The store cannot be read or written now; the next pass goes on.
    async fn remove_all(&self) -> Result<u64, String> {
        let now = SystemTime::now();
        let ago = |age: Duration| now.checked_sub(age).map_or(i64::MIN, millis);
        while self.remove(Some(ago(self.bounds.keep)), i64::MAX).await? > 0 {}
        let size = self.read(Reader::history_size).await?;
        let most = i64::try_from(self.bounds.max).unwrap_or(i64::MAX);
        let mut excess = size.removable.saturating_sub(most);
        while excess > 0 {
            match self.remove(None, excess).await? {
                0 => break,
                removed => excess -= removed,
            }
        }
        while self
            .written(self.store.forget_keys(millis(now), ROWS))
            .await?
            == ROWS as usize
        {}
        let fresh = ago(FRESH);
        let mut unnamed = self
            .read(move |reader| reader.unnamed_revisions(fresh))
            .await?;
        unnamed.retain(|revision| !self.spared.iter().any(|spared| **spared == **revision));
        if !unnamed.is_empty() {
            self.written(self.store.forget_revisions(unnamed)).await?;
        }
        while has_room_to_give(self.read(Reader::space).await?) {
            self.written(self.store.shrink(PAGES)).await?;
        }
        Ok(u64::try_from(size.dead).unwrap_or(0))
    }

    /// Removes the oldest runs in one write, about `most` bytes of them, and tells how many bytes
    /// they were; at least one where there is one.
    async fn remove(&self, before_ms: Option<i64>, most: i64) -> Result<i64, String> {
        let oldest = self
            .read(move |reader| reader.oldest(before_ms, ROWS))
            .await?;
        let mut bytes = 0;
        let mut ids = Vec::new();
        for row in oldest {
            if bytes >= most.min(BYTES) {
                break;
            }
            // A row without a record is a row.
            bytes += row.size.max(1);
            ids.push(row.id);
        }
        if !ids.is_empty() {
            self.written(self.store.forget(ids)).await?;
            CrashPoint::Removed.pass();
        }
        Ok(bytes)
    }

    /// Waits for a write, and a little longer.
    async fn written<T>(&self, write: impl Future<Output = Result<T, Fault>>) -> Result<T, String> {
        let written = write.await.map_err(|fault| fault.to_string())?;
        sleep(PAUSE).await;
        Ok(written)
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let store = self.store.clone();
        // Opened anew each time: it is held only as long as it is needed, and so never in the way
        // of a store that is being closed.
        let reading = tokio::task::spawn_blocking(move || {
            let reader = store.reader().map_err(|error| error.to_string())?;
            read(&reader)
        });
        reading.await.unwrap_or_else(|error| Err(error.to_string()))
    }
}

/// Whether so much of the file is free that some is better given back.
fn has_room_to_give(space: Space) -> bool {
    space.free > SPARE_PAGES.max(space.pages / 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{HistoryFilter, HistoryRow, HistorySummary, RevisionRow};

    fn ended(number: i64, accepted_ms: i64, revision: &str) -> HistoryRow {
        HistoryRow {
            summary: HistorySummary {
                id: format!("run {number:04}"),
                flow: "a".to_owned(),
                revision: revision.to_owned(),
                outcome: "failed".to_owned(),
                accepted_ms,
                finished_ms: accepted_ms,
                duration_us: 1,
                error: None,
            },
            record: "x".repeat(10_000),
        }
    }

    async fn pass(store: &Store, bounds: HistoryBounds) {
        let spared = vec!["served".into()];
        let pass = Pass {
            store,
            bounds,
            spared,
        };
        pass.remove_all().await.unwrap();
    }

    #[tokio::test]
    async fn a_pass_leaves_what_is_young_and_fits_and_what_that_names() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path()).unwrap();
        for revision in ["old", "young", "served"] {
            let row = RevisionRow {
                revision: revision.to_owned(),
                stored_ms: 1,
                entry: "flows.kdl".to_owned(),
                files: "{}".to_owned(),
            };
            store.keep_revision(row).await.unwrap();
        }
        let now = millis(SystemTime::now());
        let old = (0..1_200).map(|number| ended(number, 1, "old"));
        let young = (1_200..1_300).map(|number| ended(number, now + number, "young"));
        store.record(old.chain(young).collect(), |_| {});
        // Written behind it.
        store.forget(Vec::new()).await.unwrap();
        let day = HistoryBounds {
            keep: Duration::from_secs(24 * 60 * 60),
            max: 1 << 30,
        };
        pass(&store, day).await;
        let reader = store.reader().unwrap();
        let ids = |reader: &Reader| -> Vec<String> {
            let history = reader.history(&HistoryFilter::default(), 10_000);
            history
                .unwrap()
                .into_iter()
                .rev()
                .map(|run| run.id)
                .collect()
        };
        let expected = |numbers: std::ops::Range<i64>| -> Vec<String> {
            numbers.map(|number| format!("run {number:04}")).collect()
        };
        assert_eq!(ids(&reader), expected(1_200..1_300));
        assert_eq!(reader.unnamed_revisions(now), Ok(vec!["served".to_owned()]));
        let space = reader.space().unwrap();
        assert!(!has_room_to_give(space), "{space:?}");
        let small = HistoryBounds { max: 55_000, ..day };
        pass(&store, small).await;
        assert_eq!(ids(&reader), expected(1_295..1_300));
    }
}
