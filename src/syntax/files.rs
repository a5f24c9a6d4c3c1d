//! The outside world, as far as reading a configuration goes.

use std::io;
use std::path::{Path, PathBuf};

/// How files are read. The program passes the disk, tests pass a map.
pub trait Files {
    /// The whole text of a file; `InvalidData` where it is not UTF-8.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// The files that match a pattern with `*`, `?` or `[…]`, in a stable order.
    fn glob(&self, pattern: &Path) -> io::Result<Vec<PathBuf>>;
}
