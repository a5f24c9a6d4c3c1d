//! A document -> the places in it that a line can read.

use std::collections::{HashMap, hash_map::Entry};

use crate::{
    expr::{MAX_DEPTH, Segment},
    run::Value,
};

/// More places than this are not even looked at.
const MOST: usize = 10_000;

/// A place in a document, and what stands there.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Leaf<'v> {
    pub steps: Vec<Segment>,
    pub value: &'v Value,
}

/// The places of a document.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Leaves<'v> {
    pub found: Vec<Leaf<'v>>,
    /// Some items of lists are left out: they look like the ones before them.
    pub folded: bool,
    /// There are more than anybody reads.
    pub cut: bool,
}

/// What to look for besides the leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Wanted {
    /// What the leaves stand in, too.
    pub inner: bool,
    /// Every item of a list; else only the first one that has a place.
    pub every_item: bool,
}

/// Finds the places of a document: what holds nothing further, and each list without objects in
/// it, which is read as one.
pub(super) fn leaves(document: &Value, wanted: Wanted) -> Leaves<'_> {
    let mut walker = Walker {
        wanted,
        leaves: Leaves::default(),
        shapes: HashMap::new(),
    };
    walker.visit(document, &mut Vec::new());
    walker.leaves
}

struct Walker<'v> {
    wanted: Wanted,
    leaves: Leaves<'v>,
    /// Where each place was found first, whatever the index.
    shapes: HashMap<Vec<Segment>, usize>,
}

impl<'v> Walker<'v> {
    fn visit(&mut self, value: &'v Value, steps: &mut Vec<Segment>) {
        if self.leaves.cut {
            return;
        }
        if steps.len() == MAX_DEPTH || !holds_places(value) {
            return self.keep(value, steps);
        }
        if self.wanted.inner && !steps.is_empty() {
            self.keep(value, steps);
        }
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    steps.push(Segment::Key(key.as_str().into()));
                    self.visit(member, steps);
                    steps.pop();
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    steps.push(Segment::Index(i64::try_from(index).unwrap_or(i64::MAX)));
                    self.visit(item, steps);
                    steps.pop();
                }
            }
            _ => {}
        }
    }

    fn keep(&mut self, value: &'v Value, steps: &[Segment]) {
        if !self.wanted.every_item {
            match self.shapes.entry(shape(steps)) {
                Entry::Vacant(entry) => {
                    entry.insert(self.leaves.found.len());
                }
                Entry::Occupied(entry) => {
                    self.leaves.folded = true;
                    let first = &mut self.leaves.found[*entry.get()];
                    // An item that has a value says more than one that has null.
                    if first.value.is_null() && !value.is_null() {
                        first.steps = steps.to_vec();
                        first.value = value;
                    }
                    return;
                }
            }
        }
        if self.leaves.found.len() == MOST {
            self.leaves.cut = true;
            return;
        }
        self.leaves.found.push(Leaf {
            steps: steps.to_vec(),
            value,
        });
    }
}

fn holds_places(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(_) => has_object(value),
        _ => false,
    }
}

fn has_object(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(has_object),
        _ => false,
    }
}

fn shape(steps: &[Segment]) -> Vec<Segment> {
    let any = |step: &Segment| match step {
        Segment::Index(_) => Segment::Index(0),
        key => key.clone(),
    };
    steps.iter().map(any).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn places(document: &Value, wanted: Wanted) -> Vec<String> {
        let written = |leaf: &Leaf| super::super::path::written(&leaf.steps, true).unwrap();
        leaves(document, wanted).found.iter().map(written).collect()
    }

    #[test]
    fn leaves_are_what_holds_nothing_further() {
        let document = json!({"a": 1, "b": {"c": "x", "d": {}}, "e": [], "n": null});
        assert_eq!(
            places(&document, Wanted::default()),
            ["a", "b.c", "b.d", "e", "n"]
        );
    }

    #[test]
    fn a_list_is_one_place_until_objects_are_in_it() {
        let document = json!({
            "matrix": [[1, 2], [3]],
            "mixed": [7, {"x": 1}],
            "tags": ["a", "b"],
        });
        assert_eq!(
            places(&document, Wanted::default()),
            ["matrix", "mixed[0]", "mixed[1].x", "tags"]
        );
    }

    #[test]
    fn the_first_item_that_has_a_place_stands_for_the_others() {
        let document = json!({"items": [
            {"sku": "A", "note": null},
            {"sku": "B", "note": "x", "gift": true},
        ]});
        let found = leaves(&document, Wanted::default());
        assert!(found.folded);
        assert_eq!(
            places(&document, Wanted::default()),
            ["items[1].note", "items[0].sku", "items[1].gift"]
        );
    }

    #[test]
    fn all_are_all() {
        let document = json!({"items": [{"a": 1}, {"a": 2}]});
        let wanted = Wanted {
            inner: true,
            every_item: true,
        };
        assert_eq!(
            places(&document, wanted),
            ["items", "items[0]", "items[0].a", "items[1]", "items[1].a"]
        );
    }

    #[test]
    fn what_lies_deeper_than_a_path_reaches_is_one_place() {
        let mut document = json!(1);
        for _ in 0..60 {
            document = json!({"a": document});
        }
        let found = leaves(&document, Wanted::default()).found;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].steps.len(), MAX_DEPTH);
        assert!(found[0].value.is_object());
    }

    #[test]
    fn no_document_has_more_places_than_can_be_looked_at() {
        let members = (0..MOST + 1).map(|i| (i.to_string(), json!(i)));
        let document = Value::Object(members.collect());
        let found = leaves(&document, Wanted::default());
        assert!(found.cut);
        assert_eq!(found.found.len(), MOST);
    }
}
