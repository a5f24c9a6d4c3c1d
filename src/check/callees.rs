use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use super::answers::Gives;
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    model::{Kind, MOST_CALLS},
    syntax::Node,
};

/// The flows that a `call` may name, and what is known of them. A flow is checked behind those
/// that it calls.
#[derive(Debug, Default)]
pub(super) struct Callees {
    /// The names of all flows.
    names: Vec<String>,
    /// Those that some `call` names.
    called: HashSet<String>,
    checked: RefCell<HashMap<String, Rc<Callee>>>,
}

/// A flow, as whoever calls it has to know it.
#[derive(Debug)]
pub(super) struct Callee {
    pub has_webhook: bool,
    pub inputs: Vec<Parameter>,
    /// Whether a slip may hide inputs.
    pub is_unsure: bool,
    pub gives: Gives,
    /// Whether it, or what it calls, reads `request.json`.
    pub uses_document: bool,
    /// How deep it calls others.
    pub depth: usize,
}

/// An input of a flow that is called.
#[derive(Debug)]
pub(super) struct Parameter {
    pub name: String,
    pub kind: Option<Kind>,
    pub is_required: bool,
}

impl Callees {
    /// The flows of a configuration, and the order to check them in. That some call each other in a
    /// circle, or go too deep, is told.
    pub fn of(flows: &[Node], report: &mut Report) -> (Self, Vec<usize>) {
        let flows: Vec<_> = flows.iter().map(Sites::of).collect();
        let mut places = HashMap::new();
        for (i, flow) in flows.iter().enumerate() {
            places.entry(&*flow.name).or_insert(i);
        }
        let mut search = Search {
            flows: &flows,
            places: &places,
            way: Vec::new(),
            order: Vec::new(),
            depths: vec![None; flows.len()],
            report,
        };
        for flow in 0..flows.len() {
            search.visit(flow);
        }
        let order = search.order;
        let calls = flows.iter().flat_map(|flow| &flow.calls);
        let callees = Self {
            called: calls.map(|(name, _)| name.clone()).collect(),
            names: flows.iter().map(|flow| flow.name.clone()).collect(),
            checked: RefCell::default(),
        };
        (callees, order)
    }

    /// The names of all flows.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether some flow calls the one of this name.
    pub fn is_called(&self, name: &str) -> bool {
        self.called.contains(name)
    }

    /// Notes what a flow is, once it has been checked.
    pub fn note(&self, name: &str, callee: Callee) {
        let mut checked = self.checked.borrow_mut();
        checked.entry(name.to_owned()).or_insert(Rc::new(callee));
    }

    /// What a flow is; `None` where that is not known yet, because of something that has been told.
    pub fn get(&self, name: &str) -> Option<Rc<Callee>> {
        self.checked.borrow().get(name).cloned()
    }
}

/// A flow, and where it calls others.
struct Sites {
    name: String,
    calls: Vec<(String, Span)>,
}

impl Sites {
    fn of(flow: &Node) -> Self {
        let mut fields = flow.clone().open();
        let name = fields.argument();
        let name = name.as_ref().and_then(|name| name.as_text());
        let mut sites = Self {
            name: name.map_or_else(String::new, |name| name.value.clone()),
            calls: Vec::new(),
        };
        sites.gather(fields.children());
        sites
    }

    fn gather(&mut self, nodes: Vec<Node>) {
        for node in nodes {
            let mut fields = node.open();
            match &*fields.name.text {
                "branch" | "when" | "otherwise" | "each" | "parallel" | "lane" | "on-error" => {
                    self.gather(fields.children());
                    continue;
                }
                "call" => {
                    let name = fields.argument();
                    if let Some(name) = name.as_ref().and_then(|name| name.as_text()) {
                        self.calls.push((name.value.clone(), name.span));
                    }
                }
                _ => {}
            }
            // What else stands in the block of a step is none: it may have any name.
            self.gather(fields.children_named("on-error"));
        }
    }
}

/// A search through all flows, the called ones first.
struct Search<'f> {
    flows: &'f [Sites],
    places: &'f HashMap<&'f str, usize>,
    /// The flows that the search is in, each with the call that led on from it.
    way: Vec<(usize, Span)>,
    order: Vec<usize>,
    /// How deep each flow calls others, once that is known.
    depths: Vec<Option<usize>>,
    report: &'f mut Report,
}

impl Search<'_> {
    fn visit(&mut self, flow: usize) -> usize {
        if let Some(depth) = self.depths[flow] {
            return depth;
        }
        let flows = self.flows;
        let mut deepest = 0;
        for (name, span) in &flows[flow].calls {
            let Some(&callee) = self.places.get(&**name) else {
                continue;
            };
            self.way.push((flow, *span));
            match self.way.iter().position(|(on_way, _)| *on_way == callee) {
                Some(start) => self.tell_circle(start),
                None => {
                    let depth = 1 + self.visit(callee);
                    if depth <= MOST_CALLS {
                        deepest = deepest.max(depth);
                    } else {
                        // Told here, and not of those that call this one as well.
                        self.report.push(Diagnostic::error(
                            *span,
                            format!("calls within calls go more than {MOST_CALLS} flows deep"),
                        ));
                    }
                }
            }
            self.way.pop();
        }
        self.depths[flow] = Some(deepest);
        self.order.push(flow);
        deepest
    }

    fn tell_circle(&mut self, start: usize) {
        let names = |(flow, _): &(usize, Span)| format!("`{}`", self.flows[*flow].name);
        let circle = &self.way[start..];
        let mut round: Vec<_> = circle.iter().map(names).collect();
        round.extend(circle.first().map(names));
        let mut diagnostic = match circle.last() {
            Some((_, span)) => Diagnostic::error(*span, "flows call each other in a circle"),
            None => return,
        };
        for (_, span) in &circle[..circle.len() - 1] {
            diagnostic = diagnostic.also(*span, "by way of this");
        }
        self.report
            .push(diagnostic.help(format!("the way round: {}", round.join(" → "))));
    }
}
