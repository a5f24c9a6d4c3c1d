use base64::{Engine, prelude::BASE64_STANDARD};

use crate::harness::*;

#[tokio::test]
async fn a_sync_flow_answers_what_it_responds_with_length_date_and_type() {
    let site = Site::start(FLOWS).await;
    let answer = site.post("/echo", r#"{"a": [1, null]}"#).await;
    assert_eq!((answer.status, &*answer.body), (200, r#"{"a":[1,null]}"#));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("content-length"), Some("14"));
    assert!(answer.header("date").is_some());
}

#[tokio::test]
async fn a_connection_serves_one_request_after_the_other_even_when_they_come_at_once() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    let all: String = (0..20)
        .map(|i| post("/echo", "", &format!("{{\"a\": {i}}}")))
        .collect();
    client.send(all).await;
    for i in 0..20 {
        assert_eq!(client.answer().await.body, format!("{{\"a\":{i}}}"));
    }
}

#[tokio::test]
async fn a_path_parameter_is_decoded_and_the_path_itself_is_not() {
    let site = Site::start(FLOWS).await;
    assert_eq!(site.post("/orders/a%2Fb%20c", "").await.body, "order a/b c");
    assert_eq!(site.post("/orders/a/b", "").await.status, 404);
    assert_eq!(site.post("/orders/%zz", "").await.status, 400);
}

#[tokio::test]
async fn head_is_answered_without_a_body_where_the_flow_takes_it() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client.send("HEAD /plain HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let answer = client.answer_to("HEAD").await;
    assert_eq!(
        (answer.status, answer.header("content-length")),
        (200, Some("5"))
    );
    client.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(client.answer().await.body, "plain");
}

#[tokio::test]
async fn an_answer_that_can_have_no_body_has_none() {
    let site = Site::start(
        r#"flow "a" mode="sync" {
            webhook "/{code}" { parse { path "code" as="code" required=#true } }
            respond "{{ code }}" { body "x" }
        }"#,
    )
    .await;
    let mut client = site.connect().await;
    for (path, status) in [("/204", 204), ("/304", 304), ("/204", 204)] {
        client.send(post(path, "", "")).await;
        let answer = client.answer().await;
        assert_eq!(
            (answer.status, answer.header("content-length")),
            (status, None)
        );
    }
}

#[tokio::test]
async fn a_flow_that_ends_without_an_answer_gives_an_empty_200() {
    let site = Site::start(r#"flow "a" mode="sync" { webhook "/a"; log "x" }"#).await;
    let answer = site.post("/a", "").await;
    assert_eq!((answer.status, &*answer.body), (200, ""));
    assert_eq!(answer.header("content-length"), Some("0"));
}

#[tokio::test]
async fn a_step_that_fails_gives_500_without_inner_detail() {
    let site =
        Site::start(r#"flow "a" mode="sync" { webhook "/a"; fail "the inner detail" }"#).await;
    let answer = site.post("/a", "").await;
    assert_eq!((answer.status, &*answer.body), (500, "the flow failed\n"));
    assert_eq!(
        site.record().await.error.as_ref().unwrap().message,
        "the inner detail"
    );
}

#[tokio::test]
async fn a_line_break_in_a_templated_header_is_refused() {
    let site = Site::start(
        r#"flow "a" mode="sync" {
            webhook "/a" { parse { body "a" as="a" } }
            respond 200 { header "X-A" "{{ a }}"; body "x" }
        }"#,
    )
    .await;
    let answer = site
        .post("/a", r#"{"a": "x\r\nSet-Cookie: y=z\r\n\r\nbody"}"#)
        .await;
    assert_eq!((answer.status, &*answer.body), (500, "the flow failed\n"));
    assert_eq!(answer.header("set-cookie"), None);
}

#[tokio::test]
async fn a_flow_over_its_timeout_is_answered_504_in_the_place_of_its_next_step() {
    // The first step takes longer than the flow has; the second is never taken.
    let site = Site::start(
        r#"flow "slow" mode="sync" timeout="1ns" {
            webhook "/slow"
            set a="{% for i in 'abcdefgh' %}{% for j in 'abcdefgh' %}{{ i }}{{ j }}{% endfor %}{% endfor %}"
            respond 200 { body "{{ a }}"; }
        }"#,
    )
    .await;
    let answer = site.post("/slow", "").await;
    assert_eq!(
        (answer.status, &*answer.body),
        (504, "the flow took too long\n")
    );
    let record = site.record().await;
    assert_eq!(record.outcome, hookyard::run::Outcome::TimedOut);
}

#[tokio::test]
async fn a_step_that_panics_fails_the_run_and_the_run_is_told() {
    use hookyard::{graph::StepKind, model::SetValue};
    let site = Site::with(
        r#"flow "a" mode="sync" {
            webhook "/a"
            set a=1
            respond 200
            on-error { respond 500 { body "{{ error.message }}"; }; }
        }
        "#,
        |graph| {
            // No such slot: what no configuration can do is done to the graph.
            flow(graph, 0).steps[0].kind = StepKind::Set(vec![(99, SetValue::Constant(1.into()))]);
        },
    )
    .await;
    let answer = site.post("/a", "").await;
    assert_eq!(
        answer.body,
        "set a panicked, which is a fault of the server's"
    );
    assert_eq!(site.record().await.outcome, hookyard::run::Outcome::Failed);
}

#[tokio::test]
async fn a_run_over_its_time_is_answered_504_and_stops_at_the_next_step() {
    let site = Site::with(FLOWS, |graph| {
        let flow = flow(graph, 0);
        flow.immediate = false;
        flow.timeout = std::time::Duration::ZERO;
    })
    .await;
    let answer = site.post("/echo", "{}").await;
    assert_eq!(
        (answer.status, &*answer.body),
        (504, "the flow took too long\n")
    );
    let record = site.record().await;
    assert_eq!(record.outcome, hookyard::run::Outcome::TimedOut);
    assert_eq!(record.reply.as_ref().unwrap().status, 504);
    // The caller was told when its time was over, however long the run took.
    let waited = std::time::Duration::ZERO;
    assert_eq!((record.answered, record.took()), (Some(waited), waited));
    assert!(record.duration > waited);
    let latency = site.world.bus.tally().latency;
    assert_eq!((latency[0], latency.iter().sum::<u64>()), (1, 1));
}

#[tokio::test]
async fn a_run_in_a_task_of_its_own_answers_alike_and_outlives_a_caller_that_hangs_up() {
    let site = Site::with(FLOWS, |graph| flow(graph, 0).immediate = false).await;
    assert_eq!(site.post("/echo", r#"{"a": 1}"#).await.body, r#"{"a":1}"#);
    assert_eq!(site.record().await.reply.as_ref().unwrap().status, 200);
    let mut client = site.connect().await;
    client.send(post("/echo", "", "{}")).await;
    drop(client);
    assert!(site.record().await.outcome.is_success());
}

#[tokio::test]
async fn a_client_that_closes_its_side_still_gets_its_answer() {
    use tokio::io::AsyncWriteExt;
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client.send(post("/echo", "", "{}")).await;
    client.0.shutdown().await.unwrap();
    assert_eq!(client.answer().await.status, 200);
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn old_and_new_passwords_both_pass_and_nothing_else_does() {
    let site = Site::start(FLOWS).await;
    for (pair, status) in [
        ("shop:s3cret-one", 200),
        ("shop:s3cret-two", 200),
        ("shop:s3cret", 401),
        ("other:s3cret-one", 401),
    ] {
        let header = format!("Authorization: Basic {}\r\n", BASE64_STANDARD.encode(pair));
        let answer = site.ask(post("/locked", &header, r#"{"a": 1}"#)).await;
        assert_eq!(answer.status, status, "{pair}");
    }
}

#[tokio::test]
async fn a_hashed_password_passes_and_is_then_remembered() {
    // Of "open sesame", at the lowest cost there is.
    let hash = bcrypt::hash("open sesame", 4).unwrap();
    let site = Site::start(&format!(
        r#"flow "a" mode="sync" {{
            webhook "/a" {{ auth {{ basic user="u" password="{hash}" }} }}
            respond 200 {{ body "in" }}
        }}"#
    ))
    .await;
    let ask = async |pair: &str| {
        let header = format!("Authorization: Basic {}\r\n", BASE64_STANDARD.encode(pair));
        site.ask(post("/a", &header, "")).await.status
    };
    assert_eq!(ask("u:wrong").await, 401);
    assert_eq!(ask("u:open sesame").await, 200);
    assert_eq!(ask("u:open sesame").await, 200);
    assert_eq!(ask("v:open sesame").await, 401);
    // Nothing may be hashed now.
    let hashing = std::sync::Arc::clone(&site.world.hashing);
    let _all = hashing.acquire_many(2).await.unwrap();
    assert_eq!(ask("u:open sesame").await, 200);
    assert_eq!(ask("u:wrong").await, 503);
}
