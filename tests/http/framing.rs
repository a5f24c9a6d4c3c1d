use crate::harness::*;

/// A request that must not be seen: it hides in another one's body.
const HIDDEN: &str = "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn with_both_framings_chunked_wins_and_the_connection_ends_behind_the_answer() {
    let site = Site::start(FLOWS).await;
    let hidden = HIDDEN.len();
    let chunk = format!("{hidden:x}\r\n{HIDDEN}\r\n0\r\n\r\n");
    for headers in [
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n".to_owned(),
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n".to_owned(),
        format!(
            "Content-Length: {}\r\nTransfer-Encoding: chunked\r\n",
            chunk.len()
        ),
        "Content-Length: 0\r\nTransfer-Encoding: Chunked\r\n".to_owned(),
    ] {
        let mut client = site.connect().await;
        client
            .send(format!(
                "POST /plain HTTP/1.1\r\nHost: x\r\n{headers}\r\n{chunk}{HIDDEN}"
            ))
            .await;
        let answer = client.answer().await;
        assert_eq!(answer.status, 200, "{headers}");
        assert!(answer.closes(), "{headers}");
        assert_eq!(client.rest().await, "", "{headers}");
    }
    let served: u64 = site.world.bus.tally().outcomes.iter().sum();
    assert_eq!(served, 4);
}

#[tokio::test]
async fn a_transfer_encoding_that_is_not_exactly_chunked_is_400_and_ends_the_connection() {
    let site = Site::start(FLOWS).await;
    for headers in [
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, gzip\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding:\r\n",
        "Transfer-Encoding: gzip\r\nContent-Length: 0\r\n",
    ] {
        let mut client = site.connect().await;
        let body = "0\r\n\r\n";
        client
            .send(format!(
                "POST /plain HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}{HIDDEN}"
            ))
            .await;
        let answer = client.answer().await;
        assert_eq!(answer.status, 400, "{headers}");
        assert_eq!(client.rest().await, "", "{headers}");
    }
}

#[tokio::test]
async fn content_lengths_that_disagree_or_are_no_numbers_are_refused() {
    let site = Site::start(FLOWS).await;
    for headers in [
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3, 4\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x3\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Content-Length : 3\r\n",
        " Content-Length: 3\r\n",
    ] {
        let mut client = site.connect().await;
        client
            .send(format!(
                "POST /plain HTTP/1.1\r\nHost: x\r\n{headers}\r\nabc{HIDDEN}"
            ))
            .await;
        let answer = client.rest().await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{headers} {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{headers} {answer}");
    }
}

#[tokio::test]
async fn a_request_without_host_or_with_two_is_400() {
    let site = Site::start(FLOWS).await;
    let ask =
        |version: &str, hosts: &str| site.ask(format!("GET /plain HTTP/{version}\r\n{hosts}\r\n"));
    let answer = ask("1.1", "").await;
    assert_eq!((answer.status, answer.closes()), (400, true));
    assert_eq!(ask("1.1", "Host: x\r\nHost: x\r\n").await.status, 400);
    assert_eq!(ask("1.0", "Host: x\r\nHost: y\r\n").await.status, 400);
    assert_eq!(ask("1.0", "").await.status, 200);
    assert_eq!(ask("1.1", "Host:\r\n").await.status, 200);
}

#[tokio::test]
async fn a_head_that_is_too_long_is_431_and_one_that_is_none_is_400() {
    let site = Site::start(FLOWS).await;
    let long = format!(
        "GET /plain HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "x".repeat(200_000)
    );
    let many = format!(
        "GET /plain HTTP/1.1\r\nHost: x\r\n{}\r\n",
        "X: y\r\n".repeat(101)
    );
    for (request, status) in [
        (&*long, 431),
        (&*many, 431),
        ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n", 400),
        ("GET /plain\r\n\r\n", 400),
        ("GET /plain HTTP/3.0\r\n\r\n", 400),
        ("GET /pl ain HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /plain HTTP/1.1\r\nHost: x\r\nX\u{0}: y\r\n\r\n", 400),
    ] {
        let mut client = site.connect().await;
        client.send(request).await;
        assert_eq!(
            client.answer().await.status,
            status,
            "{}",
            &request[..20.min(request.len())]
        );
        assert_eq!(client.rest().await, "");
    }
    // The preface of HTTP/2 is no request; there is nobody to answer.
    let mut client = site.connect().await;
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    client.rest().await;
    assert_eq!(site.ask(HIDDEN).await.status, 200);
}

#[tokio::test]
async fn a_request_to_upgrade_is_served_as_it_is() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    for upgrade in ["websocket", "h2c"] {
        let headers = format!("Connection: Upgrade\r\nUpgrade: {upgrade}\r\n");
        client.send(post("/plain", &headers, "")).await;
        assert_eq!(client.answer().await.body, "plain");
    }
    client
        .send(post("/plain", "Connection: close\r\nUpgrade: h2c\r\n", ""))
        .await;
    assert_eq!(client.answer().await.body, "plain");
    assert_eq!(client.rest().await, "");
}
