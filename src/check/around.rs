use super::callees::Callees;
use crate::model::Outbound;

/// What a flow stands among, and may refer to.
#[derive(Debug)]
pub(super) struct Around {
    /// The named secrets: broken ones too, which are no further slip.
    pub secrets: Vec<String>,
    /// What requests may reach; `None` where that is not known.
    pub outbound: Option<Outbound>,
    /// The other flows.
    pub callees: Callees,
}
