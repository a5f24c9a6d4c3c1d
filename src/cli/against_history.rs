use std::path::Path;

use serde_json::Value;

use super::{Exit, State, output, past::short};
use crate::{
    app::{self, Loaded, StateDir, Today},
    event::Rerouted,
    observe::{neutral, rerouted_json},
    store::{OpenError, Reader},
};

/// What the requests of the history would do on a configuration that is checked.
#[derive(Debug)]
pub(super) struct AgainstHistory {
    /// `None` where nothing was served yet.
    rerouted: Option<Rerouted>,
}

impl AgainstHistory {
    /// Looks at the latest requests, `most` of them; nothing is done, and nothing written.
    ///
    /// # Errors
    /// There is a history that cannot be read, and why is told.
    pub fn look(loaded: &mut Loaded, file: &Path, state: &State, most: u32) -> Result<Self, Exit> {
        let state = StateDir::locate(state.directory.as_deref(), file);
        let reader = match Reader::open(state.path()) {
            Ok(reader) => reader,
            Err(OpenError::Absent { .. }) => return Ok(Self { rerouted: None }),
            Err(error) => return Err(output::fail(&error.to_string())),
        };
        let rerouted = Today::of(loaded, file, &state).and_then(|today| match today {
            Some(today) => app::what_if(&today, &reader, most, &[]).map(Some),
            None => Ok(None),
        });
        let rerouted = rerouted.map_err(|why| output::fail(&why))?;
        Ok(Self { rerouted })
    }

    /// Whether a request is known to go another way.
    pub fn is_changed(&self) -> bool {
        let rerouted = self.rerouted.as_ref();
        rerouted.is_some_and(|rerouted| !rerouted.changed.is_empty())
    }

    /// A line for each request that would not go the same way, and one for all.
    pub fn told(&self) -> String {
        let Some(rerouted) = self.rerouted.as_ref().filter(|all| all.looked_at > 0) else {
            return "the history has no request to compare with\n".to_owned();
        };
        let line = |id: &str, flow: &str, was: &str, now: &str| {
            let told = format!("#{} {flow}: {was} -> {now}", short(id));
            neutral(&told).into_owned() + "\n"
        };
        let mut text = String::new();
        for request in &rerouted.changed {
            let place = request.location.as_ref();
            let place = place.map_or_else(String::new, |place| format!(" ({place})"));
            let now = request.now.clone() + &place;
            text += &line(&request.id, &request.flow, &request.was, &now);
        }
        for request in &rerouted.unknown {
            let now = format!("unknown: {}", request.why);
            text += &line(&request.id, &request.flow, &request.was, &now);
        }
        text + &format!("{}\n", rerouted.summary())
    }

    /// The same for machines.
    pub fn to_json(&self) -> Value {
        let none = Rerouted::default();
        let rerouted = self.rerouted.as_ref().unwrap_or(&none);
        rerouted_json(rerouted)
    }
}
