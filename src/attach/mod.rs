//! The event stream over a Unix socket, for viewers in other processes and in this one.
//!
//! A [`Hub`] listens to the bus while somebody looks, and makes each event one line for all; a
//! [`Server`] hands the lines to viewers, none of which can slow it down; a [`Client`] is the other
//! end. What goes over the socket is one JSON object a line, so that people can read it, too.

mod client;
mod hub;
mod pins;
mod place;
mod ring;
mod server;
mod viewer;
mod wire;

pub use client::Client;
pub use hub::Hub;
pub use pins::Pins;
pub use place::{SOCKET, listen};
pub use server::{Means, PATIENCE, Past, Server, TellPast};
pub use wire::{Answer, Heard, Line, PROTOCOL, Reader, Redact, event_body};
