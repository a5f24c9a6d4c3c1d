//! The composition root: what the commands are made of. Everything here knows everybody; nobody
//! but `cli` knows it.

mod access_log;
mod assemble;
mod disk;
mod health;
mod inherited;
mod load;
mod log;
mod preferences;
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
mod token;
mod worker;

pub use assemble::{Assembled, assemble, base_url, paths};
pub use disk::Disk;
pub use load::{Loaded, Reading, load};
pub use log::{LogFormat, color_allowed, style};
pub use rehearsal::{Rehearsed, Verdict, rehearse, whole_story};
pub use reload::{Loader, Look};
pub use replay::{Today, Unready, old_request};
pub use revisions::kept_flow;
pub use secrets::warnings;
pub use serve::{Ended, Options, serve};
pub use state_dir::StateDir;
