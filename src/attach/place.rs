use std::{
    fs::{DirBuilder, Permissions},
    io,
    os::unix::{
        fs::{DirBuilderExt, PermissionsExt},
        net::UnixStream,
    },
    path::Path,
};

use tokio::net::UnixListener;

/// What the socket is called in its directory.
pub const SOCKET: &str = "attach.sock";

/// Listens at `path`, for this user and root alone. Its directory is created where it is not
/// there, and closed to others; a socket that a dead server left behind is replaced.
///
/// # Errors
/// The sentence says why not: somebody listens there, or it cannot be created.
pub fn listen(path: &Path) -> Result<UnixListener, String> {
    let amiss = |error: io::Error| format!("{} cannot be listened on: {error}", path.display());
    if let Some(directory) = path.parent() {
        close(directory).map_err(amiss)?;
    }
    match UnixStream::connect(path) {
        Ok(_) => return Err(format!("another server listens on {}", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        // Nobody listens: whoever did is gone.
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            std::fs::remove_file(path).map_err(amiss)?;
        }
        Err(error) => return Err(amiss(error)),
    }
    let listener = UnixListener::bind(path).map_err(amiss)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(amiss)?;
    Ok(listener)
}

fn close(directory: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    if directory.metadata()?.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(directory, Permissions::from_mode(0o700))?;
    }
    Ok(())
}
