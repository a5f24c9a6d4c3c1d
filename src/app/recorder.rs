use std::{
    cell::RefCell,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::Reading;
use crate::syntax::Files;

/// Remembers what passes through.
pub(super) struct Recorder<'f> {
    files: &'f dyn Files,
    reading: RefCell<Reading>,
}

impl<'f> Recorder<'f> {
    /// One that has seen nothing yet.
    pub fn new(files: &'f dyn Files) -> Self {
        Self {
            files,
            reading: RefCell::default(),
        }
    }

    /// What has passed through.
    pub fn into_reading(self) -> Reading {
        self.reading.into_inner()
    }
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
