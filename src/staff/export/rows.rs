//! Rows of each table, a page at a time, in the order of their keys.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    Cell, ExportError, Head, Kind,
    labels::{self, ACCESS, CONTACTS, ENTERED, LEDGER, NOTICES, PURCHASES, RESERVATIONS, RESULT},
};
use crate::{
    app::{App, Round},
    domain::{contact::Contact, who::value_in},
    notify::content::CONTACT,
    staff::{standing::Stands, statistics},
    store::{
        self,
        export::{self, Entered, PAGE},
    },
    words::Lang,
};

/// A table that is being read.
pub struct Source<'a> {
    app: &'a App,
    round: Option<&'a Arc<Round>>,
    kind: Kind,
    lang: Lang,
    now: DateTime<Utc>,
    /// The last receipt, or number, of the page before.
    receipt: String,
    id: i64,
    ended: bool,
    /// Members of staff.
    names: HashMap<i64, String>,
}

impl<'a> Source<'a> {
    /// Begins.
    pub async fn new(
        app: &'a App,
        round: Option<&'a Arc<Round>>,
        kind: Kind,
        lang: Lang,
        now: DateTime<Utc>,
    ) -> Result<Self, ExportError> {
        let people = store::clerk::list(app.db.read()).await?;
        let names = people.into_iter().map(|person| (person.id, person.name)).collect();
        Ok(Self { app, round, kind, lang, now, receipt: String::new(), id: 0, ended: false, names })
    }

    /// The headings, in order.
    pub fn heads(&self) -> Vec<String> {
        let texts = |heads: &[Head]| heads.iter().map(|head| head.text(self.lang)).collect::<Vec<_>>();
        match self.kind {
            Kind::Entries => {
                let mut all = texts(&ENTERED);
                if let Some(round) = self.round {
                    let label = |name: &str| {
                        let field = round.who.field(name);
                        field.map_or(name.to_owned(), |field| labels::field(field, self.lang))
                    };
                    all.extend(round.rules.other_fields().map(label));
                    if round.is_published(self.now) {
                        all.extend(texts(&RESULT));
                    }
                }
                all
            }
            Kind::Contacts => texts(&CONTACTS),
            Kind::Purchases => texts(&PURCHASES),
            Kind::Reservations => texts(&RESERVATIONS),
            Kind::Ledger => texts(&LEDGER),
            Kind::Notices => texts(&NOTICES),
            Kind::Statistics => texts(&statistics::HEADS),
            Kind::Access => texts(&ACCESS),
        }
    }

