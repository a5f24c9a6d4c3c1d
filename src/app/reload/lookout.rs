use std::{
    collections::BTreeSet,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::sync::Notify;

use super::{Loader, Look, watch::Watch};
use crate::app::Disk;

/// Looks at a configuration on the disk, and keeps the watch where it may change. All of it may
/// block: a network file system may take its time, or hang.
#[derive(Debug)]
pub(crate) struct Lookout {
    loader: Loader,
    watch: Watch,
    changed: Arc<Notify>,
    poll: Duration,
    /// Why there is no watch on something, as it was told.
    blind: Option<String>,
    /// Files that were told to be dead.
    dead: BTreeSet<PathBuf>,
}

/// What a lookout saw.
#[derive(Debug)]
pub(crate) struct Sighting {
    /// Of the configuration.
    pub look: Look,
    /// Of the world around it: what the operator should read, each told once.
    pub notices: Vec<String>,
}

impl Lookout {
    /// A lookout for `file`, which is looked at every `poll` besides.
    pub fn new(file: &Path, installation_secret: Vec<u8>, poll: Duration) -> Self {
        let changed = Arc::new(Notify::new());
        Self {
            loader: Loader::new(file, installation_secret),
            watch: Watch::new(Arc::clone(&changed)),
            changed,
            poll,
            blind: None,
            dead: BTreeSet::new(),
        }
    }

    /// Looks. Two readings, with `pause` between them, have to agree.
    pub fn look(&mut self, pause: Duration) -> Sighting {
        let look = self.loader.look(&Disk, || std::thread::sleep(pause));
        let mut notices = Vec::new();
        let blind = self.watch.follow(self.loader.watched()).err();
        if blind != self.blind {
            if let Some(why) = &blind {
                let poll = self.poll;
                notices.push(format!("changes are only noticed every {poll:?}: {why}"));
            }
            self.blind = blind;
        }
        for file in &self.loader.watched().files {
            if !is_dead(file) {
                self.dead.remove(file);
            } else if self.dead.insert(file.clone()) {
                notices.push(format!(
                    "{} was replaced outside of its mount, and what is mounted here never changes: mount its directory instead",
                    file.display()
                ));
            }
        }
        Sighting { look, notices }
    }

    /// Has the next look find something new, whatever it finds.
    pub fn forget(&mut self) {
        self.loader.forget();
    }

    /// Tells when something may have changed.
    pub fn changed(&self) -> Arc<Notify> {
        Arc::clone(&self.changed)
    }

    /// How often to look where no change is told.
    pub fn poll(&self) -> Duration {
        self.poll
    }
}

/// A file that is mounted by itself, and that has no name left outside: it keeps its old content.
fn is_dead(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.nlink() == 0)
}
