//! The checked configuration, as types: whatever stands here is known to be sound. No I/O; secrets
//! are references until `app` resolves them.

mod address;
mod auth;
mod call;
mod configuration;
mod exec;
mod flow;
mod http;
mod outbound;
mod parse;
mod preferences;
mod reply;
mod route;
mod secret;
mod secret_places;
mod server;
mod step;

pub use auth::{Auth, Basic};
pub use call::{Call, Input, MOST_CALLS};
pub use configuration::Configuration;
pub use exec::{Exec, Stdin};
pub use flow::{Dedupe, Flow, Mode, Trigger, Variable};
pub use http::{Http, Origin, Payload};
pub use outbound::{Allowed, Barred, NotAllowable, Outbound};
pub use parse::{
    Absence, BodySource, Format, Kind, MAX_QUERY_BRACKETS, MAX_QUERY_INDEX, Parse, ParseEntry,
    ParseSource, WITHHELD_HEADERS,
};
pub use preferences::{Colours, Preferences, Rebinding};
pub use reply::{BodyTemplate, ReplyTemplate, StatusTemplate, has_no_body, parse_status};
pub use route::{Route, RouteConflict, RouteError, RouteParameters, Routes};
pub use secret::{Secret, SecretPlace, SecretRef};
pub use secret_places::SecretPlaces;
pub use server::{HistoryBounds, Listen, QueueBounds, Server, Timeouts};
pub use step::{
    Arm, Block, Branch, Each, Lane, Parallel, Respond, Retry, SetValue, Step, StepKind, Then, Wait,
};
