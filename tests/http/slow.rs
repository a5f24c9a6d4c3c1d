use std::time::Instant;

use bytes::Bytes;
use hookyard::{
    graph::{ReplyRenderer, Respond, StepKind},
    model::Then,
    run::Reply,
};

use crate::harness::*;

async fn hasty() -> Site {
    Site::with(FLOWS, |graph| {
        graph.server.timeouts.header = SHORT;
        graph.server.timeouts.body = SHORT;
        graph.server.timeouts.write = SHORT;
    })
    .await
}

#[tokio::test]
async fn a_connection_that_sends_nothing_is_closed() {
    let site = hasty().await;
    let began = Instant::now();
    let mut client = site.connect().await;
    assert_eq!(client.rest().await, "");
    assert!(began.elapsed() >= SHORT);
}

#[tokio::test]
async fn a_connection_that_was_answered_and_sends_nothing_more_is_closed() {
    let site = hasty().await;
    let mut client = site.connect().await;
    client.send(post("/plain", "", "")).await;
    assert_eq!(client.answer().await.status, 200);
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_head_that_drips_is_closed() {
    let site = hasty().await;
    let mut client = site.connect().await;
    let mut drip = tokio::time::interval(SHORT / 10);
    let dripped = async {
        // Far more of them than the time allows.
        for _ in 0..2_000 {
            drip.tick().await;
            if tokio::io::AsyncWriteExt::write_all(&mut client.0, b"G")
                .await
                .is_err()
            {
                return true;
            }
        }
        false
    };
    assert!(dripped.await);
}

#[tokio::test]
async fn a_body_that_stalls_is_408_and_ends_the_connection() {
    let site = hasty().await;
    for started in [
        "Content-Length: 10\r\n\r\n",
        "Content-Length: 10\r\n\r\n{\"a\"",
        "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a",
    ] {
        let mut client = site.connect().await;
        client
            .send(format!("POST /echo HTTP/1.1\r\nHost: x\r\n{started}"))
            .await;
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.closes()), (408, true), "{started}");
        assert_eq!(client.rest().await, "");
    }
}

#[tokio::test]
async fn a_body_that_comes_slowly_but_steadily_is_taken() {
    let site = hasty().await;
    let mut client = site.connect().await;
    let request = post("/echo", "", r#"{"a": "0123456789"}"#);
    let mut drip = tokio::time::interval(SHORT / 5);
    let (head, body) = request.split_at(request.len() - 19);
    client.send(head).await;
    for byte in body.as_bytes() {
        drip.tick().await;
        client.send([*byte]).await;
    }
    assert_eq!(client.answer().await.status, 200);
}

/// More than all buffers between a server and a client that does not read.
fn respond_with_much(graph: &mut hookyard::graph::Graph) {
    let reply = Reply::empty(http::StatusCode::OK).with_body(Bytes::from(vec![b'x'; 64 << 20]));
    flow(graph, 2).steps[0].kind = StepKind::Respond(Respond {
        reply: ReplyRenderer::Constant(reply),
        then: Then::End,
    });
}

#[tokio::test]
async fn a_client_that_never_reads_its_answer_is_closed() {
    let mut site = Site::with(FLOWS, |graph| {
        graph.server.timeouts.write = SHORT;
        respond_with_much(graph);
    })
    .await;
    let mut client = site.connect().await;
    client.send(post("/plain", "", "")).await;
    assert!(site.record().await.outcome.is_success());
    // The connection ends by itself, well before it would be cut off.
    assert!(site.server.take().unwrap().drained(PATIENCE).await);
    drop(client);
}

#[tokio::test]
async fn a_client_that_reads_slowly_is_not_taken_for_an_idle_one() {
    let site = Site::with(FLOWS, |graph| {
        graph.server.timeouts.header = SHORT;
        respond_with_much(graph);
    })
    .await;
    let mut client = site.connect().await;
    client.send(post("/plain", "", "")).await;
    let began = Instant::now();
    let mut read = 0;
    let mut piece = vec![0; 1 << 20];
    let mut tick = tokio::time::interval(SHORT / 30);
    while read < 64 << 20 {
        tick.tick().await;
        match tokio::io::AsyncReadExt::read(&mut client.0, &mut piece)
            .await
            .unwrap()
        {
            0 => panic!("closed after {read} bytes"),
            more => read += more,
        }
    }
    assert!(began.elapsed() > SHORT);
}
