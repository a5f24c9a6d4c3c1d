//! The composition root: what the commands are made of. Everything here knows everybody; nobody
//! but `cli` knows it.

mod access_log;
mod assemble;
mod attach;
mod disk;
mod git;
mod inherited;
mod kept;
mod load;
mod log;
mod memory;
mod origin;
mod preferences;
mod redo;
mod rehearsal;
mod reload;
mod replay;
mod retention;
mod revisions;
pub mod scaffold;
mod screen;
mod secrets;
mod serve;
mod state_dir;
mod stop;
mod story;
mod token;
mod viewer;
mod worker;

pub use assemble::{Assembled, assemble, base_url, paths};
pub use attach::{runtime_directory, socket};
pub use disk::Disk;
pub use load::{Loaded, Reading, load};
pub use log::{LogFormat, color_allowed, style};
pub use redo::Renewed;
pub use rehearsal::{Rehearsed, Verdict, rehearse};
pub use reload::{Loader, Look};
pub use replay::{Today, Unready, old_request};
pub use revisions::kept_flow;
pub use secrets::warnings;
pub use serve::{Ended, Options, serve};
pub use state_dir::StateDir;
pub use stop::stop_on_signal;
pub use story::story;
pub use viewer::{Looked, look};
