//! What is inside a node, handed out piece by piece.

use std::collections::VecDeque;

use super::{Node, Scalar, Word};
use crate::diagnostic::{Diagnostic, Report, Span, did_you_mean, nearest};

/// What is inside a node. Each piece is handed out once; whatever is left when the node is
/// finished is an error, which names what was asked for.
#[derive(Clone, Debug)]
#[must_use = "what is left in a node is only reported by `finish`"]
pub struct Fields {
    /// The node's name.
    pub name: Word,
    /// The node's head.
    pub span: Span,
    annotation: Option<Word>,
    arguments: VecDeque<Scalar>,
    properties: Vec<(Word, Scalar)>,
    children: Vec<Node>,
    has_block: bool,
    arguments_taken: usize,
    known_properties: Vec<&'static str>,
    known_children: Vec<&'static str>,
}

impl Fields {
    pub(super) fn new(node: Node) -> Self {
        Self {
            name: node.name,
            span: node.span,
            annotation: node.annotation,
            arguments: node.arguments.into(),
            properties: node.properties,
            has_block: node.children.is_some(),
            children: node.children.unwrap_or_default(),
            arguments_taken: 0,
            known_properties: Vec::new(),
            known_children: Vec::new(),
        }
    }

    /// The type in front of the node's name.
    pub fn annotation(&mut self) -> Option<Word> {
        self.annotation.take()
    }

    /// The next argument.
    pub fn argument(&mut self) -> Option<Scalar> {
        let argument = self.arguments.pop_front();
        self.arguments_taken += usize::from(argument.is_some());
        argument
    }

    /// The next argument; that there is none is an error: "`flow` needs the flow's name".
    pub fn expect_argument(&mut self, report: &mut Report, what: &str) -> Option<Scalar> {
        let argument = self.argument();
        if argument.is_none() {
            report.push(Diagnostic::error(
                self.name.span,
                format!("`{}` needs {what}", self.name.text),
            ));
        }
        argument
    }

    /// All arguments that are left.
    pub fn arguments(&mut self) -> Vec<Scalar> {
        self.arguments_taken += self.arguments.len();
        self.arguments.drain(..).collect()
    }

    /// The property of this name.
    pub fn property(&mut self, name: &'static str) -> Option<Scalar> {
        self.known_properties.push(name);
        let at = self
            .properties
            .iter()
            .position(|(word, _)| word.text == name)?;
        Some(self.properties.remove(at).1)
    }

    /// All properties that are left, whatever their names.
    pub fn properties_left(&mut self) -> Vec<(Word, Scalar)> {
        std::mem::take(&mut self.properties)
    }

    /// The one child of this name; a second one is an error.
    pub fn child(&mut self, name: &'static str, report: &mut Report) -> Option<Node> {
        let mut found = self.children_named(name).into_iter();
        let first = found.next()?;
        for again in found {
            report.push(
                Diagnostic::error(
                    again.name.span,
                    format!("`{name}` is given twice in `{}`", self.name.text),
                )
                .label("again here")
                .also(first.name.span, "first here"),
            );
        }
        Some(first)
    }

    /// A child whose name is a slip of this one, which is reported. To be asked for once every
    /// child that may be there has been.
    pub fn slip_of_child(&mut self, name: &'static str, report: &mut Report) -> Option<Node> {
        let at = self.children.iter().position(|child| {
            nearest(&child.name.text, self.known_children.iter().copied()) == Some(name)
        })?;
        let mut child = self.children.remove(at);
        report.push(unknown(&child, &self.name.text, &self.known_children));
        // What is wrong in it is told of the node that was meant.
        child.name.text = name.to_owned();
        Some(child)
    }

    /// Whether what is left may be a slip of this property: a name like it, or a bare value.
    pub fn has_slip_of_property(&self, name: &'static str) -> bool {
        !self.arguments.is_empty()
            || self.properties.iter().any(|(word, _)| {
                nearest(&word.text, self.known_properties.iter().copied()) == Some(name)
            })
    }

    /// All children of this name.
    pub fn children_named(&mut self, name: &'static str) -> Vec<Node> {
        self.known_children.push(name);
        let (found, left) = std::mem::take(&mut self.children)
            .into_iter()
            .partition(|child| child.name.text == name);
        self.children = left;
        found
    }

    /// A child that cannot be here, for whoever can say where it belongs.
    pub fn misplaced_child(&mut self, name: &str) -> Option<Node> {
        let at = self
            .children
            .iter()
            .position(|child| child.name.text == name)?;
        Some(self.children.remove(at))
    }

