use std::{
    io::{self, Write},
    os::unix::net::UnixStream,
    path::Path,
};

use super::{Ended, Options};
use crate::{
    app::{
        StateDir,
        assemble::Assembled,
        attach::socket,
        log,
        reload::{Look, Lookout, SETTLE, Sighting},
        revisions::Revisions,
        token::derive_key,
    },
    diagnostic::Report,
    model::QueueBounds,
    queue::{Limits, Queue},
    store::{OpenError, Store},
};

/// What serving begins with.
pub(super) struct First {
    pub state: StateDir,
    pub assembled: Assembled,
    pub store: Store,
    pub queue: Queue,
    pub revisions: Revisions,
    /// What is wrong with the file, where an older revision of it is served.
    pub rejected: Option<Report>,
    pub lookout: Lookout,
    pub notices: Vec<String>,
}

impl First {
    /// Reads the configuration and opens the state directory.
    ///
    /// # Errors
    /// How serving ended before it began.
    pub fn load(options: &Options) -> Result<Self, Ended> {
        let state =
            StateDir::open(options.state.as_deref(), &options.file).map_err(Ended::Failed)?;
        let secret = state.secret().map_err(Ended::Failed)?;
        // A clock without a period is none.
        let poll = options.poll.max(SETTLE);
        let mut lookout = Lookout::new(&options.file, secret.clone(), poll);
        let Sighting { look, notices } = lookout.look(SETTLE);
        let (sound, report) = match look {
            Look::Sound(assembled, report) => (Some(*assembled), report),
            Look::Broken(report) => (None, report),
            Look::Unchanged | Look::Unstable => {
                let file = options.file.display();
                return Err(Ended::Failed(format!(
                    "{file} keeps changing while it is read"
                )));
            }
        };
        print(&report, &options.file);
        if sound.is_none() && !Store::is_in(state.path()) {
            return Err(Ended::BrokenConfiguration);
        }
        let store = Store::open(state.path())
            .map_err(|error| Ended::Failed(no_store(&error, options, &state)))?;
        let revisions =
            Revisions::open(store.clone(), options.file.clone()).map_err(Ended::Failed)?;
        let (assembled, rejected) = match sound {
            Some(assembled) => (assembled, None),
            None => match revisions.last_good(&secret) {
                Ok(Some(assembled)) => (assembled, Some(report)),
                Ok(None) => return Err(Ended::BrokenConfiguration),
                Err(why) => {
                    // Nobody may be there to read it.
                    let _ = writeln!(io::stderr(), "hookyard: {why}");
                    return Err(Ended::BrokenConfiguration);
                }
            },
        };
        let QueueBounds { runs, bytes } = assembled.server().queue;
        let queue = Queue::open(store.clone(), Limits { runs, bytes })
            .map_err(Ended::Failed)?
            .keeping_of_keys(move |flow, key| derive_key(&secret, flow, &key));
        Ok(Self {
            state,
            assembled,
            queue,
            store,
            revisions,
            rejected,
            lookout,
            notices,
        })
    }
}

fn print(report: &Report, file: &Path) {
    let mut told = report.render(log::style(&io::stderr()));
    if report.has_errors() {
        told.push_str(&format!("{}: {}\n", file.display(), report.counted()));
    }
    // Nobody may be there to read it.
    let _ = write!(io::stderr(), "{told}");
}

/// Why there is no store, and how whoever has it is looked at, where it answers.
fn no_store(error: &OpenError, options: &Options, state: &StateDir) -> String {
    let socket = socket(state, None);
    if !matches!(error, OpenError::Held { .. }) || UnixStream::connect(socket).is_err() {
        return error.to_string();
    }
    let whose = match &options.state {
        Some(state) => format!(" --state {}", state.display()),
        None if options.file == Path::new("flows.kdl") => String::new(),
        None => format!(" {}", options.file.display()),
    };
    format!("{error}; `hookyard attach{whose}` looks at it")
}
