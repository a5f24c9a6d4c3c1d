use crate::{
    cli::{
        Exit, output,
        past::{Past, Where},
    },
    store::{State, Store, Visitor},
};

/// `hookyard runs cancel ID…`: end runs that have not ended.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Cancel {
    /// The runs: ids, or enough of their beginning or end
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    place: Where,
}

impl Cancel {
    pub fn run(self) -> Result<Exit, Exit> {
        let past = Past::open(&self.place)?;
        let visitor = past.visitor()?;
        let mut exit = Exit::Success;
        // It is the server that takes a run out of its queue, at its next look or its next start.
        let when = match Store::is_served(past.state.path()) {
            true => "is being cancelled",
            false => "is cancelled when a server starts next",
        };
        for text in &self.ids {
            match cancel(&past, &visitor, text) {
                Ok(id) => {
                    output::print(&format!("{id} {when}\n"));
                }
                Err(why) => exit = output::fail(&why),
            }
        }
        Ok(exit)
    }
}

fn cancel(past: &Past, visitor: &Visitor, text: &str) -> Result<String, String> {
    let id = past.id(text)?;
    match past.reader.stands(&id)?.map(|run| run.state) {
        Some(State::Dead) | None => Err(format!("{id} has ended")),
        Some(_) => {
            visitor.cancel(&id).map_err(|fault| fault.to_string())?;
            Ok(id)
        }
    }
}
