//! Making a record: recomputed, never copied. What is published is what the draw gives, or nothing is. Written
//! line by line into a folder that nobody sees, and judged there by the citizen's verifier before it appears.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::Path,
};

use public_audit::{
    Digest,
    draw::{Drawn, Row},
    journal::{Act, Event, Excerpt, Logged},
    record::{self, Pulse},
    result,
    seed::SeedInput,
};

use super::{
    BIAS, blocking,
    folder::{self, Folders, Making, Writing},
    paths,
};
use crate::{
    app::{App, Round},
    domain::bias,
    lifecycle::{LifecycleError, checkpoint, draw, guard, refused, seal},
    store::{self, assignment},
};

/// Makes the record of a drawn round in `to`, where it is not. Only for who is alone.
pub async fn make(app: &App, round: &Round, to: &Path) -> Result<(), LifecycleError> {
    let making = Making::beside(to);
    let made = match write(app, round, making.path()).await {
        Ok(()) => verified(making.path()).await,
        error => error,
    };
    let (to, is_whole) = (to.to_owned(), made.is_ok());
    let placed = blocking(move || match is_whole {
        true => place(making, &to).map_err(failed(&to)),
        false => {
            drop(making);
            Ok(())
        }
    });
    placed.await?.and(made)
}

/// Every file but what is found on the way to be wrong.
async fn write(app: &App, round: &Round, making: &Path) -> Result<(), LifecycleError> {
    let row = &round.row;
    let (Some(pulse), Some(seal_note)) = (&row.pulse, &row.seal) else {
        return Err(refused("the round is not drawn"));
    };
    let pulse = Pulse::parse(pulse).map_err(refused)?;
    let input = draw::seed_input(round, &pulse)?;
    let (drawn, mut digests) = drawn(app, round, &input, making).await?;
    // What residents are shown and told comes from these rows.
    let same = digests.get(record::RESULT).map(ToString::to_string) == row.result_digest
        && Some(input.draw_seed().to_string()) == row.draw_seed
        && same_places(app, round, &drawn).await?;
    drop(drawn);
    if !same {
        return Err(changed());
    }
    let (excerpt, signed) = journal(app, round).await?;
    let tests = guard::table(app.db.read(), round, &input.draw_seed()).await?;
    let texts = [
        (record::RULES, row.rules.clone()),
        (record::SEAL, seal_note.clone()),
        (record::SEED_INPUT, input.to_text()),
        (record::PULSE, pulse.to_json()),
        (record::JOURNAL, excerpt),
        (record::CHECKPOINT, signed),
        (BIAS, bias::text(round.rules.round.as_str(), &tests)),
    ];
    for (name, text) in texts {
        digests.insert(name, folder::write(&making.join(name), text.as_bytes()).map_err(failed(making))?);
    }
    digests.insert(record::BATCHES, batches(app, round, making).await?);
    let manifest = record::manifest_of_digests(&digests);
    folder::write(&making.join(record::MANIFEST), manifest.as_bytes()).map_err(failed(making))?;
    Ok(())
}

/// Draws again, and writes the pool and the result.
async fn drawn(
    app: &App,
    round: &Round,
    input: &SeedInput,
    making: &Path,
) -> Result<(Drawn, BTreeMap<&'static str, Digest>), LifecycleError> {
    let pool = seal::pool(app.db.read(), round).await?;
    if pool.root() != input.root {
        return Err(changed());
    }
    let (rules, seed, making) = (round.rules.clone(), input.draw_seed(), making.to_owned());
    blocking(move || {
        fs::create_dir_all(&making).map_err(failed(&making))?;
        let lines = (0..pool.count()).filter_map(|index| pool.line(index));
        let written = folder::write_lines(&making.join(record::POOL), lines).map_err(failed(&making))?;
        let drawn = public_audit::draw(&rules, &pool, &seed).map_err(refused)?;
        drop(pool);
        let line = |row: Row| {
            let mut line = String::new();
            result::write_line(&rules, &row, &mut line);
            line
        };
        let lines = drawn.rows().map(line);
        let drawn_to = folder::write_lines(&making.join(record::RESULT), lines).map_err(failed(&making))?;
        Ok((drawn, [(record::POOL, written), (record::RESULT, drawn_to)].into()))
    })
    .await?
}

