/// How one person wants the dashboard: nothing that is served depends on it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Preferences {
    /// Its colours.
    pub colours: Colours,
    /// Whether it draws with ASCII alone.
    pub ascii: bool,
    /// Whether the mouse is for it, and not for the terminal.
    pub mouse: bool,
    /// Which actions have other keys than usual.
    pub keys: Vec<Rebinding>,
}

/// Which colours the dashboard has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Colours {
    /// The terminal's own sixteen.
    #[default]
    Terminal,
    /// Of 256, on a dark ground.
    Dark,
    /// Of 256, on a light ground.
    Light,
    /// None.
    Plain,
}

/// An action, and the keys it has in the place of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rebinding {
    /// The action's name.
    pub action: String,
    /// The keys, as written.
    pub keys: Vec<String>,
}
