use std::{
    io,
    path::{Path, PathBuf},
};

use super::regular;
use crate::syntax::Files;

/// The file system.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<String> {
        regular::text(path)
    }

    fn glob(&self, pattern: &Path) -> io::Result<Vec<PathBuf>> {
        let pattern = pattern
            .to_str()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not UTF-8"))?;
        let found = glob::glob(pattern)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.msg))?;
        // What cannot be looked at cannot be included; reading it says why.
        Ok(found.filter_map(Result::ok).collect())
    }
}
