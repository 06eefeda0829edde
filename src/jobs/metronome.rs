//! tokio-cron-scheduler as a metronome. It knocks every second and knows nothing: what is due is
//! asked of the database, so late, lost and doubled knocks are all the same.

use tokio::sync::watch;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// Why the metronome does not run.
#[derive(Debug, thiserror::Error)]
#[error("the metronome does not run: {0}")]
pub struct MetronomeError(#[from] JobSchedulerError);

/// Knocks every second until it is stopped.
pub struct Metronome(JobScheduler);

impl Metronome {
    /// Starts it. Whoever holds a receiver is knocked on; a slow one misses knocks, not work.
    ///
    /// # Errors
    /// [`MetronomeError`].
    pub async fn start() -> Result<(Self, watch::Receiver<u64>), MetronomeError> {
        let (knock, knocks) = watch::channel(0_u64);
        // A cron job, not a repeated one: those die for good after a pause longer than their
        // interval. The closure must not panic outside its future, so it does nothing but count.
        let job = Job::new_async("* * * * * *", move |_, _| {
            knock.send_modify(|count| *count = count.wrapping_add(1));
            Box::pin(async {})
        })?;
        let scheduler = JobScheduler::new().await?;
        scheduler.add(job).await?;
        scheduler.start().await?;
        Ok((Self(scheduler), knocks))
    }

    /// Stops it.
    pub async fn stop(mut self) {
        if let Err(error) = self.0.shutdown().await {
            tracing::warn!(%error, "the metronome did not stop in order");
        }
    }
}
