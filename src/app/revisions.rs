use std::{
    borrow::Cow,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use super::{
    assemble::{Assembled, assemble, read_by, restore},
    kept::Kept,
    load::load,
    no_graph::NoGraph,
    old_graphs::OldGraphs,
};
use crate::{
    graph::{Flow, Graph},
    run::{Policy, millis},
    store::{Reader, RevisionRow, Store},
};

/// How many old revisions are held ready: runs of more than these wait for one to be compiled.
const READY: usize = 4;

/// The revisions that runs were accepted by: each is kept before it goes live, and a run finishes
/// on its own, whatever is served by then.
pub(crate) struct Revisions {
    store: Store,
    reader: Arc<Mutex<Reader>>,
    file: PathBuf,
    /// The latest last.
    ready: Mutex<Vec<Arc<Graph>>>,
}

impl Revisions {
    /// Those in `store`, of the configuration that `file` is the entry of.
    ///
    /// # Errors
    /// The store cannot be read; the sentence says why.
    pub fn open(store: Store, file: PathBuf) -> Result<Self, String> {
        let reader = store.reader().map_err(|error| error.to_string())?;
        Ok(Self {
            store,
            reader: Arc::new(Mutex::new(reader)),
            file,
            ready: Mutex::new(Vec::new()),
        })
    }

    /// Keeps a revision; on disk when this returns. The one that was kept last is there already: it
    /// can be served again where nothing can be written.
    ///
    /// # Errors
    /// It cannot be written; the sentence says why.
    pub async fn keep(&self, assembled: &Assembled) -> Result<(), String> {
        let row = self.row(assembled);
        match self.store.keep_revision(row.clone()).await {
            Err(fault) if !self.is_last(&row) => {
                Err(format!("the revision cannot be kept: {fault}"))
            }
            _ => Ok(()),
        }
    }

    fn is_last(&self, row: &RevisionRow) -> bool {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let last = reader.last_revision(&self.file_name());
        last.is_ok_and(|last| {
            last.is_some_and(|last| {
                (&last.revision, &last.entry, &last.files)
                    == (&row.revision, &row.entry, &row.files)
            })
        })
    }

    /// However the path to it is written.
    fn file_name(&self) -> Cow<'_, str> {
        self.file.file_name().unwrap_or_default().to_string_lossy()
    }

    /// The row that keeps a revision.
    pub fn row(&self, assembled: &Assembled) -> RevisionRow {
        let files = assembled.kept().to_owned();
        revision_row(&self.file, assembled.revision(), files)
    }

    /// The graph of a revision that is not `served` any more.
    ///
    /// # Errors
    /// It is not there, or no longer sound to this version of the server, or the store cannot be
    /// read now.
    pub async fn graph(&self, revision: &str, served: &Graph) -> Result<Arc<Graph>, NoGraph> {
        if let Some(graph) = self.ready(revision) {
            return Ok(graph);
        }
        let (reader, file) = (Arc::clone(&self.reader), self.file.clone());
        let wanted = revision.to_owned();
        let secrets = Arc::clone(&served.secrets);
        let tallies = served.tallies.clone();
        let compiled = tokio::task::spawn_blocking(move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            let row = reader.revision(&wanted).map_err(NoGraph::NotYet)?;
            drop(reader);
            let never = || NoGraph::Never(format!("the revision {wanted} is not kept"));
            let row = row.ok_or_else(never)?;
            let mut loaded = load(&file, &Kept::new(&row, &file));
            restore(&mut loaded, &file, &wanted, &secrets, tallies).map_err(NoGraph::Never)
        });
        let panicked = |_| NoGraph::Never(format!("compiling the revision {revision} panicked"));
        let graph = Arc::new(compiled.await.map_err(panicked)??);
        let mut ready = self.lock();
        if ready.len() >= READY {
            ready.remove(0);
        }
        ready.push(Arc::clone(&graph));
        Ok(graph)
    }

    /// Has graphs of old revisions made anew when they are wanted: the secrets that are served may
    /// be others now.
    pub fn forget_graphs(&self) {
        self.lock().clear();
    }

    /// How the runs of `flows`, which are not served any more, go beside each other: as the revision
    /// had it that accepted the latest of them, where it can be read.
    pub fn policies<'f>(
        &self,
        flows: impl Iterator<Item = &'f Arc<str>>,
    ) -> Vec<(Arc<str>, Policy)> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let mut graphs = OldGraphs::new(&reader);
        let policies = flows.filter_map(|name| {
            // One that cannot be read has runs that wait, or are dead.
            let revision = reader.latest_revision_of(name).ok()??;
            let flow = graphs.of(&revision)?.flow(name)?;
            Some((Arc::clone(name), flow.policy))
        });
        policies.collect()
    }

    /// The revision that went live last, to be served again while the file is broken.
    ///
    /// # Errors
    /// It cannot be served any more; the sentence says why.
    pub fn last_good(&self, installation_secret: &[u8]) -> Result<Option<Assembled>, String> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(row) = reader.last_revision(&self.file_name())? else {
            return Ok(None);
        };
        drop(reader);
        let kept = Kept::new(&row, &self.file);
        if kept.lacks_secrets() {
            return Err(format!(
                "the revision before it, {}, cannot be served again: it has a secret written out, and no secret is kept",
                row.revision
            ));
        }
        let mut loaded = load(&self.file, &kept);
        match assemble(&mut loaded, &self.file, installation_secret) {
            Some(assembled) => Ok(Some(assembled.found_kept())),
            None => {
                let first = loaded.report.first_error().unwrap_or_default();
                let revision = row.revision;
                Err(format!(
                    "the revision before it, {revision}, cannot be served again: {first}"
                ))
            }
        }
    }

    fn ready(&self, revision: &str) -> Option<Arc<Graph>> {
        let mut ready = self.lock();
        let at = ready
            .iter()
            .position(|graph| &*graph.revision == revision)?;
        let graph = ready.remove(at);
        ready.push(Arc::clone(&graph));
        Some(graph)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Graph>>> {
        // The list is valid after any panic.
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The row that keeps a revision from now on.
pub(super) fn revision_row(file: &Path, revision: &str, files: String) -> RevisionRow {
    RevisionRow {
        revision: revision.to_owned(),
        stored_ms: millis(SystemTime::now()),
        entry: file.display().to_string(),
        files,
    }
}

/// A flow of a revision that was kept, where there is one that can still be read.
pub fn kept_flow(reader: &Reader, file: &Path, revision: &str, flow: &str) -> Option<Arc<Flow>> {
    let row = reader.revision(revision).ok()??;
    let mut loaded = load(file, &Kept::new(&row, file));
    let graph = read_by(&mut loaded, file, revision, &[])?;
    graph.flow(flow).cloned()
}

/// A revision that was kept, to look at what its flows were, where it can still be read.
pub(super) fn kept_graph(reader: &Reader, revision: &str) -> Option<Graph> {
    let row = reader.revision(revision).ok()??;
    // As it was called then: whoever looks now may call it something else.
    let file = Path::new(&row.entry);
    let mut loaded = load(file, &Kept::new(&row, file));
    read_by(&mut loaded, file, revision, &[])
}

impl fmt::Debug for Revisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revisions")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::app::Disk;

    #[tokio::test]
    async fn on_a_full_disk_the_revision_that_was_kept_last_can_be_served_again_and_no_other() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("flows.kdl");
        let saved = |text: &str| {
            fs::write(&file, text).unwrap();
            assemble(&mut load(&file, &Disk), &file, b"secret").unwrap()
        };
        let store = Store::open(home.path()).unwrap();
        let revisions = Revisions::open(store.clone(), file.clone()).unwrap();
        let one = saved("flow \"one\" { webhook \"/one\"; }");
        let two = saved("flow \"two\" { webhook \"/two\"; }");
        for kept in [&one, &two] {
            revisions.keep(kept).await.unwrap();
        }
        store.probe().fill();
        assert_eq!(revisions.keep(&two).await, Ok(()));
        let refused = "the revision cannot be kept: the disk of the state directory is full";
        assert_eq!(revisions.keep(&one).await, Err(refused.to_owned()));
    }
}
