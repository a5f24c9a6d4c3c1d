//! What the process has of its own in the file system: sockets, and directories that are closed to
//! others.

mod directory;
mod socket;

pub use directory::create_closed;
pub use socket::{BACKLOG, SocketFile, bind};
