use std::sync::Arc;

/// What the requests of late would do on a configuration, were they to come again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rerouted {
    /// The configuration's revision.
    pub revision: Arc<str>,
    /// How many requests were looked at.
    pub looked_at: usize,
    /// Those that would go another way, the latest first.
    pub changed: Vec<Reroute>,
    /// Those of which it cannot be known, the latest first.
    pub unknown: Vec<Doubt>,
}

impl Rerouted {
    /// Whether every request is known to go the way it went.
    pub fn is_all_the_same(&self) -> bool {
        self.changed.is_empty() && self.unknown.is_empty()
    }

    /// All of it in a few words: `50 requests: 3 would go another way, 2 unknown`.
    pub fn summary(&self) -> String {
        let requests = match self.looked_at {
            1 => "1 request".to_owned(),
            count => format!("{count} requests"),
        };
        let changed = match self.changed.len() {
            0 => "none".to_owned(),
            count => count.to_string(),
        };
        let unknown = match self.unknown.len() {
            0 => String::new(),
            count => format!(", {count} unknown"),
        };
        format!("{requests}: {changed} would go another way{unknown}")
    }
}

/// A request that would go another way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reroute {
    /// The id of the run that it was.
    pub id: String,
    /// The flow of that run.
    pub flow: String,
    /// The way it went: the titles of the arms taken, joined with ` › `, else how it ended.
    pub was: String,
    /// The way it would go.
    pub now: String,
    /// Where the step is written that decides otherwise: `flows.kdl:27`.
    pub location: Option<String>,
}

/// A request that may go another way or not: that cannot be known without doing something, or from
/// what was kept of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// The id of the run that it was.
    pub id: String,
    /// The flow of that run.
    pub flow: String,
    /// The way it went.
    pub was: String,
    /// Why it cannot be known.
    pub why: String,
}
