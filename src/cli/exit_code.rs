use std::process::ExitCode;

/// Every status that the program exits with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// All went well; a server finished everything that was in flight.
    Success = 0,
    /// Something outside the configuration failed: an address in use, a directory not writable.
    Failure = 1,
    /// The configuration has errors, or the arguments are wrong.
    BrokenConfiguration = 2,
    /// A server was stopped before everything in flight was finished.
    Cut = 3,
    /// The state directory holds no runs: nothing was served from it yet.
    NoRuns = 4,
    /// Requests of the history would go another way.
    Rerouted = 5,
}

/// The same for people, below the program's help.
pub(super) const HELP: &str = "Exit codes:
  0  all went well; what was in flight is finished
  1  something outside the configuration failed, like an address in use
  2  the configuration has errors, or the arguments are wrong
  3  the server was stopped before everything in flight was finished
  4  the state directory holds no runs: nothing was served from it yet
  5  `check --against-history`: requests would go another way than they went";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
