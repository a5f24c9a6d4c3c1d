use std::sync::Arc;

use hookyard::run::Outcome;

use crate::harness::*;

#[tokio::test]
async fn a_run_is_recorded_with_its_request_its_variables_and_its_answer() {
    let site = Site::start(FLOWS).await;
    let answer = site
        .ask(post("/echo?x=1", "X-A: b\r\n", r#"{"a": 5}"#))
        .await;
    let record = site.record().await;
    assert_eq!(record.outcome, Outcome::Succeeded);
    assert_eq!(&*record.flow.as_ref().unwrap().name, "echo");
    assert_eq!(record.request.uri, "/echo?x=1");
    assert_eq!(record.request.headers["x-a"], "b");
    assert_eq!(&record.request.body[..], br#"{"a": 5}"#);
    assert_eq!(record.variables, [Some(5.into())]);
    let reply = record.reply.as_ref().unwrap();
    assert_eq!(
        (reply.status.as_u16(), &reply.body[..]),
        (200, answer.body.as_bytes())
    );
    assert!(record.detailed && !record.steps.is_empty());
    assert_eq!(record.revision, site.world.graph.load().revision);
}

#[tokio::test]
async fn every_refusal_is_recorded_with_its_reason_and_its_answer() {
    let site = Site::with(FLOWS, |graph| graph.server.max_body = 10).await;
    for (request, status, flow) in [
        (post("/nobody", "", "{}"), 404, None),
        (
            post("/echo", "", "{}").replace("POST", "GET"),
            405,
            Some("echo"),
        ),
        (post("/locked", "", "{}"), 401, Some("locked")),
        (post("/echo", "", "{          }"), 413, Some("echo")),
        (post("/echo", "", "{"), 400, Some("echo")),
        (post("/echo", "", "{}").replace("Host", "Hast"), 400, None),
    ] {
        let answer = site.ask(&request).await;
        assert_eq!(answer.status, status, "{request}");
        let record = site.record().await;
        assert_eq!(record.outcome, Outcome::Refused, "{request}");
        assert_eq!(record.flow.as_ref().map(|flow| &*flow.name), flow);
        let reply = record.reply.as_ref().unwrap();
        assert_eq!(reply.status, status);
        let why = &record.error.as_ref().unwrap().message;
        assert_eq!(answer.body, format!("{why}\n"));
    }
}

#[tokio::test]
async fn a_refusal_is_recorded_with_what_could_be_read_all_the_same() {
    const ORDERS: &str = r#"
flow "orders" mode="sync" {
    webhook "/orders" {
        parse {
            body "id" required=#true
            body "amount" as="amount" type="number" required=#true
            body "currency" as="currency" default="EUR"
            query "source" as="source"
        }
    }
    set fee="1"
    respond 200
}
"#;
    let site = Site::start(ORDERS).await;
    let request = post("/orders?source=mail", "", r#"{"amount": "lots"}"#);
    assert_eq!(site.ask(&request).await.body, "`id` is required\n");
    let record = site.record().await;
    assert_eq!(
        record.variables,
        [None, None, Some("EUR".into()), Some("mail".into()), None]
    );
    site.ask(post("/orders?source=mail", "", "{")).await;
    assert_eq!(site.record().await.variables, []);
}

#[tokio::test]
async fn a_caller_that_hangs_up_with_its_body_half_sent_is_recorded() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client
        .send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        .await;
    drop(client);
    let record = site.record().await;
    assert_eq!(record.outcome, Outcome::Refused);
    assert!(record.error.is_some());
}

#[tokio::test]
async fn a_request_finishes_on_the_graph_it_was_matched_with() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client
        .send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n")
        .await;
    assert_eq!(client.answer().await.status, 100);
    let old = Arc::clone(&site.world.graph.load().revision);
    let new = r#"flow "new" mode="sync" { webhook "/echo"; respond 200 { body "new" } }"#;
    site.world.graph.store(Arc::new(graph(new)));
    client.send(r#"{"a": 1}"#).await;
    assert_eq!(client.answer().await.body, r#"{"a":1}"#);
    assert_eq!(site.record().await.revision, old);
    client.send(post("/echo", "", "")).await;
    assert_eq!(client.answer().await.body, "new");
}
