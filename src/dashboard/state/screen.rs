/// What the room between header and footer is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Screen {
    /// The runs as they come, and the inspector of one of them.
    #[default]
    Live,
    /// The flows, what passed through them, and the graph of one.
    Flows,
    /// What is served, where it was read, and what became of it each time.
    Config,
    /// How much, how fast and how well.
    Stats,
}

impl Screen {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Live, Self::Flows, Self::Config, Self::Stats];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Live => "Live",
            Self::Flows => "Flows",
            Self::Config => "Config",
            Self::Stats => "Stats",
        }
    }

    /// The number that it goes by.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The one so many places on, round and round.
    #[must_use]
    pub fn step(self, places: usize) -> Self {
        Self::ALL[(self as usize + places) % Self::ALL.len()]
    }
}
