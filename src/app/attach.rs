//! How viewers come to a server, and what they are told when they ask.

mod answers;
mod past;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use self::{
    answers::{answer, source},
    past::past,
};
use super::{StateDir, redactor::redactor, screen::Screen};
use crate::{
    attach::{self, Client, Hub, Means, PATIENCE, Pins, Redact, SOCKET, Server},
    dashboard::Source,
    http::World,
    observe::Question,
    run::Value,
};

/// Where viewers come in.
pub(super) struct Door {
    /// Who tells them.
    server: Server,
    /// What is to be removed when it closes.
    places: Vec<PathBuf>,
}

impl Door {
    /// A door for viewers in this process alone, whose `pins` others may ask for.
    pub fn new(world: &Arc<World>, state: &StateDir, file: &Path, pins: Pins) -> Self {
        // It listens on beyond the last viewer, and must not keep the store open by that.
        let served = Arc::downgrade(world);
        let redactor = move || Some(redactor(&served.upgrade()?.graph.load().secrets));
        let of_texts = redactor.clone();
        let redact = Redact {
            record: Box::new(move |record| {
                redactor().map_or(Value::Null, |redactor| redactor.record(record))
            }),
            text: Box::new(move |text| {
                of_texts().map_or_else(String::new, |redactor| redactor.text_alone(text))
            }),
        };
        let hub = Hub::new(world.bus.clone(), redact);
        let revision_of = Arc::downgrade(world);
        let (past_of, state, configuration) = (state.clone(), state.clone(), file.to_owned());
        let means = Means {
            hub,
            file: file.display().to_string(),
            pins,
            past: Box::new(move |wanted, tell| past(past_of.path(), wanted, tell)),
            answer: Box::new(move |question| match question {
                Question::Source(flow) => Some(source(&state, &*revision_of.upgrade()?, &flow)),
                question => answer(&state, &configuration, &question),
            }),
            patience: PATIENCE,
        };
        Self {
            server: Server::new(means),
            places: Vec::new(),
        }
    }

    /// Opens it to other processes of this user. `runtime` is a directory for what ends with this
    /// one, where the system gives one.
    ///
    /// # Errors
    /// The sentence says why nobody can come in.
    pub fn open(&mut self, state: &StateDir, runtime: Option<&Path>) -> Result<(), String> {
        let place = socket(state, runtime);
        let listener = attach::listen(&place)?;
        self.places.push(place.clone());
        let known = state.path().join(SOCKET);
        if place != known {
            // Whoever knows the state directory alone finds it, too.
            self.lead(&known, &place)
                .map_err(|error| format!("{} cannot be written: {error}", known.display()))?;
        }
        let server = self.server.clone();
        tokio::spawn(async move { server.accept(listener).await });
        Ok(())
    }

    /// The dashboard of this process: a viewer like any other, which is cut off where it stalls,
    /// and comes back.
    ///
    /// # Errors
    /// There is no thread for it, or signals cannot be handled.
    pub fn screen(&self, file: String) -> io::Result<Screen> {
        let server = self.server.clone();
        let feed = Client::follow(move || server.connect(), false)?;
        Screen::open(Box::new(feed), Source::Live, false, file)
    }

    fn lead(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        match fs::remove_file(from) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::os::unix::fs::symlink(std::path::absolute(to)?, from)?;
        self.places.push(from.to_owned());
        Ok(())
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        for place in &self.places {
            // It is replaced by the next server where it stays.
            let _ = fs::remove_file(place);
        }
    }
}

/// systemd's `$RUNTIME_DIRECTORY`; of several, separated by colons, the first is ours.
pub fn runtime_directory() -> Option<PathBuf> {
    let paths = std::env::var_os("RUNTIME_DIRECTORY")?;
    std::env::split_paths(&paths)
        .next()
        .filter(|path| !path.as_os_str().is_empty())
}

/// Where a server listens for viewers. In a runtime directory it has one of its own: the sockets
/// of others may be beside it, which are not only for this user.
pub fn socket(state: &StateDir, runtime: Option<&Path>) -> PathBuf {
    match runtime {
        Some(runtime) => runtime.join("attach").join(SOCKET),
        None => state.path().join(SOCKET),
    }
}
