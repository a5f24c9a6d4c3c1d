use crate::harness::*;

const GET: &str = "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn at_the_cap_the_longest_idle_connection_is_closed_for_a_new_one() {
    let site = Site::with(FLOWS, |graph| graph.server.max_connections = 3).await;
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = site.connect().await;
        client.send(GET).await;
        assert_eq!(client.answer().await.status, 200);
        clients.push(client);
        // Idleness is told in milliseconds.
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    clients[0].send(GET).await;
    assert_eq!(clients[0].answer().await.status, 200);
    assert_eq!(site.ask(GET).await.status, 200);
    assert_eq!(clients[1].rest().await, "");
    for kept in [0, 2] {
        clients[kept].send(GET).await;
        assert_eq!(clients[kept].answer().await.status, 200);
    }
}

#[tokio::test]
async fn a_connection_that_serves_a_request_is_never_closed_for_another() {
    let site = Site::with(FLOWS, |graph| {
        graph.server.max_connections = 2;
        graph.server.timeouts.body = 20 * PATIENCE;
    })
    .await;
    let request = post("/echo", "", r#"{"a": 1}"#);
    let (start, end) = request.split_at(request.len() - 3);
    let mut serving = Vec::new();
    for _ in 0..2 {
        let mut client = site.connect().await;
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").await;
        // Asking for the body is the sign that the request is being served.
        assert_eq!(client.answer().await.status, 100);
        serving.push(client);
    }
    // The third has to wait until one is answered, and is served then.
    let mut third = site.connect().await;
    third.send(start).await;
    third.send(end).await;
    for client in &mut serving {
        client.send("{}").await;
        assert_eq!(client.answer().await.status, 200);
    }
    assert_eq!(third.answer().await.status, 200);
}

#[tokio::test]
async fn hundreds_of_idle_connections_keep_nobody_out() {
    let site = Site::with(FLOWS, |graph| graph.server.max_connections = 50).await;
    let mut idle = Vec::new();
    for _ in 0..400 {
        idle.push(site.connect().await);
    }
    for _ in 0..20 {
        assert_eq!(site.ask(GET).await.status, 200);
    }
    assert_eq!(idle[0].rest().await, "");
}

#[tokio::test]
async fn bodies_that_are_kept_back_keep_nobody_out() {
    let site = Site::with(FLOWS, |graph| {
        graph.server.max_connections = 20;
        graph.server.timeouts.body = 10 * SHORT;
    })
    .await;
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut client = site.connect().await;
        client
            .send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
            .await;
        assert_eq!(client.answer().await.status, 100);
        slow.push(client);
    }
    assert_eq!(site.ask(GET).await.status, 200);
    assert_eq!(slow[0].rest().await, "");
}
