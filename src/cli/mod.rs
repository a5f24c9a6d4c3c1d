//! The commands, one file each.

mod against_history;
mod attach;
mod check;
mod completions;
mod configuration;
mod confirm;
mod exit_code;
mod man;
mod output;
mod parse;
mod past;
mod replay;
mod run;
mod runs;
mod sample;
mod table;
mod tail;
mod time;
mod urls;
mod wire;

use std::{env, path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use crate::engine;
use configuration::Configuration;
pub use exit_code::Exit;

/// Webhook workflows in one file, one static binary, one terminal.
///
/// Without a command, serves ./flows.kdl: with the dashboard where standard output is a terminal,
/// with plain log lines where it is not.
#[derive(Parser, Debug)]
#[command(
    name = "hookyard",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_value_name = "COMMAND",
    after_help = exit_code::HELP,
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::Run,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve a configuration, and show what comes in
    Run(run::Run),
    /// Check a configuration and print all its diagnostics
    Check(check::Check),
    /// List each flow's mode, methods and URL
    Urls(urls::Urls),
    /// Print a ready `parse` block for a sample URL, query, JSON body or headers
    Parse(parse::Parse),
    /// List what ran, what runs and what waits, and look into it
    Runs(runs::Runs),
    /// Do old requests again, as today's configuration says
    Replay(replay::Replay),
    /// Look at a server that runs elsewhere, by the dashboard
    Attach(attach::Attach),
    /// Print what a server tells, as lines
    Tail(tail::Tail),
    /// Print a completion script for a shell
    Completions(completions::Completions),
    /// Print the manual page, in roff
    Man(man::Man),
}

/// Where state goes.
#[derive(clap::Args, Clone, Debug)]
struct State {
    /// The state directory [default: $STATE_DIRECTORY, else .hookyard beside FILE]
    #[arg(long = "state", value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    directory: Option<PathBuf>,
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    if let Some(exit) = engine::become_program(env::args_os()) {
        return exit;
    }
    let cli = Cli::parse();
    let exit = match cli.command {
        None => cli.run.run(),
        Some(Command::Run(command)) => command.run(),
        Some(Command::Check(command)) => command.run(),
        Some(Command::Urls(command)) => command.run(),
        Some(Command::Parse(command)) => command.run(),
        Some(Command::Runs(command)) => command.run(),
        Some(Command::Replay(command)) => command.run(),
        Some(Command::Attach(command)) => command.run(),
        Some(Command::Tail(command)) => command.run(),
        Some(Command::Completions(command)) => command.run(Cli::command()),
        Some(Command::Man(command)) => command.run(Cli::command()),
    };
    exit.into()
}
