//! Whatever a sample holds, its block is one that the language takes.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::json;

use crate::{
    check,
    diagnostic::{Report, Style},
    draft::{Sample, Scaffold},
    expr::Segment,
    model::{BodySource, Configuration, ParseSource},
    run::Value,
    syntax,
};

/// The configuration of a flow with a block, which has to be free of errors.
fn checked(block: &str) -> Configuration {
    let text = format!("flow \"x\" mode=\"sync\" {{\nwebhook \"/x\" {{\n{block}}}\n}}\n");
    let mut report = Report::new();
    let tree = syntax::read_text("flows.kdl", &text, &mut report);
    let (configuration, _) = check::configuration(tree, &mut report);
    assert!(
        report.is_empty(),
        "{}\n{text}",
        report.render(Style::default())
    );
    configuration.unwrap()
}

/// Everything below a value that a line should read; lists without objects are one.
fn expected(value: &Value, steps: &mut Vec<Segment>, found: &mut Vec<(Vec<Segment>, Value)>) {
    fn is_flat(value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().all(is_flat),
            Value::Object(_) => false,
            _ => true,
        }
    }
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                steps.push(Segment::Key(key.as_str().into()));
                expected(member, steps, found);
                steps.pop();
            }
        }
        Value::Array(items) if !is_flat(value) => {
            for (index, item) in items.iter().enumerate() {
                steps.push(Segment::Index(index as i64));
                expected(item, steps, found);
                steps.pop();
            }
        }
        leaf => found.push((steps.clone(), leaf.clone())),
    }
}

fn keys() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-c]{1,2}",
        2 => "[a-cA-C0-9_ .\\[\\]'\"\\\\$@/-]{0,4}",
        1 => prop::sample::select(vec!["in", "request", "now", "größe", "日本", "token", "// x", "*/"])
            .prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn documents() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\n\\r\u{85}\u{2028}*/{}\"\\\\;a ]{0,8}".prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 200 } else { 2_000 }))]

    #[test]
    fn any_document_gives_a_block_that_reads_its_leaves(document in documents(), all: bool) {
        let printed = Scaffold::new(&[Sample::Body(document.clone())], all).lines();
        let configuration = checked(&Scaffold::block(&printed));
        let mut leaves = Vec::new();
        expected(&document, &mut Vec::new(), &mut leaves);
        let mut read = HashSet::new();
        for entry in &configuration.flows[0].trigger.as_ref().unwrap().parse.entries {
            let ParseSource::Body(BodySource::Plain(_, path) | BodySource::JsonPath(path)) = &entry.source
            else {
                panic!("{entry:?}");
            };
            let steps = path.segments().unwrap();
            if let Some((_, value)) = leaves.iter().find(|(leaf, _)| leaf == steps) {
                let found = Some(value.clone()).filter(|value| !value.is_null());
                prop_assert_eq!(path.find(&document).unwrap(), found);
                read.insert(steps.to_vec());
            } else {
                prop_assert!(all, "{} is no leaf", path.text());
            }
        }
        if all && printed.notes.is_empty() {
            prop_assert_eq!(read.len(), leaves.len());
        }
        prop_assert!(printed.lines.iter().all(|line| line.lines().count() == 1));
    }

    #[test]
    fn any_query_gives_a_block_too(values in prop::collection::btree_map(keys(), documents(), 0..5)) {
        let values = Value::Object(values.into_iter().collect());
        let printed = Scaffold::new(&[Sample::Query(values)], true).lines();
        checked(&Scaffold::block(&printed));
    }
}

#[test]
fn a_block_is_bounded_and_says_so() {
    let members = (0..620).map(|i| (format!("k{i}"), json!(i))).collect();
    let printed = Scaffold::new(&[Sample::Body(Value::Object(members))], false).lines();
    assert_eq!(printed.lines.len(), 500);
    assert_eq!(printed.notes, ["only the first 500 lines are here, of 620"]);
    checked(&Scaffold::block(&printed));
}
