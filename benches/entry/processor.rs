//! Processor time as Linux counts it: proc_pid_stat(5), proc_stat(5).

use std::{fs, time::Duration};

/// Of a process and all of its threads; nothing of one that has ended.
pub fn of(pid: u32) -> Duration {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Its name may hold anything, blanks too, and ends with the last parenthesis; `utime` and `stime` are 14 and 15.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    ticks(after.split_whitespace().skip(11).take(2))
}

/// Of everything on the machine.
pub fn of_all() -> Duration {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let mut all = text.lines().next().unwrap_or_default().split_whitespace().skip(1);
    // user, nice, system; then idle and waiting; then interrupts and what a hypervisor took.
    let busy = all.by_ref().take(3).collect::<Vec<_>>();
    ticks(busy.into_iter().chain(all.skip(2).take(2)))
}

/// `USER_HZ`, which is 100 on everything that Linux runs on today.
fn ticks<'t>(counts: impl Iterator<Item = &'t str>) -> Duration {
    Duration::from_millis(10 * counts.filter_map(|count| count.parse::<u64>().ok()).sum::<u64>())
}
