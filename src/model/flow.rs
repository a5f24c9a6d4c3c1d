use std::time::Duration;

use http::Method;

use super::{Auth, Block, Format, Input, Kind, Parse, ReplyTemplate, Route};
use crate::{expr::Template, run::Policy};

/// One flow: what triggers it, and what it does then.
#[derive(Debug)]
pub struct Flow {
    /// Its name, unique in the configuration.
    pub name: String,
    /// Whether the caller waits for the run.
    pub mode: Mode,
    /// How long a sync run may take before the caller is told 504.
    pub timeout: Duration,
    /// How its runs go beside each other.
    pub policy: Policy,
    /// What starts it; `None` where other flows call it.
    pub trigger: Option<Trigger>,
    /// What it takes where it is called; input `i` fills variable `i`.
    pub inputs: Vec<Input>,
    /// How deep it calls others: those that it calls, less deep than it does itself.
    pub depth: usize,
    /// Its steps.
    pub body: Block,
    /// What runs when a step failed.
    pub on_error: Block,
    /// All its variables by slot: the trigger's or the inputs first, in the order of the file, then
    /// those that steps set.
    pub variables: Vec<Variable>,
}

/// Whether the caller waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The caller waits; the flow answers.
    Sync,
    /// Answered at once from the trigger; runs in the background.
    Async,
}

/// `webhook { … }`.
#[derive(Debug)]
pub struct Trigger {
    /// The path as written, or `None` where an unguessable one is generated.
    pub route: Option<Route>,
    /// The methods it takes; at least one.
    pub methods: Vec<Method>,
    /// The ways to prove oneself; none means anybody may.
    pub auth: Vec<Auth>,
    /// The body formats it takes beside JSON.
    pub accept: Vec<Format>,
    /// What is read from a request.
    pub parse: Parse,
    /// By what a request is known to have come before.
    pub dedupe: Option<Dedupe>,
    /// An async flow's answer.
    pub reply: ReplyTemplate,
}

/// `dedupe key="{{ … }}" window="24h"`.
#[derive(Debug)]
pub struct Dedupe {
    /// Renders the key, within the flow; what it makes no text of is not looked for.
    pub key: Template,
    /// For how long a request is remembered.
    pub window: Duration,
}

/// A variable of a flow.
#[derive(Clone, PartialEq, Debug)]
pub struct Variable {
    /// The name it has in expressions.
    pub name: String,
    /// Its display name.
    pub label: Option<String>,
    /// Where it comes from, as it is shown: `body order.id`.
    pub source: String,
    /// Its declared type.
    pub kind: Option<Kind>,
}
