//! What a step takes: on the clock, of all processors, and of memory.

use std::fs;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::Instant;

/// What is said on standard output in the end, if Markdown is asked for: a row each.
static ROWS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What something took.
#[derive(Clone, Copy)]
pub struct Cost {
    pub wall: f64,
    /// Of all threads.
    pub cpu: f64,
    /// The most memory of the whole process while it ran, in MiB.
    pub most: u64,
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let most = self.most.max(other.most);
        Self { wall: self.wall + other.wall, cpu: self.cpu + other.cpu, most }
    }
}

/// Seconds of processor time so far. Linux counts them in hundredths.
fn cpu() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// What the process has in memory (`VmRSS`), or had at most (`VmHWM`), in MiB: its code too.
pub fn memory(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}

pub fn timed<T>(what: &str, n: usize, work: impl FnOnce() -> T) -> (T, Cost) {
    let held = memory("VmRSS");
    // The most is counted from here on; without that right the most so far counts, which is no less.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (start, before) = (Instant::now(), cpu());
    let value = black_box(work());
    let wall = start.elapsed().as_secs_f64();
    let cpu = cpu().zip(before).map_or(wall, |(after, before)| after - before);
    let (each, most) = (cpu * 1e9 / n as f64, memory("VmHWM"));
    eprintln!(
        "{what:50} {wall:7.3} s   processors {cpu:6.2} s, {each:5.0} ns each   {held:5} to {most:5} MiB"
    );
    ROWS.lock()
        .unwrap()
        .push(format!("| {what} | {wall:.2} s | {cpu:.2} s | {each:.0} ns | {held} MiB | {most} MiB |"));
    (value, Cost { wall, cpu, most })
}

pub fn ratio(what: &str, ours: Cost, bare: Cost) {
    let (wall, cpu) = (ours.wall / bare.wall, ours.cpu / bare.cpu);
    eprintln!("{what:34} {wall:5.2} × bare   processors {cpu:5.2} ×");
    ROWS.lock().unwrap().push(format!("| {what} | {wall:.2} × | {cpu:.2} × |"));
}

/// The rows since this was asked last.
pub fn rows() -> String {
    std::mem::take(&mut *ROWS.lock().unwrap()).join("\n")
}
