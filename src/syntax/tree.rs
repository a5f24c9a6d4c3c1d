//! A whole configuration, as nodes.

use std::path::PathBuf;

use super::Node;

/// A whole configuration, as nodes: all files in one, includes in their place.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The nodes at the top of the files.
    pub nodes: Vec<Node>,
    /// The directories that includes look into: a new file there can change the configuration.
    pub watched_dirs: Vec<PathBuf>,
    /// Whether the nodes are all there are. Where a file could not be understood its nodes are
    /// missing here, and that something is not declared anywhere proves nothing.
    pub complete: bool,
}
