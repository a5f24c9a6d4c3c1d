//! `hookyard runs`: what ran, what runs and what waits.

mod cancel;
mod list;
mod purge;
mod row;
mod show;
mod status;
mod story;
mod waits;

use clap::Subcommand;

use super::Exit;

/// `hookyard runs [FILE]`: list runs, or do something with them.
#[derive(clap::Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Runs {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    list: list::List,
}

#[derive(Subcommand, Clone, Debug)]
enum Action {
    /// Show all that is known of a run
    Show(show::Show),
    /// Cancel runs that have not ended
    Cancel(cancel::Cancel),
    /// Remove runs that have ended
    Purge(purge::Purge),
}

impl Runs {
    pub fn run(self) -> Exit {
        let done = match self.action {
            None => self.list.run(),
            Some(Action::Show(command)) => command.run(),
            Some(Action::Cancel(command)) => command.run(),
            Some(Action::Purge(command)) => command.run(),
        };
        done.unwrap_or_else(|exit| exit)
    }
}
