use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use crate::{
    app::{
        Reading,
        assemble::{Assembled, assemble},
        git,
        load::{Loaded, load},
        regular, secrets,
    },
    diagnostic::Report,
    model::Secret,
    syntax::Files,
};

/// How often a configuration that keeps changing is read again before it is left for later.
const ATTEMPTS: usize = 20;

/// Looks at a configuration and says whether there is something new, and whether it is sound.
/// Knows no watcher and no server.
pub struct Loader {
    file: PathBuf,
    installation_secret: Vec<u8>,
    seen: Option<Seen>,
    watched: Watched,
}

/// All that a configuration came from, at one moment.
#[derive(PartialEq, Eq)]
struct Seen {
    reading: Reading,
    secrets: Vec<(PathBuf, SecretFile)>,
}

/// `None` where it is empty.
type SecretFile = Result<Option<Secret>, io::ErrorKind>;

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

impl Look {
    /// In a word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Unstable => "unstable",
            Self::Broken(_) => "broken",
            Self::Sound(..) => "sound",
        }
    }
}

/// What is to be watched for changes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Watched {
    /// Files that were read, or will be once they are there.
    pub files: Vec<PathBuf>,
    /// Directories in which a new file may match an include.
    pub directories: Vec<PathBuf>,
    /// The includes that are patterns.
    pub patterns: Vec<PathBuf>,
}

impl Loader {
    /// A loader of `file` that has looked at nothing yet.
    pub fn new(file: &Path, installation_secret: Vec<u8>) -> Self {
        Self {
            file: file.to_owned(),
            installation_secret,
            seen: None,
            watched: Watched {
                files: vec![file.to_owned()],
                ..Watched::default()
            },
        }
    }

    /// Looks at the configuration. `pause` is called before each reading is compared with the
    /// files once more: a file that is half written is never taken for a whole one.
    pub fn look(&mut self, files: &dyn Files, mut pause: impl FnMut()) -> Look {
        let seen = &self.seen;
        if seen.as_ref().is_some_and(|seen| seen.is_current(files)) {
            return Look::Unchanged;
        }
        for _ in 0..ATTEMPTS {
            let mut loaded = load(&self.file, files);
            let secret_files = self.secret_files(&loaded);
            let seen = Seen {
                reading: loaded.reading.clone(),
                secrets: secret_files.into_iter().map(read_secret).collect(),
            };
            // Between two readings that agree: it is made of the very secrets that were seen.
            let assembled = assemble(&mut loaded, &self.file, &self.installation_secret);
            pause();
            if !seen.is_current(files) {
                continue;
            }
            // It was changed and changed back.
            if self.seen.as_ref() == Some(&seen) {
                return Look::Unchanged;
            }
            self.watched = watched(&loaded, &seen);
            self.seen = Some(seen);
            return match assembled {
                Some(assembled) => {
                    let assembled = assembled.at_commit(git::commit(&self.file));
                    Look::Sound(Box::new(assembled), loaded.report)
                }
                None => Look::Broken(loaded.report),
            };
        }
        Look::Unstable
    }

    /// Forgets the last look, so that the next one finds something new whatever it finds.
    pub fn forget(&mut self) {
        self.seen = None;
    }

    /// What is to be watched, as of the last look that found something new.
    pub(super) fn watched(&self) -> &Watched {
        &self.watched
    }

    fn secret_files(&self, loaded: &Loaded) -> Vec<PathBuf> {
        let base = self.file.parent().unwrap_or(Path::new(""));
        loaded
            .configuration
            .as_ref()
            .map(|configuration| secrets::files(configuration, base))
            .unwrap_or_default()
    }
}

impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the secret nor the text of files that may hold some.
        f.debug_struct("Loader")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl Seen {
    fn is_current(&self, files: &dyn Files) -> bool {
        self.reading.is_current(files)
            && self
                .secrets
                .iter()
                .all(|seen| read_secret(seen.0.clone()) == *seen)
    }
}

fn watched(loaded: &Loaded, seen: &Seen) -> Watched {
    let secrets = seen.secrets.iter().map(|(path, _)| path.clone());
    Watched {
        files: seen
            .reading
            .files()
            .map(Path::to_owned)
            .chain(secrets)
            .collect(),
        directories: loaded.include_dirs.clone(),
        patterns: seen.reading.patterns().map(Path::to_owned).collect(),
    }
}

fn read_secret(path: PathBuf) -> (PathBuf, SecretFile) {
    let read = regular::secret(&path).map(Secret::new);
    (path, read.map_err(|error| error.kind()))
}
