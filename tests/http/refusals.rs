use base64::{Engine, prelude::BASE64_STANDARD};

use crate::harness::*;

#[tokio::test]
async fn an_unknown_path_is_404() {
    let site = Site::start(FLOWS).await;
    let answer = site.post("/nobody", "{}").await;
    assert_eq!(
        (answer.status, &*answer.body),
        (404, "no flow has this path\n")
    );
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
}

#[tokio::test]
async fn no_other_spelling_of_a_path_reaches_its_flow() {
    let site = Site::start(FLOWS).await;
    for path in [
        "/x/../echo",
        "/./echo",
        "//echo",
        "/echo/",
        "/%65cho",
        "/echo%2f",
        "/echo%00",
        "/Echo",
        "/echo;x",
        "/orders",
        "/orders/",
        "/orders//",
        "*",
    ] {
        assert_eq!(site.post(path, "{}").await.status, 404, "{path}");
    }
    // A target in absolute form names the same path, and is matched by it alone.
    assert_eq!(site.post("http://elsewhere/echo", "{}").await.status, 200);
    assert_eq!(
        site.post("http://elsewhere/x/../echo", "{}").await.status,
        404
    );
    assert_eq!(site.post("/echo?/../x", "{}").await.status, 200);
}

#[tokio::test]
async fn a_method_that_the_flow_does_not_take_is_405_with_those_it_does() {
    let site = Site::start(FLOWS).await;
    for method in ["GET", "PUT", "TRACE", "OPTIONS", "BREW", "post"] {
        let ask = |path| site.ask(format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
        let answer = ask("/echo").await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some("POST")),
            "{method}"
        );
        assert_eq!(ask("/nobody").await.status, 404, "{method}");
    }
    let answer = site.ask("PUT /plain HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(answer.header("allow"), Some("GET, HEAD, POST"));
    for target in ["example.org:443", "/echo"] {
        let request = format!("CONNECT {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        let mut client = site.connect().await;
        client.send(request).await;
        let answer = client.answer().await.status;
        assert!(
            answer == 405 || (answer == 400 && target == "/echo"),
            "{target} {answer}"
        );
    }
}

#[tokio::test]
async fn credentials_that_are_missing_or_wrong_are_401_with_a_challenge() {
    let site = Site::start(FLOWS).await;
    let encoded = |pair: &str| BASE64_STANDARD.encode(pair);
    let right = encoded("shop:s3cret-one");
    for headers in [
        String::new(),
        "Authorization:\r\n".to_owned(),
        "Authorization: Basic\r\n".to_owned(),
        format!("Authorization: Basic {}\r\n", encoded("shop:wrong")),
        format!("Authorization: Bearer {right}\r\n"),
        format!("Authorization: Basic {right}\r\nAuthorization: Basic {right}\r\n"),
        format!("Authorization: Basic {}\r\n", &right[..right.len() - 4]),
        format!("Proxy-Authorization: Basic {right}\r\n"),
    ] {
        // Neither body would be taken: credentials come first.
        for body in ["{", "{}"] {
            let answer = site.ask(post("/locked", &headers, body)).await;
            assert_eq!(answer.status, 401, "{headers}");
            assert_eq!(
                answer.header("www-authenticate"),
                Some("Basic realm=\"locked\", charset=\"UTF-8\"")
            );
            assert_eq!(answer.body, "the credentials are missing or wrong\n");
        }
    }
}

#[tokio::test]
async fn neither_an_answer_nor_a_record_holds_a_credential() {
    let site = Site::start(FLOWS).await;
    let wrong = BASE64_STANDARD.encode("shop:not-the-one");
    let right = BASE64_STANDARD.encode("shop:s3cret-one");
    let mut shown = String::new();
    for (path, credentials, body) in [
        ("/locked", &wrong, "{}"),
        ("/locked", &right, "{}"),
        ("/locked", &right, r#"{"a": 1}"#),
        ("/nobody", &right, "{}"),
        ("/echo", &right, "{}"),
        ("/locked", &right, "{"),
    ] {
        let headers =
            format!("Authorization: Basic {credentials}\r\nProxy-Authorization: Basic {right}\r\n");
        shown += &format!("{:?}", site.ask(post(path, &headers, body)).await);
        shown += &format!("{:?}", site.record().await);
    }
    for secret in ["s3cret", "not-the-one", &wrong, &right] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn refusals_come_in_the_documented_order() {
    let site = Site::with(FLOWS, |graph| graph.server.max_body = 20).await;
    let right = format!(
        "Authorization: Basic {}\r\n",
        BASE64_STANDARD.encode("shop:s3cret-one")
    );
    let long = " ".repeat(21);
    let form = format!("{right}Content-Type: application/x-www-form-urlencoded\r\n");
    for (request, status) in [
        (post("/nobody", "", &long), 404),
        (post("/locked", "", &long).replace("POST", "PUT"), 405),
        (post("/locked", "", &long), 401),
        (post("/locked", &form, &long), 413),
        (post("/locked", &form, "{"), 415),
        (post("/locked", &right, "{"), 400),
        (post("/locked", &right, "{}"), 422),
        (post("/locked", &right, "{\"a\": 1}"), 200),
    ] {
        assert_eq!(site.ask(&request).await.status, status, "{request}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_place() {
    let site = Site::start(
        r#"flow "a" mode="sync" {
            webhook "/a" { parse { body "order.id" as="id" type="number" required=#true } }
            respond 200
        }"#,
    )
    .await;
    for (body, status, message) in [
        (
            "{\n  \"a\": 1\n  \"b\": 2}",
            400,
            "malformed JSON at line 3 column 3: expected `,` or `}`\n",
        ),
        ("", 400, "the body is empty\n"),
        ("{}", 422, "`order.id` is required\n"),
        (
            r#"{"order": {"id": "x"}}"#,
            422,
            "`order.id` must be a number, it is text\n",
        ),
    ] {
        let answer = site.post("/a", body).await;
        assert_eq!((answer.status, &*answer.body), (status, message));
        assert!(!answer.closes(), "the connection is sound");
    }
}

#[tokio::test]
async fn more_passwords_at_once_than_may_be_hashed_are_503() {
    let hash = bcrypt::hash("open sesame", 4).unwrap();
    let site = Site::start(&format!(
        r#"flow "a" mode="sync" {{
            webhook "/a" {{ auth {{ basic user="u" password="{hash}" }} }}
            respond 200
        }}"#
    ))
    .await;
    let request = post("/a", "Authorization: Basic dTp4\r\n", "");
    let permits = std::sync::Arc::clone(&site.world.hashing)
        .try_acquire_many_owned(2)
        .unwrap();
    let answer = site.ask(&request).await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (503, Some("1"))
    );
    drop(permits);
    assert_eq!(site.ask(&request).await.status, 401);
}
