use std::{
    fs::File,
    io::{self, IsTerminal},
    path::PathBuf,
};

use super::{Exit, output, wire::Wire};
use crate::{
    app::{self, Looked},
    attach::Client,
    dashboard::Source,
};

/// `hookyard attach [FILE]`: the dashboard of a server that runs elsewhere.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Attach {
    #[command(flatten)]
    wire: Wire,
    /// Only look: nothing that acts on the server can be asked for
    #[arg(long)]
    read_only: bool,
    /// Look at a recording, as `hookyard tail --json` prints it, in the place of a server; - is standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    from: Option<PathBuf>,
}

impl Attach {
    pub fn run(self) -> Exit {
        if !io::stdout().is_terminal() {
            return output::misuse(
                "a dashboard needs a terminal; `hookyard tail` prints the same as lines",
            );
        }
        let opened = match &self.from {
            None => self.server(),
            Some(from) => recording(from),
        };
        let looked = opened.and_then(|(client, source)| {
            let file = self.wire.configuration.file.display().to_string();
            app::look(Box::new(client), source, self.read_only, file)
                .map_err(|error| error.to_string())
        });
        match looked {
            Ok(Looked::Enough) => Exit::Success,
            Ok(Looked::TerminalGone) => Exit::Failure,
            Err(why) => output::fail(&why),
        }
    }

    fn server(&self) -> Result<(Client, Source), String> {
        let socket = self.wire.socket();
        let client = Wire::follow(&socket, self.read_only).map_err(|error| error.to_string())?;
        Ok((client, Source::Attached(socket.display().to_string())))
    }
}

fn recording(from: &PathBuf) -> Result<(Client, Source), String> {
    let amiss = |error: io::Error| format!("{} cannot be read: {error}", from.display());
    let client = if from.as_os_str() == "-" {
        Client::of_recording(io::stdin())
    } else {
        Client::of_recording(File::open(from).map_err(amiss)?)
    };
    let source = Source::File(from.display().to_string());
    Ok((client.map_err(amiss)?, source))
}
