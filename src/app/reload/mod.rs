//! Hot reload: notice that something changed, wait until it stands still, look at it, and put it
//! live only if it is sound.

mod loader;
mod places;
mod watch;

pub use loader::{Loader, Look, Watched};
pub(super) use watch::Watch;
