use std::sync::{Arc, OnceLock};

use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{self, UnboundedSender},
        oneshot,
    },
};

/// What is still to be done once a write is on disk: to tell whoever waits for it, or nothing. It
/// is done at the latest when this is dropped.
pub struct Telling(Option<Box<dyn FnOnce() + Send>>);

impl Telling {
    /// Tells somebody who waits, if he still does.
    pub fn to<T: Send + 'static>(waiting: oneshot::Sender<T>, value: T) -> Self {
        Self(Some(Box::new(|| {
            let _ = waiting.send(value);
        })))
    }
}

impl From<()> for Telling {
    /// Nobody waits.
    fn from((): ()) -> Self {
        Self(None)
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        if let Some(tell) = self.0.take() {
            tell();
        }
    }
}

/// Tells those who wait for writes that they were committed, from within their runtime: to wake a
/// task from the writer's thread is a system call each, and may have the two threads take turns on
/// one core; a task of the runtime wakes its neighbours without one.
#[derive(Clone, Default)]
pub(super) struct Herald(Arc<OnceLock<UnboundedSender<Vec<Telling>>>>);

impl Herald {
    /// Has a task of the caller's runtime tell from now on, where there is one and none does yet.
    pub fn settle(&self) {
        if self.0.get().is_some() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            self.0.get_or_init(|| {
                let (send, mut committed) = mpsc::unbounded_channel();
                runtime.spawn(async move {
                    while let Some(tellings) = committed.recv().await {
                        drop(tellings);
                    }
                });
                send
            });
        }
    }

    /// Has those told whose writes were committed together; here, where no runtime is left to do it.
    pub fn tell(&self, tellings: Vec<Telling>) {
        if let Some(herald) = self.0.get() {
            // What is not taken is dropped here, and told by that.
            let _ = herald.send(tellings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_does_not_look_keeps_nothing_from_the_others() {
        let herald = Herald::default();
        herald.settle();
        let (first, mut first_told) = oneshot::channel();
        let (second, second_told) = oneshot::channel();
        herald.tell(vec![
            ().into(),
            Telling::to(first, 1),
            Telling::to(second, 2),
        ]);
        assert_eq!(second_told.await, Ok(2));
        assert_eq!(first_told.try_recv(), Ok(1));
    }

    #[test]
    fn all_are_told_where_there_is_no_runtime_and_where_it_has_ended() {
        let herald = Herald::default();
        herald.settle();
        let told = |herald: &Herald| {
            let (tell, mut told) = oneshot::channel();
            herald.tell(vec![Telling::to(tell, 1)]);
            told.try_recv()
        };
        assert_eq!(told(&herald), Ok(1));

        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (tell, mut left) = oneshot::channel();
        runtime.block_on(async { herald.settle() });
        herald.tell(vec![Telling::to(tell, 1)]);
        drop(runtime);
        assert_eq!(left.try_recv(), Ok(1));
        assert_eq!(told(&herald), Ok(1));
    }
}
