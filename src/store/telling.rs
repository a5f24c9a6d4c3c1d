use tokio::sync::oneshot;

/// What is still to be done once a write is told of: to wake whoever waits for it, or nothing.
///
/// To wake a task from the writer's thread costs a system call each, and may have the two threads
/// take turns on one core. So of all whose writes were committed together only the first is woken
/// like this; it carries the others along, and wakes them where it is itself.
pub struct Telling(Option<Box<dyn FnOnce(Others) + Send>>);

impl From<()> for Telling {
    /// Nobody waits.
    fn from((): ()) -> Self {
        Self(None)
    }
}

/// Those who wait for writes that were committed together. They are told when this is dropped,
/// whatever becomes of whoever carries it.
#[derive(Default)]
pub(super) struct Others(Vec<Telling>);

impl Others {
    /// Tells the first, who tells the others.
    pub fn tell(mut self) {
        let mut all = std::mem::take(&mut self.0).into_iter();
        if let Some(Telling(Some(first))) = all.find(|telling| telling.0.is_some()) {
            first(Self(all.collect()));
        }
    }
}

impl FromIterator<Telling> for Others {
    fn from_iter<I: IntoIterator<Item = Telling>>(tellings: I) -> Self {
        Self(tellings.into_iter().collect())
    }
}

impl Drop for Others {
    fn drop(&mut self) {
        for telling in self.0.drain(..) {
            if let Telling(Some(tell)) = telling {
                tell(Self::default());
            }
        }
    }
}

/// Tells whoever has the other end what became of a write.
pub struct Teller<T>(oneshot::Sender<(T, Others)>);

/// Hears what became of a write.
pub struct Hearing<T>(oneshot::Receiver<(T, Others)>);

/// Both ends for one write.
pub fn hearing<T>() -> (Teller<T>, Hearing<T>) {
    let (teller, hearing) = oneshot::channel();
    (Teller(teller), Hearing(hearing))
}

impl<T: Send + 'static> Teller<T> {
    /// Tells it once the writer has seen to all that was committed together.
    pub fn later(self, value: T) -> Telling {
        Telling(Some(Box::new(|others| {
            // Where nobody waits any more, the others are told here.
            let _ = self.0.send((value, others));
        })))
    }
}

impl<T> Hearing<T> {
    /// What was told. `None` where the other end was dropped without a word.
    pub async fn heard(self) -> Option<T> {
        let (value, others) = self.0.await.ok()?;
        drop(others);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_who_hears_tells_the_others() {
        let (first, first_told) = hearing();
        let (second, second_told) = hearing();
        [Telling::from(()), first.later(1), second.later(2)]
            .into_iter()
            .collect::<Others>()
            .tell();
        let mut second_heard = Box::pin(second_told.heard());
        assert!(futures_util::poll!(&mut second_heard).is_pending());
        assert_eq!(first_told.heard().await, Some(1));
        assert_eq!(second_heard.await, Some(2));
    }

    #[tokio::test]
    async fn whoever_does_not_wait_any_more_keeps_nothing_from_the_others() {
        let (gone, gone_told) = hearing();
        let (leaves, leaves_told) = hearing();
        let (stays, stays_told) = hearing();
        drop(gone_told);
        [gone.later(1), stays.later(3)]
            .into_iter()
            .collect::<Others>()
            .tell();
        assert_eq!(stays_told.heard().await, Some(3));

        let (stays, stays_told) = hearing();
        [leaves.later(2), stays.later(3)]
            .into_iter()
            .collect::<Others>()
            .tell();
        drop(leaves_told);
        assert_eq!(stays_told.heard().await, Some(3));
    }
}
