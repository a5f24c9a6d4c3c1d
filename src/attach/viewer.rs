use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::json;
use tokio::sync::Notify;

use super::wire::{Kind, Line};
use crate::{event::View, run::RunId};

/// How much may wait for a viewer, in bytes.
const BYTES: usize = 1 << 20;
/// How much of that is left when it was too much: room is made once for many lines.
const LEFT: usize = BYTES / 2;
/// The most that is handed out at once, in bytes, beside the last line.
const BATCH: usize = 64 << 10;

/// The lines that wait for one viewer. Where they are too many, the oldest are dropped and counted.
#[derive(Debug, Default)]
pub(super) struct Viewer {
    waiting: Mutex<Waiting>,
    came: Notify,
    view: Mutex<Option<View>>,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: VecDeque<Arc<Line>>,
    bytes: usize,
    /// Runs that were dropped before the first of the lines, and are not told of yet.
    lost: u64,
}

impl Viewer {
    /// Has a line wait, whether or not there is room.
    pub fn push(&self, line: Arc<Line>) {
        self.waiting().push(line);
        self.came.notify_one();
    }

    /// The next lines, as one text, once there are any.
    pub async fn next(&self) -> String {
        loop {
            // Whoever comes between the look and the wait leaves a permit.
            let came = self.came.notified();
            if let Some(text) = self.waiting().take() {
                return text;
            }
            came.await;
        }
    }

    /// Looks at a run from here on, or at none.
    pub fn look(&self, view: Option<View>) {
        *self.view() = view;
    }

    /// Whether it looks at that run.
    pub fn looks_at(&self, run: RunId) -> bool {
        self.view().as_ref().is_some_and(|view| view.run() == run)
    }

    fn view(&self) -> MutexGuard<'_, Option<View>> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Every change of it is whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn push(&mut self, line: Arc<Line>) {
        if line.kind == Kind::Stats
            && let Some(last) = self.lines.back_mut()
            && last.kind == Kind::Stats
        {
            self.bytes = self.bytes - last.text.len() + line.text.len();
            *last = line;
            return;
        }
        self.bytes += line.text.len();
        self.lines.push_back(line);
        if self.bytes > BYTES {
            self.make_room();
        }
    }

    fn make_room(&mut self) {
        let mut kept = Vec::new();
        while self.bytes > LEFT
            // The newest is told, however long it is.
            && self.lines.len() > 1
            && let Some(oldest) = self.lines.pop_front()
        {
            self.bytes -= oldest.text.len();
            match oldest.kind {
                Kind::Run(_) => self.lost += 1,
                Kind::Gap(lost) => self.lost += lost,
                Kind::Loaded => {
                    kept.clear();
                    kept.push(oldest);
                }
                Kind::Kept => kept.push(oldest),
                Kind::Accepted | Kind::Stats | Kind::Passing => {}
            }
        }
        for line in kept.into_iter().rev() {
            self.bytes += line.text.len();
            self.lines.push_front(line);
        }
    }

    fn take(&mut self) -> Option<String> {
        let mut text = String::new();
        if self.lost > 0 {
            text += &gap(self.lost, None).text;
            self.lost = 0;
        }
        while text.len() < BATCH
            && let Some(line) = self.lines.pop_front()
        {
            self.bytes -= line.text.len();
            text += &line.text;
        }
        (!text.is_empty()).then_some(text)
    }
}

/// What is told in the place of so many runs.
pub(super) fn gap(lost: u64, seq: Option<u64>) -> Line {
    Line::new("gap", seq, Kind::Gap(lost), &json!({ "lost": lost }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, kind: Kind, length: usize) -> Arc<Line> {
        let body = json!({ "text": "x".repeat(length) });
        Arc::new(Line::new(name, None, kind, &body))
    }

    fn run(length: usize) -> Arc<Line> {
        line("run", Kind::Run(RunId::from_u128(7)), length)
    }

    /// The types of the lines that wait, and what a gap says.
    fn told(waiting: &mut Waiting) -> Vec<String> {
        std::iter::from_fn(|| waiting.take())
            .collect::<String>()
            .lines()
            .map(|line| {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                let name = line["type"].as_str().unwrap();
                match line["lost"].as_u64() {
                    Some(lost) => format!("{name} {lost}"),
                    None => name.to_owned(),
                }
            })
            .collect()
    }

    #[test]
    fn the_oldest_make_room_and_are_counted_where_they_were() {
        let mut waiting = Waiting::default();
        for _ in 0..12 {
            waiting.push(run(100 << 10));
        }
        let told = told(&mut waiting);
        // The eleventh was too much: five of about 100 KiB are left, and the twelfth came after.
        assert_eq!(told, ["gap 6", "run", "run", "run", "run", "run", "run"]);
        assert_eq!((waiting.bytes, waiting.lost), (0, 0));
    }

    #[test]
    fn how_the_server_stands_is_told_though_what_came_between_is_lost() {
        let mut waiting = Waiting::default();
        waiting.push(line("rejected", Kind::Kept, 1));
        waiting.push(line("loaded", Kind::Loaded, 1));
        waiting.push(Arc::new(gap(3, Some(1))));
        waiting.push(line("notice", Kind::Passing, 1));
        waiting.push(line("answer", Kind::Kept, 1));
        waiting.push(run(600 << 10));
        waiting.push(run(600 << 10));
        assert_eq!(told(&mut waiting), ["gap 4", "loaded", "answer", "run"]);
    }

    #[test]
    fn one_line_is_told_however_long_it_is() {
        let mut waiting = Waiting::default();
        waiting.push(run(3 << 20));
        assert_eq!(told(&mut waiting), ["run"]);
    }

    #[test]
    fn of_the_counters_only_the_latest_wait() {
        let mut waiting = Waiting::default();
        waiting.push(line("old", Kind::Stats, 1));
        waiting.push(line("new", Kind::Stats, 1));
        assert_eq!(told(&mut waiting), ["new"]);
    }
}
