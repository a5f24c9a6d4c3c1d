use crate::{
    cli::{
        Exit, output,
        past::{Past, Where},
    },
    store::{State, Visitor},
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
        for text in &self.ids {
            match cancel(&past, &visitor, text) {
                Ok(id) => {
                    output::print(&format!("{id} is cancelled\n"));
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
