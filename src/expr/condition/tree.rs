//! A condition, compiled.

use std::ops::Range;

use serde_json::Value;

use super::super::filter::Filter;
use super::super::number::Arithmetic;
use super::super::test_word::Test;
use super::super::{Root, Segment};

/// A node, and where it stands in the text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Constant(Value),
    /// A path that is written out.
    Lookup(Root, Box<[Segment]>),
    /// A member of something computed.
    Member(Box<Node>, Segment),
    /// A computed member.
    Index(Box<Node>, Box<Node>),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    /// One comparison, or a chain of them: `0 < a < 10`.
    Compare(Box<Node>, Vec<(Comparison, Node)>),
    Negate(Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Concat(Box<Node>, Box<Node>),
    List(Vec<Node>),
    Object(Vec<(Node, Node)>),
    Filter(Filter, Box<Node>, Vec<Node>),
    Test(Test, Box<Node>, Option<Box<Node>>),
}

/// What two values are compared by.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::Unequal => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::In => "in",
            Comparison::NotIn => "not in",
        }
    }

    /// Whether it asks what comes first.
    pub(super) fn is_order(self) -> bool {
        use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
        matches!(self, Less | LessOrEqual | Greater | GreaterOrEqual)
    }

    /// What two values it takes, where one of them does not decide what the other may be.
    pub(super) fn needs(self) -> Option<&'static str> {
        match self {
            Comparison::Equal | Comparison::Unequal => Some("two values of one kind"),
            Comparison::In | Comparison::NotIn => None,
            _ => Some("two numbers or two texts"),
        }
    }
}

impl Node {
    pub(super) fn is_none(&self) -> bool {
        matches!(self.kind, Kind::Constant(Value::Null))
    }

    pub(super) fn is_constant(&self) -> bool {
        match &self.kind {
            Kind::Constant(_) => true,
            Kind::List(items) => items.iter().all(Node::is_constant),
            Kind::Object(members) => members
                .iter()
                .all(|(key, value)| key.is_constant() && value.is_constant()),
            Kind::Negate(node) => node.is_constant(),
            _ => false,
        }
    }
}
