use std::collections::BTreeSet;

use super::read::members;
use crate::run::{ArmShape, FlowShape, StepShape, Value, VariableShape, known_word};

/// Step ids and arms over this come from no flow: a record that says so is not believed.
const MOST: usize = 10_000;

/// What a flow looked like, as far as the story of one of its runs tells: enough to read that
/// story by. `told` is a record, or what is told of a call.
pub(super) fn sketch(name: &str, told: &Value) -> FlowShape {
    let mut shape = FlowShape {
        name: name.into(),
        variables: variables(told),
        ..FlowShape::default()
    };
    for step in members(&told["steps"]) {
        let Some(place) = place(&mut shape, &step["step"]) else {
            continue;
        };
        place.kind = known_word(step["kind"].as_str().unwrap_or_default());
        place.title = text(&step["title"]);
        let detail = &step["detail"];
        if !place.is_branch() {
            continue;
        }
        for condition in members(&detail["conditions"]) {
            if let Some(arm) = arm(place, &condition["arm"]) {
                arm.condition = condition["condition"].as_str().map(str::to_owned);
                arm.title = text(&condition["condition"]);
            }
        }
        if let Some(arm) = arm(place, &detail["arm"]) {
            arm.title = text(&detail["taken"]);
        }
    }
    for taken in members(&told["taken"]) {
        let title = text(&taken["arm"]);
        let Some(place) = place(&mut shape, &taken["step"]) else {
            continue;
        };
        // An earlier version did not say it.
        place.kind = known_word(taken["kind"].as_str().unwrap_or("branch"));
        place.title = text(&taken["branch"]);
        // A brief record tells the arm by its title alone.
        if !title.is_empty() && !place.arms.iter().any(|arm| arm.title == title) {
            place.arms.push(ArmShape {
                title,
                condition: None,
                steps: Vec::new(),
            });
        }
    }
    shape
}

fn variables(told: &Value) -> Vec<VariableShape> {
    let parsed = told["variables"].as_object().into_iter().flatten();
    let mut names: BTreeSet<&str> = parsed.map(|(name, _)| &**name).collect();
    for step in members(&told["steps"]) {
        if step["kind"] == "set" {
            let set = step["detail"].as_object().into_iter().flatten();
            names.extend(set.map(|(name, _)| &**name));
        }
    }
    names
        .into_iter()
        .map(|name| VariableShape {
            name: name.to_owned(),
            label: None,
            source: String::new(),
            kind: None,
        })
        .collect()
}

/// The step of that id; the flow's body is what ran, in the order it first did.
fn place<'s>(shape: &'s mut FlowShape, id: &Value) -> Option<&'s mut StepShape> {
    let id = u32::try_from(id.as_u64()?).ok()?;
    let index = id as usize;
    if index >= MOST {
        return None;
    }
    if shape.steps.len() <= index {
        shape.steps.resize_with(index + 1, || StepShape {
            kind: known_word(""),
            title: String::new(),
            arms: Vec::new(),
            on_error: Vec::new(),
        });
    }
    if !shape.body.contains(&id) {
        shape.body.push(id);
    }
    shape.steps.get_mut(index)
}

fn arm<'s>(step: &'s mut StepShape, index: &Value) -> Option<&'s mut ArmShape> {
    let index = usize::try_from(index.as_u64()?).ok()?;
    if index >= MOST {
        return None;
    }
    if step.arms.len() <= index {
        step.arms.resize_with(index + 1, || ArmShape {
            title: String::new(),
            condition: None,
            steps: Vec::new(),
        });
    }
    step.arms.get_mut(index)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
