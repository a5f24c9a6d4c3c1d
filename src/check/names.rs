mod presence;

use std::rc::Rc;

pub(super) use self::presence::{Point, Presence};
use super::{around::Around, callees::Callee};
use crate::{
    expr::{Binding, Root, Scope, ValueKind},
    model::{Kind, Variable},
};

/// The names that a flow's expressions may use, and what is known of them at the point that is
/// being checked.
#[derive(Debug)]
pub(super) struct Names {
    variables: Vec<Variable>,
    presence: Vec<Presence>,
    /// By slot, whether some step before gives it a value of whatever kind.
    is_reset: Vec<bool>,
    handles_error: bool,
    is_in_loop: bool,
    /// The slots that steps set, in the order of the file.
    sets: Vec<u32>,
    uses_document: bool,
    is_unsure: bool,
    /// The parameters of the webhook's path.
    parameters: Vec<String>,
    /// Whether a secret may stand here.
    may_name_secrets: bool,
    around: Rc<Around>,
    /// How deep the flow calls others, as far as it has been checked.
    depth: usize,
}

impl Names {
    /// The names of a flow that begins with these variables.
    pub fn new(parsed: Vec<(Variable, Presence)>, around: &Rc<Around>) -> Self {
        let (variables, presence): (Vec<_>, _) = parsed.into_iter().unzip();
        Self {
            is_reset: vec![false; variables.len()],
            variables,
            presence,
            handles_error: false,
            is_in_loop: false,
            sets: Vec::new(),
            uses_document: false,
            is_unsure: false,
            parameters: Vec::new(),
            may_name_secrets: false,
            around: Rc::clone(around),
            depth: 0,
        }
    }

    /// The same, in a flow whose path has these parameters.
    pub fn with_parameters(mut self, parameters: &[String]) -> Self {
        self.parameters = parameters.to_vec();
        self
    }

    /// What the flow stands among.
    pub fn around(&self) -> &Around {
        &self.around
    }

    /// Reads an expression in a place from where a secret reaches nobody but whom it is sent to.
    pub fn naming_secrets<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.may_name_secrets = true;
        let read = read(self);
        self.may_name_secrets = false;
        read
    }

    /// Whether the webhook's path has a parameter of this name.
    pub fn is_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|known| known == name)
    }

    /// Notes that a slip may have hidden names: from here on, that one is unknown is no news.
    pub fn become_unsure(&mut self) {
        self.is_unsure = true;
    }

    /// Whether a slip may have hidden names.
    pub fn is_unsure(&self) -> bool {
        self.is_unsure
    }

    /// Whether a step sets the variable, and no line of `parse`.
    pub fn is_set_by_step(&self, name: &str) -> bool {
        self.slot(name)
            .is_some_and(|slot| self.sets.contains(&(slot as u32)))
    }

    /// The slot of a variable that a step sets here, a new one if need be.
    pub fn set(&mut self, name: &str, source: &'static str) -> u32 {
        let slot = self.slot(name).unwrap_or_else(|| {
            self.variables.push(Variable {
                name: name.to_owned(),
                label: None,
                source: source.to_owned(),
                kind: None::<Kind>,
            });
            self.presence.push(Presence::Unset);
            self.is_reset.push(true);
            self.variables.len() - 1
        });
        self.is_reset[slot] = true;
        self.presence[slot] = Presence::Present;
        self.sets.push(slot as u32);
        slot as u32
    }

    /// Notes that a step that sets a variable may leave it without a value.
    pub fn may_leave_absent(&mut self, slot: u32) {
        self.presence[slot as usize] = Presence::MayBeAbsent;
    }

    /// Notes that a flow is called that is so: what it reads of the request is read by this one.
    pub fn note_call(&mut self, callee: &Callee) {
        self.uses_document |= callee.uses_document;
        self.depth = self.depth.max(callee.depth + 1);
    }

    /// How deep the flow calls others.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The slots that steps have set so far, in the order of the file.
    pub fn sets(&self) -> &[u32] {
        &self.sets
    }

    /// The name of a variable.
    pub fn name(&self, slot: u32) -> &str {
        &self.variables[slot as usize].name
    }

    /// Whether the point being checked is inside of an `on-error`.
    pub fn handles_error(&self) -> bool {
        self.handles_error
    }

    /// Whether the point being checked is inside of a loop; gives what was before.
    pub fn set_in_loop(&mut self, is_in_loop: bool) -> bool {
        std::mem::replace(&mut self.is_in_loop, is_in_loop)
    }

    /// Whether the point being checked is inside of a loop.
    pub fn is_in_loop(&self) -> bool {
        self.is_in_loop
    }

    fn slot(&self, name: &str) -> Option<usize> {
        self.variables
            .iter()
            .position(|variable| variable.name == name)
    }

    /// Whether the point being checked is inside an error handler; gives what was before.
    pub fn set_handles_error(&mut self, handles_error: bool) -> bool {
        std::mem::replace(&mut self.handles_error, handles_error)
    }

    /// Notes what an expression reads.
    pub fn note_roots(&mut self, roots: &[(Root, Vec<crate::expr::Segment>)]) {
        self.uses_document |= roots.iter().any(|(root, path)| {
            *root == Root::Request
                && match path.first() {
                    Some(crate::expr::Segment::Key(member)) => &**member == "json",
                    _ => true,
                }
        });
    }

    /// Whether some expression needs the whole JSON document.
    pub fn uses_document(&self) -> bool {
        self.uses_document
    }

    /// All names that may be used here, for suggestions.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        let here = self
            .variables
            .iter()
            .zip(&self.presence)
            .filter(|(_, presence)| **presence != Presence::Unset)
            .map(|(variable, _)| &*variable.name);
        here.chain(["request", "flow", "run"])
            .chain(self.handles_error.then_some("error"))
    }

    /// Whether a name is set elsewhere in the flow, but on no way to here.
    pub fn is_set_elsewhere(&self, name: &str) -> bool {
        self.slot(name).is_some()
    }

    /// The variables by slot.
    pub fn into_variables(self) -> Vec<Variable> {
        self.variables
    }
}

