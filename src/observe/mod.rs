//! Live read models over the event stream: what a viewer keeps of it, bounded, and made harmless
//! to look at. They know no terminal and no clock: the moment is passed in.

mod entry;
mod filter;
mod json;
mod moment;
mod neutral;
mod rates;
mod runs;

pub use entry::{Entry, Stage};
pub use filter::{Filter, FilterError};
pub use json::record_json;
pub use moment::Moment;
pub use neutral::{is_harmful, neutral};
pub use rates::{Percentiles, Rates, Shares};
pub use runs::{FAILURES, FAILURES_BYTES, RECENT, RECENT_BYTES, Runs};
