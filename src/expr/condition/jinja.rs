//! Where the types agree, a condition means what minijinja means by it; but for a boolean joined
//! to text, which minijinja writes as Python does.

use minijinja::{Environment, Value as JinjaValue};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::test_support::Names;
use super::super::{Lenience, Template};
use super::Condition;

/// Whether minijinja finds the expression true.
fn jinja(text: &str, variables: &Value) -> Result<bool, String> {
    let environment = Environment::new();
    let members = variables.as_object().into_iter().flatten();
    let context: JinjaValue =
        JinjaValue::from_pairs(members.map(|(name, value)| (name.as_str(), to_jinja(value))));
    let result = environment
        .compile_expression(text)
        .and_then(|it| it.eval(context));
    result
        .map(|value| value.is_true())
        .map_err(|error| error.to_string())
}

fn to_jinja(value: &Value) -> JinjaValue {
    match value {
        // to minijinja only undefined is absent
        Value::Null => JinjaValue::UNDEFINED,
        Value::Bool(value) => JinjaValue::from(*value),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => JinjaValue::from(integer),
            None => JinjaValue::from(number.as_f64().unwrap()),
        },
        Value::String(text) => JinjaValue::from(text.as_str()),
        Value::Array(items) => items.iter().map(to_jinja).collect(),
        Value::Object(members) => JinjaValue::from_pairs(
            members
                .iter()
                .map(|(key, value)| (key.as_str(), to_jinja(value))),
        ),
    }
}

fn variables() -> impl Strategy<Value = Value> {
    let text = "[a-c ]{0,3}";
    let float = (-40i32..40).prop_map(|quarters| f64::from(quarters) / 4.0);
    (
        (-9i64..9, -9i64..9, float),
        (text, text),
        (any::<bool>(), any::<bool>()),
        prop::collection::vec(-3i64..3, 0..4),
        prop::collection::vec(text, 0..3),
        prop::collection::btree_map("[ab]", -3i64..3, 0..3),
    )
        .prop_map(|((i, j, f), (s, t), (p, q), numbers, words, object)| {
            json!({
                "i": i, "j": j, "f": f, "s": s, "t": t, "p": p, "q": q,
                "numbers": numbers, "words": words, "object": object, "gone": null,
            })
        })
}

fn integer() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("i".to_owned()),
        Just("j".to_owned()),
        (0..9i64).prop_map(|n| n.to_string()),
        Just("(numbers | length)".to_owned()),
        Just("(s | length)".to_owned()),
        Just("(gone | default(i))".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (
                inner.clone(),
                prop::sample::select(vec!["+", "-", "*", "//", "%"]),
                inner.clone()
            )
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.clone().prop_map(|a| format!("(-{a})")),
            inner.clone().prop_map(|a| format!("({a} | abs)")),
            inner.prop_map(|a| format!("(2 ** (({a}) % 9))")),
        ]
    })
    .boxed()
}

fn number() -> BoxedStrategy<String> {
    prop_oneof![
        3 => integer(),
        1 => Just("f".to_owned()),
        1 => Just("1.5".to_owned()),
        1 => (integer(), prop::sample::select(vec!["+", "-", "*", "/", "//", "%"]))
            .prop_map(|(a, op)| format!("({a} {op} f)")),
        1 => integer().prop_map(|a| format!("(f / {a})")),
        1 => Just("(f | round)".to_owned()),
    ]
    .boxed()
}

fn text() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("s".to_owned()),
        Just("t".to_owned()),
        "[a-c ]{0,2}".prop_map(|text| format!("'{text}'")),
        Just("(gone | default(s))".to_owned()),
    ];
    leaf.prop_recursive(2, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} ~ {b})")),
            (inner.clone(), integer()).prop_map(|(a, b)| format!("({a} ~ ({b}))")),
            (
                inner.clone(),
                prop::sample::select(vec!["upper", "lower", "trim"])
            )
                .prop_map(|(a, filter)| format!("({a} | {filter})")),
            inner.prop_map(|a| format!("(({a}) | replace('a', 'bc'))")),
            Just("(words | join('-'))".to_owned()),
        ]
    })
    .boxed()
}

fn condition() -> BoxedStrategy<String> {
    let order = || prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let leaf = prop_oneof![
        Just("p".to_owned()),
        Just("q".to_owned()),
        (number(), order(), number()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (text(), order(), text()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (number(), order(), number(), order(), number())
            .prop_map(|(a, x, b, y, c)| format!("{a} {x} {b} {y} {c}")),
        integer().prop_map(|a| format!("({a}) in numbers")),
        integer().prop_map(|a| format!("({a}) not in [1, 2, i]")),
        text().prop_map(|a| format!("({a}) in words")),
        text().prop_map(|a| format!("({a}) in object")),
        (text(), text()).prop_map(|(a, b)| format!("({a}) not in ({b})")),
        (text(), text()).prop_map(|(a, b)| format!("({a}) is startingwith ({b})")),
        (text(), text()).prop_map(|(a, b)| format!("({a}) is not endingwith ({b})")),
        Just("numbers == [i, j]".to_owned()),
        Just("(object.a is defined and object.a > j)".to_owned()),
        Just("(numbers[0] is defined and numbers[0] == numbers[-1])".to_owned()),
        Just("gone is undefined and not (gone is defined)".to_owned()),
        Just("s is string and i is integer and f is float and p is boolean".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} or {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) == ({b})")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.prop_map(|a| format!("not {a}")),
        ]
    })
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn well_typed_conditions_mean_what_jinja_means(text in condition(), variables in variables()) {
        prop_assume!(text.len() <= 1_000);
        let names = Names::new(variables.clone());
        let condition = match Condition::parse(&text, &names) {
            Ok(condition) => condition,
            Err(errors) => panic!("{text}: {errors:?}"),
        };
        let ours = condition.evaluate(&names, None);
        let mut trace = Vec::new();
        let traced = condition.evaluate(&names, Some(&mut trace));
        prop_assert_eq!(&ours, &traced);
        match ours {
            Ok(holds) => prop_assert_eq!(Ok(holds), jinja(&text, &variables), "{}", text),
            // well typed, so it divides by zero or overflows, which minijinja refuses too, or
            // the number is one that minijinja still holds
            Err(error) => prop_assert!(
                error.message.contains("divides by zero") || error.message.contains("too large"),
                "{}: {}", text, error.message
            ),
        }
    }

    #[test]
    fn well_typed_conditions_mean_the_same_in_a_template(text in condition(), word in text(), variables in variables()) {
        // a boolean joined to text reads as JSON has it, here as there
        let text = format!("({text}) and (({word}) ~ p ~ (s ~ (q))) != 'True'");
        prop_assume!(text.len() <= 900);
        let names = Names::new(variables);
        let parse = |text: &str| Template::parse(text, &names, Lenience::Strict);
        let (Ok(condition), Ok(template)) = (
            Condition::parse(&text, &names),
            parse(&format!("{{% if {text} %}}true{{% else %}}false{{% endif %}}")),
        ) else {
            panic!("{text} does not load");
        };
        if let Ok(holds) = condition.evaluate(&names, None) {
            prop_assert_eq!(template.render(&names), Ok(holds.to_string()), "{}", text);
        }
        let joined = format!("({word}) ~ p ~ (s ~ (q)) ~ f ~ (i)");
        let written = parse(&format!("{{{{ {joined} }}}}")).unwrap().render(&names).unwrap_or_default();
        prop_assert!(!written.contains("True") && !written.contains("False"), "{}", written);
    }
}
