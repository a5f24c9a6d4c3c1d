//! Several paths in one trie, so that one pass over a document reads them all.

use std::collections::HashMap;
use std::ops::Range;

use super::{Path, Segment};

/// A node of a [`PathSet`].
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
pub struct NodeId(u32);

/// A slot that is filled from the value at a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Capture {
    /// The slot: the number of the path among those the set was made of.
    pub slot: u32,
    /// What remains of the path within the captured value: nothing, or the steps from a negative
    /// index on, or those of a path that goes on where another one ends.
    pub rest: Box<[Segment]>,
}

/// Several plain paths merged into one trie. Pure data: who reads documents walks it along.
///
/// A node either captures or has children, never both: where one path ends within another, the
/// longer one is captured there too and finds its [`rest`](Capture::rest) in the captured value.
#[derive(Clone, Debug)]
pub struct PathSet {
    nodes: Vec<Node>,
    /// All slots in the order of the trie, so that those below a node are neighbours.
    order: Vec<u32>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    keys: Keys,
    indexes: Vec<(usize, NodeId)>,
    captures: Vec<Capture>,
    subtree: Range<usize>,
}

#[derive(Clone, Debug)]
enum Keys {
    Few(Vec<(Box<str>, NodeId)>),
    Many(HashMap<Box<str>, NodeId>),
}

impl Default for Keys {
    fn default() -> Keys {
        Keys::Few(Vec::new())
    }
}

/// Up to so many keys, comparing them one by one is faster than hashing.
const FEW: usize = 8;

impl PathSet {
    /// Merges `paths`; path number i fills slot i. A path without
    /// [`segments`](Path::segments) is left out, and its slot is never filled.
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p Path>) -> PathSet {
        let paths: Vec<(u32, &[Segment])> = (0..)
            .zip(paths)
            .filter_map(|(slot, path)| Some((slot, path.segments()?)))
            .collect();
        let mut set = PathSet {
            nodes: Vec::new(),
            order: Vec::with_capacity(paths.len()),
        };
        set.build(paths);
        set
    }

    fn build(&mut self, paths: Vec<(u32, &[Segment])>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let place = self.nodes.len();
        self.nodes.push(Node::default());
        let start = self.order.len();
        let mut node = Node::default();
        let captures = paths
            .iter()
            .any(|(_, rest)| matches!(rest.first(), None | Some(Segment::Index(..=-1))));
        if captures {
            self.order.extend(paths.iter().map(|(slot, _)| slot));
            node.captures = paths
                .into_iter()
                .map(|(slot, rest)| Capture {
                    slot,
                    rest: rest.into(),
                })
                .collect();
        } else {
            let mut keys = Vec::new();
            for (first, group) in grouped(paths) {
                let child = self.build(group);
                match first {
                    Segment::Key(key) => keys.push((key.clone(), child)),
                    Segment::Index(index) => {
                        // negative indexes were captured above
                        node.indexes
                            .push((usize::try_from(*index).unwrap_or(usize::MAX), child));
                    }
                }
            }
            node.keys = if keys.len() > FEW {
                Keys::Many(keys.into_iter().collect())
            } else {
                Keys::Few(keys)
            };
        }
        node.subtree = start..self.order.len();
        self.nodes[place] = node;
        id
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// How many paths there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The node of the document itself.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// The child of `node` for a member of an object.
    pub fn key(&self, node: NodeId, key: &str) -> Option<NodeId> {
        match &self.node(node).keys {
            Keys::Few(keys) => keys
                .iter()
                .find(|(name, _)| name.as_ref() == key)
                .map(|(_, child)| *child),
            Keys::Many(keys) => keys.get(key).copied(),
        }
    }

    /// The child of `node` for an item of a list.
    pub fn index(&self, node: NodeId, index: usize) -> Option<NodeId> {
        self.node(node)
            .indexes
            .iter()
            .find(|(at, _)| *at == index)
            .map(|(_, child)| *child)
    }

    /// Whether `node` has children for members of an object.
    pub fn has_keys(&self, node: NodeId) -> bool {
        match &self.node(node).keys {
            Keys::Few(keys) => !keys.is_empty(),
            Keys::Many(_) => true,
        }
    }

    /// Whether `node` has children for items of a list.
    pub fn has_indexes(&self, node: NodeId) -> bool {
        !self.node(node).indexes.is_empty()
    }

    /// The slots that are filled from the whole value at `node`.
    pub fn captures(&self, node: NodeId) -> &[Capture] {
        &self.node(node).captures
    }

    /// The part of [`slots`](Self::slots) at and below `node`: those to clear when a key comes
    /// again, since the last of two equal keys counts.
    pub fn subtree(&self, node: NodeId) -> Range<usize> {
        self.node(node).subtree.clone()
    }

    /// All slots in the order of the trie.
    pub fn slots(&self) -> &[u32] {
        &self.order
    }
}

