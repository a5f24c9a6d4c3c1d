//! How much an expression or a template may be.

/// The longest expression, placeholder or path, in bytes.
pub const MAX_EXPRESSION: usize = 1_000;

/// How deep brackets, signs, member chains and blocks may nest.
pub const MAX_DEPTH: usize = 48;

/// How deep the tree of one expression may grow, counting operators too.
pub(super) const MAX_TREE: usize = 128;

/// The longest text a template may give, in bytes.
pub const MAX_OUTPUT: usize = 8 << 20;

/// How deep a value may nest that a Jinja template looks into.
pub(super) const MAX_NESTING: usize = 256;

/// How much work a Jinja template may do, in minijinja's fuel.
pub(super) const FUEL: u64 = 1_000_000;

/// How much memory a JSONPath may take to be evaluated, in bytes.
pub const MAX_QUERY_MEMORY: usize = 64 << 20;

/// How much of a value a message shows, in characters.
pub(super) const MAX_SHOWN: usize = 80;
