//! What the words of a filter hold for.

use std::{sync::Arc, time::Duration};

use hookyard::{
    event::Event,
    observe::{FIELDS, Filter, Runs},
    run::{Outcome, RunRecord},
};
use serde_json::json;

use crate::fixtures::{accepted, deployed, id, moment, paid, stray};

fn ended(number: u64, outcome: Outcome) -> RunRecord {
    RunRecord {
        outcome,
        ..deployed(number)
    }
}

/// Nine runs: three payments, a stray request, a deployment that waits, and four that ended in
/// one way each.
fn runs() -> Runs {
    let mut runs = Runs::default();
    let mut repo = paid(2, 5);
    repo.duration = Duration::from_millis(60);
    repo.variables[0] = Some(json!("Acme/Web"));
    repo.variables[1] = Some(json!("99.5"));
    repo.request
        .headers
        .insert("x-event", http::HeaderValue::from_static("push"));
    for record in [paid(1, 250), repo, paid(3, -5), stray(4, "/wp-login.php")] {
        runs.finished(Arc::new(record));
    }
    if let Event::Accepted(accepted) = accepted(5) {
        runs.accepted(&accepted);
    }
    for (number, outcome) in [
        (6, Outcome::Dead),
        (7, Outcome::Cancelled),
        (8, Outcome::Skipped),
        (9, Outcome::TimedOut),
    ] {
        runs.finished(Arc::new(ended(number, outcome)));
    }
    runs
}

fn filtered(text: &str) -> Vec<u64> {
    let filter = Filter::parse(text).unwrap();
    let selected = runs().select(&filter, moment(10));
    selected
        .iter()
        .map(|entry| u64::try_from(entry.seq + 1).unwrap())
        .collect()
}

const ALL: &[u64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9];

#[test]
fn a_filter_is_terms_that_all_hold() {
    for (text, found) in [
        ("", ALL),
        ("flow:pay", &[1, 2, 3]),
        ("flow:PAY status:200", &[1]),
        ("flow:payment|deploy method:post took:<1s", &[1, 2, 3]),
        ("WP-login", &[4]),
        ("\"big\" flow:\"payment\"", &[1]),
        ("flow:\"payment big\"", &[]),
        ("\"is:ok\"", &[]),
        ("path:/payments", &[1, 2, 3]),
        ("path:*login*", &[4]),
        ("path:/payments/*=shop", &[1, 2, 3]),
        ("path:/payments/*=sho", &[]),
    ] {
        assert_eq!(filtered(text), found, "{text}");
    }
}

#[test]
fn a_bar_is_or_and_an_exclamation_mark_is_not() {
    for (text, found) in [
        ("status:404|500", &[3, 4][..]),
        ("status:404 | status:500", &[3, 4]),
        ("status:404|flow:deploy", &[4, 5, 6, 7, 8, 9]),
        ("is:refused | flow:deploy is:queued", &[5]),
        ("wp-login|otherwise", &[2, 4]),
        ("!flow:payment|deploy", &[4]),
        ("!flow:payment | is:failed", &[3, 4, 5, 6, 7, 8, 9]),
        ("!wp-login !flow:deploy !status:500", &[1, 2]),
        ("flow:payment|!status:4xx", &[1, 2, 3, 5, 6, 7, 8, 9]),
    ] {
        assert_eq!(filtered(text), found, "{text}");
    }
}

#[test]
fn statuses_and_times_are_compared() {
    for (text, found) in [
        ("status:4xx", &[2, 4][..]),
        ("status:4", &[2, 4]),
        ("status:40*", &[4]),
        ("status:>=422 flow:payment", &[2, 3]),
        ("status>=500", &[3]),
        ("status:<300|=404", &[1, 4, 6, 7, 8, 9]),
        ("took:>50ms", &[2, 6, 7, 8, 9]),
        ("took:50ms", &[2, 6, 7, 8, 9]),
        ("took:<=1230us", &[1, 3, 4]),
        ("since:3s", &[7, 8, 9]),
        ("since:1h", ALL),
    ] {
        assert_eq!(filtered(text), found, "{text}");
    }
}

#[test]
fn every_way_to_stand_has_its_word() {
    for (text, found) in [
        ("is:error", &[3, 4, 6, 7, 9][..]),
        ("is:failed", &[3, 9]),
        ("is:refused", &[4]),
        ("is:succeeded", &[1, 2, 8]),
        ("is:ok", &[1, 2, 8]),
        ("is:waiting", &[5]),
        ("is:queued", &[5]),
        ("is:dead", &[6]),
        ("is:cancelled", &[7]),
        ("is:skipped", &[8]),
        ("is:timed-out", &[9]),
        ("is:timeout", &[9]),
    ] {
        assert_eq!(filtered(text), found, "{text}");
    }
}

#[test]
fn variables_and_headers_are_compared_as_text_and_in_order_as_numbers() {
    for (text, found) in [
        ("var.x_request_id=acme/*", &[2][..]),
        ("var.x_request_id=acme", &[]),
        ("var.x_request_id:acme", &[2]),
        ("var.currency=eur", &[1, 2, 3]),
        ("var.amount=250|-5", &[1, 3]),
        ("var.amount>4", &[1, 2]),
        ("var.amount>=5|<0", &[1, 2, 3]),
        ("var.amount>5|5", &[1, 2]),
        ("var.order_id<100", &[2]),
        ("var.nothing=*", &[]),
        ("hdr.X-Event=push", &[2]),
        ("!hdr.x-event=* flow:payment", &[1, 3]),
        ("hdr.x-request-id=\"*\"", &[]),
        ("hdr.=x", &[]),
        ("hdr.größe=x", &[]),
        ("var.currency=\"\"", &[]),
    ] {
        assert_eq!(filtered(text), found, "{text}");
    }
}

#[test]
fn branches_are_known_by_the_arm_that_was_taken() {
    assert_eq!(filtered("branch:big"), [1]);
    assert_eq!(filtered("branch=otherwise|big"), [1, 2]);
    assert_eq!(filtered("branch:refs/heads/main"), [6, 7, 8, 9]);
}

#[test]
fn ids_are_known_by_a_part_of_them() {
    let short = id(3).short();
    assert_eq!(filtered(&short), [3]);
    assert_eq!(filtered(&format!("id:{short}")), [3]);
    assert_eq!(filtered("id:019ab3c4*"), ALL);
}

#[test]
fn the_filter_of_a_flow_is_of_no_other() {
    let selected = |name: &str| runs().select(&Filter::flow(name), moment(10)).len();
    assert_eq!(selected("payment"), 3);
    assert_eq!(selected("pay"), 0);
}

#[test]
fn the_documentation_has_every_word() {
    let docs = std::fs::read_to_string("docs/dashboard.md").unwrap();
    for field in FIELDS {
        let example = field.example.replace('|', "\\|");
        assert!(
            docs.contains(&format!("| `{example}`")),
            "`{example}` is missing in docs/dashboard.md"
        );
    }
}
