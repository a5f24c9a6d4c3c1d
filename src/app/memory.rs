use std::fs;

/// How many bytes of memory this process has. `None` where the system does not say.
pub(super) fn resident() -> Option<u64> {
    parse(&fs::read_to_string("/proc/self/status").ok()?)
}

// Not `statm`, which counts pages of a size that it does not tell.
fn parse(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// Gives memory that is free now back to the system, as far as the calling thread and threads that
/// have ended used it; the allocator would keep it. To read a configuration takes many times its
/// size, of which no request needs anything. Takes milliseconds.
pub(super) fn give_back() {
    #[expect(unsafe_code, reason = "the allocator has no safe door for it")]
    // SAFETY: it has no precondition, and may be called at any time by any thread.
    unsafe {
        libmimalloc_sys::mi_collect(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_told_in_bytes() {
        let status = "Name:\thookyard\nVmHWM:\t   20000 kB\nVmRSS:\t   18244 kB\n";
        assert_eq!(parse(status), Some(18_244 * 1024));
        assert_eq!(parse("Name:\thookyard\n"), None);
    }

    #[test]
    fn a_process_on_linux_knows_its_own() {
        assert!(resident().is_some_and(|bytes| bytes > 1 << 20));
    }
}
