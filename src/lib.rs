//! Hookyard: webhook workflows in one file, one static binary, one terminal.
//!
//! Data flows one way: KDL text -> [`syntax`] -> checked [`model`] -> [`graph`]; a request is
//! matched, authenticated, parsed, run and answered. Observers hang off one event stream.
//!
//! | module | what lives there |
//! | --- | --- |
//! | [`cli`] | one file per command; `exit_code` names every status |
//! | [`diagnostic`] | sources, spans, diagnostics, the report that collects them, rendering |
//! | [`expr`] | paths, templates and conditions: the languages inside strings |
//! | [`run`] | the words all runs are told in: ids, requests, values, outcomes, records |
//! | [`store`] | one SQLite file: what must outlive the process |
//! | [`system`] | sockets and directories that are this process's own |
//! | [`syntax`] | KDL text -> nodes that report their leftovers |
//! | [`model`] | the checked configuration, as types; no I/O |
//! | [`check`] | syntax -> model, one file per construct; speaks to users about configuration |
//! | [`graph`] | model -> the immutable graph that requests are served from |
//! | [`auth`] | (headers, secrets) -> verdict |
//! | [`payload`] | raw bytes -> values |
//! | [`draft`] | samples and captured requests -> text to go on with: `parse` lines, commands |
//! | [`engine`] | walks the graph, one file per step kind |
//! | [`queue`] | runs that were accepted, kept until they have ended |
//! | [`event`] | the one stream of events, which may lose and counts what it lost |
//! | [`http`] | listen, handle, answer |
//! | [`observe`] | live read models over the event stream, and the history of runs |
//! | [`attach`] | the same events over a Unix socket, as lines that anybody can read |
//! | [`dashboard`] | the terminal: state, input, view |
//! | [`app`] | the composition root: assemble, reload, revisions, secrets, workers, shutdown |
//!
//! Who may import whom is a table in `tests/architecture.rs`.

pub mod app;
pub mod attach;
pub mod auth;
pub mod check;
pub mod cli;
pub mod dashboard;
pub mod diagnostic;
pub mod draft;
pub mod engine;
pub mod event;
pub mod expr;
pub mod graph;
pub mod http;
pub mod model;
pub mod observe;
pub mod payload;
pub mod queue;
pub mod run;
pub mod store;
pub mod syntax;
pub mod system;
