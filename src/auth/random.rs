use std::io;

/// Fills `bytes` with what nobody can guess, straight from the system: a static binary in an
/// empty directory has no `/dev/urandom` to fall back on.
///
/// # Errors
/// The system has no randomness to give.
pub fn random(bytes: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < bytes.len() {
        filled +=
            rustix::rand::getrandom(&mut bytes[filled..], rustix::rand::GetRandomFlags::empty())?;
    }
    Ok(())
}
