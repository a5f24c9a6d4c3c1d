use std::{fs, io, path::Path};

use tokio::net::{UnixListener, UnixStream};

use crate::system::{SocketFile, bind, create_closed};

/// What the socket is called in its directory.
pub const SOCKET: &str = "attach.sock";

/// Listens at `path`, for this user and root alone, as long as its file is kept. Its directory is
/// created where it is not there, and closed to others; a socket that a dead server left behind is
/// replaced.
///
/// # Errors
/// The sentence says why not: somebody listens there, or it cannot be created.
pub async fn listen(path: &Path) -> Result<(UnixListener, SocketFile), String> {
    let amiss = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("another server listens on {}", path.display()),
        _ => format!("{} cannot be listened on: {error}", path.display()),
    };
    if let Some(directory) = path.parent() {
        create_closed(directory).map_err(amiss)?;
    }
    remove_dead_link(path).await.map_err(amiss)?;
    bind(path, 0o600).await.map_err(amiss)
}

/// Removes what led to the socket of a server that is gone.
async fn remove_dead_link(path: &Path) -> io::Result<()> {
    if !path.is_symlink() {
        return Ok(());
    }
    match UnixStream::connect(path).await {
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(_) => fs::remove_file(path),
    }
}
