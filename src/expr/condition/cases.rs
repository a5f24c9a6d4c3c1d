//! What conditions make of values: one table for runs, one for texts that do not load.

use serde_json::{Value, json};

use super::super::test_support::Names;
use super::*;

fn names() -> Names {
    Names::new(variables())
}

fn variables() -> Value {
    json!({
        "amount": 150, "small": 5, "minus": -3, "price": 1.5, "whole": 150.0, "zero": 0,
        "wide": 9_007_199_254_740_993u64, "rounded": 9_007_199_254_740_992.0,
        "huge": u64::MAX, "least": i64::MIN,
        "currency": "EUR", "digits": "5", "empty": "", "word": "straße",
        "paid": true, "late": false,
        "tags": ["new", "gift"], "counts": [1, 2, 3], "mixed": [1, "1", null, true], "none_yet": [],
        "order": {"id": "A-1", "total": 99.5, "lines": [{"sku": "x", "qty": 2}], "note": null},
        "key": "id", "at": 1,
        "maybe": null,
    })
}

/// `true`, `false`, or the message of the error.
fn outcome(text: &str) -> String {
    let condition = Condition::parse(text, &names()).unwrap_or_else(|errors| {
        panic!("`{text}` does not load: {}", errors[0]);
    });
    match condition.evaluate(&names(), None) {
        Ok(holds) => holds.to_string(),
        Err(error) => error.message,
    }
}

