use std::thread;

use crate::{
    home::{Home, ended},
    support::{Reply, Server, exchange, request},
};

/// Works once for each delivery, and answers with the run's id.
const ONCE: &str = r#"
flow "once" {
    webhook "/once" {
        parse { header "X-Delivery" as="delivery" required=#true; }
        dedupe key="{{ delivery }}"
        respond 202 { body "{{ run.id }}"; }
    }
    exec "sh" "work.sh" "{{ run.id }}"
}
"#;

/// A request as bytes.
fn delivery(delivery: &str) -> Vec<u8> {
    request("POST", "/once", &[("X-Delivery", delivery)], "")
}

fn deliver(server: &Server, delivery: &str) -> Reply {
    server.send(&self::delivery(delivery))
}

#[test]
fn a_replay_is_answered_as_the_first_was_and_is_not_run() {
    let home = Home::of(ONCE);
    home.gate.let_through(2);
    let server = home.serve();
    let first = deliver(&server, "a");
    assert_eq!(ended(&server, "once")["outcome"], "succeeded");
    let again = deliver(&server, "a");
    assert_eq!((again.status, &again.body), (202, &first.body));
    server.kill();
    let server = home.serve();
    let again = deliver(&server, "a");
    assert_eq!((again.status, &again.body), (202, &first.body));
    let other = deliver(&server, "b");
    assert_eq!(ended(&server, "once")["outcome"], "succeeded");
    assert_eq!(home.lines("done"), [first.body, other.body]);
}

#[test]
fn a_hundred_duplicates_at_once_are_one_run_and_are_answered_the_same() {
    let home = Home::of(ONCE);
    home.gate.let_through(100);
    let server = home.serve();
    let address = server.address();
    let replies: Vec<Reply> = thread::scope(|scope| {
        let senders: Vec<_> = (0..100)
            .map(|_| scope.spawn(move || exchange(address, &delivery("a"))))
            .collect();
        let replies = senders.into_iter().map(|sender| sender.join().unwrap());
        replies.collect()
    });
    let told: Vec<_> = replies.iter().map(|it| (it.status, &it.body)).collect();
    assert_eq!(told, [(202, &replies[0].body); 100]);
    assert_eq!(ended(&server, "once")["outcome"], "succeeded");
    home.wait_until("SELECT id FROM queue", &[]);
    assert_eq!(
        home.ask("SELECT id FROM history WHERE outcome <> 'skipped'"),
        [&*replies[0].body]
    );
    assert_eq!(home.lines("done"), [&*replies[0].body]);
}

#[test]
fn what_was_kept_when_the_server_died_before_it_answered_is_done_once_though_sent_again() {
    let home = Home::of(ONCE);
    home.gate.let_through(2);
    let mut server = home.serve_with(|command| command.env("HOOKYARD_CRASH_AT", "accepted"));
    assert_eq!(deliver(&server, "a").status, 0, "no answer came");
    assert_eq!(server.wait(), None, "it has not ended by itself");
    let server = home.serve();
    let again = deliver(&server, "a");
    assert_eq!(again.status, 202);
    assert_eq!(ended(&server, "once")["outcome"], "succeeded");
    home.wait_until("SELECT id FROM queue", &[]);
    assert_eq!(
        home.ask("SELECT id FROM history WHERE outcome <> 'skipped'"),
        [again.body]
    );
}

#[test]
fn a_step_that_acted_before_the_server_died_and_was_not_kept_acts_again_as_the_same_run() {
    let home = Home::of(ONCE);
    home.gate.let_through(2);
    let mut server = home.serve_with(|command| command.env("HOOKYARD_CRASH_AT", "acted"));
    deliver(&server, "a");
    assert_eq!(server.wait(), None);
    let id = home.lines("done").remove(0);
    let server = home.serve();
    let ended = ended(&server, "once");
    assert_eq!(
        (&ended["outcome"], &ended["run"]),
        (&"succeeded".into(), &id.clone().into())
    );
    assert_eq!(home.lines("done"), [&*id, &*id]);
}

#[test]
fn whoever_waits_for_the_answer_of_another_waits_no_longer_than_the_flow_lets_them() {
    let home = Home::of(
        r#"
flow "pay" mode="sync" timeout="200ms" {
    webhook "/pay" { parse { query "id" required=#true; }; dedupe key="{{ id }}" window="1h"; }
    exec "sh" "work.sh" "{{ id }}"
    respond 200 { body "paid"; }
}
"#,
    );
    let server = home.serve();
    // The step of the first goes on, at the gate, though it is late.
    assert_eq!(server.post("/pay?id=a", "").status, 504);
    assert_eq!(server.post("/pay?id=a", "").status, 504);
    assert_eq!(home.lines("begun"), ["a"]);
    home.gate.let_through(1);
}
