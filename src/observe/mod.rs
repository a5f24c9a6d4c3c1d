//! What is kept of the event stream: live read models, bounded and made harmless to look at, which
//! know no terminal and no clock; and the history, out of which secrets are taken.

mod entry;
mod filter;
mod history;
mod json;
mod moment;
mod neutral;
mod question;
mod rates;
mod read;
mod redact;
mod runs;
mod shapes;
mod sketch;
mod told;

pub use entry::{Entry, Stage};
pub use filter::{Filter, FilterError};
pub use history::History;
pub use json::{TRUNCATED, record_json};
pub use moment::Moment;
pub use neutral::{harmless_json, is_harmful, neutral};
pub use question::Question;
pub use rates::{Percentiles, Rates, Shares};
pub use read::read_record;
pub use redact::{REDACTED, Redactor};
pub use runs::{FAILURES, FAILURES_BYTES, RECENT, RECENT_BYTES, Runs};
pub use shapes::Shapes;
pub use told::{Feed, Told};
