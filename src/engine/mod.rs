//! Walks the graph: one step after the other, one file per step kind.
//!
//! A step that only computes is taken again whenever a run is taken up again. One that has an
//! effect on the world is not: what it came to is kept in the [`Journal`] under the place it has
//! in the run, and recalled from there. So a run resumes behind its last effect by being walked
//! from its start, and nothing has to say where in nested loops it stood.

mod called;
mod effect;
mod journal;
mod key;
mod leftover;
mod means;
mod notes;
mod outbound;
mod panic;
mod pause;
mod programs;
mod run;
mod scope;
mod step;
mod steps;
mod told;
mod walk;

pub use called::Called;
pub use effect::is_over;
pub use journal::{Journal, Pending, Unkept};
pub use key::{SPENT, is_effect, is_process, is_tries, step_at};
pub use leftover::end_leftover;
pub use means::Means;
pub use panic::{Panicked, caught};
pub use pause::Pause;
pub use run::{Ended, Finished, Input, Rest, resume, run};
pub use scope::Scope;
pub use step::{become_program, render_reply};
