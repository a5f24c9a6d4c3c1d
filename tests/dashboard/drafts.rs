//! From a captured run to text for `flows.kdl`.

use std::sync::Arc;

use hookyard::{
    check,
    dashboard::Context,
    diagnostic::{Report, Style},
    draft::test_block,
    run::{FlowShape, Reply, Value},
    syntax,
};
use http::{HeaderValue, Method, StatusCode};
use kdl::{KdlDocument, KdlNode, KdlValue};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    acts::{copied, screen},
    fixtures::{paid, payment, stray},
    list::footer,
};

/// The same flow with another path, and variables that come from there.
fn reading(path: &str, sources: &[&str]) -> Arc<FlowShape> {
    let mut shape = FlowShape::clone(&payment());
    shape.path = path.to_owned();
    for (variable, source) in shape.variables.iter_mut().zip(sources) {
        variable.source = (*source).to_owned();
    }
    Arc::new(shape)
}

/// What a node of JSON in KDL stands for.
fn value(node: &KdlNode) -> Value {
    let scalar = |value: &KdlValue| match value {
        KdlValue::String(text) => json!(text),
        KdlValue::Integer(number) => match u64::try_from(*number) {
            Ok(number) => json!(number),
            Err(_) => json!(i64::try_from(*number).unwrap()),
        },
        KdlValue::Float(number) => json!(number),
        KdlValue::Bool(truth) => json!(truth),
        KdlValue::Null => Value::Null,
    };
    let arguments: Vec<Value> = node
        .entries()
        .iter()
        .map(|entry| scalar(entry.value()))
        .collect();
    let children = node.children().map_or(&[][..], KdlDocument::nodes);
    match node.ty().map(|annotation| annotation.value()) {
        Some("array") => return Value::Array(arguments),
        Some("object") => return json!({}),
        _ => {}
    }
    match (&*arguments, children) {
        ([one], []) => one.clone(),
        ([], [first, ..]) if first.name().value() == "-" => children.iter().map(value).collect(),
        ([], [_, ..]) => Value::Object(
            children
                .iter()
                .map(|child| (child.name().value().to_owned(), value(child)))
                .collect(),
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_is_copied_as_a_test_of_what_it_read_and_came_to() {
    let mut screen = screen(paid(1, 250));
    screen.press("t");
    assert_eq!(screen.state.context(), Context::Offer);
    let text = copied(&mut screen, "<enter>");
    assert_eq!(
        text,
        r#"test "payment goes big and answers 200" flow="payment" {
    request {
        header "x-request-id" "req-7"
        json {
            amount 250
            order {
                id "A-1"
            }
        }
    }
    expect {
        status 200
        branch "big order?" "big"
        body "order A-1"
    }
}
"#
    );
    KdlDocument::parse_v2(&text).unwrap();
    assert_eq!(screen.state.context(), Context::Main);
}

#[test]
fn a_test_says_of_the_request_what_is_not_usual_and_no_credential() {
    let mut record = paid(1, 5);
    record.flow = Some(reading(
        "/payments/{shop}",
        &["header X-Api-Key", "query source"],
    ));
    let request = &mut record.request;
    request.method = Method::PUT;
    request.uri = "/payments/ada?source=shop&token=t0k3n0fm1ne"
        .parse()
        .unwrap();
    for (name, value) in [
        ("content-type", "text/plain; charset=utf-8"),
        ("x-api-key", "k3y"),
        ("cookie", "c00kie"),
    ] {
        request
            .headers
            .insert(name, HeaderValue::from_static(value));
    }
    request.body = "amount {{ 5 }}\ntoken t0k3n0fm1ne".into();
    let mut reply = Reply::text(StatusCode::OK, r#"{"ok": true, "you": "t0k3n0fm1ne"}"#);
    reply
        .headers
        .insert("content-type", HeaderValue::from_static("application/json"));
    record.reply = Some(reply);
    let text = test_block(&record).unwrap();
    assert_eq!(
        text,
        r##"test "payment goes otherwise and answers 200" flow="payment" {
    // Credentials are not copied: fill in what is [redacted] before this passes.
    request {
        method "PUT"
        path "/payments/ada"
        query "source=shop&token=[redacted]"
        header "content-type" "text/plain; charset=utf-8"
        header "x-api-key" "[redacted]"
        body (raw)"amount {{ 5 }}\ntoken [redacted]"
    }
    expect {
        status 200
        branch "big order?" "otherwise"
        json {
            ok #true
            you "[redacted]"
        }
    }
}
"##
    );
    KdlDocument::parse_v2(&text).unwrap();
}

#[test]
fn a_body_that_is_no_text_is_told_and_left_out_of_a_test() {
    let mut record = paid(1, 5);
    record.request.body = b"\0\xff".to_vec().into();
    record.request.headers.clear();
    record.reply = None;
    record.taken.clear();
    let text = test_block(&record).unwrap();
    assert_eq!(
        text,
        "test \"payment\" flow=\"payment\" {\n    request {\n        // a body of 2 bytes that are \
         no text\n    }\n    expect\n}\n"
    );
    KdlDocument::parse_v2(&text).unwrap();
}

#[test]
fn what_no_flow_has_a_path_for_makes_no_test() {
    let mut screen = screen(stray(1, "/.env"));
    screen.press("t");
    assert_eq!(
        footer(&screen),
        "no flow has its path: there is nothing to test"
    );
}

#[test]
fn ticked_lines_are_copied_as_a_parse_block() {
    let mut screen = screen(paid(1, 250));
    screen.press("p");
    assert_eq!(screen.state.context(), Context::Picking);
    assert_eq!(screen.press("<enter>"), None);
    assert_eq!(
        footer(&screen),
        "nothing is ticked yet: Space ticks a line, a ticks all"
    );
    // The order's id, and the parameter two lines above it.
    let block = copied(&mut screen, "G kk <enter>");
    assert_eq!(
        block,
        "parse {\n    query \"source\"                 // \"shop\"\n    body  \"order.id\" type=\"string\" // \"A-1\"\n}\n"
    );
    assert_eq!(screen.state.context(), Context::Main);
}

#[test]
fn all_lines_are_ticked_at_once_and_the_block_is_one_that_the_language_takes() {
    let mut screen = screen(paid(1, 250));
    let block = copied(&mut screen, "pa<enter>");
    let mut report = Report::new();
    let file = format!("flow \"x\" mode=\"sync\" {{\nwebhook \"/x\" {{\n{block}}}\n}}\n");
    let tree = syntax::read_text("flows.kdl", &file, &mut report);
    check::configuration(tree, &mut report);
    assert!(
        report.is_empty(),
        "{}\n{file}",
        report.render(Style::default())
    );
    assert_eq!(screen.press("paa<enter>"), None, "all ticks are taken away");
}

#[test]
fn a_body_in_any_format_has_lines() {
    let mut record = paid(1, 250);
    record.request.headers.insert(
        "content-type",
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    record.request.headers.remove("x-request-id");
    record.request.uri = "/payments/1hfmkioou0d".parse().unwrap();
    record.request.body = "user[name]=ada&token=t0k3n".into();
    let mut screen = screen(record);
    let block = copied(&mut screen, "pa<enter>");
    assert_eq!(
        block,
        "parse {\n    header \"content-type\"               // \"application/x-www-form-urlencoded\"\n    body   \"token\"        type=\"string\" // ***\n    body   \"user.name\"    type=\"string\" // \"ada\"\n}\n"
    );
}

fn documents() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[{}%#\"\\\\\n\r\t\u{85}\u{2028}\u{feff}a]{0,12}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        "[a-c]{1,2}",
        prop::sample::select(vec![
            "true", "null", "inf", "-", "--", "-1", "(array)", "", "größe"
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    scalar.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_body_is_read_back_from_its_test(document in documents()) {
        let mut record = paid(1, 5);
        record.request.body = document.to_string().into();
        let text = test_block(&record).unwrap();
        let test = KdlDocument::parse_v2(&text).unwrap();
        let request = test.nodes()[0].children().unwrap().get("request").unwrap();
        let request = request.children().unwrap();
        let read = match request.get("json") {
            Some(node) => value(node),
            // What JSON in KDL has no words for is a text.
            None => {
                let body = request.get_arg("body").unwrap().as_string().unwrap();
                serde_json::from_str(body).unwrap()
            }
        };
        prop_assert_eq!(read, document);
    }
}

#[test]
fn an_answer_that_names_its_run_is_not_expected_of_another_one() {
    let mut record = paid(1, 250);
    let body = format!("queued {}", record.id);
    record.reply.as_mut().unwrap().body = body.into();
    let text = test_block(&record).unwrap();
    let (_, expected) = text.split_once("    expect {\n").unwrap();
    assert_eq!(
        expected,
        "        status 200\n        branch \"big order?\" \"big\"\n    }\n}\n"
    );
}
