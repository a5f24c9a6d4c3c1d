use std::time::Duration;

use super::{Page, Tone};

/// Narrower bars tell nothing.
const NARROWEST: usize = 8;
/// Wider ones say no more.
const WIDEST: usize = 32;

/// When steps ran, as bars below each other, in the columns that their lines leave.
#[derive(Default)]
pub(super) struct Waterfall {
    bars: Vec<Bar>,
}

struct Bar {
    line: usize,
    started: Duration,
    took: Duration,
    /// How much of that was not the last try.
    tried: Duration,
}

impl Waterfall {
    /// Notes when the step of the page's next line ran, and how much of that its last try took.
    pub(super) fn note(
        &mut self,
        page: &Page,
        started: Duration,
        took: Duration,
        last_try: Option<Duration>,
    ) {
        let line = page.len();
        // A page that is full has no lines for what follows.
        if self.bars.last().is_none_or(|bar| bar.line < line) {
            self.bars.push(Bar {
                line,
                started,
                took,
                tried: last_try.map_or(Duration::ZERO, |last| took.saturating_sub(last)),
            });
        }
    }

    /// Draws the bars behind their lines.
    pub(super) fn draw(&self, page: &mut Page, columns: usize) {
        let end = self.bars.iter().map(|bar| bar.started + bar.took).max();
        let Some(end) = end.filter(|end| !end.is_zero()) else {
            return;
        };
        // A line that leaves no room has no bar, instead of none having one.
        let most = columns.saturating_sub(NARROWEST + 2);
        let widths = self.bars.iter().filter_map(|bar| {
            let width = page.lines.get(bar.line)?.width();
            (width <= most).then_some(width)
        });
        let width = columns.saturating_sub(widths.max().unwrap_or(columns) + 2);
        if width < NARROWEST {
            return;
        }
        let width = width.min(WIDEST);
        for bar in &self.bars {
            let Some(line) = page.line_at(bar.line).filter(|line| line.width() <= most) else {
                continue;
            };
            let cells = bar.cells(end, width);
            line.fill_to(columns - width).put(Tone::Accent, &cells);
        }
    }
}

impl Bar {
    fn cells(&self, end: Duration, width: usize) -> String {
        let at = |time: Duration| time.as_secs_f64() / end.as_secs_f64() * width as f64;
        let start = (at(self.started) as usize).min(width - 1);
        let mut cells = " ".repeat(start);
        if at(self.took) < 0.5 {
            // Too short to be seen, but it was there.
            cells.push('▁');
            return cells;
        }
        let stop = (at(self.started + self.took).round() as usize).clamp(start + 1, width);
        let full = stop - start;
        let tried = (at(self.tried).round() as usize).min(full - 1);
        cells.push_str(&"▄".repeat(tried));
        cells.push_str(&"█".repeat(full - tried));
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(columns: usize, lines: &[(&str, u64, u64, Option<u64>)]) -> Vec<String> {
        let millis = Duration::from_millis;
        let mut page = Page::default();
        let mut waterfall = Waterfall::default();
        for (text, started, took, last) in lines {
            waterfall.note(&page, millis(*started), millis(*took), last.map(millis));
            page.line().put(Tone::Plain, text);
        }
        waterfall.draw(&mut page, columns);
        page.rows(columns)
            .into_iter()
            .map(|row| row.into_iter().map(|(_, text)| text).collect())
            .collect()
    }

    #[test]
    fn bars_stand_where_steps_ran_and_are_as_long() {
        assert_eq!(
            drawn(
                20,
                &[
                    ("set", 0, 1, None),
                    ("http", 10, 50, None),
                    ("exec", 60, 40, Some(10)),
                    ("log", 100, 0, None),
                ]
            ),
            [
                "set   ▁",
                "http   ███████",
                "exec          ▄▄▄▄██",
                "log                ▁",
            ]
        );
    }

    #[test]
    fn a_long_line_has_no_bar_and_takes_none_away() {
        assert_eq!(
            drawn(
                20,
                &[("a", 0, 5, None), ("this one is too long", 5, 5, None)]
            ),
            ["a  █████████", "this one is too long"]
        );
    }

    #[test]
    fn where_there_is_no_room_or_no_time_there_are_no_bars() {
        assert_eq!(drawn(10, &[("http", 0, 5, None)]), ["http"]);
        assert_eq!(drawn(40, &[("http", 0, 0, None)]), ["http"]);
    }
}
