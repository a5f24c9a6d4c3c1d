use std::{fmt, sync::Arc};

use http::{HeaderValue, Method, StatusCode};

use super::{Flow, Graph, Trigger};
use crate::model::RouteParameters;

/// Where a request leads.
#[derive(Debug)]
pub struct Led<'g, 'p> {
    /// The flow.
    pub flow: &'g Arc<Flow>,
    /// What starts it.
    pub trigger: &'g Trigger,
    /// The raw values of its path's parameters.
    pub parameters: RouteParameters<'g, 'p>,
}

/// Why a request leads to no run, whoever sends it and whatever else is in it.
#[derive(Debug)]
pub enum Astray<'g> {
    /// No flow has the path.
    Nowhere,
    /// A tunnel is asked for: the target is an authority and no path (RFC 9112, section 3.2.3).
    Tunnel,
    /// The flow that has the path does not take the method.
    Method(&'g Arc<Flow>, &'g Trigger),
}

impl Graph {
    /// Where a request leads. The raw path decides alone: no decoding, no normalisation, and no
    /// other spelling of a path reaches a route that the path itself would not.
    ///
    /// # Errors
    /// See [`Astray`].
    pub fn lead<'p>(&self, method: &Method, path: &'p str) -> Result<Led<'_, 'p>, Astray<'_>> {
        if method == Method::CONNECT {
            return Err(Astray::Tunnel);
        }
        let (index, parameters) = self.routes.find(path).ok_or(Astray::Nowhere)?;
        let flow = self.flows.get(*index).ok_or(Astray::Nowhere)?;
        // A flow without one is only called: no path leads to it.
        let trigger = flow.trigger.as_ref().ok_or(Astray::Nowhere)?;
        if !trigger.methods.contains(method) {
            return Err(Astray::Method(flow, trigger));
        }
        Ok(Led {
            flow,
            trigger,
            parameters,
        })
    }
}

impl<'g> Astray<'g> {
    /// The flow that it came to.
    pub fn flow(&self) -> Option<&'g Arc<Flow>> {
        match self {
            Self::Method(flow, _) => Some(flow),
            Self::Nowhere | Self::Tunnel => None,
        }
    }

    /// What it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Nowhere => StatusCode::NOT_FOUND,
            Self::Tunnel | Self::Method(..) => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// The methods that would be taken there, as the header of the answer.
    pub fn allow(&self) -> Option<HeaderValue> {
        match self {
            Self::Nowhere => None,
            Self::Tunnel => Some(HeaderValue::from_static("")),
            Self::Method(_, trigger) => Some(trigger.allow.clone()),
        }
    }
}

impl fmt::Display for Astray<'_> {
    /// A sentence that its sender may read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nowhere => "no flow has this path",
            Self::Tunnel | Self::Method(..) => "this path does not take the method",
        })
    }
}