    /// All children that are left, in order.
    pub fn children(&mut self) -> Vec<Node> {
        std::mem::take(&mut self.children)
    }

    /// Whether the node has a block, even an empty one.
    pub fn has_children_block(&self) -> bool {
        self.has_block
    }

    /// Reports whatever is left.
    pub fn finish(self, report: &mut Report) {
        let name = &self.name.text;
        if let Some(annotation) = &self.annotation {
            report.push(Diagnostic::error(
                annotation.span,
                format!("`{name}` takes no annotation like `({})`", annotation.text),
            ));
        }
        if let (Some(first), Some(last)) = (self.arguments.front(), self.arguments.back()) {
            let message = match self.arguments_taken {
                0 => format!("`{name}` takes no value"),
                1 => format!("`{name}` takes only one value"),
                taken => format!("`{name}` takes only {taken} values"),
            };
            let mut diagnostic =
                Diagnostic::error(first.span.to(last.span), message).label("not expected");
            let shown = report.text(first.span);
            let property = shown.strip_suffix(':');
            if let Some(property) = property.filter(|word| self.known_properties.contains(word)) {
                diagnostic = diagnostic.help(format!("write `{property}=…`"));
            } else if first.as_text().is_some() && !shown.contains(['"', '*']) {
                diagnostic = diagnostic.help(
                    "text of several words is one value in quotes; a node of its own starts behind `;`",
                );
            } else if !self.known_properties.is_empty() {
                diagnostic = diagnostic.help(format!(
                    "it takes the properties {}",
                    listed(&self.known_properties)
                ));
            }
            report.push(diagnostic);
        }
        for (word, _) in &self.properties {
            report.push(self.unknown_property(word));
        }
        if self.known_children.is_empty() {
            if let Some(child) = self.children.first() {
                report.push(Diagnostic::error(
                    child.name.span,
                    format!("`{name}` takes no block"),
                ));
            }
            return;
        }
        for child in &self.children {
            report.push(self.unknown_child(child));
        }
    }

    fn unknown_property(&self, word: &Word) -> Diagnostic {
        let name = &self.name.text;
        let property = &word.text;
        let diagnostic =
            Diagnostic::error(word.span, format!("`{name}` has no property `{property}`"));
        if self.known_children.contains(&property.as_str()) {
            return diagnostic.help(format!(
                "`{property}` is a node of its own: write it inside `{name} {{ … }}`"
            ));
        }
        if let Some(near) = nearest(property, self.known_properties.iter().copied()) {
            return diagnostic.help(did_you_mean(near));
        }
        match nearest(property, self.known_children.iter().copied()) {
            Some(near) => diagnostic.help(format!(
                "did you mean the node `{near}`? write it inside `{name} {{ … }}`"
            )),
            None if self.known_properties.is_empty() => {
                diagnostic.help(format!("`{name}` takes no properties"))
            }
            None => diagnostic.help(format!("it has {}", listed(&self.known_properties))),
        }
    }

    fn unknown_child(&self, child: &Node) -> Diagnostic {
        let word = &child.name.text;
        if self.known_properties.contains(&word.as_str()) {
            let name = &self.name.text;
            return Diagnostic::error(
                child.name.span,
                format!("`{word}` is a property of `{name}`"),
            )
            .help(format!("write it on the line of `{name}`: `{word}=…`"));
        }
        unknown(child, &self.name.text, &self.known_children)
    }
}

/// Reports a node that has no business where it stands. `place` is the name of the node around it,
/// empty at the top of a file.
pub fn unknown_node(node: &Node, place: &str, allowed: &[&'static str], report: &mut Report) {
    report.push(unknown(node, place, allowed));
}

fn unknown(node: &Node, place: &str, allowed: &[&'static str]) -> Diagnostic {
    let word = &node.name.text;
    let message = if place.is_empty() {
        format!("unknown node `{word}`")
    } else {
        format!("unknown node `{word}` in `{place}`")
    };
    let diagnostic = Diagnostic::error(node.name.span, message);
    match nearest(word, allowed.iter().copied()) {
        Some(near) => diagnostic.help(did_you_mean(near)),
        None if allowed.is_empty() => diagnostic,
        None => diagnostic.help(format!("allowed here: {}", listed(allowed))),
    }
}

/// "`a`, `b` and `c`", each once.
fn listed(names: &[&'static str]) -> String {
    let mut unique: Vec<&str> = Vec::new();
    for name in names {
        if !unique.contains(name) {
            unique.push(name);
        }
    }
    let quoted: Vec<String> = unique.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
