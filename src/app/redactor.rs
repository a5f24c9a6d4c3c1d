use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::{
    model::Secret,
    observe::{Marks, Redactor},
};

/// The secrets of a configuration, by name.
pub(super) type Secrets = Arc<[(String, Secret)]>;

/// What takes the secrets of a configuration out of records and lines. Most ask for that of what is
/// served: the last one is remembered, since each is made of many encodings of each secret.
pub(super) fn redactor(secrets: &Secrets) -> Arc<Redactor> {
    /// The key of this start of the server: what it keeps and what it tells have the same marks.
    static MARKS: LazyLock<Marks> = LazyLock::new(Marks::keyed);
    static LAST: Mutex<Option<(Secrets, Arc<Redactor>)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, redactor)) = &*last
        && Arc::ptr_eq(known, secrets)
    {
        return Arc::clone(redactor);
    }
    let redactor = Arc::new(Redactor::new(
        secrets.iter().map(|(_, secret)| secret.expose()),
        MARKS.clone(),
    ));
    *last = Some((Arc::clone(secrets), Arc::clone(&redactor)));
    redactor
}
