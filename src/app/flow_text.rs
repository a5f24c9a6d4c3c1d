use std::path::Path;

use super::kept::Kept;
use crate::{
    diagnostic::Report,
    store::Reader,
    syntax::{self, Node},
};

/// How a flow is written in a revision that was kept: its text, without secrets, and where that
/// begins.
///
/// # Errors
/// It is not there any more; the sentence says so.
pub(super) fn flow_text(
    reader: &Reader,
    revision: &str,
    flow: &str,
) -> Result<(String, String), String> {
    let row = reader.revision(revision)?;
    let row = row.ok_or_else(|| format!("the revision {revision} is not kept"))?;
    let entry = Path::new(&row.entry);
    let mut report = Report::new();
    let tree = syntax::read(entry, &Kept::new(&row, entry), &mut report);
    let node = tree.nodes.into_iter().find(|node| is_flow(node, flow));
    let node = node.ok_or_else(|| format!("there is no flow {flow:?} in revision {revision}"))?;
    let whole = node.block.map_or(node.span, |block| node.span.to(block));
    // A report tells nothing of what had a secret in it; what is kept has none any more.
    let kept = &report.source(whole.source).text;
    let text = format!("{}\n", kept[whole.start..whole.end].trim_end());
    Ok((text, report.line(node.span)))
}

fn is_flow(node: &Node, name: &str) -> bool {
    let first = node.clone().open().argument();
    let first = first.as_ref().and_then(|first| first.as_text());
    node.name.text == "flow" && first.is_some_and(|text| text.value == name)
}
