use std::path::PathBuf;

use super::{Exit, State, configuration::DEFAULT, output};
use crate::{
    app::StateDir,
    store::{OpenError, Reader, Visitor},
};

/// Where runs are looked for.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Where {
    /// The configuration's entry file
    #[arg(long, default_value = DEFAULT, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: PathBuf,
    #[command(flatten)]
    pub state: State,
}

/// The runs of a state directory, whether or not somebody serves from it.
#[derive(Debug)]
pub(super) struct Past {
    /// The directory.
    pub state: StateDir,
    /// What is in it.
    pub reader: Reader,
}

/// How many ids are told where one was meant.
const TOLD: usize = 5;

impl Past {
    /// Opens the store of a state directory. What is in the way is told.
    pub fn open(place: &Where) -> Result<Self, Exit> {
        let state = StateDir::locate(place.state.directory.as_deref(), &place.file);
        let reader = Reader::open(state.path()).map_err(refused)?;
        Ok(Self { state, reader })
    }

    /// Opens it to leave word in it.
    pub fn visitor(&self) -> Result<Visitor, Exit> {
        Visitor::open(self.state.path()).map_err(refused)
    }

    /// The id of the one run that is meant by the beginning or the end of it.
    ///
    /// # Errors
    /// There is none, or more than one; the sentence says so.
    pub fn id(&self, text: &str) -> Result<String, String> {
        if text.is_empty() {
            return Err("a run is named by its id, or enough of its beginning or end".to_owned());
        }
        let wanted = text.to_ascii_lowercase();
        let ids = self.reader.ids(&wanted, TOLD as u32 + 1)?;
        match &ids[..] {
            [] => Err(format!("there is no run {text}")),
            [id] => Ok(id.clone()),
            _ => {
                let told = ids[..ids.len().min(TOLD)].join(", ");
                let more = if ids.len() > TOLD { ", …" } else { "" };
                Err(format!("{text} may be any of {told}{more}"))
            }
        }
    }
}

/// Takes what can be read of a store; what cannot is told.
pub(super) fn read<T>(read: Result<T, String>) -> Result<T, Exit> {
    read.map_err(|why| output::fail(&why))
}

fn refused(error: OpenError) -> Exit {
    let exit = output::fail(&error.to_string());
    match error {
        OpenError::Absent { .. } => Exit::NoRuns,
        _ => exit,
    }
}

/// The last characters of an id, as they are listed.
pub(super) fn short(id: &str) -> &str {
    const LENGTH: usize = 8;
    id.get(id.len().saturating_sub(LENGTH)..).unwrap_or(id)
}
