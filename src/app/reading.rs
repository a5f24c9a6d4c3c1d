use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use crate::syntax::Files;

/// Everything that was read, so that it can be told whether it still stands there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    pub(super) files: BTreeMap<PathBuf, Result<Arc<str>, io::ErrorKind>>,
    pub(super) globs: BTreeMap<PathBuf, Result<Vec<PathBuf>, io::ErrorKind>>,
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

fn read(files: &dyn Files, path: &Path) -> Result<Arc<str>, io::ErrorKind> {
    files
        .read(path)
        .map(Arc::from)
        .map_err(|error| error.kind())
}

fn glob(files: &dyn Files, pattern: &Path) -> Result<Vec<PathBuf>, io::ErrorKind> {
    files.glob(pattern).map_err(|error| error.kind())
}

/// A short name for a content: the first 12 hexadecimal digits of its SHA-256.
fn content_hash(content: &[u8]) -> String {
    Sha256::digest(content)[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
