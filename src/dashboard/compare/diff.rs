use std::iter;

/// More comparisons than this between two lines are not made: all in between counts as changed.
const MOST: usize = 1_000_000;

/// Lines that are the same in both texts, or take each other's place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hunk {
    /// In both.
    Same(Vec<String>),
    /// In one of them each.
    Changed {
        /// What only the first has.
        left: Vec<String>,
        /// What only the second has.
        right: Vec<String>,
    },
}

/// What turns one text into another, by lines.
pub fn diff(left: &[String], right: &[String]) -> Vec<Hunk> {
    let head = iter::zip(left, right).take_while(|(a, b)| a == b).count();
    let (same, left, right) = (&left[..head], &left[head..], &right[head..]);
    let tail = iter::zip(left.iter().rev(), right.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (left, below) = left.split_at(left.len() - tail);
    let right = &right[..right.len() - tail];
    let mut hunks = Hunks::default();
    hunks.same(same);
    if left.len().saturating_mul(right.len()) > MOST {
        hunks.left(left);
        hunks.right(right);
    } else {
        between(left, right, &mut hunks);
    }
    hunks.same(below);
    hunks.0
}

/// The longest common subsequence, by the table of its lengths.
fn between(left: &[String], right: &[String], hunks: &mut Hunks) {
    let columns = right.len() + 1;
    // How much is common from line `i` of the one and line `j` of the other on.
    let mut common = vec![0_u32; (left.len() + 1) * columns];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            common[i * columns + j] = if left[i] == right[j] {
                common[(i + 1) * columns + j + 1] + 1
            } else {
                common[(i + 1) * columns + j].max(common[i * columns + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        if left[i] == right[j] {
            hunks.same(&left[i..=i]);
            (i, j) = (i + 1, j + 1);
        } else if common[(i + 1) * columns + j] >= common[i * columns + j + 1] {
            hunks.left(&left[i..=i]);
            i += 1;
        } else {
            hunks.right(&right[j..=j]);
            j += 1;
        }
    }
    hunks.left(&left[i..]);
    hunks.right(&right[j..]);
}

#[derive(Default)]
struct Hunks(Vec<Hunk>);

impl Hunks {
    fn same(&mut self, lines: &[String]) {
        match self.0.last_mut() {
            _ if lines.is_empty() => {}
            Some(Hunk::Same(same)) => same.extend_from_slice(lines),
            _ => self.0.push(Hunk::Same(lines.to_vec())),
        }
    }

    fn left(&mut self, lines: &[String]) {
        self.changed(lines, &[]);
    }

    fn right(&mut self, lines: &[String]) {
        self.changed(&[], lines);
    }

    fn changed(&mut self, more_left: &[String], more_right: &[String]) {
        match self.0.last_mut() {
            _ if more_left.is_empty() && more_right.is_empty() => {}
            Some(Hunk::Changed { left, right }) => {
                left.extend_from_slice(more_left);
                right.extend_from_slice(more_right);
            }
            _ => self.0.push(Hunk::Changed {
                left: more_left.to_vec(),
                right: more_right.to_vec(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn same(text: &str) -> Hunk {
        Hunk::Same(lines(text))
    }

    fn changed(left: &str, right: &str) -> Hunk {
        Hunk::Changed {
            left: lines(left),
            right: lines(right),
        }
    }

    #[test]
    fn what_is_common_is_kept_together() {
        assert_eq!(
            diff(&lines("a b c d e f"), &lines("a x c d y z f")),
            [
                same("a"),
                changed("b", "x"),
                same("c d"),
                changed("e", "y z"),
                same("f")
            ]
        );
        assert_eq!(
            diff(&lines("a a"), &lines("a a a")),
            [same("a a"), changed("", "a")]
        );
        assert_eq!(diff(&[], &[]), []);
    }

    #[test]
    fn what_would_take_too_long_to_compare_is_changed_as_a_whole() {
        let long = |prefix: char| -> Vec<String> {
            (0..1_001)
                .map(|i| {
                    if i == 500 {
                        "same".to_owned()
                    } else {
                        format!("{prefix}{i}")
                    }
                })
                .collect()
        };
        let (left, right) = (long('a'), long('b'));
        assert_eq!(diff(&left, &right), [Hunk::Changed { left, right }]);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_out_of_what_changed(
            left in prop::collection::vec("[a-c]", 0..12),
            right in prop::collection::vec("[a-c]", 0..12),
        ) {
            let hunks = diff(&left, &right);
            let side = |first: bool| -> Vec<String> {
                hunks
                    .iter()
                    .flat_map(|hunk| match hunk {
                        Hunk::Same(lines) => lines,
                        Hunk::Changed { left, .. } if first => left,
                        Hunk::Changed { right, .. } => right,
                    })
                    .cloned()
                    .collect()
            };
            prop_assert_eq!(side(true), left);
            prop_assert_eq!(side(false), right);
        }
    }
}
