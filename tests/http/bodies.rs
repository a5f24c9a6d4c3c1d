use crate::harness::*;

const LARGE: usize = 5 * 1024 * 1024;

fn chunked(path: &str, headers: &str, chunks: &[&str]) -> String {
    let body: String = chunks
        .iter()
        .map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()))
        .collect();
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Transfer-Encoding: chunked\r\n\r\n{body}0\r\n\r\n"
    )
}

#[tokio::test]
async fn a_body_is_taken_in_any_pieces() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client
        .send(chunked("/echo", "", &["{\"a\"", ": ", "12}"]))
        .await;
    assert_eq!(client.answer().await.body, r#"{"a":12}"#);
    // The same connection, byte by byte.
    for byte in post("/echo", "", r#"{"a": "é"}"#).as_bytes() {
        client.send([*byte]).await;
    }
    assert_eq!(client.answer().await.body, r#"{"a":"é"}"#);
    let long = "x".repeat(500_000);
    client
        .send(post("/echo", "", &format!("{{\"a\": \"{long}\"}}")))
        .await;
    assert_eq!(client.answer().await.body.len(), 500_008);
}

#[tokio::test]
async fn a_body_of_just_the_limit_is_taken_and_one_byte_more_is_413() {
    let site = Site::with(FLOWS, |graph| graph.server.max_body = 10).await;
    let exact = r#"{"a": 123}"#;
    let longer = r#"{"a": 1234}"#;
    assert_eq!(site.post("/echo", exact).await.status, 200);
    assert_eq!(site.post("/echo", longer).await.status, 413);
    assert_eq!(
        site.ask(chunked("/echo", "", &[&exact[..3], &exact[3..]]))
            .await
            .status,
        200
    );
    assert_eq!(
        site.ask(chunked("/echo", "", &[&longer[..3], &longer[3..]]))
            .await
            .status,
        413
    );
}

#[tokio::test]
async fn a_client_that_sends_a_large_body_before_it_reads_receives_its_413() {
    let site = Site::with(FLOWS, |graph| graph.server.max_body = 1024).await;
    let large = "x".repeat(LARGE);
    for request in [
        post("/echo", "", &large),
        chunked("/echo", "", &[&large, &large[..1000]]),
    ] {
        let mut client = site.connect().await;
        client.send_whole(request).await;
        let answer = client.answer().await;
        assert_eq!(answer.status, 413);
        assert!(answer.closes());
        client.end().await;
    }
}

#[tokio::test]
async fn a_client_that_sends_a_large_body_before_it_reads_receives_its_401_and_404() {
    let site = Site::start(FLOWS).await;
    let large = "x".repeat(LARGE);
    for (path, status) in [("/locked", 401), ("/nobody", 404)] {
        for request in [post(path, "", &large), chunked(path, "", &[&large])] {
            let mut client = site.connect().await;
            client.send_whole(request).await;
            let answer = client.answer().await;
            assert_eq!(answer.status, status);
            assert!(answer.closes());
            client.end().await;
        }
    }
}

#[tokio::test]
async fn a_body_that_is_announced_too_long_is_refused_before_it_is_sent() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client
        .send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n")
        .await;
    assert_eq!(client.answer().await.status, 413);
}

#[tokio::test]
async fn a_client_that_asks_first_is_told_to_go_on() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    let request = post("/echo", "Expect: 100-continue\r\n", r#"{"a": 1}"#);
    let (head, body) = request.split_at(request.len() - 8);
    client.send(head).await;
    assert_eq!(client.answer().await.status, 100);
    client.send(body).await;
    assert_eq!(client.answer().await.body, r#"{"a":1}"#);
}

#[tokio::test]
async fn an_encoded_body_is_415() {
    let site = Site::start(FLOWS).await;
    for encoding in ["gzip", "br", "deflate, gzip", "identity, gzip", "x"] {
        for path in ["/echo", "/plain"] {
            let headers = format!("Content-Encoding: {encoding}\r\n");
            let answer = site.ask(post(path, &headers, "{}")).await;
            assert_eq!(answer.status, 415, "{encoding}");
        }
    }
    let answer = site
        .ask(post("/echo", "Content-Encoding: Identity\r\n", "{}"))
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn deep_repeated_lone_and_huge_things_in_json_are_answered() {
    let site = Site::start(FLOWS).await;
    let deep = "[".repeat(500_000);
    for (body, status) in [
        (&*deep, 400),
        (r#"{"a": 1, "a": 2}"#, 200),
        (r#"{"b": "\ud800"}"#, 400),
        (r#"{"b": 1e999}"#, 400),
        (r#"{"a": 123456789012345678901234567890}"#, 200),
    ] {
        assert_eq!(site.post("/echo", body).await.status, status);
    }
    assert_eq!(
        site.post("/echo", r#"{"a": 1, "a": 2}"#).await.body,
        r#"{"a":2}"#
    );
}

#[tokio::test]
async fn a_body_that_ends_early_or_has_bad_chunks_is_400_and_runs_nothing() {
    use tokio::io::AsyncWriteExt;
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client
        .send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{}")
        .await;
    client.0.shutdown().await.unwrap();
    assert_eq!(client.answer().await.status, 400);
    let bad = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}";
    let answer = site.ask(bad).await;
    assert_eq!((answer.status, answer.closes()), (400, true));
}
