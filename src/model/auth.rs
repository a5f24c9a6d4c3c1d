use super::SecretRef;

/// One way for a sender to prove itself; a trigger takes any of its ways.
///
/// `S` names the stage: [`SecretRef`] as checked, [`super::Secret`] once resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Auth<S = SecretRef> {
    /// HTTP Basic authentication (RFC 7617).
    Basic(Basic<S>),
}

/// A user and the passwords that pass for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Basic<S = SecretRef> {
    /// The user name; without `:` (RFC 7617).
    pub user: String,
    /// Any of these passes; each is plain text, a bcrypt hash or an argon2 hash.
    pub passwords: Vec<S>,
}

impl<S> Auth<S> {
    /// The secrets it needs, in the order of the file.
    pub fn secrets(&self) -> impl Iterator<Item = &S> {
        match self {
            Self::Basic(basic) => basic.passwords.iter(),
        }
    }

    /// The same with every secret replaced.
    ///
    /// # Errors
    /// The first error that `replace` gives.
    pub fn try_map<T, E>(&self, mut replace: impl FnMut(&S) -> Result<T, E>) -> Result<Auth<T>, E> {
        match self {
            Self::Basic(basic) => Ok(Auth::Basic(Basic {
                user: basic.user.clone(),
                passwords: basic
                    .passwords
                    .iter()
                    .map(&mut replace)
                    .collect::<Result<_, E>>()?,
            })),
        }
    }
}
