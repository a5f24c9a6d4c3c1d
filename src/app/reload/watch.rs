use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use notify::{ErrorKind, EventKind, RecommendedWatcher, RecursiveMode, Watcher, event::ModifyKind};
use tokio::sync::Notify;

use super::{loader::Watched, places::Places};

/// Tells when something that a configuration is made of may have changed. It may tell too often;
/// where the system's watches run out, the poll beside it tells late.
#[derive(Debug)]
pub(super) struct Watch {
    changed: Arc<Notify>,
    watcher: Option<RecommendedWatcher>,
    places: Arc<Places>,
    /// Of those places, the ones the system gave no watch for so far.
    unwatched: Vec<PathBuf>,
    /// A place is gone, and the watch on it too. What comes in its stead may well have the same
    /// inode number.
    is_stale: Arc<AtomicBool>,
}

impl Watch {
    /// A watch on nothing yet, which tells `changed`.
    pub fn new(changed: Arc<Notify>) -> Self {
        Self {
            changed,
            watcher: None,
            places: Arc::default(),
            unwatched: Vec::new(),
            is_stale: Arc::default(),
        }
    }

    /// Watches the places where these may change, in the place of those before. Called after
    /// each look: places come and go while the content stays the same.
    ///
    /// # Errors
    /// The system gives no watch; the sentence says for what.
    pub fn follow(&mut self, watched: &Watched) -> Result<(), String> {
        let is_stale = self.is_stale.load(Ordering::SeqCst);
        let places = Places::of(watched);
        if self.watcher.is_none() || is_stale || places != *self.places {
            self.watcher = None;
            self.is_stale = Arc::default();
            self.unwatched = places.spots.keys().cloned().collect();
            self.places = Arc::new(places);
            self.watcher = Some(self.watcher().map_err(|error| error.to_string())?);
        }
        let Some(watcher) = &mut self.watcher else {
            return Ok(());
        };
        let before = self.unwatched.len();
        let mut refused = None;
        self.unwatched.retain(|place| {
            match watcher.watch(place, RecursiveMode::NonRecursive) {
                Ok(()) => false,
                // Gone just now: the next look finds other places.
                Err(error) if is_not_found(&error.kind) => true,
                Err(error) => {
                    refused.get_or_insert_with(|| format!("{}: {error}", place.display()));
                    true
                }
            }
        });
        if self.unwatched.len() < before {
            // What changed there between the reading and the watch was told to nobody.
            self.changed.notify_one();
        }
        refused.map_or(Ok(()), Err)
    }

    fn watcher(&self) -> notify::Result<RecommendedWatcher> {
        let changed = Arc::clone(&self.changed);
        let places = Arc::clone(&self.places);
        let is_stale = Arc::clone(&self.is_stale);
        notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.as_ref().map_or(true, |event| is_end(event, &places)) {
                is_stale.store(true, Ordering::SeqCst);
            }
            if event.map_or(true, |event| is_change(&event, &places)) {
                changed.notify_one();
            }
        })
    }
}

/// Whether an event may be a change of the configuration. Reading is none: our own would be told
/// to us forever.
fn is_change(event: &notify::Event, places: &Places) -> bool {
    event.need_rescan()
        || !matches!(event.kind, EventKind::Access(_))
            && (event.paths.is_empty() || event.paths.iter().any(|path| places.concern(path)))
}

/// Whether an event may be the end of a watched place.
fn is_end(event: &notify::Event, places: &Places) -> bool {
    let is_removal = matches!(
        event.kind,
        EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
    );
    let mut paths = event.paths.iter();
    event.need_rescan() || is_removal && paths.any(|path| places.spots.contains_key(path))
}

fn is_not_found(kind: &ErrorKind) -> bool {
    match kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}
