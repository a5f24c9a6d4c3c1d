//! What a step is given, rendered; without telling a secret where that fails.

use std::fmt::Display;

use crate::expr::{Context, Root, Template};

/// A template's text, or why there is none; `shown` names the template there.
pub(super) fn render(
    template: &Template,
    shown: impl Display,
    scope: &dyn Context,
) -> Result<String, String> {
    template
        .render(scope)
        .map_err(|error| explain(error.message, template.reads(Root::Secrets), shown))
}

/// Why something cannot be rendered. A reason may quote the values it is about, and is held back
/// where a secret may be among them.
pub(super) fn explain(why: String, is_secret: bool, shown: impl Display) -> String {
    if is_secret {
        format!("{shown} cannot be rendered")
    } else {
        why
    }
}
