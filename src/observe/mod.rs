//! What is kept of the event stream: live read models, bounded and made harmless to look at, which
//! know no terminal and no clock; and the history, out of which secrets are taken.

mod capture;
mod ended;
mod entry;
mod filter;
mod history;
mod json;
mod moment;
mod near_miss;
mod neutral;
mod part;
mod question;
mod rates;
mod read;
mod redact;
mod reloads;
mod rerouted;
mod runs;
mod shapes;
mod sketch;
mod told;

pub use capture::Capture;
pub use ended::{Ended, Percentiles};
pub use entry::{Entry, Stage};
pub use filter::{FIELDS, Filter, FilterError};
pub use history::History;
pub use json::{TRUNCATED, UNKEPT, WITHIN, record_json};
pub use moment::Moment;
pub use near_miss::{NearMiss, near_miss};
pub use neutral::{harmless_json, is_harmful, neutral};
pub use part::{lane, round, unkept_steps};
pub use question::Question;
pub use rates::{Rates, Shares};
pub use read::read_record;
pub use redact::{REDACTED, Redactor};
pub use reloads::{Became, Reload, Reloads};
pub use rerouted::rerouted_json;
pub use runs::{FAILURES, FAILURES_BYTES, PINNED, RECENT, RECENT_BYTES, Runs};
pub use shapes::Shapes;
pub use told::{Feed, Told};
