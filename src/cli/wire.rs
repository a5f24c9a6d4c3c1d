use std::{
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
};

use super::{Configuration, State};
use crate::{
    app::{self, StateDir},
    attach::Client,
};

/// Which server to look at.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Wire {
    #[command(flatten)]
    pub configuration: Configuration,
    #[command(flatten)]
    state: State,
    /// The server's socket [default: attach/attach.sock in $RUNTIME_DIRECTORY, else attach.sock in the state directory]
    #[arg(long, value_name = "PATH", value_hint = clap::ValueHint::FilePath)]
    socket: Option<PathBuf>,
}

impl Wire {
    /// Where the server listens for viewers.
    pub fn socket(&self) -> PathBuf {
        self.socket.clone().unwrap_or_else(|| {
            let directory = self.state.directory.as_deref();
            let state = StateDir::locate(directory, &self.configuration.file);
            // Who says where the state is does not mean another server's runtime directory.
            let runtime = app::runtime_directory().filter(|_| directory.is_none());
            app::socket(&state, runtime.as_deref())
        })
    }

    /// Follows what is told there.
    pub fn follow(socket: &Path, read_only: bool) -> std::io::Result<Client> {
        let socket = socket.to_owned();
        Client::follow(move || UnixStream::connect(&socket), read_only)
    }
}