#[test]
fn a_condition_holds_does_not_hold_or_says_why_it_cannot_be_told() {
    let long = format!("currency == {:?}", "x".repeat(90));
    for (text, expected) in [
        // constants
        ("true", "true"),
        ("false", "false"),
        ("1 < 2", "true"),
        // order: two numbers or two texts
        ("amount >= 100 and currency == 'EUR'", "true"),
        ("amount > 150", "false"),
        ("amount >= 150", "true"),
        ("amount < 150", "false"),
        ("amount <= 150", "true"),
        ("minus < zero", "true"),
        ("price < 2", "true"),
        ("'a' < 'b'", "true"),
        ("'B' < 'a'", "true"),
        ("currency >= 'EUR'", "true"),
        (
            "digits >= 100",
            "`digits` is text (\"5\"), `>=` needs two numbers or two texts",
        ),
        (
            "100 <= digits",
            "`digits` is text (\"5\"), `<=` needs two numbers or two texts",
        ),
        (
            "amount > digits",
            "`amount` is a number (150) and `digits` is text (\"5\"), `>` needs two numbers or two texts",
        ),
        (
            "paid > 3",
            "`paid` is a boolean (true), `>` needs two numbers or two texts",
        ),
        (
            "counts > 3",
            "`counts` is a list ([1,2,3]), `>` needs two numbers or two texts",
        ),
        (
            "3 > order",
            "`order` is an object ({\"id\":\"A-1\",\"lines\":[{\"qty\":2,\"sku\":\"x\"}],\"note\":null,\"total\":99.5}), `>` needs two numbers or two texts",
        ),
        (
            "order.note > 3",
            "`order.note` is absent, `>` needs two numbers or two texts",
        ),
        (
            "order.gone.deeper[2] > 3",
            "`order.gone.deeper[2]` is absent, `>` needs two numbers or two texts",
        ),
        (
            "none > 3",
            "`none` is absent, `>` needs two numbers or two texts",
        ),
        // chains of comparisons
        ("0 < small < 10", "true"),
        ("0 < amount < 10", "false"),
        ("0 < small < amount < 1000", "true"),
        ("10 < small < currency", "false"),
        (
            "0 < small < currency",
            "`small` is a number (5) and `currency` is text (\"EUR\"), `<` needs two numbers or two texts",
        ),
        // equality: of one kind, or anything with none
        ("amount == 150", "true"),
        ("amount == 150.0", "true"),
        ("amount == whole", "true"),
        ("amount != 150", "false"),
        ("currency == 'EUR'", "true"),
        ("currency != \"EUR\"", "false"),
        ("paid == true", "true"),
        ("paid != late", "true"),
        ("counts == [1, 2.0, 3]", "true"),
        ("counts == [1, 2]", "false"),
        ("mixed == ['1', 1, none, true]", "false"),
        ("order.lines[0] == {'sku': 'x', 'qty': 2}", "true"),
        (
            "digits == 5",
            "`digits` is text (\"5\"), `==` needs two values of one kind",
        ),
        (
            "paid != 1",
            "`paid` is a boolean (true), `!=` needs two values of one kind",
        ),
        (
            "amount == digits",
            "`amount` is a number (150) and `digits` is text (\"5\"), `==` needs two values of one kind",
        ),
        (
            "order.note == 'x'",
            "`order.note` is absent, `==` needs two values",
        ),
        (
            "order.gone != order.note",
            "`order.gone` is absent, `!=` needs two values",
        ),
        ("amount == none", "false"),
        ("amount != none", "true"),
        ("order.note == none", "true"),
        ("none != order.gone", "false"),
        ("none == none", "true"),
        // numbers are exact
        (
            "wide == rounded",
            "`==` cannot tell `wide` from `rounded`: numbers beyond 2^53 with a fraction or an exponent, or beyond 64 bits, are not kept to the digit",
        ),
        (
            "wide > rounded",
            "`>` cannot tell `wide` from `rounded`: numbers beyond 2^53 with a fraction or an exponent, or beyond 64 bits, are not kept to the digit",
        ),
        ("wide > rounded - 1024", "true"),
        ("rounded < wide * 2", "true"),
        ("huge == 18446744073709551615", "true"),
        ("huge > least", "true"),
        ("huge == 18446744073709551616.0", "false"),
        ("zero == -0.0", "true"),
        // in: a list, the key of an object, a part of a text
        ("'gift' in tags", "true"),
        ("'gift' not in tags", "false"),
        ("4 not in counts", "true"),
        ("2.0 in counts", "true"),
        ("currency in ['EUR', 'USD']", "true"),
        ("amount in [100, 200]", "false"),
        ("currency in none_yet", "false"),
        ("'1' in mixed and 1 in mixed", "true"),
        ("'id' in order", "true"),
        ("'gone' in order", "false"),
        ("'ra' in word", "true"),
        ("'x' not in word", "true"),
        (
            "digits in [1, 5]",
            "`digits` is text (\"5\"), and `[1, 5]` holds nothing of that kind for `in`",
        ),
        (
            "amount in currency",
            "`amount` is a number (150), `in` with text needs text",
        ),
        (
            "amount not in order",
            "`amount` is a number (150), `not in` with an object needs text",
        ),
        (
            "'a' in amount",
            "`amount` is a number (150), `in` needs a list, an object or text",
        ),
        (
            "'a' in order.gone",
            "`order.gone` is absent, `in` needs a list, an object or text",
        ),
        (
            "order.gone in tags",
            "`order.gone` is absent, `in` needs a value",
        ),
        // and, or, not take booleans, and pass over what cannot matter
        ("paid and not late", "true"),
        ("late or paid", "true"),
        ("not (paid and late)", "true"),
        ("late and digits > 3", "false"),
        ("paid or digits > 3", "true"),
        (
            "paid and digits > 3",
            "`digits` is text (\"5\"), `>` needs two numbers or two texts",
        ),
        (
            "amount and paid",
            "`amount` is a number (150), `and` needs true or false",
        ),
        (
            "paid and currency",
            "`currency` is text (\"EUR\"), `and` needs true or false",
        ),
        (
            "late or tags",
            "`tags` is a list ([\"new\",\"gift\"]), `or` needs true or false",
        ),
        (
            "not zero",
            "`zero` is a number (0), `not` needs true or false",
        ),
        (
            "not order.gone",
            "`order.gone` is absent, `not` needs true or false",
        ),
        (
            "currency",
            "`currency` is text (\"EUR\"), a condition needs true or false",
        ),
        (
            "amount + 1",
            "`amount + 1` is a number (151), a condition needs true or false",
        ),
        (
            "order.note",
            "`order.note` is absent, a condition needs true or false",
        ),
        ("paid", "true"),
        // arithmetic on numbers
        ("amount + small * 2 == 160", "true"),
        ("(amount + small) * 2 == 310", "true"),
        ("7 / 2 == 3.5", "true"),
        ("7 // 2 == 3 and -7 // 2 == -4", "true"),
        ("7 % 3 == 1 and -7 % 3 == 2 and 7 % -3 == -2", "true"),
        ("7.5 // 2 == 3 and -7.5 % 2 == 0.5", "true"),
        ("2 ** 10 == 1024 and 2 ** -1 == 0.5", "true"),
        ("-minus == 3", "true"),
        ("amount / zero > 1", "`amount / zero` divides by zero"),
        ("amount // 0 > 1", "`amount // 0` divides by zero"),
        ("amount % zero > 1", "`amount % zero` divides by zero"),
        ("0 ** -1 > 1", "`0 ** -1` divides by zero"),
        (
            "huge + 1 > 0",
            "`huge + 1` gives a number that is too large",
        ),
        (
            "least - 1 < 0",
            "`least - 1` gives a number that is too large",
        ),
        (
            "huge * huge > 0",
            "`huge * huge` gives a number that is too large",
        ),
        (
            "10.0 ** 400 > 0",
            "`10.0 ** 400` gives a number that is too large",
        ),
        (
            "10 ** 400 > 0",
            "`10 ** 400` gives a number that is too large",
        ),
        (
            "digits + 1 == 6",
            "`digits` is text (\"5\"), `+` needs two numbers; `~` joins texts",
        ),
        (
            "amount - currency == 6",
            "`currency` is text (\"EUR\"), `-` needs two numbers",
        ),
        (
            "-currency == 6",
            "`currency` is text (\"EUR\"), `-` needs a number",
        ),
        (
            "paid * 2 == 2",
            "`paid` is a boolean (true), `*` needs two numbers",
        ),
        // concatenation of scalars
        ("currency ~ amount == 'EUR150'", "true"),
        ("'' ~ price ~ paid == '1.5true'", "true"),
        (
            "currency ~ tags == ''",
            "`tags` is a list ([\"new\",\"gift\"]), `~` needs texts, numbers or booleans",
        ),
        (
            "order.note ~ 'x' == 'x'",
            "`order.note` is absent, `~` needs texts, numbers or booleans",
        ),
        // members
        ("order.id == 'A-1'", "true"),
        ("order['id'] == 'A-1' and order[key] == 'A-1'", "true"),
        (
            "order.lines[0].qty == 2 and order.lines[-1].sku == 'x'",
            "true",
        ),
        ("counts[at] == 2 and counts[-1] == 3", "true"),
        ("counts[9] is none", "true"),
        ("counts[key] is defined", "false"),
        (
            "counts[paid] == 1",
            "`paid` is a boolean (true), `[]` needs text or a whole number",
        ),
        ("(tags | first) == 'new'", "true"),
        ("[[1, 2], [3]][0][1] == 2", "true"),
        ("{'a': {'b': amount}}.a.b == 150", "true"),
        ("amount.x is undefined and currency[0] is undefined", "true"),
        // tests
        ("order.note is none and order.note is not defined", "true"),
        ("order.gone is undefined", "true"),
        ("order.gone.deeper is defined", "false"),
        (
            "zero is defined and late is defined and empty is defined",
            "true",
        ),
        (
            "currency is string and amount is number and paid is boolean",
            "true",
        ),
        (
            "amount is integer and whole is not integer and whole is float",
            "true",
        ),
        (
            "tags is list and tags is sequence and order is mapping and order is object",
            "true",
        ),
        (
            "currency is startingwith 'E' and currency is endingwith('R')",
            "true",
        ),
        (
            "tags is containing 'gift' and word is containing 'aß'",
            "true",
        ),
        ("amount is in [1, 150]", "true"),
        (
            "amount is startingwith 'E'",
            "`amount` is a number (150), `startingwith` needs text",
        ),
        (
            "currency is endingwith amount",
            "`amount` is a number (150), `endingwith` needs text",
        ),
        (
            "order.note is string",
            "`order.note` is absent, `string` needs a value",
        ),
        (
            "amount is containing 'x'",
            "`amount` is a number (150), `containing` needs a list, an object or text",
        ),
        // filters
        ("order.note | default('none') == 'none'", "true"),
        ("(maybe | default(3)) + 1 == 4", "true"),
        ("order.gone | d(order.note) is none", "true"),
        (
            "tags | length == 2 and word | length == 6 and order | count == 4",
            "true",
        ),
        (
            "currency | lower == 'eur' and word | upper == 'STRASSE'",
            "true",
        ),
        ("' x ' | trim == 'x'", "true"),
        (
            "digits | int == 5 and digits | float == 5.0 and price | int == 1",
            "true",
        ),
        (
            "amount | string == '150' and counts | string == '[1,2,3]'",
            "true",
        ),
        ("minus | abs == 3 and -1.5 | abs == 1.5", "true"),
        (
            "1.26 | round(1) == 1.3 and 2.5 | round == 2 and 3.5 | round == 4 and amount | round == 150",
            "true",
        ),
        (
            "1.005 | round(2) == 1.0 and 2.675 | round(2) == 2.67",
            "true",
        ),
        (
            "tags | last == 'gift' and 'abc' | first == 'a' and none_yet | first is none",
            "true",
        ),
        (
            "counts | join('-') == '1-2-3' and tags | join == 'newgift'",
            "true",
        ),
        (
            "'a,b' | split(',') == ['a', 'b'] and ' a  b ' | split == ['a', 'b']",
            "true",
        ),
        ("currency | replace('E', 'X') == 'XUR'", "true"),
        ("order | keys == ['id', 'lines', 'note', 'total']", "true"),
        (
            "counts | tojson == '[1,2,3]' and 'a b/ß' | urlencode == 'a%20b%2F%C3%9F'",
            "true",
        ),
        (
            "currency | int > 3",
            "`currency` is text (\"EUR\"), `int` needs a number, or text that is a whole number",
        ),
        (
            "paid | float > 3",
            "`paid` is a boolean (true), `float` needs a number, or text that is a number",
        ),
        (
            "amount | length > 3",
            "`amount` is a number (150), `length` needs text, a list or an object",
        ),
        (
            "amount | lower == 'x'",
            "`amount` is a number (150), `lower` needs text",
        ),
        (
            "order.note | trim == 'x'",
            "`order.note` is absent, `trim` needs a value",
        ),
        (
            "price | round(digits) > 1",
            "`digits` is text (\"5\"), `round` needs a whole number from 0 to 15",
        ),
        (
            "mixed | join == ''",
            "`mixed` is a list ([1,\"1\",null,true]), `join` needs a list of texts, numbers and booleans",
        ),
        (
            "currency | split('') == []",
            "`''` is text (\"\"), `split` needs text that is not empty",
        ),
        (
            "currency | abs | round > 1",
            "`currency` is text (\"EUR\"), `abs` needs a number",
        ),
        // guards
        ("maybe is defined and maybe > 3", "false"),
        ("maybe is none or maybe > 3", "true"),
        ("not (maybe is defined) or maybe > 3", "true"),
        ("maybe == none", "true"),
        ("maybe | default(7) > 3", "true"),
        // roots
        (
            "request.method == 'POST' and request.headers['x-id'] == '7'",
            "true",
        ),
        ("flow.name == 'payment' and request.json.k[1] == 2", "true"),
        // a message shows no more than a piece of a value
        (long.as_str(), "false"),
    ] {
        assert_eq!(outcome(text), expected, "{text}");
    }
}

