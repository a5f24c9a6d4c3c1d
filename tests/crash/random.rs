use std::time::{SystemTime, UNIX_EPOCH};

/// Numbers that are the same again for the same seed (SplitMix64).
pub struct Random(u64);

impl Random {
    /// From `HOOKYARD_SEED`, else from the clock; prints the seed.
    pub fn new() -> Self {
        let seed = match std::env::var("HOOKYARD_SEED") {
            Ok(text) => text.parse().expect("a seed is a number"),
            Err(_) => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
                since.as_nanos() as u64
            }
        };
        println!("HOOKYARD_SEED={seed}");
        Self(seed)
    }

    /// A source of its own, for another thread.
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    /// A number less than `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
