use std::{collections::VecDeque, sync::Arc};

use super::wire::Line;

/// How much is kept for viewers that come back, in bytes.
const BYTES: usize = 1 << 20;

/// The last lines of the stream.
#[derive(Debug, Default)]
pub(super) struct Ring {
    lines: VecDeque<Arc<Line>>,
    bytes: usize,
}

impl Ring {
    pub fn push(&mut self, line: Arc<Line>) {
        self.bytes += line.text.len();
        self.lines.push_back(line);
        while self.bytes > BYTES
            && let Some(oldest) = self.lines.pop_front()
        {
            self.bytes -= oldest.text.len();
        }
    }

    pub fn clear(&mut self) {
        self.lines.clear();
        self.bytes = 0;
    }

    pub fn lines(&self) -> impl Iterator<Item = &Arc<Line>> {
        self.lines.iter()
    }

    /// The lines behind `seen`; `None` where some of them are gone. `last` is the last sequence
    /// that was given.
    pub fn behind(&self, seen: u64, last: u64) -> Option<Vec<Arc<Line>>> {
        let oldest = self.lines.front().and_then(|line| line.seq);
        // What comes next is there, too, where nothing is.
        let oldest = oldest.unwrap_or(last + 1);
        (seen <= last && seen + 1 >= oldest).then(|| {
            let behind = self.lines.iter().filter(|line| line.seq > Some(seen));
            behind.cloned().collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::attach::wire::Kind;

    fn line(seq: u64, length: usize) -> Arc<Line> {
        let body = json!({ "text": "x".repeat(length) });
        Arc::new(Line::new("notice", Some(seq), Kind::Passing, &body))
    }

    fn behind(ring: &Ring, seen: u64, last: u64) -> Option<Vec<u64>> {
        let lines = ring.behind(seen, last)?;
        Some(lines.iter().filter_map(|line| line.seq).collect())
    }

    #[test]
    fn whoever_has_seen_enough_goes_on_from_there_and_nobody_else() {
        let mut ring = Ring::default();
        assert_eq!(behind(&ring, 0, 0), Some(vec![]));
        assert_eq!(behind(&ring, 1, 0), None);
        for seq in 1..=3 {
            ring.push(line(seq, 400 << 10));
        }
        // The first is gone: three of them are more than is kept.
        assert_eq!(behind(&ring, 0, 3), None);
        assert_eq!(behind(&ring, 1, 3), Some(vec![2, 3]));
        assert_eq!(behind(&ring, 3, 3), Some(vec![]));
        assert_eq!(behind(&ring, 4, 3), None);
        ring.push(line(4, 2 << 20));
        assert_eq!(behind(&ring, 3, 4), None);
        assert_eq!(behind(&ring, 4, 4), Some(vec![]));
    }
}
