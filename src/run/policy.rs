/// How the runs of one flow go beside each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Policy {
    /// How many go at once; `None` leaves that to the bound of all flows.
    pub concurrency: Option<u32>,
    /// What becomes of a run that comes while others are there.
    pub overlap: Overlap,
}

/// What becomes of a run that comes while others of its flow are there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Overlap {
    /// It waits.
    #[default]
    Queue,
    /// It is not kept, where as many run or wait as may go at once.
    Drop,
    /// It takes the place of all others, which are cancelled.
    Replace,
}
