use std::{collections::VecDeque, sync::Arc, time::SystemTime};

use crate::event::{Loaded, Reason, Rejected};

/// What became of the file each time that it was read, as far as it was heard of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reloads {
    kept: VecDeque<Reload>,
}

/// One time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reload {
    /// When.
    pub at: SystemTime,
    /// What became of it.
    pub became: Became,
}

/// What became of a configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Became {
    /// It went live.
    Live {
        /// Its revision.
        revision: Arc<str>,
        /// How many flows it has.
        flows: usize,
    },
    /// It was refused.
    Rejected {
        /// Why.
        reason: Reason,
        /// How many errors it had.
        errors: usize,
        /// Where the first one is.
        location: Option<String>,
        /// What the first one says.
        message: String,
    },
}

impl Reloads {
    /// How many are kept.
    pub const MOST: usize = 20;

    /// Takes in one that went live.
    pub fn loaded(&mut self, loaded: &Loaded) {
        self.keep(Reload {
            at: loaded.at,
            became: Became::Live {
                revision: Arc::clone(&loaded.revision),
                flows: loaded.flows.len(),
            },
        });
    }

    /// Takes in one that was refused.
    pub fn rejected(&mut self, rejected: &Rejected) {
        self.keep(Reload {
            at: rejected.at,
            became: Became::Rejected {
                reason: rejected.reason,
                errors: rejected.errors,
                location: rejected.location.clone(),
                message: rejected.message.clone(),
            },
        });
    }

    /// The last ones, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Reload> {
        self.kept.iter().rev()
    }

    fn keep(&mut self, reload: Reload) {
        // How the server stands is told again to who was away.
        if self.kept.back() == Some(&reload) {
            return;
        }
        if self.kept.len() == Self::MOST {
            self.kept.pop_front();
        }
        self.kept.push_back(reload);
    }
}