/// A path as the trie still has to place it: its slot, and the steps that remain.
type Remaining<'p> = (u32, &'p [Segment]);

/// The paths by their first step, in the order in which those steps first come.
fn grouped(paths: Vec<Remaining<'_>>) -> Vec<(&Segment, Vec<Remaining<'_>>)> {
    let mut groups: Vec<(&Segment, Vec<Remaining<'_>>)> = Vec::new();
    for (slot, steps) in paths {
        let Some((first, rest)) = steps.split_first() else {
            continue;
        };
        match groups.iter_mut().find(|(segment, _)| *segment == first) {
            Some((_, group)) => group.push((slot, rest)),
            None => groups.push((first, vec![(slot, rest)])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::walk;
    use super::*;

    fn set(paths: &[&str]) -> PathSet {
        let paths: Vec<Path> = paths
            .iter()
            .map(|text| Path::parse(text).unwrap())
            .collect();
        PathSet::new(&paths)
    }

    /// Reads a document as a streaming reader would.
    fn read(set: &PathSet, node: NodeId, value: &Value, out: &mut [Option<Value>]) {
        for capture in set.captures(node) {
            out[capture.slot as usize] = walk(value, &capture.rest).cloned();
        }
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if let Some(child) = set.key(node, key) {
                        read(set, child, value, out);
                    }
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    if let Some(child) = set.index(node, index) {
                        read(set, child, value, out);
                    }
                }
            }
            _ => {}
        }
    }

    #[test]
    fn a_longer_path_finds_its_rest_where_a_shorter_one_captures() {
        let set = set(&["a.b.c", "a", "a.b[-1]"]);
        let a = set.key(set.root(), "a").unwrap();
        let rests: Vec<(u32, usize)> = set
            .captures(a)
            .iter()
            .map(|capture| (capture.slot, capture.rest.len()))
            .collect();
        assert_eq!(rests, [(0, 2), (1, 0), (2, 2)]);
        assert!(!set.has_keys(a) && !set.has_indexes(a));
    }

    #[test]
    fn a_negative_index_captures_the_list() {
        let set = set(&["l[-1].x", "l[0]"]);
        let list = set.key(set.root(), "l").unwrap();
        assert_eq!(set.captures(list).len(), 2);
        assert_eq!(set.captures(list)[0].rest.len(), 2);
    }

    #[test]
    fn the_slots_below_a_node_are_neighbours() {
        let set = set(&["a.x", "b", "a.y", "c[1]", "c[0]"]);
        let below = |key: &str| {
            let node = set.key(set.root(), key).unwrap();
            set.slots()[set.subtree(node)].to_vec()
        };
        assert_eq!(below("a"), [0, 2]);
        assert_eq!(below("b"), [1]);
        assert_eq!(below("c"), [3, 4]);
        assert_eq!(set.subtree(set.root()), 0..5);
    }

    #[test]
    fn many_keys_are_hashed() {
        let names: Vec<String> = (0..40).map(|i| format!("k{i}")).collect();
        let set = set(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for (slot, name) in names.iter().enumerate() {
            let node = set.key(set.root(), name).unwrap();
            assert_eq!(set.captures(node)[0].slot as usize, slot);
        }
        assert_eq!(set.key(set.root(), "k40"), None);
    }

    #[test]
    fn an_empty_set_captures_nothing() {
        let set = set(&[]);
        assert!(set.is_empty());
        assert!(set.captures(set.root()).is_empty());
    }

    #[test]
    fn the_document_itself_is_captured_at_the_root() {
        let set = set(&["$", "a"]);
        assert_eq!(set.captures(set.root()).len(), 2);
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(Value::from),
            (0..9i64).prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[abc]", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn path() -> impl Strategy<Value = String> {
        let step = prop_oneof!["[.][abc]", "\\[[0-3]\\]", "\\[-[1-3]\\]"];
        ("[abc]", prop::collection::vec(step, 0..4)).prop_map(|(key, steps)| key + &steps.concat())
    }

    proptest! {
        #[test]
        fn one_pass_finds_what_each_path_finds(document in document(), paths in prop::collection::vec(path(), 0..12)) {
            let paths: Vec<Path> = paths.iter().map(|text| Path::parse(text).unwrap()).collect();
            let set = PathSet::new(&paths);
            let mut out = vec![None; paths.len()];
            read(&set, set.root(), &document, &mut out);
            let expected: Vec<_> = paths.iter().map(|path| path.find(&document).unwrap()).collect();
            prop_assert_eq!(out, expected);
        }
    }
}
