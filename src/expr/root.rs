//! What names mean where an expression stands.

use super::ValueKind;

/// Where a name in an expression leads.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
pub enum Root {
    /// A variable of the flow, by its slot.
    Variable(u32),
    /// The request that started the run.
    Request,
    /// The flow itself: its name and revision.
    Flow,
    /// The run: its id and attempt.
    Run,
    /// The error an `on-error` block handles.
    Error,
    /// The secrets of the configuration.
    Secrets,
}

impl Root {
    /// The word this root is written with; a variable has a name of its own.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Root::Variable(_) => None,
            Root::Request => Some("request"),
            Root::Flow => Some("flow"),
            Root::Run => Some("run"),
            Root::Error => Some("error"),
            Root::Secrets => Some("secrets"),
        }
    }
}

/// What a name means where an expression stands; written by the checker.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// Where the name leads.
    pub root: Root,
    /// Whether a run may find nothing there.
    pub may_be_absent: bool,
}

/// The names an expression may use where it stands.
pub trait Scope {
    /// What `name` means, or `None` where it means nothing.
    fn lookup(&self, name: &str) -> Option<Binding>;

    /// Whether `root` has a member of that name (`request.method`, `secrets.ntfy`). The members
    /// of a variable are not known before a run, so for those the answer is always yes.
    fn member_exists(&self, root: Root, member: &str) -> bool;

    /// Of which kind the value of `root` is whenever there is one, where that is sure here.
    fn kind(&self, root: Root) -> Option<ValueKind>;
}
