//! A flow in a configuration: where its lines belong, what is there, which names are in use.

use std::collections::HashSet;

use crate::{
    diagnostic::{Span, nearest},
    draft::{Key, Origin},
    expr::{self, Path, Segment},
    syntax::{Node, Tree},
};

/// A node, as far as writing into it goes.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Place {
    pub head: Span,
    pub block: Option<Span>,
    /// Where the nodes in its block start.
    pub children: Vec<usize>,
}

/// A flow, as far as its `parse` goes.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Flow {
    pub head: Span,
    pub webhook: Place,
    pub parse: Option<Place>,
    /// What its lines read.
    pub there: HashSet<Key>,
    /// Every name it gives to something.
    pub names: HashSet<String>,
}

/// Finds a flow by its name.
///
/// # Errors
/// There is none of this name, or nothing triggers it; one plain sentence.
pub(super) fn find(tree: &Tree, name: &str) -> Result<Flow, String> {
    let mut known = Vec::new();
    for node in tree.nodes.iter().filter(|node| node.name.text == "flow") {
        let mut fields = node.clone().open();
        let argument = fields.argument();
        let Some(text) = argument.as_ref().and_then(|value| value.as_text()) else {
            continue;
        };
        if text.value == name {
            let webhook = fields
                .children()
                .into_iter()
                .find(|child| child.name.text == "webhook");
            return match webhook {
                Some(webhook) => Ok(flow(node, &webhook)),
                None => Err(format!("the flow {name:?} has no `webhook`")),
            };
        }
        known.push(text.value.clone());
    }
    let near = nearest(name, known.iter().map(String::as_str));
    Err(match near {
        Some(near) => format!("there is no flow {name:?}: did you mean {near:?}?"),
        None => format!("there is no flow {name:?}"),
    })
}

fn flow(node: &Node, webhook: &Node) -> Flow {
    let mut names = HashSet::new();
    names_of(node, &mut names);
    let children = webhook.clone().open().children();
    let parse = children.iter().find(|child| child.name.text == "parse");
    let mut there = HashSet::new();
    for line in parse
        .iter()
        .flat_map(|parse| (*parse).clone().open().children())
    {
        let mut fields = line.open();
        let argument = fields.argument();
        let Some(text) = argument.as_ref().and_then(|value| value.as_text()) else {
            continue;
        };
        if fields.property("as").is_none() {
            names.extend(expr::variable_name(&text.value));
        }
        there.extend(key(&fields.name.text, &text.value));
    }
    Flow {
        head: node.span,
        parse: parse.map(place),
        webhook: place(webhook),
        there,
        names,
    }
}

fn place(node: &Node) -> Place {
    let children = node.clone().open().children();
    Place {
        head: node.span,
        block: node.block,
        children: children.iter().map(|child| child.span.start).collect(),
    }
}

/// What a line reads, however it is written; none for a path that gives many values, and for what
/// is no line.
fn key(word: &str, text: &str) -> Option<Key> {
    let segments =
        || -> Option<Vec<Segment>> { Some(Path::parse(text).ok()?.segments()?.to_vec()) };
    match word {
        "header" => Some(Key::Header(text.to_ascii_lowercase())),
        "query" => Some(Key::Place(Origin::Query, segments()?)),
        "body" => Some(Key::Place(Origin::Body, segments()?)),
        _ => None,
    }
}

/// The names that `as=` and `set` give, in all of a flow.
fn names_of(node: &Node, names: &mut HashSet<String>) {
    let mut fields = node.clone().open();
    for (word, value) in fields.properties_left() {
        if word.text == "as" {
            names.extend(value.as_text().map(|text| text.value.clone()));
        } else if fields.name.text == "set" {
            names.insert(word.text);
        }
    }
    for child in fields.children() {
        names_of(&child, names);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Report, syntax::read_text};

    fn tree(text: &str) -> Tree {
        let mut report = Report::new();
        let tree = read_text("flows.kdl", text, &mut report);
        assert!(report.is_empty(), "{:?}", report.lines());
        tree
    }

    #[test]
    fn what_is_there_is_known_however_it_is_written() {
        let tree = tree(
            r#"flow "x" {
                webhook {
                    parse {
                        header "X-Id"
                        body "$.a['b']" as="b"
                        body "$..c" as="many"
                        query "t.u"
                        path "p"
                    }
                }
                branch { when "b" { set total="1" } }
                exec "x" as="out"
            }"#,
        );
        let flow = find(&tree, "x").unwrap();
        let key = |name: &str| Segment::Key(name.into());
        let place = |origin, a, b| Key::Place(origin, vec![key(a), key(b)]);
        assert_eq!(
            flow.there,
            HashSet::from([
                Key::Header("x-id".to_owned()),
                place(Origin::Body, "a", "b"),
                place(Origin::Query, "t", "u"),
            ])
        );
        let names = ["x_id", "b", "many", "t_u", "p", "total", "out"];
        assert_eq!(flow.names, names.map(str::to_owned).into());
    }

    #[test]
    fn a_flow_that_is_not_there_is_told_with_the_nearest_name() {
        let tree = tree("flow \"payment\" { webhook; }\nflow \"other\" { stop; }");
        assert_eq!(
            find(&tree, "paymnet"),
            Err("there is no flow \"paymnet\": did you mean \"payment\"?".to_owned())
        );
        assert_eq!(
            find(&tree, "other"),
            Err("the flow \"other\" has no `webhook`".to_owned())
        );
    }
}
