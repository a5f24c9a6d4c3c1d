use std::os::fd::BorrowedFd;

use rustix::io::{FdFlags, fcntl_setfd};

/// Keeps what whoever started the server left open from the programs that the server starts: the
/// standard library opens nothing of its own that they would get. To be called while there is no
/// other thread.
pub(super) fn keep_from_children() {
    // Where the system lists nothing, as in an empty chroot, there is hardly a program to start.
    let Ok(open) = std::fs::read_dir("/proc/self/fd").or_else(|_| std::fs::read_dir("/dev/fd"))
    else {
        return;
    };
    for entry in open.flatten() {
        let number = entry.file_name();
        let Some(number) = number.to_str().and_then(|name| name.parse::<i32>().ok()) else {
            continue;
        };
        if number <= 2 {
            continue;
        }
        #[expect(
            unsafe_code,
            reason = "nothing safe reaches a descriptor by its number"
        )]
        // SAFETY: it was listed as open a moment ago, the list itself is still open, and no other
        // thread is there to close anything.
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        // A descriptor takes the flag, or is none.
        let _ = fcntl_setfd(descriptor, FdFlags::CLOEXEC);
    }
}
