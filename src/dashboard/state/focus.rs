/// Which pane the keys move in; the only one that is drawn where there is room for one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Focus {
    /// The list of runs.
    List,
    /// The inspector of the selected one.
    Inspector,
}
