//! Steps that hold others: `each` and `parallel`.

use std::time::{Duration, Instant};

use hookyard::run::Outcome;

use crate::harness::*;

const FLOWS: &str = r#"
flow "sum" mode="sync" {
    webhook "/sum" { parse { body "items" type="list" required=#true; } }
    set total=0 seen=""
    each "{{ items }}" as="item" {
        branch {
            when "item.skip | default(false)" { continue }
            when "item.last | default(false)" { break }
        }
        set total="{{ total + item.n }}" seen="{{ seen }}{{ item.n }};"
    }
    respond 200 { body "{{ total }} of {{ seen }}" }
}
flow "beside" mode="sync" {
    webhook "/beside" { parse { body "items" type="list" required=#true; } }
    each "{{ items }}" as="item" concurrency=8 {
        delay "300ms"
        branch { when "item == 'bad'" { fail "{{ item }} is bad" } }
    }
    respond 200 { body "done" }
}
flow "lanes" mode="sync" {
    webhook "/lanes"
    parallel {
        lane "slow" { delay "300ms"; set a="slow" }
        lane "slower" { delay "300ms"; set b="slower" }
    }
    respond 200 { body "{{ a }} {{ b }}" }
}
flow "first" mode="sync" {
    webhook "/first"
    set won="nobody"
    parallel wait="any" {
        lane "fails" { fail "at once" }
        lane "slow" { delay "60s"; }
        lane "fast" { set won="fast" }
    }
    respond 200 { body "{{ won }}" }
}
flow "settled" mode="sync" {
    webhook "/settled"
    parallel wait="settled" { lane { fail "no" }; lane { set a=1 } }
    respond 200 { body "{{ a | default(0) }}" }
}
flow "fails" mode="sync" {
    webhook "/fails"
    parallel { lane "bad" { fail "the lane" }; lane { log "x" } }
        respond 200
    on-error { respond 502 { body "{{ error.step }}: {{ error.message }}" } }
}
"#;

#[tokio::test]
async fn a_loop_goes_on_with_what_the_round_before_it_has_set() {
    let site = Site::start(FLOWS).await;
    let body = r#"{"items": [{"n": 1}, {"n": 2, "skip": true}, {"n": 3}, {"n": 4, "last": true}, {"n": 5}]}"#;
    let answer = site.post("/sum", body).await;
    assert_eq!((answer.status, &*answer.body), (200, "4 of 1;3;"));
    assert_eq!(site.post("/sum", r#"{"items": []}"#).await.body, "0 of ");
}

#[tokio::test]
async fn what_is_given_to_a_loop_has_to_be_a_list_that_is_not_too_long() {
    let flows = FLOWS.replace(r#"type="list""#, "");
    let site = Site::start(&flows).await;
    let long = format!("{{\"items\": [{}1]}}", "1,".repeat(10_000));
    for (body, why) in [
        (
            r#"{"items": {"a": 1}}"#,
            "`each` is given an object, it needs a list",
        ),
        (r#"{"items": "a"}"#, "`each` is given text, it needs a list"),
        (
            &*long,
            "`each` takes up to 10000 items, and there are 10001",
        ),
    ] {
        assert_eq!(site.post("/sum", body).await.status, 500);
        let record = site.record().await;
        assert_eq!(record.outcome, Outcome::Failed);
        assert_eq!(record.error.as_ref().unwrap().message, why);
    }
}

#[tokio::test]
async fn rounds_and_lanes_beside_each_other_wait_at_the_same_time() {
    let site = Site::start(FLOWS).await;
    let began = Instant::now();
    let answer = site
        .post(
            "/beside",
            r#"{"items": ["1", "2", "3", "4", "5", "6", "7", "8"]}"#,
        )
        .await;
    assert_eq!((answer.status, &*answer.body), (200, "done"));
    let answer = site.post("/lanes", "").await;
    assert_eq!((answer.status, &*answer.body), (200, "slow slower"));
    // One after the other they would take three seconds.
    assert!(began.elapsed() < Duration::from_millis(2_900));
}

#[tokio::test]
async fn a_round_that_fails_fails_the_loop() {
    let site = Site::start(FLOWS).await;
    assert_eq!(
        site.post("/beside", r#"{"items": ["1", "bad", "3"]}"#)
            .await
            .status,
        500
    );
    let record = site.record().await;
    let error = record.error.as_ref().unwrap();
    assert_eq!(error.message, "bad is bad");
    let step = &record.flow.as_ref().unwrap().steps[error.step.unwrap() as usize];
    assert_eq!(step.to_string(), "fail {{ item }} is bad");
}

#[tokio::test]
async fn the_first_lane_that_ends_well_is_enough_where_any_will_do() {
    let site = Site::start(FLOWS).await;
    assert_eq!(site.post("/first", "").await.body, "fast");
    assert_eq!(site.post("/settled", "").await.body, "1");
}

#[tokio::test]
async fn a_lane_that_fails_fails_the_step_where_all_are_needed() {
    let site = Site::start(FLOWS).await;
    let answer = site.post("/fails", "").await;
    assert_eq!(
        (answer.status, &*answer.body),
        (502, "fail the lane: the lane")
    );
}
