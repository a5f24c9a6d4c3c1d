/// How much room there is, in rows and columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Room {
    /// The rows of the list.
    pub list: usize,
    /// The columns and rows of the inspector's text.
    pub inspector: (usize, usize),
    /// The columns and rows of an overlay's text.
    pub overlay: (usize, usize),
    /// The columns and rows of a screen that is read.
    pub reading: (usize, usize),
    /// Whether only the pane with the focus is drawn.
    pub single: bool,
}
