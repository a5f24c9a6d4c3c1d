use std::path::{Path, PathBuf};

use crate::{
    app::{
        assemble::{Assembled, assemble},
        load::{Loaded, Reading, load},
        secrets,
    },
    diagnostic::Report,
    syntax::Files,
};

/// How often a configuration that keeps changing is read again before it is left for later.
const ATTEMPTS: usize = 20;

/// Looks at a configuration and says whether there is something new, and whether it is sound.
/// Knows no watcher and no server.
#[derive(Debug)]
pub struct Loader {
    file: PathBuf,
    installation_secret: Vec<u8>,
    seen: Option<Seen>,
}

/// What was looked at last.
#[derive(Debug)]
struct Seen {
    reading: Reading,
    secrets: Vec<(PathBuf, Option<Vec<u8>>)>,
}

/// What a look came to.
#[derive(Debug)]
pub enum Look {
    /// Nothing is different from the last look.
    Unchanged,
    /// It is being written to right now; look again.
    Unstable,
    /// It is broken; the report says where.
    Broken(Report),
    /// It is sound; warnings may be in the report.
    Sound(Box<Assembled>, Report),
}

/// What is to be watched for changes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Watched {
    /// Files that were read, or will be once they are there.
    pub files: Vec<PathBuf>,
    /// Directories in which a new file may match an include.
    pub directories: Vec<PathBuf>,
}

impl Loader {
    /// A loader of `file` that has looked at nothing yet.
    pub fn new(file: &Path, installation_secret: Vec<u8>) -> Self {
        Self {
            file: file.to_owned(),
            installation_secret,
            seen: None,
        }
    }

    /// Looks at the configuration. `pause` is called before each reading is compared with the
    /// files once more: a file that is half written is never taken for a whole one.
    pub fn look(&mut self, files: &dyn Files, mut pause: impl FnMut()) -> (Look, Option<Watched>) {
        if self
            .seen
            .as_ref()
            .is_some_and(|seen| seen.is_current(files))
        {
            return (Look::Unchanged, None);
        }
        for _ in 0..ATTEMPTS {
            let loaded = load(&self.file, files);
            pause();
            if loaded.reading.is_current(files) {
                return self.judge(loaded);
            }
        }
        (Look::Unstable, None)
    }

    /// Forgets the last look, so that the next one finds something new whatever it finds.
    pub fn forget(&mut self) {
        self.seen = None;
    }

    fn judge(&mut self, mut loaded: Loaded) -> (Look, Option<Watched>) {
        let base = self.file.parent().unwrap_or(Path::new(""));
        let secret_files = loaded
            .configuration
            .as_ref()
            .map(|configuration| secrets::files(configuration, base))
            .unwrap_or_default();
        let watched = Watched {
            files: loaded
                .reading
                .files()
                .map(Path::to_owned)
                .chain(secret_files.iter().cloned())
                .collect(),
            directories: loaded.include_dirs.clone(),
        };
        self.seen = Some(Seen {
            reading: loaded.reading.clone(),
            secrets: secret_files
                .into_iter()
                .map(|path| {
                    let content = std::fs::read(&path).ok();
                    (path, content)
                })
                .collect(),
        });
        let assembled = assemble(&mut loaded, &self.file, &self.installation_secret);
        let look = match assembled {
            Some(assembled) => Look::Sound(Box::new(assembled), loaded.report),
            None => Look::Broken(loaded.report),
        };
        (look, Some(watched))
    }
}

impl Seen {
    fn is_current(&self, files: &dyn Files) -> bool {
        self.reading.is_current(files)
            && self
                .secrets
                .iter()
                .all(|(path, then)| std::fs::read(path).ok() == *then)
    }
}
