//! Hot reload: notice that something changed, wait until it stands still, look at it, and put it
//! live only if it is sound.
//!
//! [`Keeper`] knows when to look; [`Lookout`] looks, with the [`Loader`] that tells new from old
//! and sound from broken, and keeps the [`watch`] on the [`places`] that matter; [`Live`] is what
//! is served.

mod keeper;
mod live;
mod loader;
mod lookout;
mod places;
mod watch;

pub(super) use keeper::Keeper;
pub(super) use live::{Live, bind_all};
pub use loader::{Loader, Look};
pub(super) use lookout::{Lookout, Sighting};

use std::time::Duration;

/// Nothing is read until changes have stopped for this long: an editor saves in several steps.
/// Where no change is told, two readings this far apart have to agree.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// A file that never stands still is looked at all the same.
const LONGEST_DEBOUNCE: Duration = Duration::from_secs(2);
/// Between two readings that have to agree, once changes have stopped.
pub(super) const SETTLE: Duration = Duration::from_millis(20);
