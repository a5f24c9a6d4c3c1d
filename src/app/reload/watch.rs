use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

use super::{Watched, places};

/// Tells when something that a configuration is made of may have changed. It may tell too often;
/// where the system's watches run out, the poll beside it tells late.
#[derive(Debug)]
pub(crate) struct Watch {
    changed: Arc<Notify>,
    watcher: Option<RecommendedWatcher>,
}

impl Watch {
    /// A watch on nothing yet.
    pub fn new() -> Self {
        Self {
            changed: Arc::new(Notify::new()),
            watcher: None,
        }
    }

    /// Waits until something changed.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Watches the places where these files and directories may change, in the place of those
    /// before: a directory that was deleted and made again is another one to the system.
    ///
    /// # Errors
    /// The system gives no watch; the sentence says for what.
    pub fn follow(&mut self, watched: &Watched) -> Result<(), String> {
        self.watcher = None;
        let changed = Arc::clone(&self.changed);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Reading is no change; our own reading would be told to us forever.
            let is_access =
                matches!(&event, Ok(event) if matches!(event.kind, EventKind::Access(_)) && !event.need_rescan());
            if !is_access {
                changed.notify_one();
            }
        })
        .map_err(|error| error.to_string())?;
        let mut first_error = None;
        for directory in directories(watched) {
            if let Err(error) = watcher.watch(&directory, RecursiveMode::NonRecursive) {
                first_error.get_or_insert(format!("{}: {error}", directory.display()));
            }
        }
        self.watcher = Some(watcher);
        first_error.map_or(Ok(()), Err)
    }
}

fn directories(watched: &Watched) -> BTreeSet<PathBuf> {
    let mut found: BTreeSet<_> = watched
        .files
        .iter()
        .flat_map(|file| places::directories(file))
        .collect();
    for directory in &watched.directories {
        found.extend(places::directories(&directory.join("*")));
        found.extend(places::directories(directory));
    }
    found
}
