use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether the dashboard has given its terminal to somebody else: keys that end or stop all
/// processes of a terminal are not meant for this one then.
#[derive(Clone, Debug, Default)]
pub(super) struct Lent(Arc<AtomicBool>);

impl Lent {
    /// For the dashboard, which knows.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }

    /// Whether it is so now.
    pub fn is_lent(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
