//! Tells when nothing can be kept or read any more, and when it can again.

use std::{
    mem::{self, discriminant},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};

use crate::store::Fault;

/// How long all must be well before it is said to be: on a full disk, what is small may still find
/// room between two that do not.
const WELL: Duration = Duration::from_secs(5);

/// Logs that the store cannot be written, once, and that it can again, until the store is dropped.
pub(super) async fn log(ails: watch::Receiver<Option<Fault>>) {
    turns(ails, WELL, |fault| match fault {
        Some(fault @ Fault::Broken(_)) => {
            tracing::error!("{fault}; what would be queued is answered with 503");
        }
        Some(fault) => tracing::warn!("{fault}; what would be queued is answered with 503"),
        None => tracing::info!("the store can be written again"),
    })
    .await;
}

/// Something that is done again and again, and may fail for a while.
#[derive(Debug)]
pub(super) struct Chore {
    name: &'static str,
    fails: bool,
}

impl Chore {
    /// One that goes well so far.
    pub fn new(name: &'static str) -> Self {
        Self { name, fails: false }
    }

    /// Logs that it fails, once, and that it goes well again.
    pub fn tell(&mut self, done: Result<(), String>) {
        let did_fail = mem::replace(&mut self.fails, done.is_err());
        match done {
            Err(why) if !did_fail => tracing::warn!("{} fails for now: {why}", self.name),
            Ok(()) if did_fail => tracing::info!("{} goes well again", self.name),
            _ => {}
        }
    }
}

/// Tells of each fault as it begins, and of its end.
async fn turns(
    mut ails: watch::Receiver<Option<Fault>>,
    well: Duration,
    mut tell: impl FnMut(Option<&Fault>),
) {
    let mut told = None;
    loop {
        let now = ails.borrow_and_update().clone();
        if let Some(fault) = &now
            && told.replace(discriminant(fault)) != Some(discriminant(fault))
        {
            tell(Some(fault));
        }
        let changed = if told.is_some() && now.is_none() {
            match timeout(well, ails.changed()).await {
                Ok(changed) => changed,
                Err(_) => {
                    told = None;
                    tell(None);
                    continue;
                }
            }
        } else {
            ails.changed().await
        };
        if changed.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    /// What is told of what is sent, where so long it must be well.
    fn told(
        well: Duration,
    ) -> (
        watch::Sender<Option<Fault>>,
        mpsc::UnboundedReceiver<Option<Fault>>,
    ) {
        let (ails, seen) = watch::channel(None);
        let (tell, told) = mpsc::unbounded_channel();
        tokio::spawn(turns(seen, well, move |fault| {
            tell.send(fault.cloned()).unwrap();
        }));
        (ails, told)
    }

    fn broken(why: &str) -> Option<Fault> {
        Some(Fault::Broken(why.into()))
    }

    #[tokio::test]
    async fn a_fault_that_comes_and_goes_is_told_once_and_another_one_as_well() {
        let (ails, mut told) = told(Duration::from_secs(3600));
        ails.send_replace(Some(Fault::Full));
        assert_eq!(told.recv().await, Some(Some(Fault::Full)));
        for fault in [None, Some(Fault::Full), broken("EIO")] {
            ails.send_replace(fault);
            tokio::task::yield_now().await;
        }
        assert_eq!(told.recv().await, Some(broken("EIO")));
        for fault in [broken("EIO again"), None] {
            ails.send_replace(fault);
            tokio::task::yield_now().await;
        }
        drop(ails);
        assert_eq!(told.recv().await, None, "nothing more is told");
    }

    #[tokio::test]
    async fn the_end_of_a_fault_is_told_and_its_return_too() {
        let (ails, mut told) = told(Duration::ZERO);
        for fault in [Some(Fault::Full), None, Some(Fault::Full)] {
            ails.send_replace(fault.clone());
            assert_eq!(told.recv().await, Some(fault));
        }
    }
}