    /// The next rows; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>, ExportError> {
        if self.ended {
            return Ok(None);
        }
        let rows = match (self.kind, self.round) {
            (Kind::Access, _) => self.access().await?,
            (_, None) => Vec::new(),
            (Kind::Entries, Some(round)) => self.entries(round).await?,
            (Kind::Contacts, Some(round)) => self.contacts(round).await?,
            (Kind::Purchases, Some(round)) => self.purchases(round).await?,
            (Kind::Reservations, Some(round)) => self.reservations(round).await?,
            (Kind::Ledger, Some(round)) => self.ledger(round).await?,
            (Kind::Notices, Some(round)) => self.notices(round).await?,
            (Kind::Statistics, Some(round)) => {
                let counted = statistics::tables(self.app, round, self.now).await?;
                statistics::rows(round, &counted, self.lang)
            }
        };
        let whole = matches!(self.kind, Kind::Ledger | Kind::Statistics);
        self.ended = whole || (rows.len() as u64) < PAGE;
        Ok(Some(rows))
    }

    async fn entries(&mut self, round: &Arc<Round>) -> Result<Vec<Vec<Cell>>, ExportError> {
        let page = export::list_entered_after(self.app.db.read(), round.row.id, &self.receipt).await?;
        if let Some(last) = page.last() {
            self.receipt.clone_from(&last.receipt);
        }
        // Nobody knows a result before everybody does.
        let stands = match round.is_published(self.now) {
            true => Some(Stands::of(self.app, round, &page).await?),
            false => None,
        };
        Ok(page.into_iter().map(|entry| self.entry(round, entry, stands.as_ref())).collect())
    }

    fn entry(&self, round: &Round, entry: Entered, stands: Option<&Stands>) -> Vec<Cell> {
        let place = stands.map(|stands| stands.place(round, &entry, self.now));
        let mut row = vec![
            Cell::text(entry.receipt),
            entry.lead.map_or(Cell::Empty, Cell::Text),
            Cell::Number(entry.seats.into()),
            Cell::Number(entry.want),
            Cell::Number(entry.weight.into()),
            Cell::text(entry.wish),
            Cell::text(labels::channel(&entry.channel, self.lang)),
            Cell::text(entry.lang),
            Cell::At(entry.entered_at),
            Cell::at(entry.withdrawn_at),
        ];
        for name in round.rules.other_fields() {
            let value = value_in(&entry.fields, name);
            row.push(
                value.map_or(Cell::Empty, |value| Cell::text(labels::value(round, name, value, self.lang))),
            );
        }
        if let Some(place) = place {
            let won = |won: Option<i64>| won.map_or(Cell::Empty, Cell::Number);
            row.extend([
                won(place.rank),
                place.drawn.map_or(Cell::Empty, |key| Cell::text(labels::outcome(&key, self.lang))),
                Cell::at(place.drawn_at),
                Cell::text(labels::outcome(place.key, self.lang)),
                Cell::at(place.turn.map(|turn| turn.starts_at)),
                Cell::at(place.turn.map(|turn| turn.until)),
                won(place.amount),
                won(place.bought.as_ref().map(|(won, _)| *won)),
                Cell::at(place.bought.map(|(_, at)| at)),
            ]);
        }
        row
    }

    async fn contacts(&mut self, round: &Arc<Round>) -> Result<Vec<Vec<Cell>>, ExportError> {
        let page = export::list_people_after(self.app.db.read(), round.row.id, &self.receipt).await?;
        if let Some((last, ..)) = page.last() {
            self.receipt.clone_from(last);
        }
        let (app, lang) = (self.app.clone(), self.lang);
        // Opening five thousand seals is work.
        super::blocking(move || {
            let people = app.keys.people();
            let row = |(receipt, spoken, sealed): (String, String, String)| {
                let contact: Option<Contact> = people.open(CONTACT, &sealed);
                let channel = contact.as_ref().map_or("", |contact| contact.channel.key());
                vec![
                    Cell::text(receipt),
                    Cell::text(spoken),
                    Cell::text(labels::channel(channel, lang)),
                    contact.map_or(Cell::Empty, |contact| Cell::text(contact.address)),
                ]
            };
            page.into_iter().map(row).collect()
        })
        .await
    }

    async fn purchases(&mut self, round: &Arc<Round>) -> Result<Vec<Vec<Cell>>, ExportError> {
        let page = export::list_bought_after(self.app.db.read(), round.row.id, &self.receipt).await?;
        if let Some(last) = page.last() {
            self.receipt.clone_from(&last.receipt);
        }
        let row = |one: entities::bought::Model| {
            vec![Cell::text(one.receipt), Cell::Number(one.amount), Cell::At(one.at), Cell::text(one.source)]
        };
        Ok(page.into_iter().map(row).collect())
    }

    async fn reservations(&mut self, round: &Arc<Round>) -> Result<Vec<Vec<Cell>>, ExportError> {
        let page = export::list_reserved_after(self.app.db.read(), round.row.id, &self.receipt).await?;
        if let Some(last) = page.last() {
            self.receipt.clone_from(&last.id);
        }
        // Its own name stays here: whoever knows it can settle it.
        let row = |one: entities::reservation::Model| {
            vec![
                Cell::text(one.receipt),
                Cell::text(one.seller),
                Cell::Number(one.amount),
                Cell::Number(one.people),
                Cell::text(labels::reservation_state(&one.state, self.lang)),
                Cell::text(one.reference),
                Cell::At(one.made_at),
                Cell::At(one.until_at),
                Cell::at(one.settled_at),
            ]
        };
        Ok(page.into_iter().map(row).collect())
    }

    async fn ledger(&self, round: &Arc<Round>) -> Result<Vec<Vec<Cell>>, ExportError> {
        let accounts = store::ledger::list(self.app.db.read(), round.row.id).await?;
        let row = |one: entities::ledger::Model| {
            let whole = one.scope == store::ledger::ROUND;
            let unit = if whole { Head("원", "won") } else { Head("명", "people") };
            let name = if whole { Head("회차 전체", "the round").text(self.lang) } else { one.scope };
            vec![
                Cell::text(name),
                Cell::text(unit.text(self.lang)),
                Cell::Number(one.most),
                Cell::Number(one.held),
                Cell::Number(one.redeemed),
                Cell::Number(one.most - one.held - one.redeemed),
            ]
        };
        Ok(accounts.into_iter().map(row).collect())
    }

    async fn notices(&mut self, round: &Arc<Round>) -> Result<Vec<Vec<Cell>>, ExportError> {
        let page = export::list_notices_after(self.app.db.read(), round.row.id, self.id).await?;
        self.id = page.last().map_or(self.id, |last| last.id);
        let row = |one: entities::notice::Model| {
            vec![
                Cell::text(one.about),
                Cell::text(labels::notice_reason(&one.reason, self.lang)),
                Cell::Number(one.version.into()),
                Cell::text(labels::channel(&one.channel, self.lang)),
                Cell::At(one.planned_at),
                Cell::At(one.due_at),
                Cell::text(labels::notice_state(&one.state, self.lang)),
                Cell::at(one.ended_at),
            ]
        };
        Ok(page.into_iter().map(row).collect())
    }

    async fn access(&mut self) -> Result<Vec<Vec<Cell>>, ExportError> {
        let page = export::list_access_after(self.app.db.read(), self.id).await?;
        self.id = page.last().map_or(self.id, |last| last.id);
        let row = |one: entities::access::Model| {
            let name = one.clerk_id.and_then(|id| self.names.get(&id)).cloned();
            vec![
                Cell::At(one.at),
                name.map_or(Cell::Empty, Cell::Text),
                Cell::text(one.kind),
                Cell::text(one.about),
                Cell::text(one.address),
                Cell::text(one.reason),
            ]
        };
        Ok(page.into_iter().map(row).collect())
    }
}
