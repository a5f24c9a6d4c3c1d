use super::{Page, Tone, words};
use crate::{
    dashboard::text::{fit, width},
    observe::Entry,
    run::{FlowShape, RunRecord, Value},
};

/// From how many columns on, a variable is one line of a table.
const TABLE: usize = 64;

pub(super) fn write(page: &mut Page, entry: &Entry, record: &RunRecord, columns: usize) {
    let Some(shape) = record.flow.as_deref() else {
        return words::no_flow(page, entry);
    };
    if shape.variables.is_empty() {
        page.line().put(Tone::Dim, "The flow has no variables.");
    } else if columns >= TABLE {
        table(page, shape, record);
    } else {
        list(page, shape, record);
    }
}

fn table(page: &mut Page, shape: &FlowShape, record: &RunRecord) {
    let rows: Vec<[String; 3]> = shape
        .variables
        .iter()
        .enumerate()
        .map(|(slot, variable)| {
            let kind = variable.kind.or_else(|| kind(record, slot)).unwrap_or("");
            let name = match &variable.label {
                Some(label) => format!("{} “{label}”", variable.name),
                None => variable.name.clone(),
            };
            [name, kind.to_owned(), variable.source.clone()]
        })
        .collect();
    let widest = |column: usize, title: &str, most: usize| {
        rows.iter()
            .map(|row| width(&row[column]))
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
    for (slot, row) in rows.iter().enumerate() {
        let (tone, value) = words::value(record.variables.get(slot).and_then(Option::as_ref));
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

fn list(page: &mut Page, shape: &FlowShape, record: &RunRecord) {
    for (slot, variable) in shape.variables.iter().enumerate() {
        let (tone, value) = words::value(record.variables.get(slot).and_then(Option::as_ref));
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
