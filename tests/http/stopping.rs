use std::time::Duration;

use crate::harness::*;

const GET: &str = "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn idle_connections_close_at_once_and_nobody_is_accepted_any_more() {
    let mut site = Site::start(FLOWS).await;
    let mut fresh = site.connect().await;
    let mut used = site.connect().await;
    used.send(GET).await;
    assert_eq!(used.answer().await.status, 200);
    let server = site.server.take().unwrap();
    assert!(server.drained(PATIENCE).await);
    assert_eq!(fresh.rest().await, "");
    assert_eq!(used.rest().await, "");
    assert!(tokio::net::TcpStream::connect(site.address).await.is_err());
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_its_connection_closes() {
    let mut site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client
        .send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        .await;
    assert_eq!(client.answer().await.status, 100);
    let draining = tokio::spawn(site.server.take().unwrap().drained(PATIENCE));
    // Nobody is let in any more: the server is being drained.
    while tokio::net::TcpStream::connect(site.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    client.send("{}").await;
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.closes()), (200, true));
    assert_eq!(client.rest().await, "");
    drop(client);
    assert!(draining.await.unwrap());
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_cut_off() {
    let mut site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client
        .send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        .await;
    assert_eq!(client.answer().await.status, 100);
    assert!(
        !site
            .server
            .take()
            .unwrap()
            .drained(Duration::from_millis(20))
            .await
    );
    assert_eq!(client.rest().await, "");
    // It is told all the same.
    let record = site.record().await;
    assert_eq!(
        record.error.as_ref().unwrap().message,
        "the connection ended before the request was whole"
    );
}

#[tokio::test]
async fn a_head_that_never_ends_does_not_take_all_of_the_grace() {
    let mut site = Site::with(FLOWS, |graph| graph.server.timeouts.header = SHORT).await;
    let mut client = site.connect().await;
    client.send(GET).await;
    assert_eq!(client.answer().await.status, 200);
    client.send("GET /plain HTT").await;
    assert!(site.server.take().unwrap().drained(PATIENCE).await);
    assert_eq!(client.rest().await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_every_request_that_is_answered_was_run_and_none_is_cut_off() {
    let mut site = Site::start(FLOWS).await;
    let address = site.address;
    let (answered, mut first) = tokio::sync::mpsc::unbounded_channel();
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let answered = answered.clone();
            tokio::spawn(async move {
                let mut count = 0_u64;
                loop {
                    let Ok(stream) = tokio::net::TcpStream::connect(address).await else {
                        return count;
                    };
                    let mut client = Client(stream);
                    client
                        .send(post("/echo", "Connection: close\r\n", r#"{"a": 1}"#))
                        .await;
                    // Made in the moment between the last accept and the close, it was never
                    // taken in: nothing comes back. Any answer there is, is whole.
                    let answer = client.rest().await;
                    if answer.is_empty() {
                        return count;
                    }
                    assert!(
                        answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"a":1}"#),
                        "{answer}"
                    );
                    count += 1;
                    let _ = answered.send(());
                }
            })
        })
        .collect();
    for _ in 0..100 {
        first.recv().await.unwrap();
    }
    assert!(site.server.take().unwrap().drained(PATIENCE).await);
    let mut count = 0;
    for client in clients {
        count += client.await.unwrap();
    }
    assert_eq!(site.world.bus.tally().outcomes[0], count);
    assert_eq!(site.world.bus.tally().in_flight, 0);
}
