use std::{os::unix::fs::PermissionsExt, sync::Arc};

use hookyard::{
    http::{Listener, Server},
    model::Listen,
    run::Peer,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

use crate::harness::*;

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let site = Site::start(FLOWS).await;
    let error = Listener::bind(&Listen::Tcp(site.address))
        .await
        .unwrap_err();
    let message = format!(
        "cannot listen on {}: another process listens there",
        site.address
    );
    assert_eq!(error.to_string(), message);
}

#[tokio::test]
async fn a_unix_socket_is_served_for_its_owner_and_group_and_removed_at_the_end() {
    let site = Site::start(FLOWS).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("http.sock");
    let listener = Listener::bind(&Listen::Unix(path.clone())).await.unwrap();
    assert_eq!(listener.address(), format!("unix:{}", path.display()));
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o660);
    let server = Server::start(listener, Arc::clone(&site.world));
    let mut client = UnixStream::connect(&path).await.unwrap();
    let request = post("/echo", "Connection: close\r\n", "{}");
    client.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert_eq!(site.record().await.request.peer, Peer::Unix);
    drop(client);
    assert!(server.drained(PATIENCE).await);
    assert!(!path.exists());
}

#[tokio::test]
async fn a_stale_socket_is_replaced_and_a_live_one_or_another_file_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("http.sock");
    let listen = Listen::Unix(path.clone());
    // What a killed process leaves behind.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let live = Listener::bind(&listen).await.unwrap();
    let error = Listener::bind(&listen).await.unwrap_err();
    assert!(
        error.to_string().ends_with("another process listens there"),
        "{error}"
    );
    drop(live);
    std::fs::write(&path, "precious").unwrap();
    let error = Listener::bind(&listen).await.unwrap_err();
    assert!(
        error.to_string().ends_with("a file that is no socket"),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
}

#[tokio::test]
async fn a_listener_does_not_remove_a_socket_that_another_has_put_in_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("http.sock");
    let old = Listener::bind(&Listen::Unix(path.clone())).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let _new = std::os::unix::net::UnixListener::bind(&path).unwrap();
    drop(old);
    assert!(path.exists());
}
