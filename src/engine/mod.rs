//! Walks the graph: one step after the other, one file per step kind.

mod run;
mod scope;
mod step;

pub use run::{Finished, Input, run};
pub use scope::Scope;
pub use step::render_reply;
