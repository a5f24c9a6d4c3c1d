//! Looking at a server from outside: through its socket, by the dashboard in a real terminal, and
//! as lines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;
#[path = "../terminal/terminal.rs"]
#[allow(dead_code, reason = "each test binary uses a part of it")]
mod terminal;

mod dashboard;
mod dead;
mod edited;
mod pins;
mod progress;
mod questions;
mod slow;
mod socket;
mod stream;
mod tail;
mod viewer;

/// A flow that waits for its caller, and one that does not.
pub const FLOWS: &str = r#"
flow "payment" mode="sync" {
    webhook "/payments" { parse { body "amount" type="number" required=#true; }; }
    branch "big order?" {
        when "amount >= 100" label="big" { respond 200 { body "ok"; }; }
        otherwise { respond 422 { body "too small"; }; }
    }
}
flow "deploy" {
    webhook "/deploy" { parse { body "ref" default=""; }; }
    log "deploy {{ ref }}"
}
"#;

/// What takes the first arm of `payment`.
pub const BIG: &str = r#"{"amount": 250}"#;
/// What takes the other.
pub const SMALL: &str = r#"{"amount": 5}"#;