#[test]
fn a_text_that_does_not_load_says_why_and_where() {
    for (text, part, message) in [
        ("", "", "the expression is empty"),
        ("  ", "  ", "the expression is empty"),
        ("gone > 3", "gone", "nothing is called `gone` here"),
        (
            "amount > 3 and gone.x[0] == 1",
            "gone",
            "nothing is called `gone` here",
        ),
        ("request.metod == 'x'", "metod", "`request` has no `metod`"),
        (
            "request['metod'] == 'x'",
            "'metod'",
            "`request` has no `metod`",
        ),
        ("secrets.gone == 'x'", "gone", "`secrets` has no `gone`"),
        (
            "secrets == 'x'",
            "secrets",
            "`secrets` as a whole cannot be used here",
        ),
        ("amount | foo > 3", "foo", "there is no filter `foo`"),
        ("amount is bar", "bar", "there is no test `bar`"),
        ("amount is not bar", "bar", "there is no test `bar`"),
        (
            "amount | default == 3",
            "default",
            "`default` takes one argument",
        ),
        (
            "currency | replace('a') == ''",
            "replace",
            "`replace` takes two arguments",
        ),
        (
            "currency | trim('a') == ''",
            "trim",
            "`trim` takes no arguments",
        ),
        (
            "amount | default(value=3) == 3",
            "default",
            "`default` takes one argument",
        ),
        (
            "currency is startingwith",
            "startingwith",
            "`startingwith` takes one argument",
        ),
        (
            "true if paid else false",
            "true if paid else false",
            "a condition has no inline `if`",
        ),
        ("now() == 'x'", "now()", "nothing can be called here"),
        (
            "currency.upper() == 'x'",
            "currency.upper()",
            "nothing can be called here",
        ),
        ("tags[1:] == []", "tags[1:]", "a slice cannot be used here"),
        ("maybe > 3", "maybe", "`maybe` may be absent"),
        (
            "maybe is not defined and maybe > 3",
            "maybe",
            "`maybe` may be absent",
        ),
        (
            "maybe is defined or maybe > 3",
            "maybe",
            "`maybe` may be absent",
        ),
        (
            "(maybe is defined or paid) and maybe",
            "maybe",
            "`maybe` may be absent",
        ),
        ("maybe | lower == 'x'", "maybe", "`maybe` may be absent"),
        ("maybe.x.y == 'x'", "maybe", "`maybe` may be absent"),
        (
            "amount | default(maybe) == 3",
            "maybe",
            "`maybe` may be absent",
        ),
        ("maybe is string", "maybe", "`maybe` may be absent"),
        ("amount = 150", "=", "`=` compares nothing, write `==`"),
        (
            "amount > ",
            "",
            "this ends too early: a value should follow",
        ),
        ("(amount > 3", "", "this ends too early: `)` should follow"),
        ("amount > 3)", ")", "`)` cannot stand here"),
        ("amount 3", "3", "`3` cannot stand here"),
        ("amount && paid", "&", "`&` means nothing here"),
        (
            "amount > 3 || paid",
            "|",
            "`|` cannot stand here, a name should",
        ),
        ("currency == 'EUR", "'EUR", "this text has no closing quote"),
        (
            "amount > 340282366920938463463374607431768211455",
            "340282366920938463463374607431768211455",
            "an integer this large cannot be used here",
        ),
        ("größe > 3", "ö", "`ö` means nothing here"),
    ] {
        let errors = Condition::parse(text, &names()).err().unwrap_or_default();
        let Some(error) = errors.first() else {
            panic!("`{text}` loads")
        };
        assert_eq!(
            (&text[error.range.clone()], error.to_string().as_str()),
            (part, message),
            "{text}"
        );
        assert_eq!(errors.len(), 1, "{text}: {errors:?}");
    }
}