/// The members of the roots that are not variables.
const MEMBERS: [(&str, Root, &[&str]); 4] = [
    (
        "request",
        Root::Request,
        &[
            "method", "path", "headers", "query", "json", "text", "remote",
        ],
    ),
    ("flow", Root::Flow, &["name", "revision"]),
    ("run", Root::Run, &["id", "attempt"]),
    ("error", Root::Error, &["step", "message"]),
];

/// The members of a root by its name, for suggestions.
pub(super) fn members(root: &str) -> &'static [&'static str] {
    MEMBERS
        .iter()
        .find(|(name, ..)| *name == root)
        .map_or(&[], |(.., members)| members)
}

impl Scope for Names {
    fn lookup(&self, name: &str) -> Option<Binding> {
        let sure = |root| {
            Some(Binding {
                root,
                may_be_absent: false,
            })
        };
        match name {
            "request" => sure(Root::Request),
            "flow" => sure(Root::Flow),
            "run" => sure(Root::Run),
            "secrets" if self.may_name_secrets => sure(Root::Secrets),
            "error" if self.handles_error => sure(Root::Error),
            _ => {
                let slot = self.slot(name)?;
                let presence = self.presence[slot];
                (presence != Presence::Unset).then_some(Binding {
                    root: Root::Variable(slot as u32),
                    may_be_absent: presence == Presence::MayBeAbsent,
                })
            }
        }
    }

    fn member_exists(&self, root: Root, member: &str) -> bool {
        matches!(root, Root::Variable(_))
            || root == Root::Secrets && self.around.secrets.iter().any(|known| known == member)
            || MEMBERS
                .iter()
                .any(|(_, known, members)| *known == root && members.contains(&member))
    }

    fn kind(&self, root: Root) -> Option<ValueKind> {
        let Root::Variable(slot) = root else {
            return None;
        };
        let slot = slot as usize;
        let kind = self.variables.get(slot)?.kind?;
        // A round of a loop may meet what the one before it has set, further below.
        if self.is_reset[slot] || self.is_in_loop {
            return None;
        }
        match kind {
            Kind::String => Some(ValueKind::Text),
            Kind::Number | Kind::Integer => Some(ValueKind::Number),
            Kind::Bool => Some(ValueKind::Bool),
            Kind::List => Some(ValueKind::List),
            Kind::Json => None,
        }
    }
}
