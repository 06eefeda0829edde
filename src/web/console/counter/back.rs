//! A part of a list that came back: who bought is ticked, and put forward to somebody else.

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeZone};
use chrono_tz::Asia::Seoul;
use entities::day_sheet;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    part::{self, Asked, at, frame},
    sheet::{line, named, one},
    slip::note,
    ticked,
};
use crate::{
    app::Round,
    lifecycle::{
        LifecycleError,
        day_part::Part,
        day_sheet::{Line, Maker},
        ticked::{put_forward as put, put_none},
    },
    web::{
        answer::Answer,
        path::Path,
        view::{CounterBack, FieldError, SheetRow, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}/sheets/{id}/back", Who::COUNTER, show),
        Route::take("/console/counter/{slug}/sheets/{id}/back", Who::COUNTER, put_forward),
    ]
}

/// Which lines were bought: a box, an amount and a time for each, by its number on the list. The lines of a list never
/// change, so a number is always the same line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sold {
    #[serde(flatten)]
    typed: BTreeMap<String, String>,
}

impl Sold {
    /// What was ticked before, with amount and time where they are not those of the list.
    pub(super) fn of(part: &Part, ticked: &[Line]) -> Self {
        let mut typed = BTreeMap::new();
        if ticked.is_empty() {
            typed.insert("none".to_owned(), "yes".to_owned());
        }
        let known = ticked.iter().filter_map(|line| Some((line, part.find(&line.receipt)?)));
        for (line, (number, known)) in known {
            typed.insert(format!("sold_{number}"), "yes".to_owned());
            if known.amount != line.amount {
                typed.insert(format!("amount_{number}"), line.amount.to_string());
            }
            if known.starts_at != line.starts_at {
                let at = line.starts_at.with_timezone(&Seoul).format("%H:%M").to_string();
                typed.insert(format!("at_{number}"), at);
            }
        }
        Self { typed }
    }

    /// Whether it is said that nobody bought: no tick at all may be a page that nobody has looked at.
    fn is_none(&self) -> bool {
        self.typed.get("none").is_some_and(|typed| !typed.is_empty())
    }

    fn get(&self, what: &str, number: usize) -> &str {
        self.typed.get(&format!("{what}_{number}")).map_or("", |typed| typed.trim())
    }

    /// To be shown again: no longer than anything that is right.
    fn again(&self, what: &str, number: usize) -> String {
        self.get(what, number).chars().take(12).collect()
    }
}

async fn show(Path((slug, id)): Path<(String, i64)>, asked: Asked, desk: Desk) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    let part = part::find(&desk, &sheet, asked)?;
    note(&desk, "looked", &format!("day sheet {slug} {}", sheet.day), &sheet.reason).await?;
    let sold = ticked::sold(&desk, &sheet, &part).await?;
    Ok(desk.visit.show(&page(&desk, &round, &sheet, &part, &sold, Vec::new()).await?))
}

/// What is put forward is looked at on a page of its own, which may be read again: this is only sent.
async fn put_forward(
    Path((slug, id)): Path<(String, i64)>,
    asked: Asked,
    Sent(desk, sold): Sent<Sold>,
) -> Result<Answer, Answer> {
    let (round, sheet) = one(&desk, &slug, id).await?;
    let part = part::find(&desk, &sheet, asked)?;
    let visit = &desk.visit;
    let wrong = match read(&desk, &part, &sold) {
        Ok(lines) => {
            let maker = Maker { clerk_id: desk.signed.person.id, address: &desk.address, reason: "" };
            let done = match sold.is_none() {
                true => put_none(&visit.app, &sheet, &part, maker, visit.now).await,
                false => put(&visit.app, &sheet, &part, &lines, maker, visit.now).await,
            };
            match done {
                Ok(()) => return Ok(visit.go(&at(&round, &sheet, "/ticked", &part))),
                Err(LifecycleError::Refused(reason)) => {
                    vec![errors::counter_refused(visit.lang, &reason)]
                }
                Err(error) => return Err(visit.failed(error)),
            }
        }
        Err(wrong) => wrong,
    };
    Ok(visit.show_again(&page(&desk, &round, &sheet, &part, &sold, wrong).await?))
}

/// So many mistakes are said at once; the others when these are put right. All of a part would weigh more than the part.
const SAID: usize = 10;

/// What was ticked, in the order of the list.
fn read(desk: &Desk, part: &Part, sold: &Sold) -> Result<Vec<Line>, Vec<FieldError>> {
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in &part.lines {
        let number = *number;
        if sold.get("sold", number).is_empty() {
            continue;
        }
        let amount = sold.get("amount", number).replace([',', ' '], "");
        let amount = if amount.is_empty() { Some(line.amount) } else { amount.parse().ok() };
        let clock = sold.get("at", number);
        let day = line.starts_at.with_timezone(&Seoul).date_naive();
        let starts_at = match clock {
            "" => Some(line.starts_at),
            clock => NaiveTime::parse_from_str(clock, "%H:%M")
                .ok()
                .and_then(|time| Seoul.from_local_datetime(&day.and_time(time)).single())
                .map(|at| at.to_utc()),
        };
        match (amount.filter(|amount| *amount > 0), starts_at) {
            // Nobody at one counter may use up what is another's.
            (Some(amount), _) if amount > line.amount => {
                wrong.push(errors::counter_line_over(desk.visit.lang, number, line.amount));
            }
            (Some(amount), Some(starts_at)) => lines.push(Line { amount, starts_at, ..line.clone() }),
            _ => wrong.push(errors::counter_line_invalid(desk.visit.lang, number)),
        }
    }
    if sold.is_none() && !lines.is_empty() {
        wrong.insert(0, errors::counter_none_and_some(desk.visit.lang));
    }
    wrong.truncate(SAID);
    if wrong.is_empty() { Ok(lines) } else { Err(wrong) }
}

/// The rows of a part, with the masked names of those who were entered at a counter.
pub(super) async fn rows(
    desk: &Desk,
    round: &Round,
    part: &Part,
    sold: &Sold,
) -> Result<Vec<SheetRow>, Answer> {
    let names = named(desk, round, part.lines.iter().map(|(_, line)| line)).await?;
    let row = |(number, line): &(usize, Line)| SheetRow {
        number: *number,
        name: names.get(&line.receipt).cloned().unwrap_or_default(),
        sold: !sold.get("sold", *number).is_empty(),
        typed_amount: sold.again("amount", *number),
        typed_at: sold.again("at", *number),
        starts_at: line.starts_at,
        amount: line.amount,
        receipt: line.receipt.clone(),
    };
    Ok(part.lines.iter().map(row).collect())
}

pub(super) async fn page(
    desk: &Desk,
    round: &Round,
    sheet: &day_sheet::Model,
    part: &Part,
    sold: &Sold,
    errors: Vec<FieldError>,
) -> Result<CounterBack, Answer> {
    Ok(CounterBack {
        page: frame(desk, round, at(round, sheet, "/back", part)),
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: desk.visit.title(round),
        rows: rows(desk, round, part, sold).await?,
        nobody: sold.is_none(),
        line: line(desk, round, sheet),
        part: part::shown(sheet, part),
        waits: ticked::waits(desk, sheet, part).await?,
        errors,
    })
}
