use proptest::prelude::*;
use serde_json::json;

use super::*;

fn miss(condition: &str, operands: &[(&str, Value)]) -> Option<String> {
    let operands: Vec<OperandRecord> = operands
        .iter()
        .map(|(text, value)| OperandRecord {
            text: (*text).to_owned(),
            value: Some(value.clone()),
        })
        .collect();
    near_miss(condition, &operands).map(|miss| miss.to_string())
}

#[test]
fn the_nearest_miss_is_told_in_a_sentence() {
    for (condition, operand, value, says) in [
        (
            "ref == 'refs/heads/main'",
            "ref",
            json!("refs/heads/Main"),
            "`refs/heads/Main` differs by case from `refs/heads/main`",
        ),
        (
            "'EUR' == order.currency",
            "order.currency",
            json!("EUR\n"),
            r#""EUR\n" differs by white space from "EUR""#,
        ),
        (
            "ref == 'refs/heads/main'",
            "ref",
            json!("refs/heads/main-2"),
            "`refs/heads/main-2` is longer by `-2` than `refs/heads/main`",
        ),
        (
            "branch == 'main'",
            "branch",
            json!("refs/heads/main"),
            "`refs/heads/main` is longer by `refs/heads/` at the start than `main`",
        ),
        (
            "ref == \"refs/heads/main\"",
            "ref",
            json!("main"),
            "`main` is shorter by `refs/heads/` at the start than `refs/heads/main`",
        ),
        (
            "ref == 'refs/heads/main'",
            "ref",
            json!("refs/heads/maim"),
            "`refs/heads/maim` differs by 1 character from `refs/heads/main`",
        ),
        (
            "ref == 'refs/heads/main'",
            "ref",
            json!("refs/heads/mian"),
            "`refs/heads/mian` differs by 2 characters from `refs/heads/main`",
        ),
        (
            "amount >= 100",
            "amount",
            json!(99.5),
            "99.5 is 0.5 below 100",
        ),
        (
            "amount < 1_000",
            "amount",
            json!(1040),
            "1040 is 40 above 1000",
        ),
        ("-1 == amount", "amount", json!(-2), "-2 is 1 below -1"),
        ("100 <= amount", "amount", json!(99), "99 is 1 below 100"),
        (
            "amount == 0.3",
            "amount",
            json!(0.1),
            "0.1 is 0.2 below 0.3",
        ),
        (
            "amount > 100",
            "amount",
            json!(100),
            "100 is the very limit, and `>` excludes it",
        ),
        (
            "amount == 5",
            "amount",
            json!("5"),
            r#""5" is text, 5 is a number"#,
        ),
        (
            "amount >= 100",
            "amount",
            json!("lots"),
            r#""lots" is text, 100 is a number"#,
        ),
        (
            "name | lower in ['main', 'develop',]",
            "name | lower",
            json!("develop "),
            r#""develop " differs by white space from "develop""#,
        ),
        (
            "code in ['5', 7]",
            "code",
            json!(5),
            r#"5 is a number, "5" is text"#,
        ),
        (
            "'Deploy' in labels",
            "labels",
            json!(["bug", "deploy"]),
            "`deploy` differs by case from `Deploy`",
        ),
        (
            "'[skip ci]' in message",
            "message",
            json!("wip [SKIP CI]"),
            "`wip [SKIP CI]` has `[skip ci]` in another case",
        ),
        (
            "(items[0].sku == 'it\\'s')",
            "items[0].sku",
            json!("IT'S"),
            "`IT'S` differs by case from `it's`",
        ),
    ] {
        assert_eq!(
            miss(condition, &[(operand, value)]).as_deref(),
            Some(says),
            "{condition}"
        );
    }
}

#[test]
fn of_several_misses_the_nearest_is_told() {
    let operands = [("a", json!("maim")), ("b", json!("EUR")), ("c", json!("X"))];
    assert_eq!(
        miss(
            "a == 'main' or b == 'eur' or c == 'x' and a != 'y'",
            &operands
        )
        .as_deref(),
        Some("`EUR` differs by case from `eur`")
    );
    let two = [("a", json!("main")), ("b", json!("Main"))];
    assert_eq!(
        miss("a == b", &two).as_deref(),
        Some("`main` differs by case from `Main`")
    );
}

#[test]
fn what_did_not_come_near_is_not_told() {
    for (condition, operand, value) in [
        ("currency == 'EUR'", "currency", json!("USD")),
        ("amount >= 100", "amount", json!(5)),
        // It holds.
        ("amount >= 100", "amount", json!(100)),
        ("ref == 'main' and x", "ref", json!("main")),
        // It must not.
        ("ref != 'main'", "ref", json!("main")),
        ("not ref == 'main'", "ref", json!("Main")),
        ("not (x or ref == 'main')", "ref", json!("Main")),
        ("ref not in ['main']", "ref", json!("Main")),
        // It is part of something else.
        ("ref ~ '!' == 'main'", "ref", json!("Main")),
        ("1 + amount > 5", "amount", json!(5)),
        ("order.ref == 'main'", "ref", json!("Main")),
        ("ref.name == 'main'", "ref", json!("Main")),
        ("ref == 'main' ~ x", "ref", json!("Main")),
        ("enabled", "enabled", json!(false)),
        ("x == 'a'", "x", json!("b")),
    ] {
        assert_eq!(miss(condition, &[(operand, value)]), None, "{condition}");
    }
    assert_eq!(
        miss("not (x) and ref == 'main'", &[("ref", json!("Main"))]).as_deref(),
        Some("`Main` differs by case from `main`")
    );
}

proptest! {
    #[test]
    fn no_text_is_too_wild(
        condition in "(a|b| and | or | not | in |==|<=|>|'|\"|[\\[\\]().,|~+-]|[0-9]{1,3}|\\PC| ){0,14}",
        value in "\\PC{0,8}",
        number in any::<i64>(),
    ) {
        let operands = [
            OperandRecord { text: "a".to_owned(), value: Some(value.into()) },
            OperandRecord { text: "b".to_owned(), value: Some(number.into()) },
        ];
        let _ = near_miss(&condition, &operands).map(|miss| miss.to_string());
    }
}
