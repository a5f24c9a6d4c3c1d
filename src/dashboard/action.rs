use super::{
    page::Tab,
    state::{Screen, Target},
};

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
    /// To the inspector; there, to the run that repeats this one, or that it repeats.
    Open,
    /// To the inspector.
    Inspect,
    /// To the list.
    List,
    /// Out of whatever is open: an overlay, a search, the inspector, the filter.
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
    /// Type a filter; in the inspector, something to find.
    Filter,
    /// To the next place of what is searched for.
    FindNext,
    /// To the place before.
    FindPrevious,
    /// Show all of large bodies, or fold them again.
    Unfold,
    /// Ask for the rest of a body that was cut.
    More,
    /// Show errors only, or everything again.
    Errors,
    /// Copy the selected flow's URL.
    CopyUrl,
    /// Copy a `curl` line for the selected flow.
    CopyCurl,
    /// Show what can be done with the selected run, or hide it.
    Acts,
    /// In that list: do the selected one.
    Choose,
    /// Copy the selected run's request as a `curl` line.
    CopyRequestCurl,
    /// Copy the URL that the selected run's request was sent to.
    CopyRequestUrl,
    /// Copy the body of the selected run's request.
    CopyBody,
    /// Copy the selected run's record as JSON.
    CopyRecord,
    /// Choose what a `parse` block should read of the selected run's request.
    DraftParse,
    /// Show the selected run as a `test` block.
    DraftTest,
    /// Show how the selected run's flow is written.
    FlowText,
    /// Mark the selected run, or take the mark away.
    Mark,
    /// Compare the selected run with the one that was marked last.
    Compare,
    /// To the new run that an answer tells of.
    GoToRun,
    /// Ask whether to send the selected run again.
    Resend,
    /// Have the request of the selected run edited, and ask which way that would go.
    EditRequest,
    /// Ask the server which way the selected run would go now.
    DryRun,
    /// In the lines of a `parse` block: tick one, or take the tick away.
    Tick,
    /// There: tick all, or take all ticks away.
    TickAll,
    /// Copy what is shown.
    Take,
    /// To the next screen.
    NextScreen,
    /// To the screen before.
    PreviousScreen,
    /// To this screen.
    GoTo(Screen),
    /// Give the pane with the focus all the room, or only its part.
    Zoom,
    /// To the flows, or back to the runs.
    Flows,
    /// Count over the next longer time.
    Span,
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
    /// Show the dead runs that the server keeps; in the flows, those of the selected one.
    Dead,
    /// Take the mouse, or leave it to the terminal.
    Mouse,
    /// Something was clicked at.
    Click(Target),
    /// A wheel was turned over something, by so many rows.
    Wheel(Target, isize),
    /// A character for what is typed.
    Type(char),
    /// Take its last character away.
    Erase,
    /// Take its last word away.
    EraseWord,
    /// Take all of it away.
    EraseAll,
    /// What is typed is done: the filter, what to find, or the search in the palette.
    Apply,
}
