use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::{Arc, mpsc},
};

use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;

fn home() -> (TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    (directory, store)
}

fn row(id: &str) -> QueueRow {
    QueueRow {
        id: id.to_owned(),
        flow: "deploy".into(),
        revision: "r1".into(),
        interruptions: 0,
        due_ms: None,
        accepted_ms: 1,
        weight: 10,
        request: "{}".to_owned(),
        variables: "[]".to_owned(),
        document: None,
        body: vec![0, 255].into(),
        from_step: None,
        continues: None,
    }
}

fn past(id: &str, flow: &str, outcome: &str, accepted_ms: i64) -> HistoryRow {
    HistoryRow {
        summary: HistorySummary {
            id: id.to_owned(),
            flow: flow.to_owned(),
            revision: "r1".to_owned(),
            outcome: outcome.to_owned(),
            accepted_ms,
            finished_ms: accepted_ms + 1,
            duration_us: 1_000,
            error: None,
        },
        record: format!(r#"{{"id":"{id}"}}"#),
    }
}

fn append(
    store: &Store,
    row: QueueRow,
    dedupe: Option<DedupeRow>,
) -> oneshot::Receiver<Result<Stored, Fault>> {
    let (tell, told) = oneshot::channel();
    store.append(row, dedupe, Vec::new, |stored| tell.send(stored).unwrap());
    told
}

/// Holds the writer in a write until the sender is used.
fn gate(store: &Store) -> mpsc::Sender<()> {
    let (open, opened) = mpsc::channel();
    store.submit(
        usize::MAX,
        move |_| {
            opened.recv().unwrap();
            Ok(())
        },
        |_| {},
    );
    open
}

fn ids(reader: &Reader) -> Vec<String> {
    let mut ids = Vec::new();
    reader.index(|row| ids.push(row.id)).unwrap();
    ids
}

async fn finish(store: &Store, seq: i64, row: Arc<HistoryRow>, is_dead: bool) {
    let (tell, told) = oneshot::channel();
    store.finish(seq, row, is_dead, |outcome| {
        let _ = tell.send(outcome);
    });
    told.await.unwrap().unwrap();
}

#[tokio::test]
async fn writes_that_wait_are_committed_together_in_their_order() {
    let (_home, store) = home();
    let gate = gate(&store);
    let told: Vec<_> = (0..200)
        .map(|n| append(&store, row(&format!("run {n:03}")), None))
        .collect();
    gate.send(()).unwrap();
    for (n, told) in (1..).zip(told) {
        assert_eq!(told.await.unwrap(), Ok(Stored::As(n)));
    }
    assert_eq!(store.probe().commits(), 2, "the gate's, and all others'");
    let expected: Vec<_> = (0..200).map(|n| format!("run {n:03}")).collect();
    assert_eq!(ids(&store.reader().unwrap()), expected);
}

#[tokio::test]
async fn a_group_is_bounded_by_count_and_by_weight() {
    let (_home, store) = home();
    let opened = gate(&store);
    let told: Vec<_> = (0..300)
        .map(|n| append(&store, row(&n.to_string()), None))
        .collect();
    opened.send(()).unwrap();
    for told in told {
        told.await.unwrap().unwrap();
    }
    assert_eq!(store.probe().commits(), 3);

    let opened = gate(&store);
    let told: Vec<_> = (300..303)
        .map(|n| {
            let heavy = QueueRow {
                weight: 4 << 20,
                ..row(&n.to_string())
            };
            append(&store, heavy, None)
        })
        .collect();
    opened.send(()).unwrap();
    for told in told {
        told.await.unwrap().unwrap();
    }
    assert_eq!(store.probe().commits(), 3 + 1 + 3);
}

#[tokio::test]
async fn a_write_that_fails_undoes_its_group_and_tells_all_of_it() {
    let (_home, store) = home();
    append(&store, row("there"), None).await.unwrap().unwrap();
    let gate = gate(&store);
    let fine = append(&store, row("new"), None);
    let (tell, told) = oneshot::channel();
    store.submit(
        1,
        |file| file.execute("INSERT INTO replays VALUES ('a', NULL)", []),
        |outcome| tell.send(outcome).unwrap(),
    );
    gate.send(()).unwrap();
    let broken = Fault::Broken("NOT NULL constraint failed: replays.new".into());
    assert_eq!(fine.await.unwrap(), Err(broken.clone()));
    assert_eq!(told.await.unwrap(), Err(broken));
    assert_eq!(ids(&store.reader().unwrap()), ["there"]);
}

#[tokio::test]
async fn what_was_handed_over_is_written_when_the_store_is_dropped() {
    let (home, store) = home();
    let gate = gate(&store);
    let told = append(&store, row("late"), None);
    gate.send(()).unwrap();
    drop(store);
    assert_eq!(told.await.unwrap(), Ok(Stored::As(1)));
    assert_eq!(ids(&Reader::open(home.path()).unwrap()), ["late"]);
}

#[tokio::test]
async fn a_full_disk_refuses_what_does_not_fit_and_takes_what_does_afterwards() {
    let (_home, store) = home();
    // What SQLite says of a bound on its pages is what it says of ENOSPC.
    let bound = |pages: i64| {
        store.write(0, move |file| {
            file.pragma_update(None, "max_page_count", pages)
        })
    };
    bound(30).await.unwrap();
    let large = QueueRow {
        body: vec![7; 1 << 20].into(),
        ..row("large")
    };
    assert_eq!(
        append(&store, large.clone(), None).await.unwrap(),
        Err(Fault::Full)
    );
    assert_eq!(
        append(&store, row("small"), None).await.unwrap(),
        Ok(Stored::As(1))
    );
    bound(1_000_000).await.unwrap();
    assert_eq!(
        append(&store, large, None).await.unwrap(),
        Ok(Stored::As(2))
    );
    assert_eq!(ids(&store.reader().unwrap()), ["small", "large"]);
}

#[tokio::test]
async fn after_an_io_error_nothing_is_acknowledged_until_the_file_was_opened_again() {
    let (_home, store) = home();
    append(&store, row("before"), None).await.unwrap().unwrap();
    let broken = Err(Fault::Broken("an injected fault".into()));
    let ails = store.ails();
    assert_eq!(*ails.borrow(), None);
    store.probe().break_disk();
    let lost = append(&store, row("lost"), None).await.unwrap();
    assert_eq!(lost, broken);
    assert_eq!(*ails.borrow(), broken.clone().err());
    // The disk is well, but what is left in the system's cache is not known.
    store.probe().seal();
    for _ in 0..3 {
        let early = append(&store, row("early"), None).await.unwrap();
        assert_eq!(early, broken);
    }
    store.probe().heal();
    let mut refused = 0;
    while append(&store, row("after"), None).await.unwrap().is_err() {
        refused += 1;
    }
    assert!(refused <= 1, "a write that is refused has it opened again");
    assert_eq!(*ails.borrow(), None);
    assert_eq!(ids(&store.reader().unwrap()), ["before", "after"]);
}

#[test]
fn a_second_store_of_a_directory_is_told_who_has_the_first() {
    let (home, store) = home();
    let refused = Store::open(home.path()).unwrap_err().to_string();
    let directory = home.path().display();
    let pid = std::process::id();
    let expected = format!("the state directory {directory} is in use by process {pid}, since 2");
    assert!(refused.starts_with(&expected), "{refused}");
    drop(store);
    Store::open(home.path()).unwrap();
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let (home, store) = home();
    drop(store);
    let file = home.path().join("hookyard.db");
    let newer = rusqlite::Connection::open(&file).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let expected = format!(
        "{} has schema version 99, and this version of hookyard knows none newer than {}",
        file.display(),
        schema::VERSION
    );
    for refused in [
        Store::open(home.path()).unwrap_err(),
        Reader::open(home.path()).unwrap_err(),
        Visitor::open(home.path()).unwrap_err(),
    ] {
        assert_eq!(refused.to_string(), expected);
    }
}

#[test]
fn nothing_is_written_to_open_a_file_that_is_up_to_date() {
    let (home, store) = home();
    drop(store);
    let _store = Store::open(home.path()).unwrap();
    let journal = fs::metadata(home.path().join("hookyard.db-wal")).unwrap();
    assert_eq!(journal.len(), 0);
}

#[test]
fn the_files_are_closed_to_others() {
    let (home, _store) = home();
    for name in ["hookyard.db", "hookyard.db-wal", "lock"] {
        let mode = fs::metadata(home.path().join(name)).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn every_commit_is_synced_and_the_file_can_shrink() {
    let (_home, store) = home();
    let pragmas = store
        .write(0, |file| {
            let number = |name| file.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let journal =
                file.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0))?;
            Ok((journal, number("synchronous")?, number("auto_vacuum")?))
        })
        .await;
    const FULL: i64 = 2;
    const INCREMENTAL: i64 = 2;
    assert_eq!(pragmas, Ok(("wal".to_owned(), FULL, INCREMENTAL)));
}

#[tokio::test]
async fn the_first_of_a_key_answers_for_all_until_its_time_is_over() {
    let (_home, store) = home();
    let at = |now_ms, id: &str| DedupeRow {
        flow: "deploy".to_owned(),
        key: "k".to_owned(),
        id: id.to_owned(),
        reply: format!("\"{id}\""),
        now_ms,
        expires_ms: now_ms + 10,
    };
    let first_reply = |now_ms| store.first_reply("deploy".to_owned(), "k".to_owned(), now_ms);
    let put = |now_ms, id: &str| append(&store, row(id), Some(at(now_ms, id)));
    assert_eq!(put(0, "a").await.unwrap(), Ok(Stored::As(1)));
    assert_eq!(
        put(9, "b").await.unwrap(),
        Ok(Stored::Before("\"a\"".to_owned()))
    );
    assert_eq!(first_reply(9).await, Ok(Some("\"a\"".to_owned())));
    assert_eq!(first_reply(10).await, Ok(None));
    assert_eq!(put(10, "c").await.unwrap(), Ok(Stored::As(2)));
    assert_eq!(first_reply(19).await, Ok(Some("\"c\"".to_owned())));
}

#[tokio::test]
async fn the_history_is_listed_by_flow_outcome_and_time_the_latest_first() {
    let (home, store) = home();
    let rows = [
        past("a", "deploy", "succeeded", 10),
        past("b", "deploy", "failed", 20),
        past("c", "order", "failed", 30),
    ];
    store.record(rows.to_vec(), |outcome| assert_eq!(outcome, Ok(())));
    drop(store);
    let reader = Reader::open(home.path()).unwrap();
    let listed = |filter: &HistoryFilter, most| -> Vec<String> {
        let listed = reader.history(filter, most).unwrap();
        listed.into_iter().map(|summary| summary.id).collect()
    };
    let all = HistoryFilter::default();
    assert_eq!(listed(&all, 10), ["c", "b", "a"]);
    assert_eq!(listed(&all, 2), ["c", "b"]);
    let failed = HistoryFilter {
        outcome: Some("failed".to_owned()),
        ..all.clone()
    };
    assert_eq!(listed(&failed, 10), ["c", "b"]);
    let deployed = HistoryFilter {
        flow: Some("deploy".to_owned()),
        since_ms: Some(20),
        ..all.clone()
    };
    assert_eq!(listed(&deployed, 10), ["b"]);
    let named = |text: &str| HistoryFilter {
        text: Some(text.to_owned()),
        before_ms: Some(30),
        ..all.clone()
    };
    assert_eq!(listed(&named("\":\"B\""), 10), [""; 0], "as JSON writes it");
    assert_eq!(listed(&named("ID"), 10), ["b", "a"]);
    assert_eq!(listed(&named("_d"), 10), [""; 0]);
    assert_eq!(
        reader.history(&deployed, 10).unwrap(),
        [rows[1].summary.clone()]
    );
    assert_eq!(reader.record("b"), Ok(Some(rows[1].record.clone())));
    assert_eq!(reader.record("z"), Ok(None));
}

#[tokio::test]
async fn a_run_that_ends_leaves_the_queue_with_its_effects_unless_it_is_dead() {
    let (_home, store) = home();
    let reader = store.reader().unwrap();
    for id in ["a", "b"] {
        append(&store, row(id), None).await.unwrap().unwrap();
    }
    for seq in [1, 2] {
        let effect = store.keep_effect(seq, "step 1".to_owned(), "7".to_owned());
        effect.await.unwrap();
    }
    let ended = |id: &str, outcome: &str| Arc::new(past(id, "deploy", outcome, 1));
    finish(&store, 1, ended("a", "succeeded"), false).await;
    finish(&store, 2, ended("b", "dead"), true).await;
    assert_eq!(ids(&reader), [""; 0]);
    assert_eq!(
        (reader.queued(1), reader.effects(1)),
        (Ok(None), Ok(vec![]))
    );
    assert_eq!(reader.queued(2), Ok(Some(row("b"))));
    let kept = vec![("step 1".to_owned(), "7".to_owned())];
    assert_eq!(reader.effects(2), Ok(kept));
    assert_eq!(reader.dead(), Ok(1));
    let all = HistoryFilter::default();
    assert_eq!(reader.history(&all, 9).unwrap().len(), 2);
}

#[tokio::test]
async fn a_revision_is_kept_once_and_the_last_one_to_go_live_is_known() {
    let (_home, store) = home();
    let first = RevisionRow {
        revision: "r1".to_owned(),
        stored_ms: 1,
        entry: "flows.kdl".to_owned(),
        files: r#"{"flows.kdl":"…"}"#.to_owned(),
    };
    store.keep_revision(first.clone()).await.unwrap();
    let again = RevisionRow {
        stored_ms: 2,
        ..first.clone()
    };
    store.keep_revision(again).await.unwrap();
    let reader = store.reader().unwrap();
    let live = RevisionRow {
        stored_ms: 2,
        ..first.clone()
    };
    assert_eq!(reader.revision("r1"), Ok(Some(live.clone())));
    assert_eq!(reader.revision("r2"), Ok(None));
    let other = RevisionRow {
        revision: "r2".to_owned(),
        ..live.clone()
    };
    store.keep_revision(other.clone()).await.unwrap();
    assert_eq!(reader.last_revision("flows.kdl"), Ok(Some(other)));
    store
        .keep_revision(RevisionRow {
            stored_ms: 3,
            ..first
        })
        .await
        .unwrap();
    let last = reader.last_revision("flows.kdl").unwrap().unwrap();
    assert_eq!((&*last.revision, last.stored_ms), ("r1", 3));
    assert_eq!(reader.last_revision("other.kdl"), Ok(None));
    assert_eq!(reader.last_revision("s.kdl"), Ok(None), "it ends otherwise");
    let elsewhere = RevisionRow {
        revision: "r2".to_owned(),
        stored_ms: 4,
        entry: "/srv/flows.kdl".to_owned(),
        files: r#"{"/srv/flows.kdl":"…"}"#.to_owned(),
    };
    store.keep_revision(elsewhere.clone()).await.unwrap();
    assert_eq!(reader.last_revision("flows.kdl"), Ok(Some(elsewhere)));
}

#[test]
fn nobody_but_the_one_who_has_the_lock_brings_a_file_up_to_date() {
    let (home, store) = home();
    drop(store);
    let file = home.path().join("hookyard.db");
    let older = rusqlite::Connection::open(&file).unwrap();
    older.pragma_update(None, "user_version", 0).unwrap();
    drop(older);
    let expected = format!(
        "{} cannot be used: it has schema version 0; `hookyard run` brings it to version {}",
        file.display(),
        schema::VERSION
    );
    let refused = Reader::open(home.path()).unwrap_err();
    assert_eq!(refused.to_string(), expected);
    let refused = Visitor::open(home.path()).unwrap_err();
    assert_eq!(refused.to_string(), expected);
}

#[tokio::test]
async fn the_oldest_may_be_removed_but_for_those_that_are_dead() {
    let (_home, store) = home();
    append(&store, row("dead"), None).await.unwrap().unwrap();
    let dead = Arc::new(past("dead", "deploy", "dead", 1));
    finish(&store, 1, dead, true).await;
    let rows = [10, 20, 30].map(|at| past(&at.to_string(), "deploy", "failed", at));
    store.record(rows.to_vec(), |_| {});
    store.shrink(10).await.unwrap();
    let reader = store.reader().unwrap();
    let oldest = |before_ms, most| -> Vec<String> {
        let oldest = reader.oldest(before_ms, most).unwrap();
        oldest.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(oldest(None, 2), ["10", "20"]);
    assert_eq!(oldest(Some(21), 10), ["10"], "20 ended at 21");
    let size = |id: &str| past(id, "", "", 1).record.len() as i64;
    let sizes = |removable: &[&str]| HistorySize {
        removable: removable.iter().map(|id| size(id)).sum(),
        dead: size("dead"),
    };
    assert_eq!(reader.history_size(), Ok(sizes(&["10", "20", "30"])));
    store
        .forget(vec!["10".to_owned(), "20".to_owned()])
        .await
        .unwrap();
    assert_eq!(oldest(None, 10), ["30"]);
    assert_eq!(reader.history_size(), Ok(sizes(&["30"])));
}

#[tokio::test]
async fn a_revision_is_unnamed_when_no_run_that_is_kept_names_it() {
    let (home, store) = home();
    let revision = |revision: &str, stored_ms| RevisionRow {
        revision: revision.to_owned(),
        stored_ms,
        entry: "flows.kdl".to_owned(),
        files: "{}".to_owned(),
    };
    for name in ["r1", "r2", "r3", "fresh"] {
        let stored_ms = if name == "fresh" { 9 } else { 1 };
        store
            .keep_revision(revision(name, stored_ms))
            .await
            .unwrap();
    }
    append(&store, row("a"), None).await.unwrap().unwrap();
    let mut ended = past("b", "deploy", "failed", 1);
    ended.summary.revision = "r2".to_owned();
    store.record(vec![ended], |_| {});
    store.shrink(1).await.unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(reader.unnamed_revisions(9), Ok(vec!["r3".to_owned()]));
    // Somebody replays a run on it meanwhile.
    let on_r3 = QueueRow {
        revision: "r3".into(),
        ..row("c")
    };
    let mut visitor = Visitor::open(home.path()).unwrap();
    visitor
        .replay("b", false, &revision("r3", 5), &on_r3)
        .unwrap();
    for is_adopted in [false, true] {
        if is_adopted {
            let (tell, told) = oneshot::channel();
            store.adopt(|adopted| tell.send(adopted).unwrap());
            told.await.unwrap().unwrap();
        }
        store.forget_revisions(vec!["r3".to_owned()]).await.unwrap();
        assert_eq!(reader.revision("r3"), Ok(Some(revision("r3", 8))));
    }
}

#[tokio::test]
async fn a_revision_is_live_until_the_next_one_is() {
    let (_home, store) = home();
    let reader = store.reader().unwrap();
    let row_of = |name: &str, stored_ms| RevisionRow {
        revision: name.to_owned(),
        stored_ms,
        entry: "flows.kdl".to_owned(),
        files: "{}".to_owned(),
    };
    for (name, at) in [("a", 1), ("b", 100), ("c", 200)] {
        store.keep_revision(row_of(name, at)).await.unwrap();
    }
    assert_eq!(reader.unnamed_revisions(150), Ok(vec!["a".to_owned()]));
    let last = reader.last_revision("flows.kdl");
    assert_eq!(last, Ok(Some(row_of("c", 200))));
    // The same again, after a day.
    store.keep_revision(row_of("c", 300)).await.unwrap();
    let last = reader.last_revision("flows.kdl");
    assert_eq!(last, Ok(Some(row_of("c", 300))));
}

#[tokio::test]
async fn a_revision_that_only_a_replay_names_never_went_live() {
    let (home, store) = home();
    let row_of = |name: &str| RevisionRow {
        revision: name.to_owned(),
        stored_ms: 5,
        entry: "flows.kdl".to_owned(),
        files: "{}".to_owned(),
    };
    store.keep_revision(row_of("live")).await.unwrap();
    let mut visitor = Visitor::open(home.path()).unwrap();
    visitor
        .replay("a", false, &row_of("saved"), &row("b"))
        .unwrap();
    let last = store.reader().unwrap().last_revision("flows.kdl");
    assert_eq!(last, Ok(Some(row_of("live"))));
}

#[tokio::test]
async fn a_visitor_takes_dead_runs_out_by_a_replay_or_for_good() {
    let (home, store) = home();
    for (seq, id) in [(1, "replayed"), (2, "purged"), (3, "waiting")] {
        append(&store, row(id), None).await.unwrap().unwrap();
        if id != "waiting" {
            let ended = Arc::new(past(id, "deploy", "dead", 1));
            finish(&store, seq, ended, true).await;
        }
    }
    let reader = store.reader().unwrap();
    let mut visitor = Visitor::open(home.path()).unwrap();
    let revision = RevisionRow {
        revision: "r1".to_owned(),
        stored_ms: 5,
        entry: "flows.kdl".to_owned(),
        files: "{}".to_owned(),
    };
    for (id, is_offered) in [("again", true), ("and again", false)] {
        let offered = visitor.replay("replayed", true, &revision, &row(id));
        assert_eq!(offered, Ok(is_offered));
    }
    let ids = ["purged", "waiting"].map(str::to_owned);
    visitor.purge(&ids).unwrap();
    let queue = reader.queue(&QueueFilter::default(), 10).unwrap();
    let left: Vec<_> = queue.iter().map(|run| (&*run.id, run.state)).collect();
    assert_eq!(
        left,
        [("again", State::Offered), ("waiting", State::Pending)]
    );
    let history = reader.history(&HistoryFilter::default(), 10).unwrap();
    let told: Vec<_> = history.iter().map(|run| &*run.id).collect();
    assert_eq!(told, ["replayed"]);
}

#[tokio::test]
async fn the_queue_is_listed_by_flow_state_time_and_text_the_latest_first() {
    let (_home, store) = home();
    for (id, flow, accepted_ms, body) in [
        ("a", "deploy", 10, "100% sure"),
        ("b", "deploy", 20, "maybe"),
        ("c", "order", 30, "100 pieces"),
    ] {
        let row = QueueRow {
            flow: flow.into(),
            accepted_ms,
            body: body.into(),
            ..row(id)
        };
        append(&store, row, None).await.unwrap().unwrap();
    }
    store.begin(2).await.unwrap();
    let reader = store.reader().unwrap();
    let listed = |filter: QueueFilter| -> String {
        let listed = reader.queue(&filter, 10).unwrap();
        listed.into_iter().map(|run| run.id).collect()
    };
    let all = QueueFilter::default;
    assert_eq!(listed(all()), "cba");
    let flow = Some("deploy".to_owned());
    assert_eq!(listed(QueueFilter { flow, ..all() }), "ba");
    let states = vec![State::Running, State::Parked];
    assert_eq!(listed(QueueFilter { states, ..all() }), "b");
    let times = (Some(10), Some(30));
    let (since_ms, before_ms) = times;
    assert_eq!(
        listed(QueueFilter {
            since_ms,
            before_ms,
            ..all()
        }),
        "ba"
    );
    let text = Some("100%".to_owned());
    assert_eq!(listed(QueueFilter { text, ..all() }), "a");
}

#[tokio::test]
async fn an_id_is_found_by_its_beginning_and_by_its_end() {
    let (_home, store) = home();
    append(&store, row("0123-4567"), None)
        .await
        .unwrap()
        .unwrap();
    store.record(vec![past("0123-89ab", "deploy", "failed", 1)], |_| {});
    store.shrink(1).await.unwrap();
    let reader = store.reader().unwrap();
    let found = |text: &str| reader.ids(text, 10).unwrap().join(" ");
    assert_eq!(found("0123"), "0123-4567 0123-89ab");
    assert_eq!(found("567"), "0123-4567");
    assert_eq!(found("89ab"), "0123-89ab");
    assert_eq!(found("23-"), "");
    assert_eq!(found("%"), "");
}

#[tokio::test]
async fn what_was_removed_is_given_back_to_the_disk() {
    let (_home, store) = home();
    let large = HistoryRow {
        record: "x".repeat(1 << 20),
        ..past("a", "deploy", "failed", 1)
    };
    store.record(vec![large], |_| {});
    store.forget(vec!["a".to_owned()]).await.unwrap();
    let reader = store.reader().unwrap();
    let before = reader.space().unwrap();
    assert!(before.free > 120, "{before:?}");
    store.shrink(100).await.unwrap();
    let after = reader.space().unwrap();
    let gone = (before.pages - after.pages, before.free - after.free);
    assert_eq!(gone, (100, 100));
}

#[test]
fn an_older_file_is_brought_up_to_date_with_all_that_is_in_it() {
    let home = tempfile::tempdir().unwrap();
    let older = rusqlite::Connection::open(home.path().join("hookyard.db")).unwrap();
    older.execute_batch(include_str!("schema/1.sql")).unwrap();
    older
        .execute_batch(
            "INSERT INTO history VALUES ('a', 'deploy', 'r1', 'failed', 1, 2, 3, NULL, 7, '{}');
             INSERT INTO history VALUES ('b', 'deploy', 'r1', 'timed out', 2, 2, 3, NULL, 40,
                '{\"outcome\":\"timed out\",\"received\":\"x\",\"variables\":{\"outcome\":\"timed out\"}}');
             INSERT INTO queue VALUES (7, '0199a1b2-c3d4-7000-8000-00000000000f', 'deploy', 'r1',
                'parked', 60, 2, 9, 10, '{}', '[]', '1', x'00ff');
             PRAGMA user_version = 1;",
        )
        .unwrap();
    drop(older);
    let store = Store::open(home.path()).unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(
        reader.history_size(),
        Ok(HistorySize {
            removable: 47,
            dead: 0
        })
    );
    let listed = reader.history(&HistoryFilter::default(), 9).unwrap();
    let outcomes: Vec<_> = listed.iter().map(|run| &*run.outcome).collect();
    assert_eq!(outcomes, ["timed-out", "failed"]);
    let record = r#"{"outcome":"timed-out","received":"x","variables":{"outcome":"timed out"}}"#;
    assert_eq!(reader.record("b"), Ok(Some(record.to_owned())));
    let waiting = "0199a1b2-c3d4-7000-8000-00000000000f";
    let stands = reader.stands(waiting).unwrap().unwrap();
    assert_eq!((stands.seq, stands.state), (7, State::Parked));
    let expected = QueueRow {
        interruptions: 2,
        due_ms: Some(60),
        accepted_ms: 9,
        document: Some("1".to_owned()),
        ..row(waiting)
    };
    assert_eq!(reader.queued(7), Ok(Some(expected)));
}

#[tokio::test]
async fn a_run_is_found_by_its_id_and_not_by_another_of_its_millisecond() {
    let (_home, store) = home();
    let of = |end: char| format!("0199a1b2-c3d4-7000-8000-00000000000{end}");
    for id in [of('1'), of('2')] {
        append(&store, row(&id), None).await.unwrap().unwrap();
    }
    let reader = store.reader().unwrap();
    let seq = |id: &str| reader.stands(id).unwrap().map(|run| run.seq);
    assert_eq!(
        (seq(&of('1')), seq(&of('2')), seq(&of('3'))),
        (Some(1), Some(2), None)
    );
}
