use std::path::PathBuf;

use super::SecretRef;

/// Where a configuration keeps its secrets: known of a broken one as well, as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct SecretPlaces {
    /// The file of `NAME=value` lines that `(env)` looks into first.
    pub env_file: Option<PathBuf>,
    /// Each place that the files name, once.
    pub secrets: Vec<SecretRef>,
}