#[test]
fn all_errors_come_at_once() {
    let errors = Condition::parse("gone > 3 and amount | foo == 1 or maybe is bar", &names()).err();
    let words: Vec<String> = errors
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        words,
        [
            "nothing is called `gone` here",
            "there is no filter `foo`",
            "there is no test `bar`"
        ]
    );
}

#[test]
fn an_error_shows_every_operand_that_was_read() {
    let text = "amount > 100 and order.lines[0].qty | abs >= 1 and digits > 3 and currency == 'x'";
    let error = Condition::parse(text, &names())
        .unwrap()
        .evaluate(&names(), None)
        .unwrap_err();
    let read: Vec<(&str, Option<Value>)> = error
        .operands
        .iter()
        .map(|o| (o.text.as_str(), o.value.clone()))
        .collect();
    assert_eq!(
        read,
        [
            ("amount", Some(json!(150))),
            ("order.lines[0].qty | abs", Some(json!(2))),
            ("digits", Some(json!("5"))),
        ]
    );
}

#[test]
fn a_trace_shows_operands_but_not_constants_nor_what_was_passed_over() {
    let condition = Condition::parse(
        "order.note is none and (late or amount >= 100) or digits > 3",
        &names(),
    )
    .unwrap();
    let mut trace = Vec::new();
    assert_eq!(condition.evaluate(&names(), Some(&mut trace)), Ok(true));
    let read: Vec<(&str, Option<Value>)> = trace
        .iter()
        .map(|o| (o.text.as_str(), o.value.clone()))
        .collect();
    assert_eq!(
        read,
        [
            ("order.note", None),
            ("late", Some(json!(false))),
            ("amount", Some(json!(150)))
        ]
    );
}

