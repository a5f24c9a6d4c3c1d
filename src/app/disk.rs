use std::{
    io,
    path::{Path, PathBuf},
};

use glob::{MatchOptions, Pattern, PatternError};

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
        let found = matches(pattern)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.msg))?;
        Ok(found.collect())
    }
}

/// What matches a pattern: as in a shell no name with a leading dot, unless the pattern has it, too.
/// Editors and synchronisers put such files beside those that are edited.
pub(super) fn matches(pattern: &str) -> Result<impl Iterator<Item = PathBuf>, PatternError> {
    let as_a_shell = MatchOptions {
        require_literal_separator: true,
        require_literal_leading_dot: true,
        ..MatchOptions::new()
    };
    let is_match = Pattern::new(pattern)?;
    // Told to look for them so itself, `glob` takes no name with a dot whatever the pattern, and
    // panics at one that is not UTF-8. What cannot be looked at cannot be included.
    let found = glob::glob(pattern)?.filter_map(Result::ok);
    Ok(found.filter(move |path| is_match.matches_path_with(path, as_a_shell)))
}
