use std::{
    io::{self, Write},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, SystemTime},
};

use super::{Exit, output, wire::Wire};
use crate::{
    app,
    event::Event,
    observe::{Entry, Filter, Moment, Told},
};

/// How often it is looked whether to go on while nothing is told.
const TURN: Duration = Duration::from_millis(100);

/// `hookyard tail [FILE]`: what a server tells, as lines.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Tail {
    #[command(flatten)]
    wire: Wire,
    /// Only runs that get through this filter, as it is typed in the dashboard
    #[arg(long, value_name = "TEXT", value_parser = filter)]
    filter: Option<Filter>,
    /// The lines of the protocol, one JSON object each, for machines and `hookyard attach --from`
    #[arg(long)]
    json: bool,
    /// Print what is known, and end; a server that is not there is an error then
    #[arg(long)]
    no_follow: bool,
}

/// What comes after something that was told.
enum Next {
    Line(String),
    Nothing,
    End(Exit),
}

impl Tail {
    pub fn run(self) -> Exit {
        let stop = match app::stop_on_signal() {
            Ok(stop) => stop,
            Err(error) => return output::fail(&format!("signals cannot be handled: {error}")),
        };
        match self.follow(&stop) {
            Ok(exit) => exit,
            // Whoever read it has read enough, like `head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
            Err(error) => output::fail(&error.to_string()),
        }
    }

    fn follow(&self, stop: &AtomicBool) -> io::Result<Exit> {
        let socket = self.wire.socket();
        let client = Wire::follow(&socket, true)?;
        let mut story = app::Story::new(app::color_allowed(&io::stdout()));
        let mut out = io::stdout().lock();
        let mut is_lost = false;
        while !stop.load(Ordering::Relaxed) {
            let Some((told, line)) = client.next(TURN) else {
                continue;
            };
            if let Told::Lost(why) = &told
                && !self.no_follow
            {
                // Said once, and not at each try.
                if !is_lost {
                    let place = socket.display();
                    output::warn(&format!("{why}: waiting for a server at {place}"));
                }
                is_lost = true;
                continue;
            }
            is_lost &= !matches!(told, Told::Connected);
            match self.next(&told, line, &mut story) {
                Next::Line(line) => out.write_all(line.as_bytes())?,
                Next::Nothing => {}
                Next::End(exit) => return Ok(exit),
            }
        }
        Ok(Exit::Success)
    }

    fn next(&self, told: &Told, line: String, story: &mut app::Story) -> Next {
        let entry = match told {
            Told::Lost(why) => {
                let place = self.wire.socket();
                return Next::End(output::fail(&format!("{}: {why}", place.display())));
            }
            Told::Over(why) => return Next::End(output::fail(why)),
            Told::Live if self.no_follow => return Next::End(Exit::Success),
            Told::Event(Event::Finished(record)) => {
                self.filter.as_ref().map(|_| Entry::of(record.clone()))
            }
            Told::Event(Event::Accepted(accepted)) if !self.json => {
                self.filter.as_ref().map(|_| Entry::waiting(accepted))
            }
            _ => None,
        };
        if let (Some(filter), Some(entry)) = (&self.filter, entry)
            && !filter.matches(&entry, now())
        {
            return Next::Nothing;
        }
        if self.json {
            return Next::Line(line);
        }
        let lines = story.lines(told, SystemTime::now());
        if lines.is_empty() {
            return Next::Nothing;
        }
        Next::Line(lines)
    }
}

fn filter(text: &str) -> Result<Filter, String> {
    Filter::parse(text).map_err(|error| format!("`{}`: {error}", &text[error.span.clone()]))
}

fn now() -> Moment {
    Moment {
        wall: SystemTime::now(),
        // Nothing here is measured by it.
        steady: Duration::ZERO,
    }
}