#[test]
fn where_a_computed_operand_fails_its_parts_are_shown() {
    let error = Condition::parse("(digits | abs) + small > 3", &names())
        .unwrap()
        .evaluate(&names(), None)
        .unwrap_err();
    let read: Vec<&str> = error.operands.iter().map(|o| o.text.as_str()).collect();
    assert_eq!(read, ["digits", "small"]);
}

#[test]
fn a_condition_says_what_it_reads() {
    let text =
        "order.lines[0].qty > 1 and order[key] == 'x' and request.headers['x-id'] == currency";
    let condition = Condition::parse(text, &names()).unwrap();
    let paths: Vec<usize> = condition
        .roots()
        .iter()
        .map(|(_, path)| path.len())
        .collect();
    assert_eq!(paths, [3, 0, 0, 2, 0]);
    assert!(
        condition
            .roots()
            .iter()
            .any(|(root, _)| *root == Root::Request)
    );
}

#[test]
fn a_message_shows_a_piece_of_a_long_value() {
    let names = Names::new(json!({"long": "x".repeat(10_000)}));
    let error = Condition::parse("long > 3", &names)
        .unwrap()
        .evaluate(&names, None)
        .unwrap_err();
    assert!(error.message.len() < 160, "{}", error.message);
    assert!(error.message.contains('…'));
}
