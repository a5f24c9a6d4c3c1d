/// What two values are compared by in a condition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sign {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    /// `!=` and `not in`: a value that makes them false is no near miss, but the very one.
    Other,
}

impl Sign {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "==" => Self::Equal,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "in" => Self::In,
            "!=" => Self::Other,
            _ => return None,
        })
    }
}
