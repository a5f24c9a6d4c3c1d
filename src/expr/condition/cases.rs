//! What conditions make of values.

use serde_json::json;

use super::super::test_support::Names;
use super::*;

#[test]
fn smoke() {
    let names = Names::new(json!({"amount": 150, "currency": "EUR", "text": "5", "nothing": null}));
    let run = |text: &str| match Condition::parse(text, &names) {
        Err(errors) => format!("{errors:?}"),
        Ok(condition) => match condition.evaluate(&names, None) {
            Ok(value) => value.to_string(),
            Err(error) => format!("{} {:?}", error.message, error.operands),
        },
    };
    for text in [
        "amount >= 100 and currency == 'EUR'",
        "text >= 100",
        "amount == text",
        "currency",
        "nothing > 3",
        "nothing is not none and nothing > 3",
        "amount not in [1, 2]",
        "amount = 3",
        "amount >",
        "amount | foo",
        "amount is bar",
        "amount.x.y > 3",
        "foo.bar == 3",
        "f(1)",
        "1 if amount else 2",
        "'abc",
        "amount > 3 ) ",
        "currency in [1,2]",
        "€ > 3",
        "currency | int > 3",
    ] {
        println!("{text:45} {}", run(text));
    }
}
