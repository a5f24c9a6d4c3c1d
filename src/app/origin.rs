use std::path::Path;

use super::Reading;

/// Where a configuration was read, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Origin {
    /// The entry file, then those it includes.
    pub files: Vec<String>,
    /// The commit that was checked out then, where it lies in a repository.
    pub commit: Option<String>,
    /// Whether it is the last good revision, and the files say something else by now.
    pub is_kept: bool,
}

impl Origin {
    /// What was read from `file` on.
    pub fn of(reading: &Reading, file: &Path) -> Self {
        let mut files: Vec<&Path> = reading.read().collect();
        files.sort_by_key(|path| *path != file);
        Self {
            files: files
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            commit: None,
            is_kept: false,
        }
    }
}
