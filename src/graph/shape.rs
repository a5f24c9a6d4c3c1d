use std::iter;

use crate::{
    expr::{JsonTemplate, Template},
    model::{StatusTemplate, StepKind, Variable, Wait},
};

/// A step's keyword, and what is drawn beside it.
pub(super) fn step_title(kind: &StepKind, variables: &[Variable]) -> (&'static str, String) {
    match kind {
        StepKind::Branch(branch) => ("branch", branch.name.clone().unwrap_or_default()),
        StepKind::Respond(respond) => (
            "respond",
            match &respond.reply.status {
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
        StepKind::Each(each) => ("each", each.items.text().to_owned()),
        StepKind::Break => ("break", String::new()),
        StepKind::Continue => ("continue", String::new()),
        StepKind::Parallel(parallel) => (
            "parallel",
            match parallel.wait {
                Wait::All => String::new(),
                Wait::Any => "any".to_owned(),
                Wait::Settled => "settled".to_owned(),
            },
        ),
        StepKind::Exec(exec) => {
            let arguments = exec.arguments.iter().map(Template::text);
            let words: Vec<_> = iter::once(&*exec.name).chain(arguments).collect();
            ("exec", words.join(" "))
        }
        StepKind::Call(call) => ("call", call.flow.clone()),
        StepKind::Output(value) => (
            "output",
            match value {
                JsonTemplate::Text(template) => template.text().to_owned(),
                JsonTemplate::Constant(value) => value.to_string(),
                JsonTemplate::List(_) | JsonTemplate::Object(_) => String::new(),
            },
        ),
        StepKind::Stop => ("stop", String::new()),
        StepKind::Fail(template) => ("fail", template.text().to_owned()),
    }
}
