//! Flows that call others.

use std::sync::Arc;

use hookyard::run::{CallRecord, Outcome, RunRecord, StepDetail};
use serde_json::json;

use crate::harness::*;

const CALLING: &str = r#"
flow "fee" {
    input "amount" type="number" required=#true
    input "rate" type="number" default=0.5
    branch { when "amount < 0" { fail "{{ amount }} is too little"; }; }
    branch { when "amount == 0" { stop; }; }
    call "named" as="name" { with text="{{ request.json.name }}"; }
    output { json { total "{{ amount * rate }}"; of "{{ name }} in {{ flow.name }}"; id "{{ run.id }}"; }; }
    on-error { log "handled: {{ error.message }}"; }
}
flow "order" mode="sync" {
    webhook "/order" { parse { body "a" as="a"; }; }
    call "fee" as="fee" { with amount="{{ a | default('') }}"; }
    respond 200 { json { fee "{{ fee }}"; flow "{{ flow.name }}"; }; }
    on-error { respond 500 { body "{{ error.step }}: {{ error.message }}"; }; }
}
flow "named" { input "text" default="nobody"; output "{{ text | upper }}"; }
"#;

fn call(record: &RunRecord) -> &CallRecord {
    match &record.steps[0].detail {
        StepDetail::Call(call) => call,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_flow_that_is_called_is_part_of_the_run_and_tells_its_story_within() {
    let site = Site::start(CALLING).await;
    let answer = site.post("/order", r#"{"a": "10", "name": "ann"}"#).await;
    let record: Arc<RunRecord> = site.record().await;
    let fee = json!({ "total": 5.0, "of": "ANN in fee", "id": record.id.to_string() });
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body, json!({ "fee": fee, "flow": "order" }));
    let call = call(&record);
    assert_eq!(&*call.flow.name, "fee");
    assert_eq!(call.output, Some(fee));
    assert_eq!(
        call.variables,
        [Some(json!(10)), Some(json!(0.5)), Some(json!("ANN"))]
    );
    let told: Vec<_> = call.steps.iter().map(|step| step.step).collect();
    assert_eq!(told, [0, 2, 4, 5]);
    let StepDetail::Call(inner) = &call.steps[2].detail else {
        panic!("it calls another flow");
    };
    assert_eq!(inner.output, Some(json!("ANN")));
}

#[tokio::test]
async fn stop_ends_the_called_flow_alone_and_gives_nothing() {
    let site = Site::start(CALLING).await;
    let answer = site.post("/order", r#"{"a": 0}"#).await;
    assert_eq!(answer.body, r#"{"fee":null,"flow":"order"}"#);
    assert_eq!(call(&*site.record().await).output, None);
}

#[tokio::test]
async fn a_called_flow_that_fails_fails_the_step_and_names_its_own() {
    let site = Site::start(CALLING).await;
    let answer = site.post("/order", r#"{"a": -1}"#).await;
    assert_eq!(
        (answer.status, &*answer.body),
        (500, "call \"fee\": call \"fee\": -1 is too little")
    );
    let record = site.record().await;
    assert_eq!(record.outcome, Outcome::Failed);
    // Its own handler has run.
    let last = call(&record).steps.last().unwrap();
    assert!(
        matches!(&last.detail, StepDetail::Log(line) if line == "handled: -1 is too little"),
        "{last:?}"
    );
}

#[tokio::test]
async fn an_input_of_another_type_fails_the_step() {
    let site = Site::start(CALLING).await;
    for (a, why) in [
        (r#""much""#, "must be a number, it is text"),
        ("[1]", "must be a number, it is a list"),
    ] {
        let answer = site.post("/order", &format!(r#"{{"a": {a}}}"#)).await;
        let expected = format!("call \"fee\": call \"fee\": the input `amount` {why}");
        assert_eq!((answer.status, answer.body), (500, expected));
    }
}

#[tokio::test]
async fn no_path_leads_to_a_flow_that_is_only_called() {
    let graph = graph(CALLING);
    let leads: Vec<_> = graph
        .flows
        .iter()
        .map(|flow| flow.trigger.is_some())
        .collect();
    assert_eq!(leads, [false, true, false]);
    assert!(graph.routes.find("").is_none());
    let site = Site::start(CALLING).await;
    assert_eq!(site.post("/", "{}").await.status, 404);
}
