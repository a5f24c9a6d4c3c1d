use serde_json::Number;

use super::{expression, names::Names};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    expr::{JsonTemplate, Lenience},
    run::Value,
    syntax::{Fields, Literal, Node, Scalar},
};

/// The JSON value that a node stands for: one argument, or children. All children named `-` are a
/// list, none is an object. Several arguments, and empty lists and objects, say what they are.
pub(super) fn json(
    node: Node,
    lenience: Lenience,
    names: &mut Names,
    report: &mut Report,
) -> Option<JsonTemplate> {
    let mut fields = node.open();
    let value = value(&mut fields, lenience, names, report);
    fields.finish(report);
    value
}

fn value(
    fields: &mut Fields,
    lenience: Lenience,
    names: &mut Names,
    report: &mut Report,
) -> Option<JsonTemplate> {
    let annotation = fields.annotation();
    if let Some((property, _)) = fields.properties_left().first() {
        let name = &fields.name.text;
        report.push(
            Diagnostic::error(property.span, "JSON in KDL has no properties").help(format!(
                "a member is a child: `{name} {{ {} … }}`",
                property.text
            )),
        );
        fields.arguments();
        fields.children();
        return None;
    }
    let arguments = fields.arguments();
    let has_block = fields.has_children_block();
    let children = fields.children();
    let span = fields.span;
    let refuse = |message: &str, help: &str, report: &mut Report| {
        report.push(Diagnostic::error(span, message).help(help));
        None
    };
    match annotation.as_ref().map(|annotation| &*annotation.text) {
        Some("array") => {
            let items: Vec<_> = arguments
                .iter()
                .map(|argument| scalar(argument, lenience, names, report))
                .collect();
            let more = items_of(children, lenience, names, report);
            let mut items = items.into_iter().collect::<Option<Vec<_>>>()?;
            match more? {
                Items::List(more) => items.extend(more),
                Items::Object(_) => {
                    report.push(Diagnostic::error(
                        span,
                        "the items of an `(array)` are named `-`",
                    ));
                    return None;
                }
                Items::None => {}
            }
            Some(JsonTemplate::List(items))
        }
        Some("object") => match (
            arguments.first(),
            items_of(children, lenience, names, report)?,
        ) {
            (Some(argument), _) => {
                report.push(Diagnostic::error(
                    argument.span,
                    "an `(object)` has children, no arguments",
                ));
                None
            }
            (None, Items::List(_)) => {
                report.push(Diagnostic::error(
                    span,
                    "the members of an `(object)` have names: `-` is for lists",
                ));
                None
            }
            (None, Items::Object(members)) => Some(JsonTemplate::Object(members)),
            (None, Items::None) => Some(JsonTemplate::Object(Vec::new())),
        },
        Some(other) => {
            let message = format!("`({other})` is no JSON type");
            refuse(&message, "there are `(array)` and `(object)`", report)
        }
        None => match (&*arguments, has_block) {
            ([], false) => refuse(
                "a JSON value is missing",
                "one argument, or children; `(array)` and `(object)` stand before empty ones",
                report,
            ),
            ([], true) => match items_of(children, lenience, names, report)? {
                Items::List(items) => Some(JsonTemplate::List(items)),
                Items::Object(members) => Some(JsonTemplate::Object(members)),
                Items::None => refuse(
                    "an empty block could be a list or an object",
                    "write `(array)` or `(object)` before the name",
                    report,
                ),
            },
            ([argument], false) => scalar(argument, lenience, names, report),
            ([_], true) => refuse(
                "a JSON value is one argument or children, not both",
                "put the argument into a child",
                report,
            ),
            // What stands there may follow from another slip: a comma, a colon.
            (_, _) if report.has_told_within(span) => None,
            (_, _) => refuse(
                "several arguments are a list only with `(array)`",
                "write `(array)` before the name",
                report,
            ),
        },
    }
}

enum Items {
    None,
    List(Vec<JsonTemplate>),
    Object(Vec<(String, JsonTemplate)>),
}

fn items_of(
    children: Vec<Node>,
    lenience: Lenience,
    names: &mut Names,
    report: &mut Report,
) -> Option<Items> {
    let dashes = children
        .iter()
        .filter(|child| child.name.text == "-")
        .count();
    if children.is_empty() {
        return Some(Items::None);
    }
    let mut is_whole = true;
    if dashes != 0 && dashes != children.len() {
        let odd = children.iter().find(|child| child.name.text != "-")?;
        report.push(
            Diagnostic::error(odd.span, "list items and named members cannot be mixed")
                .help("all children are named `-` for a list, none for an object"),
        );
        is_whole = false;
    }
    // All children are read, so that all their errors are told, before any failure counts.
    let mut seen: Vec<(String, Span)> = Vec::new();
    let mut values = Vec::new();
    for child in children {
        let (name, span) = (child.name.text.clone(), child.name.span);
        if name != "-" {
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == name) {
                report.push(
                    Diagnostic::error(span, format!("the member `{name}` is there twice"))
                        .also(*first, "first here"),
                );
                is_whole = false;
            }
            seen.push((name.clone(), span));
        }
        match json(child, lenience, names, report) {
            Some(value) => values.push((name, value)),
            None => is_whole = false,
        }
    }
    if !is_whole {
        return None;
    }
    Some(if dashes == 0 {
        Items::Object(values)
    } else {
        Items::List(values.into_iter().map(|(_, value)| value).collect())
    })
}

/// The JSON that a scalar stands for; text is a template.
pub(super) fn scalar(
    scalar: &Scalar,
    lenience: Lenience,
    names: &mut Names,
    report: &mut Report,
) -> Option<JsonTemplate> {
    if let Literal::String(_) = scalar.literal {
        let template = expression::template(scalar, "a JSON text", lenience, names, report)?;
        return Some(match template.as_constant() {
            Some(text) => JsonTemplate::Constant(Value::from(text)),
            None => JsonTemplate::Text(template),
        });
    }
    constant(scalar, report).map(JsonTemplate::Constant)
}

/// The JSON value of a scalar, text taken as it is.
pub(super) fn constant(scalar: &Scalar, report: &mut Report) -> Option<Value> {
    if !super::scalar::is_bare(scalar, "a value", report) {
        return None;
    }
    let value = match &scalar.literal {
        Literal::String(text) => Some(Value::from(&*text.value)),
        Literal::Integer(integer) => i64::try_from(*integer)
            .map(Value::from)
            .or_else(|_| u64::try_from(*integer).map(Value::from))
            .ok(),
        Literal::Float(float) => Number::from_f64(*float).map(Value::Number),
        Literal::Bool(bool) => Some(Value::Bool(*bool)),
        Literal::Null => Some(Value::Null),
    };
    if value.is_none() {
        report.push(Diagnostic::error(scalar.span, "JSON has no such number"));
    }
    value
}
