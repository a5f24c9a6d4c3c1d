//! Syntax -> model, one file per construct. The one module that speaks to users about their
//! configuration: every mistake becomes a diagnostic, and reading goes on behind it.

mod answers;
mod around;
mod auth;
mod callees;
mod configuration;
mod expression;
mod flow;
mod input;
mod json;
mod names;
mod outbound;
mod parse;
mod preferences;
mod reply;
mod scalar;
mod secret;
mod server;
mod step;
mod target;
mod trigger;
mod units;
mod variable;

pub use configuration::configuration;
pub use preferences::{Choices, preferences};
pub use step::step_words;
