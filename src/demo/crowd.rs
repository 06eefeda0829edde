//! All residents of the demo: most enter once, some are human.

use std::sync::{Arc, atomic::AtomicU64};

use futures_util::{StreamExt, stream};
use indicatif::ProgressBar;

use crate::{
    secret::random_below,
    stage::{Resident, mailbox::Mailbox, post::Post},
};

/// Residents under way at once.
const AT_ONCE: usize = 48;

/// What the crowd did.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// Residents whose entry stands.
    pub entered: u64,
    /// Residents who withdrew in the end.
    pub withdrawn: u64,
    /// Residents who tapped twice, changed their mind or came back: still one entry each.
    pub repeated: u64,
    /// What went wrong, the first few.
    pub faults: Vec<String>,
}

/// Lets `count` residents enter the round over real sockets.
///
/// # Errors
/// When no HTTP client can be built.
pub async fn enter(
    site: Arc<str>,
    mailbox: Arc<Mailbox>,
    slug: &str,
    count: u32,
    bar: &ProgressBar,
) -> anyhow::Result<Entered> {
    let (client, lost) = (Resident::client()?, Arc::<AtomicU64>::default());
    let acts = stream::iter(0..count).map(|number| {
        let address = format!("resident{number:07}@demo.invalid");
        let resident =
            Resident::new(client.clone(), site.clone(), Post::Mail(mailbox.clone(), address), lost.clone());
        async move {
            let did = act(resident, slug, number).await;
            bar.inc(1);
            did
        }
    });
    let mut all = Entered::default();
    let mut acts = acts.buffer_unordered(AT_ONCE);
    while let Some(did) = acts.next().await {
        match did {
            Ok(Did::Entered) => all.entered += 1,
            Ok(Did::Repeated) => {
                all.entered += 1;
                all.repeated += 1;
            }
            Ok(Did::Withdrew) => all.withdrawn += 1,
            Err(error) if all.faults.len() < 10 => all.faults.push(format!("{error:#}")),
            Err(_) => {}
        }
    }
    Ok(all)
}

enum Did {
    Entered,
    Repeated,
    Withdrew,
}

async fn act(mut resident: Resident, slug: &str, number: u32) -> anyhow::Result<Did> {
    resident.identify(slug, "enter").await?;
    let (want, wishes) = wish_of(number);
    let check = resident.answer(slug, want, wishes).await?;
    resident.enter(slug, &check).await?;
    match number % 100 {
        // The doorbell is rung twice.
        7 | 57 => {
            let check = resident.answer(slug, want, wishes).await?;
            resident.enter(slug, &check).await?;
            Ok(Did::Repeated)
        }
        // A change of mind.
        23 => {
            let check = resident.answer(slug, 100_000, &["am", "noon"]).await?;
            resident.enter(slug, &check).await?;
            Ok(Did::Repeated)
        }
        // Leaving for good, and leaving and coming back: the same receipt.
        42 => resident.withdraw(slug).await.map(|()| Did::Withdrew),
        77 => {
            resident.withdraw(slug).await?;
            let check = resident.answer(slug, want, wishes).await?;
            resident.enter(slug, &check).await?;
            Ok(Did::Repeated)
        }
        _ => Ok(Did::Entered),
    }
}

/// Most want all they may have; wishes as in the planning figures: mornings and afternoons first.
fn wish_of(number: u32) -> (u64, &'static [&'static str]) {
    let want = match random_below(10) {
        0 => 50_000,
        1 => 100_000,
        2 => 200_000,
        _ => 250_000,
    };
    let wishes: &[&str] = match number % 5 {
        0 => &["am"],
        1 => &["noon", "pm"],
        2 | 3 => &["pm"],
        _ => &[],
    };
    (want, wishes)
}
