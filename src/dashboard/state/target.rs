use super::Screen;
use crate::dashboard::page::Tab;

/// What a mouse points at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The name of a screen.
    Screen(Screen),
    /// The name of one of the inspector's tabs.
    Tab(Tab),
    /// The list of runs or flows, and the index of what is in that row, if anything.
    List(Option<usize>),
    /// The inspector, or the graph of a flow.
    Inspector,
    /// A screen that is read.
    Reading,
    /// What lies over all of that.
    Overlay,
}
