use std::{fmt, sync::Arc};

use super::Taken;

/// What a flow looks like from outside: enough to list it, to draw it, and to read a record of
/// one of its runs. Part of the graph, shared by all records of the flow's runs.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FlowShape {
    /// The flow's name.
    pub name: Arc<str>,
    /// Whether the caller waits for the run (`mode="sync"`).
    pub sync: bool,
    /// Whether other flows call it, and no request leads to it.
    pub called: bool,
    /// How many of its runs are at work at once, where it says so.
    pub concurrency: Option<u32>,
    /// The methods its trigger takes.
    pub methods: Vec<String>,
    /// The trigger's path, `{names}` included.
    pub path: String,
    /// The full URL to send to; credentials are never part of it.
    pub url: String,
    /// A command for a shell that sends it something it can parse; no password is ever in it.
    pub curl: String,
    /// The variables by slot: those the trigger parses, then those the steps set.
    pub variables: Vec<VariableShape>,
    /// All steps of the flow; an index into this list is a step's id in every record.
    pub steps: Vec<StepShape>,
    /// The ids of the flow's outermost steps, in order.
    pub body: Vec<u32>,
    /// The ids of the steps of the flow's `on-error`, in order.
    pub on_error: Vec<u32>,
}

impl FlowShape {
    /// A flow that nothing is known of but its name.
    pub fn named(name: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The step with an id.
    pub fn step(&self, id: u32) -> Option<&StepShape> {
        self.steps.get(id as usize)
    }

    /// The arm that was taken, if one was.
    pub fn arm(&self, taken: &Taken) -> Option<&ArmShape> {
        self.step(taken.step)?.arm(taken.arm?)
    }

    /// The branches among what was taken, each with its arm, if one was taken: loops and lanes are
    /// ways of every run.
    pub fn branches(
        &self,
        taken: &[Taken],
    ) -> impl Iterator<Item = (&StepShape, Option<&ArmShape>)> {
        taken.iter().filter_map(|taken| {
            let step = self.step(taken.step)?;
            step.is_branch().then(|| (step, self.arm(taken)))
        })
    }
}

/// One variable of a flow.
#[derive(Clone, PartialEq, Debug)]
pub struct VariableShape {
    /// The name it has in expressions.
    pub name: String,
    /// Its display name, where the file gives one.
    pub label: Option<String>,
    /// Where it comes from: `body order.id`, `header X-Request-Id`, `set`.
    pub source: String,
    /// Its declared type, where there is one.
    pub kind: Option<&'static str>,
}

impl VariableShape {
    /// Whether the request gives it its value, and no step does.
    pub fn is_parsed(&self) -> bool {
        // A step's source is its keyword alone.
        self.source.contains(' ')
    }
}

/// One step of a flow.
#[derive(Clone, PartialEq, Debug)]
pub struct StepShape {
    /// The step's keyword: `branch`, `respond`, `set`, …
    pub kind: &'static str,
    /// What is drawn beside the keyword: a branch's name, a status, the variables that are set.
    pub title: String,
    /// A branch's arms in order, `otherwise` last; empty for other steps.
    pub arms: Vec<ArmShape>,
    /// The ids of the steps of the step's own `on-error`, in order.
    pub on_error: Vec<u32>,
}

/// One way out of a branch.
#[derive(Clone, PartialEq, Debug)]
pub struct ArmShape {
    /// What is drawn on it: its label, else its condition, else `otherwise`.
    pub title: String,
    /// The condition as written; `None` for `otherwise`.
    pub condition: Option<String>,
    /// The ids of its steps, in order.
    pub steps: Vec<u32>,
}

impl FlowShape {
    /// The URL of the server: what stands before the trigger's path.
    pub fn origin(&self) -> &str {
        self.url.strip_suffix(&*self.path).unwrap_or(&self.url)
    }
}

impl StepShape {
    /// Whether it acts on the world.
    pub fn acts(&self) -> bool {
        matches!(self.kind, "http" | "exec")
    }

    /// Whether its arms are a branch's, and not the ways of a loop or its lanes.
    pub fn is_branch(&self) -> bool {
        self.kind == "branch"
    }

    /// The arm with an index.
    pub fn arm(&self, index: u32) -> Option<&ArmShape> {
        self.arms.get(index as usize)
    }
}

/// The keywords of steps, and the types of variables: what `kind` may be.
const WORDS: [&str; 21] = [
    "branch", "respond", "set", "log", "delay", "http", "each", "break", "continue", "parallel",
    "exec", "call", "output", "stop", "fail", "string", "number", "integer", "bool", "list",
    "json",
];

/// The keyword that is written like this, for a shape that comes from another process; `step`
/// where this version knows no such keyword.
pub fn known_word(text: &str) -> &'static str {
    WORDS
        .into_iter()
        .find(|word| *word == text)
        .unwrap_or("step")
}

impl fmt::Display for StepShape {
    /// The step as messages name it: `branch "big order?"`, `respond 200`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &*self.title) {
            (kind, "") => f.write_str(kind),
            (kind @ ("branch" | "call"), title) => write!(f, "{kind} {title:?}"),
            (kind, title) => write!(f, "{kind} {title}"),
        }
    }
}
