use super::page::Tab;

/// What a key asks for. Only [`super::State::act`] knows what it changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// One row down, in whatever has the focus.
    Down,
    /// One row up.
    Up,
    /// One screenful down.
    PageDown,
    /// One screenful up.
    PageUp,
    /// To the first row.
    First,
    /// To the last row; in the list that is to follow.
    Last,
    /// Select the newest run, and every newer one as it comes.
    Follow,
    /// Let the list stand still, or go on.
    Freeze,
    /// To the inspector.
    Inspect,
    /// To the list.
    List,
    /// Out of whatever is open: an overlay, the inspector, the filter.
    Back,
    /// The inspector's next tab.
    NextTab,
    /// The inspector's tab before.
    PreviousTab,
    /// One of the inspector's tabs.
    Show(Tab),
    /// Scroll the inspector down, from the list.
    ScrollDown,
    /// Scroll the inspector up, from the list.
    ScrollUp,
    /// Type a filter.
    Filter,
    /// Show errors only, or everything again.
    Errors,
    /// Copy the selected flow's URL.
    CopyUrl,
    /// Copy a `curl` line for the selected flow.
    CopyCurl,
    /// Show the flows and their URLs, or hide them.
    Flows,
    /// Show what is wrong with the file, or hide it.
    Diagnostics,
    /// Show which of the last requests would go another way, or hide it.
    Rerouted,
    /// Search all that keys do.
    Palette,
    /// Show the keys, or hide them.
    Help,
    /// Ask whether to stop serving.
    Quit,
    /// Ctrl-C: ask, and the second time do not.
    Interrupt,
    /// Yes.
    Confirm,
    /// No.
    Decline,
    /// Ctrl-Z: say why not.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// In the flows: show only the runs of the selected one.
    FilterFlow,
    /// A character for the filter.
    Type(char),
    /// Take the filter's last character away.
    Erase,
    /// Take the filter's last word away.
    EraseWord,
    /// Take the whole filter away.
    EraseAll,
    /// What is typed is done: the filter, or the search in the palette.
    Apply,
}
