//! The protocol: one JSON object a line, the same in both directions. `docs/dashboard.md` tells it
//! to people.

mod accepted;
mod counts;
mod edited;
mod event;
mod hello;
mod line;
mod loaded;
mod parts;
mod progress;
mod question;
mod reader;
mod redact;
mod rerouted;
mod tally;

pub use event::event_body;
pub use hello::{Seen, ServerHello, ViewerHello};
pub use line::{Kind, Line};
pub use question::{Answer, Asked, question_line, read_question, view_line};
pub use reader::{Heard, Reader};
pub use redact::Redact;
pub use tally::tally_json;

/// The version of the protocol. A member or a type more is no other version: what a reader does
/// not know, it passes over.
pub const PROTOCOL: u64 = 1;

/// The longest line that a viewer may send, in bytes: an edited request is told with its body.
pub const LONGEST_QUESTION: usize = 1 << 20;
