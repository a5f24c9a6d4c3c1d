use std::{
    cell::RefCell,
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Map, Value, json};

use super::token::content_hash;
use crate::{
    check,
    diagnostic::Report,
    model::{Configuration, SecretPlaces},
    syntax::{self, Files},
};

/// A configuration as it was read: what it came to, and all that it came from.
#[derive(Debug)]
pub struct Loaded {
    /// The checked configuration; `None` where the report has errors.
    pub configuration: Option<Configuration>,
    /// Where its secrets are kept; of a broken one, as far as it could be read.
    pub secrets: SecretPlaces,
    /// Everything there is to say about it.
    pub report: Report,
    /// What was read.
    pub reading: Reading,
    /// The directories that includes look into.
    pub include_dirs: Vec<PathBuf>,
}

/// Everything that was read, so that it can be told whether it still stands there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    files: BTreeMap<PathBuf, Result<Arc<str>, io::ErrorKind>>,
    globs: BTreeMap<PathBuf, Result<Vec<PathBuf>, io::ErrorKind>>,
}

impl Reading {
    /// The files that were read, or looked for and not found.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }

    /// The files that were read.
    pub fn read(&self) -> impl Iterator<Item = &Path> {
        let read = self.files.iter().filter(|(_, text)| text.is_ok());
        read.map(|(path, _)| path.as_path())
    }

    /// The patterns that were looked up.
    pub fn patterns(&self) -> impl Iterator<Item = &Path> {
        self.globs.keys().map(PathBuf::as_path)
    }

    /// Whether `files` would be read the same again.
    pub fn is_current(&self, files: &dyn Files) -> bool {
        self.files
            .iter()
            .all(|(path, then)| read(files, path) == *then)
            && self
                .globs
                .iter()
                .all(|(pattern, then)| glob(files, pattern) == *then)
    }

    /// A short hash of all contents: the configuration's revision.
    pub fn revision(&self) -> Arc<str> {
        let mut content = Vec::new();
        for text in self.files.values().flatten() {
            // Lengths keep two files from being told as one.
            content.extend_from_slice(&(text.len() as u64).to_le_bytes());
            content.extend_from_slice(text.as_bytes());
        }
        content_hash(&content).into()
    }
}

impl Loaded {
    /// All that was read, to be kept and read again by [`Kept`](super::kept::Kept): no secret is in it.
    pub fn to_kept(&self) -> String {
        let files = self.reading.files.iter().filter_map(|(path, text)| {
            let source = self.report.sources().iter().find(|it| it.path == *path);
            let text = source.map_or_else(
                || text.as_deref().ok().map(str::to_owned),
                |source| Some(source.without_secrets()),
            )?;
            Some((path.to_str()?.to_owned(), Value::from(text)))
        });
        let globs = self.reading.globs.iter().filter_map(|(pattern, found)| {
            let found = found.as_ref().ok()?.iter().filter_map(|path| path.to_str());
            Some((pattern.to_str()?.to_owned(), found.collect()))
        });
        let files: Map<String, Value> = files.collect();
        let globs: Map<String, Value> = globs.collect();
        let has_secrets = self
            .report
            .sources()
            .iter()
            .any(|source| source.without_secrets() != *source.text);
        json!({ "files": files, "globs": globs, "has_secrets": has_secrets }).to_string()
    }
}

/// Reads and checks a configuration. Secrets are not resolved.
pub fn load(file: &Path, files: &dyn Files) -> Loaded {
    let recorder = Recorder {
        files,
        reading: RefCell::default(),
    };
    let mut report = Report::new();
    let tree = syntax::read(file, &recorder, &mut report);
    let include_dirs = tree.watched_dirs.clone();
    let (configuration, secrets) = check::configuration(tree, &mut report);
    report.sort();
    Loaded {
        configuration,
        secrets,
        report,
        reading: recorder.reading.into_inner(),
        include_dirs,
    }
}

fn read(files: &dyn Files, path: &Path) -> Result<Arc<str>, io::ErrorKind> {
    files
        .read(path)
        .map(Arc::from)
        .map_err(|error| error.kind())
}

fn glob(files: &dyn Files, pattern: &Path) -> Result<Vec<PathBuf>, io::ErrorKind> {
    files.glob(pattern).map_err(|error| error.kind())
}

/// Remembers what passes through.
struct Recorder<'f> {
    files: &'f dyn Files,
    reading: RefCell<Reading>,
}

impl Files for Recorder<'_> {
    fn read(&self, path: &Path) -> io::Result<String> {
        let read = self.files.read(path);
        let kept = read.as_deref().map(Arc::from).map_err(|error| error.kind());
        self.reading
            .borrow_mut()
            .files
            .insert(path.to_owned(), kept);
        read
    }

    fn glob(&self, pattern: &Path) -> io::Result<Vec<PathBuf>> {
        let found = self.files.glob(pattern);
        let kept = found.as_ref().map(Vec::clone).map_err(|error| error.kind());
        self.reading
            .borrow_mut()
            .globs
            .insert(pattern.to_owned(), kept);
        found
    }
}
