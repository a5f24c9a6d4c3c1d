/// How much is measured.
#[derive(Clone, Copy)]
pub struct Scale {
    /// How often each is measured.
    pub rounds: usize,
    /// How long each time.
    pub seconds: f64,
    /// How many runs wait in a deep queue.
    pub depth: u64,
    /// How many are accepted to tell how long one takes.
    pub sample: u64,
}

impl Scale {
    /// As much as tells something, or with `--small` as little as shows that it works.
    pub fn of(args: &[String]) -> Self {
        if args.iter().any(|arg| arg == "--small") {
            Self {
                rounds: 1,
                seconds: 0.3,
                depth: 1_000,
                sample: 200,
            }
        } else {
            Self {
                rounds: 5,
                seconds: 3.0,
                depth: 100_000,
                sample: 5_000,
            }
        }
    }
}
