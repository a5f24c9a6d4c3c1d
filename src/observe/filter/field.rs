/// What a word of a filter is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// The flow's name.
    Flow,
    /// The status answered.
    Status,
    /// How the run stands.
    Is,
    /// The titles of the arms taken.
    Branch,
    /// A variable.
    Variable,
    /// A header of the request.
    Header,
    /// How long it took.
    Took,
    /// How long ago its request came.
    Since,
    /// The request's method.
    Method,
    /// The request's path and query.
    Path,
    /// The run's id.
    Id,
}

/// One line of the table that words are looked up in, and that errors and help are made from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FieldShape {
    /// What it is about.
    pub field: Field,
    /// The word in front of `:`, of `=`, or of the dot and a name.
    pub name: &'static str,
    /// Whether a dot and a name follow.
    pub named: bool,
    /// What it takes, for an error.
    pub takes: &'static str,
    /// The word as the help shows it.
    pub example: &'static str,
    /// What the help says of it.
    pub help: &'static str,
}

/// All fields.
#[rustfmt::skip] // A table reads as a table.
pub const FIELDS: &[FieldShape] = &[
    on(Field::Flow, "flow", "a name or a part of one", "flow:pay", "flows with that in their name"),
    on(Field::Status, "status", "404, 4xx or >=400", "status:4xx|500", "what was answered; >=400 compares"),
    on(Field::Is, "is", "", "is:error", "error, failed, refused, succeeded, waiting, parked, running, dead, cancelled, skipped, timed-out, dry"),
    on(Field::Branch, "branch", "the title of an arm or a part of one", "branch:main", "a branch went that way"),
    named(Field::Variable, "var", "a value", "var.repo=acme/*", "a variable; < and > compare numbers"),
    named(Field::Header, "hdr", "a value", "hdr.x-event=push", "a header of the request"),
    on(Field::Took, "took", "a time like 50ms, 2s or 1m, or <50ms", "took:>50ms", "how long it took"),
    on(Field::Since, "since", "a time like 30s, 5m or 2h", "since:5m", "what came within that time"),
    on(Field::Method, "method", "a method like POST", "method:POST", "the request's method"),
    on(Field::Path, "path", "a path or a part of one", "path:/hooks/*", "the request's path and query"),
    on(Field::Id, "id", "an id or a part of one", "id:8f2c", "the run's id"),
];

const fn on(
    field: Field,
    name: &'static str,
    takes: &'static str,
    example: &'static str,
    help: &'static str,
) -> FieldShape {
    FieldShape {
        field,
        name,
        named: false,
        takes,
        example,
        help,
    }
}

const fn named(
    field: Field,
    name: &'static str,
    takes: &'static str,
    example: &'static str,
    help: &'static str,
) -> FieldShape {
    FieldShape {
        named: true,
        ..on(field, name, takes, example, help)
    }
}

impl FieldShape {
    /// How it is written in front of what it takes: `flow:`, `var.NAME=`.
    pub fn prefix(&self) -> String {
        if self.named {
            format!("{}.NAME=", self.name)
        } else {
            format!("{}:", self.name)
        }
    }
}
