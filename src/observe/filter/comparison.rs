use std::cmp::Ordering;

/// What a value is compared by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Comparison {
    /// `:`, which every field reads in the way that is most use.
    Like,
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Longer signs first: one begins with another.
const SIGNS: [(&str, Comparison); 5] = [
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
    ("=", Comparison::Equal),
];

impl Comparison {
    /// The sign that a text begins with, and how long it is.
    pub(super) fn begins(text: &str) -> Option<(Self, usize)> {
        SIGNS
            .iter()
            .find(|(sign, _)| text.starts_with(sign))
            .map(|(sign, comparison)| (*comparison, sign.len()))
    }

    /// Whether it asks what comes first.
    pub(super) fn is_order(self) -> bool {
        !matches!(self, Self::Like | Self::Equal)
    }

    /// Whether it holds for a value that stands so to the one it is compared with.
    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Like | Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}
