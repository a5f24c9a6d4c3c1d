use super::File;
use crate::{dashboard::Left, observe::Question};

/// What is left for the caller of [`State::act`] to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Leave the dashboard.
    Leave(Left),
    /// Put this on the clipboard.
    Copy(String),
    /// Put this into a file, and say where it is with [`State::saved`].
    Save(File),
    /// Have the viewer edit this, and say what came of it with [`State::edited`].
    Edit(File),
    /// Have the terminal tell of the mouse, or keep it to itself.
    Mouse(bool),
    /// Draw everything anew.
    Redraw,
    /// Ask the server this.
    Ask(Question),
}
