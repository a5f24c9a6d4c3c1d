use std::path::PathBuf;

use super::{Flow, SecretRef, Server};

/// A whole configuration, checked.
#[derive(Debug)]
pub struct Configuration {
    /// How the server listens, and its bounds.
    pub server: Server,
    /// The named secrets of `secrets { … }`, in the order of the file.
    pub secrets: Vec<(String, SecretRef)>,
    /// The file of `NAME=value` lines that `(env)` looks into first.
    pub env_file: Option<PathBuf>,
    /// The flows, in the order of the files.
    pub flows: Vec<Flow>,
}
