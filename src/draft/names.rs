//! A name for each line's variable.

use std::collections::HashSet;

use super::{lines::Line, sample::Origin};
use crate::expr::{self, Segment};

/// Names the lines. Where a place gives a name of its own that nobody else has, nothing is
/// written; the first of several that would share one keeps it. All others get `as=`.
pub(super) fn name(lines: &mut [Line], taken: &HashSet<String>) {
    let mut taken = taken.clone();
    let mut nameless = Vec::new();
    for line in lines.iter_mut() {
        line.as_name = None;
        match derived(line) {
            Some(name) if !taken.contains(&name) => {
                taken.insert(name);
            }
            _ => nameless.push(line),
        }
    }
    // Only now are all the names known that must not be given away.
    for line in nameless {
        let name = candidates(line)
            .find(|name| expr::is_variable_name(name) && !taken.contains(name))
            .unwrap_or_default();
        taken.insert(name.clone());
        line.as_name = Some(name);
    }
}

/// The name that the language takes from the place itself.
fn derived(line: &Line) -> Option<String> {
    if line.origin != Origin::Header && line.place.starts_with('$') {
        return None;
    }
    expr::variable_name(&line.place).filter(|name| expr::is_variable_name(name))
}

/// What a variable could be called, the nicest first; it never ends.
fn candidates(line: &Line) -> impl Iterator<Item = String> {
    let whole = words(&line.steps);
    // `$[0].sku` is rather `sku` than `0_sku`.
    let at_top = line
        .steps
        .iter()
        .take_while(|step| matches!(step, Segment::Index(_)))
        .count();
    let short = words(&line.steps[at_top..]);
    let word = line.origin.word();
    let long = match (line.steps.is_empty(), whole.is_empty()) {
        (true, _) => word.to_owned(),
        (false, true) => format!("{word}_value"),
        (false, false) => format!("{word}_{whole}"),
    };
    let numbered = {
        let long = long.clone();
        (2_u64..).map(move |number| format!("{long}_{number}"))
    };
    [short, long].into_iter().chain(numbered)
}

/// What the language would make of the steps, were there no rule about other characters.
fn words(steps: &[Segment]) -> String {
    let mut name = String::new();
    for step in steps {
        let text = match step {
            Segment::Key(key) => key.to_string(),
            Segment::Index(index) => index.to_string(),
        };
        for character in text.chars().chain(['_']) {
            if character.is_ascii_alphanumeric() {
                name.push(character.to_ascii_lowercase());
            } else if !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::draft::{Sample, lines};

    /// What each line's variable is called: its own name in parentheses, else `as=`.
    fn names(samples: &[Sample], taken: &[&str]) -> Vec<String> {
        let taken = taken.iter().map(|name| (*name).to_owned()).collect();
        let mut lines = lines::lines(samples, false).lines;
        name(&mut lines, &taken);
        lines
            .iter()
            .map(|line| match &line.as_name {
                Some(name) => name.clone(),
                None => format!("({})", derived(line).unwrap()),
            })
            .collect()
    }

    #[test]
    fn a_name_is_only_given_where_the_place_has_none_of_its_own() {
        let body = json!({
            "1a": 1, "a": {"b": 1}, "a_b": 1, "a-b": 1, "größe": 1, "in": 1, "request": 1,
            "unit price": 1, "日本": 1, "本": 1,
        });
        assert_eq!(
            names(&[Sample::Body(body)], &[]),
            [
                "body_1a",
                "(a_b)",
                "body_a_b",
                "body_a_b_2",
                "gr_e",
                "body_in",
                "body_request",
                "unit_price",
                "body_value",
                "body_value_2",
            ]
        );
    }

    #[test]
    fn a_list_at_the_top_names_its_places_without_the_index() {
        assert_eq!(names(&[Sample::Body(json!([{"sku": 1}]))], &[]), ["sku"]);
        assert_eq!(
            names(&[Sample::Body(json!([{"sku": 1}]))], &["sku"]),
            ["body_0_sku"]
        );
        assert_eq!(names(&[Sample::Body(json!([1, 2]))], &[]), ["body"]);
    }

    #[test]
    fn a_name_in_use_gets_a_longer_prefix_then_a_number() {
        let samples = [
            Sample::Headers(vec![("Id".into(), "1".into())]),
            Sample::Query(json!({"id": "1"})),
            Sample::Body(json!({"id": 1})),
        ];
        assert_eq!(names(&samples, &[]), ["(id)", "query_id", "body_id"]);
        assert_eq!(
            names(&samples, &["id", "query_id"]),
            ["header_id", "query_id_2", "body_id"]
        );
    }

    #[test]
    fn a_given_name_never_takes_one_that_a_later_place_has() {
        let body = json!({"a b": 1, "a_b": 1});
        assert_eq!(names(&[Sample::Body(body)], &[]), ["body_a_b", "(a_b)"]);
    }
}
