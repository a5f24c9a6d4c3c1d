use std::sync::Arc;

use crate::{
    model::{Mode, StatusTemplate, StepKind, Variable},
    run::{FlowShape, StepShape, VariableShape},
};

/// A flow's shape before its steps are shared.
pub(super) struct Draft<'a> {
    pub name: &'a str,
    pub mode: Mode,
    pub methods: Vec<String>,
    pub path: String,
    pub url: String,
    pub user: Option<String>,
    pub variables: Vec<Variable>,
    pub steps: Vec<StepShape>,
    pub body: Vec<u32>,
    pub on_error: Vec<u32>,
}

pub(super) fn flow_shape(draft: Draft<'_>) -> FlowShape {
    FlowShape {
        name: Arc::from(draft.name),
        sync: draft.mode == Mode::Sync,
        methods: draft.methods,
        path: draft.path,
        url: draft.url,
        user: draft.user,
        variables: draft
            .variables
            .into_iter()
            .map(|variable| VariableShape {
                name: variable.name,
                label: variable.label,
                source: variable.source,
                kind: variable.kind.map(crate::model::Kind::name),
            })
            .collect(),
        steps: draft.steps,
        body: draft.body,
        on_error: draft.on_error,
    }
}

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
        StepKind::Stop => ("stop", String::new()),
        StepKind::Fail(template) => ("fail", template.text().to_owned()),
    }
}
