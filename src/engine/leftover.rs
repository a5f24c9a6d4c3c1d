//! Processes that outlived the server that started them.

use std::{sync::LazyLock, time::Duration};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use tokio::time::sleep;

use crate::run::Value;

/// How often it is looked whether what was killed is dead, and how long a look lasts: what the
/// system itself holds on to may not die at all.
const LOOKS: u32 = 400;
const LOOK: Duration = Duration::from_millis(5);

/// What tells a process from a later one that has the same id, to be kept while it runs; `None`
/// where the system does not say.
pub(super) fn told(id: Pid) -> Option<Value> {
    let id = id.as_raw_pid();
    let started = leader(id)?;
    Some(json!({ "boot": boot(), "pid": id, "started": started }))
}

/// Kills the process group that was told of, if its leader still runs, and waits until that is dead:
/// until then it may still act. Whether there was one.
pub async fn end_leftover(told: &Value) -> bool {
    let id = told["pid"].as_i64().and_then(|id| i32::try_from(id).ok());
    // 0 and what is below stand for other groups than one of that id (kill(2)).
    let id = id.filter(|id| *id > 0);
    let Some((id, pid)) = id.and_then(|id| Some((id, Pid::from_raw(id)?))) else {
        return false;
    };
    if told["boot"] != json!(boot()) {
        return false;
    }
    let is_there = || leader(id).is_some_and(|started| told["started"].as_u64() == Some(started));
    if !is_there() {
        return false;
    }
    // It may have ended this very moment.
    let _ = kill_process_group(pid, Signal::KILL);
    for _ in 0..LOOKS {
        if !is_there() {
            break;
        }
        sleep(LOOK).await;
    }
    true
}

/// Which start of the system this is: after another, ids and clock ticks begin anew.
fn boot() -> Option<&'static str> {
    static BOOT: LazyLock<Option<String>> =
        LazyLock::new(|| std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok());
    BOOT.as_deref().map(str::trim_end)
}

/// When the leader of a process group started, in clock ticks since the system did; `None` where it
/// is dead.
#[cfg(target_os = "linux")]
fn leader(id: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    parse_stat(&stat, id)
}

#[cfg(not(target_os = "linux"))]
fn leader(_: i32) -> Option<u64> {
    None
}

/// Field 22 of proc_pid_stat(5), where field 5 says that the process leads its group and field 3
/// that it is not dead and merely waited for by nobody.
#[cfg(target_os = "linux")]
fn parse_stat(stat: &str, id: i32) -> Option<u64> {
    // The name in field 2 may have anything in it, parentheses too.
    let (_, from_third) = stat.rsplit_once(") ")?;
    let mut fields = from_third.split(' ');
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    let group: i32 = fields.nth(1)?.parse().ok()?;
    (group == id).then(|| fields.nth(16)?.parse().ok())?
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::{
        os::unix::process::{CommandExt, ExitStatusExt},
        process::{Child, Command, Stdio},
    };

    use super::*;

    fn sleeper() -> (Child, Pid) {
        let child = Command::new("sleep")
            .arg("60")
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let id = Pid::from_raw(child.id() as i32).unwrap();
        (child, id)
    }

    #[tokio::test]
    async fn a_group_whose_leader_started_when_it_was_told_is_killed() {
        let (mut child, id) = sleeper();
        let process = told(id).unwrap();
        assert!(end_leftover(&process).await);
        assert_eq!(told(id), None, "it is dead, and not reaped");
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }

    #[tokio::test]
    async fn a_later_process_with_the_same_id_is_left_alone() {
        let (mut child, id) = sleeper();
        let mut before = told(id).unwrap();
        let mut of_another_boot = before.clone();
        before["started"] = json!(before["started"].as_u64().unwrap() - 1);
        assert!(!end_leftover(&before).await);
        of_another_boot["boot"] = json!("6c1f0f0e-2c3b-4f57-9d0f-3a1d7c9b8e55");
        assert!(!end_leftover(&of_another_boot).await);
        for nonsense in [
            json!(null),
            json!({"pid": 0}),
            json!({"pid": -1, "started": 0}),
        ] {
            assert!(!end_leftover(&nonsense).await);
        }
        assert_eq!(child.try_wait().unwrap(), None);
        // In place of what `end_leftover` did not do.
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn the_name_of_a_process_cannot_forge_when_it_started() {
        let stat = "7 (a) R 7 1) S 1 7 7 0 -1 4194304 97 0 0 0 0 0 0 0 20 0 1 0 5551 2 3";
        assert_eq!(parse_stat(stat, 7), Some(5551));
        assert_eq!(parse_stat(stat, 8), None, "it leads another group");
        let dead = stat.replace(") S", ") Z");
        assert_eq!(parse_stat(&dead, 7), None, "it is dead");
    }
}
