/// A pattern of a status: digits, and `x` for any. What it leaves out may be anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Digits(String);

impl Digits {
    /// `404`, `4xx`, `4*`, `4`; in lower case.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('*').unwrap_or(text);
        let is_pattern =
            (1..=3).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit() || c == b'x');
        is_pattern.then(|| Self(text.to_owned()))
    }

    pub(super) fn holds(&self, status: u16) -> bool {
        self.0
            .chars()
            .zip(status.to_string().chars())
            .all(|(pattern, digit)| pattern == 'x' || pattern == digit)
    }
}
