//! Listen, handle, answer: the only user of hyper.
//!
//! [`handle`](mod@handle) is the pipeline that every request goes through, and reads as one; at its
//! end a run is accepted ([`accept`](mod@accept)) or walked ([`walk`](mod@walk)).
//! Whatever refuses a request is a value ([`refusal`]) that becomes an answer in one place.
//! [`connection`] and [`connections`] keep clients that are slow, silent or many from taking the
//! server away from the others.

mod accept;
mod arrival;
mod body;
mod connection;
mod connections;
mod dedupe;
mod durable;
mod handle;
mod head;
mod listen;
mod once;
mod refusal;
mod respond;
mod room;
mod server;
mod shortage;
mod socket;
mod walk;
mod world;

pub use durable::{to_entry, to_input};
pub use listen::Listener;
pub use respond::unanswered;
pub use server::Server;
pub use world::World;
