use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::refusal::Refusal;

/// How many bytes all requests may hold on to at once.
const MOST: usize = 128 << 20;

/// What a request may hold on to that is not counted, in bytes: most hold on to less.
const UNCOUNTED: usize = 64 << 10;

/// The memory that there is for requests: for their bodies, and for what is made of them, which may
/// be many times as large.
#[derive(Debug, Default)]
pub(super) struct Room {
    held: AtomicUsize,
}

/// What a request holds on to of it, as long as this lives.
#[derive(Debug, Default)]
pub(super) struct Held(Option<(Arc<Room>, usize)>);

impl Held {
    /// Has it hold on to so many bytes, in place of what it held before, where that was less.
    ///
    /// # Errors
    /// There is no room.
    pub fn at_least(&mut self, room: &Arc<Room>, bytes: usize) -> Result<(), Refusal> {
        if bytes <= UNCOUNTED {
            return Ok(());
        }
        let (room, held) = self.0.get_or_insert_with(|| (Arc::clone(room), 0));
        let more = bytes.saturating_sub(*held);
        let before = room.held.fetch_add(more, Ordering::Relaxed);
        // Whoever is alone may have as much as a body may make of itself.
        if before > *held && before.saturating_add(more) > MOST {
            room.held.fetch_sub(more, Ordering::Relaxed);
            return Err(Refusal::no_room());
        }
        *held += more;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((room, held)) = &self.0 {
            room.held.fetch_sub(*held, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_bounded_but_for_who_is_alone_and_given_back() {
        let room = Arc::new(Room::default());
        let (mut one, mut other) = (Held::default(), Held::default());
        let held = |who: &mut Held, bytes| who.at_least(&room, bytes).is_ok();
        assert!(held(&mut one, UNCOUNTED));
        assert!(held(&mut other, UNCOUNTED));
        assert!(held(&mut one, MOST / 2));
        assert!(held(&mut one, MOST * 2), "nobody else holds anything");
        assert!(!held(&mut other, UNCOUNTED + 1));
        drop(one);
        assert!(held(&mut other, MOST));
        let mut third = Held::default();
        assert!(!held(&mut third, UNCOUNTED + 1));
        drop((other, third));
        assert_eq!(room.held.load(Ordering::Relaxed), 0);
    }
}
