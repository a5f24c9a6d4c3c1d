/// What is searched for in the inspector.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Find {
    pub(super) text: String,
    /// Whether it is still being typed.
    pub(super) typed: bool,
    /// The rows it stands in.
    pub(super) rows: Vec<usize>,
    /// Which of them the viewer is at.
    pub(super) at: usize,
    /// Whether only a part was searched: there is more than is shown.
    pub(super) in_part: bool,
}

impl Find {
    /// Longer than any screen is wide, and than anybody types.
    const LONGEST: usize = 256;

    /// Changes what is searched for.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut String)) {
        change(&mut self.text);
        let end = self.text.char_indices().nth(Self::LONGEST);
        self.text
            .truncate(end.map_or(self.text.len(), |(at, _)| at));
    }

    /// Goes so many places on, round and round.
    pub(super) fn step(&mut self, places: isize) {
        let all = isize::try_from(self.rows.len()).unwrap_or(isize::MAX);
        if all > 0 {
            let at = isize::try_from(self.at).unwrap_or(0) + places;
            self.at = at.rem_euclid(all).unsigned_abs();
        }
    }

    /// The row that the viewer is at.
    pub fn row(&self) -> Option<usize> {
        self.rows.get(self.at).copied()
    }

    /// What is searched for.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How far the viewer is: `2 of 7`.
    pub fn progress(&self) -> String {
        let places = match self.rows.len() {
            0 if self.text.is_empty() => return String::new(),
            0 => "not found".to_owned(),
            all => format!("{} of {all}", self.at + 1),
        };
        if self.in_part {
            format!("{places} in the part that is here")
        } else {
            places
        }
    }
}
