//! Runs that wait for a worker: a bounded line, first in, first out. Whoever appends learns at
//! once whether there is room, so that nothing is half-accepted.

mod line;

pub use line::{Full, Queue};
