use super::{Page, Tone, words};
use crate::{
    dashboard::text::{fit, width},
    observe::Entry,
    run::{FlowShape, Outcome, RunRecord, Value, VariableShape},
};

/// From how many columns on, a variable is one line of a table.
const TABLE: usize = 64;

pub(super) fn write(page: &mut Page, entry: &Entry, record: &RunRecord, columns: usize) {
    let Some(shape) = record.flow.as_deref() else {
        return words::no_flow(page, entry);
    };
    let has_run = !matches!(record.outcome, Outcome::Refused | Outcome::Skipped);
    if shape.variables.is_empty() {
        page.line().put(Tone::Dim, "The flow has no variables.");
    } else if !has_run && record.variables.iter().all(Option::is_none) {
        page.line().put(
            Tone::Dim,
            "Their values are not known: no run was made of the request.",
        );
    } else if columns >= TABLE {
        table(page, shape, record);
    } else {
        list(page, shape, record);
    }
}

fn table(page: &mut Page, shape: &FlowShape, record: &RunRecord) {
    let rows: Vec<(usize, [String; 3])> = shown(shape, record)
        .map(|(slot, variable)| {
            let kind = variable.kind.or_else(|| kind(record, slot)).unwrap_or("");
            let name = match &variable.label {
                Some(label) => format!("{} “{label}”", variable.name),
                None => variable.name.clone(),
            };
            (slot, [name, kind.to_owned(), variable.source.clone()])
        })
        .collect();
    let widest = |column: usize, title: &str, most: usize| {
        rows.iter()
            .map(|(_, row)| width(&row[column]))
            .fold(width(title), usize::max)
            .min(most)
            + 2
    };
    let name = widest(0, "name", 24);
    let kind = name + widest(1, "type", 8);
    let source = kind + widest(2, "from", 24);
    page.line()
        .put(Tone::Dim, "name")
        .fill_to(name)
        .put(Tone::Dim, "type")
        .fill_to(kind)
        .put(Tone::Dim, "from")
        .fill_to(source)
        .put(Tone::Dim, "value");
    for (slot, row) in &rows {
        let (tone, value) = value(record, *slot);
        page.line()
            .put(Tone::Strong, &fit(&row[0], name - 2))
            .fill_to(name)
            .put(Tone::Dim, &fit(&row[1], kind - name - 2))
            .fill_to(kind)
            .put(Tone::Dim, &fit(&row[2], source - kind - 2))
            .fill_to(source)
            .put(tone, &value)
            .hang(source);
    }
}

/// The variables with their slots. Of a request that was refused, no step could set one.
fn shown<'s>(
    shape: &'s FlowShape,
    record: &RunRecord,
) -> impl Iterator<Item = (usize, &'s VariableShape)> {
    let is_refused = record.outcome == Outcome::Refused;
    let variables = shape.variables.iter().enumerate();
    variables.filter(move |(_, variable)| !is_refused || variable.is_parsed())
}

fn value(record: &RunRecord, slot: usize) -> (Tone, String) {
    match record.variables.get(slot).and_then(Option::as_ref) {
        // It may be there, and be what it was refused for.
        None if record.outcome == Outcome::Refused => (Tone::Dim, "no value".to_owned()),
        value => words::value(value),
    }
}

fn list(page: &mut Page, shape: &FlowShape, record: &RunRecord) {
    for (slot, variable) in shown(shape, record) {
        let (tone, value) = value(record, slot);
        page.line()
            .put(Tone::Strong, &variable.name)
            .put(Tone::Dim, " = ")
            .put(tone, &value)
            .hang(4);
        let line = page.line();
        line.put(Tone::Dim, "    ").put(Tone::Dim, &variable.source);
        if let Some(kind) = variable.kind.or_else(|| kind(record, slot)) {
            line.put(Tone::Dim, " · ").put(Tone::Dim, kind);
        }
        if let Some(label) = &variable.label {
            line.put(Tone::Dim, &format!(" · “{label}”"));
        }
        line.hang(4);
    }
}

// What it is, where the file does not say what it should be.
fn kind(record: &RunRecord, slot: usize) -> Option<&'static str> {
    Some(match record.variables.get(slot)?.as_ref()? {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    })
}
