use std::path::{Path, PathBuf};

use super::{Reading, recorder::Recorder};
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

/// Reads and checks a configuration. Secrets are not resolved.
pub fn load(file: &Path, files: &dyn Files) -> Loaded {
    let recorder = Recorder::new(files);
    let mut report = Report::new();
    let tree = syntax::read(file, &recorder, &mut report);
    let include_dirs = tree.watched_dirs.clone();
    let (configuration, secrets) = check::configuration(tree, &mut report);
    report.sort();
    Loaded {
        configuration,
        secrets,
        report,
        reading: recorder.into_reading(),
        include_dirs,
    }
}
