use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::Poll,
};

/// Something panicked; the hook has told what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Panicked;

/// Awaits `future`, and survives its panic. It is not polled again then.
pub async fn caught<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Panicked> {
    // What a panic leaves half-done belongs to the one request, and goes with it.
    poll_fn(
        move |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_and_a_value_is_a_value() {
        let panicking = pin!(async {
            tokio::task::yield_now().await;
            panic!("on purpose");
        });
        assert_eq!(caught(panicking).await, Err::<(), _>(Panicked));
        assert_eq!(caught(pin!(async { 5 })).await, Ok(5));
    }
}
