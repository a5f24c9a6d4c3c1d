use std::{thread, time::Duration};

use super::{
    row::{Row, Wanted},
    status::Status,
};
use crate::cli::{
    Exit,
    confirm::confirm,
    output,
    past::{Past, Where, read},
    time::{ago, duration},
};

/// `hookyard runs purge`: remove runs that have ended.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Purge {
    /// Dead runs, which nothing else removes
    #[arg(long, conflicts_with = "outcome")]
    dead: bool,
    /// Only runs whose request came longer ago
    #[arg(long, value_name = "TIME", value_parser = duration)]
    before: Option<Duration>,
    /// Only runs that ended like this
    #[arg(long, value_name = "OUTCOME", value_parser = Status::of_ended())]
    outcome: Option<Status>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    place: Where,
}

/// How many runs one write removes: a server beside it waits for it.
const AT_ONCE: usize = 500;
/// Between two writes.
const PAUSE: Duration = Duration::from_millis(20);

impl Purge {
    pub fn run(self) -> Result<Exit, Exit> {
        let past = Past::open(&self.place)?;
        let wanted = Wanted {
            status: if self.dead {
                Some(Status::Dead)
            } else {
                self.outcome
            },
            before_ms: self.before.map(ago),
            ..Wanted::default()
        };
        let rows = match wanted.status {
            Some(Status::Dead) => read(wanted.queued(&past, u32::MAX))?,
            _ => read(wanted.ended(&past, u32::MAX))?,
        };
        let what = match (rows.len(), self.dead) {
            (0, _) => return Ok(output::print("there is nothing to remove\n")),
            (1, false) => "1 run".to_owned(),
            (count, false) => format!("{count} runs"),
            (1, true) => "1 dead run".to_owned(),
            (count, true) => format!("{count} dead runs"),
        };
        confirm(&format!("remove {what} for good"), self.yes)?;
        self::remove(&past, &rows)?;
        Ok(output::print(&format!("{what} removed\n")))
    }
}

fn remove(past: &Past, rows: &[Row]) -> Result<(), Exit> {
    let mut visitor = past.visitor()?;
    for (number, some) in rows.chunks(AT_ONCE).enumerate() {
        if number > 0 {
            thread::sleep(PAUSE);
        }
        let ids: Vec<_> = some.iter().map(|row| row.id.clone()).collect();
        read(visitor.purge(&ids).map_err(|fault| fault.to_string()))?;
    }
    Ok(())
}
