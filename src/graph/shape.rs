use crate::model::{StatusTemplate, StepKind, Variable};

/// A step's keyword, and what is drawn beside it.
pub(super) fn step_title(kind: &StepKind, variables: &[Variable]) -> (&'static str, String) {
    match kind {
        StepKind::Branch(branch) => ("branch", branch.name.clone().unwrap_or_default()),
        StepKind::Respond(reply) => (
            "respond",
            match &reply.status {
                StatusTemplate::Fixed(status) => status.as_u16().to_string(),
                StatusTemplate::Computed(template) => template.text().to_owned(),
            },
        ),
        StepKind::Set(values) => (
            "set",
            values
                .iter()
                .map(|(slot, _)| &*variables[*slot as usize].name)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        StepKind::Log(template) => ("log", template.text().to_owned()),
        StepKind::Delay(template) => ("delay", template.text().to_owned()),
        StepKind::Http(http) => ("http", format!("{} {}", http.method, http.shown)),
        StepKind::Stop => ("stop", String::new()),
        StepKind::Fail(template) => ("fail", template.text().to_owned()),
    }
}
