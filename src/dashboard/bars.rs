//! Bars made of characters.

const EIGHTHS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A bar for each count, in one row. Whatever is there at all rises above the ground; what is not
/// known leaves a gap.
pub fn row(counts: &[Option<u64>]) -> String {
    let most = highest(counts);
    let tops = EIGHTHS.len() as u64 - 1;
    counts
        .iter()
        .map(|count| match count {
            None => ' ',
            Some(count) => EIGHTHS[(count * tops).div_ceil(most).min(tops) as usize],
        })
        .collect()
}

/// A bar for each count, in several rows, from the top down.
pub fn rows(counts: &[Option<u64>], height: usize) -> Vec<String> {
    let most = highest(counts);
    let steps = EIGHTHS.len() * height - 1;
    let tall = |count: u64| 1 + (count * steps as u64).div_ceil(most) as usize;
    (0..height)
        .rev()
        .map(|row| {
            let below = row * EIGHTHS.len();
            counts
                .iter()
                .map(|count| match count.map_or(0, tall).saturating_sub(below) {
                    0 => ' ',
                    eighths => EIGHTHS[(eighths - 1).min(EIGHTHS.len() - 1)],
                })
                .collect()
        })
        .collect()
}

fn highest(counts: &[Option<u64>]) -> u64 {
    counts.iter().flatten().copied().max().unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_there_at_all_rises_above_the_ground() {
        assert_eq!(row(&[0, 1, 500, 1_000].map(Some)), "▁▂▅█");
        assert_eq!(row(&[0, 0].map(Some)), "▁▁");
        assert_eq!(row(&[]), "");
    }

    #[test]
    fn bars_of_several_rows_stand_on_the_lowest() {
        assert_eq!(rows(&[0, 1, 500, 1_000].map(Some), 2), ["  ▁█", "▁▂██"]);
        assert_eq!(rows(&[0, 0].map(Some), 2), ["  ", "▁▁"]);
    }

    #[test]
    fn what_is_not_known_leaves_a_gap() {
        assert_eq!(row(&[Some(1), None, Some(0)]), "█ ▁");
        assert_eq!(rows(&[Some(1), None, Some(0)], 1), ["█ ▁"]);
        assert_eq!(rows(&[None, None], 1), ["  "]);
    }
}
