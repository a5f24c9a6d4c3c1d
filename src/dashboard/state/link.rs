use std::time::SystemTime;

/// Where the dashboard hears from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// From the server in the same process.
    Live,
    /// From a server elsewhere, by this socket.
    Attached(String),
    /// From a recording of this name.
    File(String),
}

/// How the dashboard stands to its server.
#[derive(Clone, Debug)]
pub struct Link {
    source: Source,
    lost: Option<String>,
    /// Whether nothing may be asked for that acts.
    read_only: bool,
    /// When the last of what a recording tells happened.
    recorded: Option<SystemTime>,
}

impl Link {
    pub(super) fn new(source: Source, read_only: bool) -> Self {
        Self {
            // One that is elsewhere may not be there.
            lost: matches!(source, Source::Attached(_)).then(|| "nothing heard yet".to_owned()),
            source,
            read_only,
            recorded: None,
        }
    }

    pub(super) fn lose(&mut self, why: String) {
        self.lost = Some(why);
    }

    pub(super) fn find(&mut self) {
        self.lost = None;
    }

    /// Why the server is out of reach, where it is.
    pub fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// The same as a sentence for whoever looks.
    pub fn lost_sentence(&self) -> Option<String> {
        let why = self.lost.as_ref()?;
        Some(match &self.source {
            Source::Attached(place) => format!("{why}: waiting for a server at {place}"),
            Source::Live | Source::File(_) => why.clone(),
        })
    }

    /// The word that says it.
    pub fn badge(&self) -> &'static str {
        match (&self.lost, &self.source) {
            (Some(_), _) => "LOST",
            (None, Source::Live) => "LIVE",
            (None, Source::Attached(_)) => "ATTACHED",
            (None, Source::File(_)) => "FILE",
        }
    }

    /// Whether the server stops when the dashboard is left: it is asked for then.
    pub fn is_servers_own(&self) -> bool {
        self.source == Source::Live
    }

    /// Whether what is told is what once happened.
    pub fn is_recording(&self) -> bool {
        matches!(self.source, Source::File(_))
    }

    /// When the last of what a recording tells happened.
    pub fn recorded(&self) -> Option<SystemTime> {
        self.recorded
    }

    /// Takes in when something of a recording happened, and says when the last of it did.
    pub(super) fn record(&mut self, at: Option<SystemTime>) -> Option<SystemTime> {
        // Runs are told in the order of their ends, and those of before first.
        self.recorded = self.recorded.max(at);
        self.recorded
    }

    /// Why nothing can be done here, where nothing can.
    pub fn why_not(&self) -> Option<&'static str> {
        let read_only = self.read_only.then_some("this dashboard is read-only");
        self.why_only_seen().or(read_only)
    }

    /// Why nothing can be tried here, not even without effects, where nothing can.
    pub fn why_only_seen(&self) -> Option<&'static str> {
        self.is_recording()
            .then_some("a recording can only be looked at")
    }
}
