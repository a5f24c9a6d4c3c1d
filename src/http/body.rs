use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use hyper::body::{Body as _, Frame, Incoming};
use tokio::time::Sleep;

use super::{connections::Entry, refusal::Refusal};

/// How much room a body gets before any of it is there: what a client announces costs nothing.
const FIRST_ROOM: u64 = 64 * 1024;

/// A request's body, to be read once.
pub(super) struct Body<'c> {
    incoming: Incoming,
    entry: &'c Entry,
    is_done: bool,
    has_waited: bool,
}

impl<'c> Body<'c> {
    pub fn new(incoming: Incoming, entry: &'c Entry) -> Self {
        Self {
            is_done: incoming.is_end_stream(),
            has_waited: false,
            incoming,
            entry,
        }
    }

    /// Whether some of it may still come.
    pub fn is_unread(&self) -> bool {
        !self.is_done
    }

    /// Reads all of it: up to `limit` bytes, waiting no longer than `patience` for more, and as far
    /// as `may_hold` says that so many bytes may be held.
    pub async fn read(
        &mut self,
        headers: &HeaderMap,
        limit: u64,
        patience: Duration,
        may_hold: impl FnMut(usize) -> Result<(), Refusal>,
    ) -> Result<Bytes, Refusal> {
        if self.is_done {
            return Ok(Bytes::new());
        }
        if self.incoming.size_hint().lower() > limit {
            return Err(Refusal::too_large(limit));
        }
        if is_encoded(headers) {
            return Err(Refusal::encoded());
        }
        let whole = self.collect(limit, patience, may_hold).await;
        if self.has_waited {
            self.entry.set_waiting(false);
        }
        whole
    }

    async fn collect(
        &mut self,
        limit: u64,
        patience: Duration,
        mut may_hold: impl FnMut(usize) -> Result<(), Refusal>,
    ) -> Result<Bytes, Refusal> {
        let announced = self.incoming.size_hint();
        // Most bodies come in one piece, which is kept as it is.
        let mut whole = Bytes::new();
        let mut pieces = BytesMut::new();
        let mut is_asked_for = false;
        let mut timer = pin!(None);
        loop {
            let frame = self
                .next(&mut is_asked_for, timer.as_mut(), patience)
                .await?;
            let Some(frame) = frame else {
                self.is_done = true;
                break;
            };
            let Ok(data) = frame.into_data() else {
                // Trailers: nobody asked for them.
                continue;
            };
            let length = whole.len() + pieces.len() + data.len();
            if length as u64 > limit {
                return Err(Refusal::too_large(limit));
            }
            may_hold(length)?;
            if whole.is_empty() && pieces.is_empty() {
                whole = data;
                if announced.exact() == Some(whole.len() as u64) {
                    self.is_done = true;
                    break;
                }
            } else {
                if pieces.is_empty() {
                    let room = announced.exact().unwrap_or_default().min(FIRST_ROOM);
                    pieces.reserve(usize::try_from(room).unwrap_or_default().max(whole.len()));
                    pieces.extend_from_slice(&whole);
                    whole = Bytes::new();
                }
                pieces.extend_from_slice(&data);
            }
        }
        Ok(if pieces.is_empty() {
            whole
        } else {
            pieces.freeze()
        })
    }

    async fn next(
        &mut self,
        is_asked_for: &mut bool,
        mut timer: Pin<&mut Option<Sleep>>,
        patience: Duration,
    ) -> Result<Option<Frame<Bytes>>, Refusal> {
        timer.set(None);
        poll_fn(move |cx| {
            if let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(cx) {
                return Poll::Ready(frame.transpose().map_err(|_| Refusal::broken_body()));
            }
            // hyper only learns from the first poll that the body is wanted, and then gives what
            // it already has. So the timer waits for the second one: most requests need none.
            if !*is_asked_for {
                *is_asked_for = true;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if !self.has_waited {
                self.has_waited = true;
                self.entry.set_waiting(true);
            }
            if timer.is_none() {
                timer.set(Some(tokio::time::sleep(patience)));
            }
            match timer.as_mut().as_pin_mut() {
                Some(timer) => timer.poll(cx).map(|()| Err(Refusal::stalled())),
                None => Poll::Pending,
            }
        })
        .await
    }
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}