/// Whether the rows of the result are what was drawn, no more and no less.
async fn same_places(app: &App, round: &Round, drawn: &Drawn) -> Result<bool, LifecycleError> {
    let (mut rows, mut last) = (draw::rows(round, drawn), 0);
    loop {
        let page = assignment::list_after(app.db.read(), round.row.id, last).await?;
        let Some(until) = page.last().map(|kept| kept.rank) else { return Ok(rows.next().is_none()) };
        let count = page.len();
        if !page.into_iter().eq(rows.by_ref().take(count)) {
            return Ok(false);
        }
        last = until;
    }
}

async fn batches(app: &App, round: &Round, making: &Path) -> Result<Digest, LifecycleError> {
    let mut file = Writing::begin(&making.join(record::BATCHES)).map_err(failed(making))?;
    for number in 1.. {
        let Some(text) = store::batch::find(app.db.read(), round.row.id, number).await? else { break };
        file.write_all(text.as_bytes()).map_err(failed(making))?;
    }
    file.end().map_err(failed(making))
}

/// What the journal says of a round up to its draw, under the checkpoint that ends with it: the same on
/// every instance, whatever has happened since.
async fn journal(app: &App, round: &Round) -> Result<(String, String), LifecycleError> {
    let mut rows = Vec::new();
    let mut drawn = false;
    for row in store::journal::list(app.db.read(), round.row.id).await? {
        let event: Event = row.line.parse().map_err(refused)?;
        // Nothing of the draw depends on it (SPEC §12).
        if matches!(event.act, Act::Worded { .. }) {
            continue;
        }
        let index = u64::try_from(row.index).map_err(refused)?;
        drawn = matches!(event.act, Act::Drawn { .. });
        rows.push((index, event));
        if drawn {
            break;
        }
    }
    let last = rows.last().filter(|_| drawn).ok_or_else(|| refused("the journal knows of no draw"))?.0;
    let size = usize::try_from(last).map_err(refused)? + 1;
    let (_, signed) = checkpoint::at(app, size).await?;
    let events = app.tree.with(|tree| {
        let path = |index: u64| tree.path(index, size as u64);
        let logged = rows.into_iter().map(|(index, event)| Some(Logged { index, path: path(index)?, event }));
        logged.collect::<Option<Vec<Logged>>>()
    });
    let events = events.ok_or_else(|| refused("the journal is shorter than it was"))?;
    Ok((Excerpt { events }.text(), signed))
}

/// The citizen's verifier has the last word, before any citizen runs it.
async fn verified(making: &Path) -> Result<(), LifecycleError> {
    let files = Folders(vec![making.to_owned()]);
    let report = blocking(move || public_audit::verify::verify(&files)).await?.map_err(failed(making))?;
    match report.matches {
        true => Ok(()),
        false => Err(refused(format!("the record is not published, it does not verify: {report}"))),
    }
}

fn place(making: Making, to: &Path) -> io::Result<()> {
    // What is there under this name belongs to another round: it is not ours to serve.
    paths::forget(to)?;
    if to.exists() {
        fs::rename(to, folder::aside(to))?;
    }
    making.appear(to)?;
    paths::ensure(to)
}

fn changed() -> LifecycleError {
    refused("the database no longer holds what was drawn: restore it, nothing else is published")
}

fn failed(path: &Path) -> impl Fn(io::Error) -> LifecycleError {
    let path = path.display().to_string();
    move |error| refused(format!("{path}: {error}"))
}
