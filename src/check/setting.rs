use crate::{
    diagnostic::Report,
    syntax::{Fields, Scalar},
};

/// What a child with one argument says, where there is one; nothing where it is broken.
pub(super) fn setting<T>(
    fields: &mut Fields,
    name: &'static str,
    report: &mut Report,
    read: impl FnOnce(&Scalar, &mut Report) -> Option<T>,
) -> Option<Option<T>> {
    let mut line = fields.child(name, report)?.open();
    let value = line
        .expect_argument(report, "a value")
        .and_then(|value| read(&value, report));
    line.finish(report);
    Some(value)
}
