//! "did you mean …?"

/// How a near candidate is suggested.
pub fn did_you_mean(near: &str) -> String {
    format!("did you mean `{near}`?")
}

/// The candidate that `name` is most likely a slip of, if any is near enough.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // `Timeout`, `time_out` and `time-out` are the same word to whoever typed them.
    let plain = |text: &str| text.to_lowercase().replace(['_', ' '], "-");
    let wanted = plain(name);
    // One slip in a short word, two in a longer one: beyond that a guess is noise.
    let allowed = match wanted.chars().count() {
        0 | 1 => 0,
        2..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    // `uniq` and `param` are cut short, not mistyped.
    let is_cut = |candidate: &str| {
        wanted.chars().count() >= SHORTEST_CUT && plain(candidate).starts_with(&wanted)
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (strsim::osa_distance(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| {
            (*distance <= allowed && *distance < candidate.chars().count()) || is_cut(candidate)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// From how many letters on the beginning of a word stands for the word.
const SHORTEST_CUT: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = [
        "as",
        "type",
        "required",
        "default",
        "timeout",
        "concurrency",
    ];

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(nearest("tpye", NAMES), Some("type"));
        assert_eq!(nearest("requierd", NAMES), Some("required"));
        assert_eq!(nearest("tiemout", NAMES), Some("timeout"));
        assert_eq!(nearest("time_out", NAMES), Some("timeout"));
        assert_eq!(nearest("concurency", NAMES), Some("concurrency"));
        assert_eq!(nearest("ass", NAMES), Some("as"));
        assert_eq!(nearest("AS", NAMES), Some("as"));
    }

    #[test]
    fn a_word_that_is_cut_short_is_recognised() {
        assert_eq!(nearest("defa", NAMES), Some("default"));
        assert_eq!(nearest("def", NAMES), None);
    }

    #[test]
    fn an_unrelated_word_gets_no_suggestion() {
        assert_eq!(nearest("banana", NAMES), None);
        assert_eq!(nearest("x", NAMES), None);
        assert_eq!(nearest("", NAMES), None);
        assert_eq!(nearest("typewriter", NAMES), None);
    }

    #[test]
    fn a_word_is_never_suggested_for_itself() {
        assert_eq!(nearest("type", NAMES), None);
    }
}
