//! All openings of a draft, with what their sellers can serve, as slots.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use public_audit::rules::{Match, Slot};

use super::{
    Draft,
    calendar::Calendar,
    opening::{Hours, Opening, PARTS, Span},
    profile::Profile,
    seller::Serving,
    times::instant,
};

/// When people buy.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// The slots that the draw fills.
    pub slots: Vec<Slot>,
    /// Those kept for people who missed their own minute.
    pub catch_up: Vec<Slot>,
    /// The parts of the day that are used, in time order.
    pub parts: Vec<String>,
    /// For each opening, its hours as they were understood.
    pub days: Vec<OpenDays>,
}

/// The days of one opening, to be shown back.
#[derive(Clone, Debug)]
pub struct OpenDays {
    /// Whose it is.
    pub cohort: Match,
    /// Kept for those who missed their own minute.
    pub catch_up: bool,
    /// Local dates.
    pub days: Vec<NaiveDate>,
    /// Holidays between them, on which nothing opens.
    pub closed: Vec<(NaiveDate, String)>,
    /// Local hours.
    pub hours: (NaiveTime, NaiveTime),
    /// People a day.
    pub people: BTreeMap<NaiveDate, u64>,
}

struct Read<'d> {
    opening: &'d Opening,
    hours: Hours,
    spans: Vec<Span>,
    people: Vec<u64>,
}

impl Draft {
    /// The slots of all openings.
    ///
    /// # Errors
    /// Every problem, each a sentence.
    pub fn slots(&self) -> Result<Slots, Vec<String>> {
        let mut problems = Vec::new();
        let calendar = Calendar::read(&self.holidays, &mut problems);
        let sellers = self.sellers(&mut problems);
        let mut read = Vec::new();
        for (at, opening) in self.opening.iter().enumerate() {
            match opening.read(&calendar, &sellers) {
                Ok(opening) => read.push(opening),
                Err(problem) if self.opening.len() == 1 => problems.push(format!("opening.{problem}")),
                Err(problem) => {
                    problems.push(format!("opening.{problem} (in [[opening]] number {})", at + 1))
                }
            }
        }
        if self.opening.is_empty() {
            problems.push("opening: there is none, so nobody could buy".to_owned());
        }
        problems.extend(sellers.iter().filter_map(|seller| overlap(seller, &read)));
        if !problems.is_empty() {
            return Err(problems);
        }
        for seller in &sellers {
            serve(seller, &mut read);
        }
        let mut slots = Slots::default();
        let used = |part: &&str| read.iter().any(|r| r.hours.parts.iter().any(|(name, ..)| name == part));
        slots.parts = PARTS.iter().filter(|part| used(part)).map(|part| (*part).to_owned()).collect();
        let mut names = BTreeSet::new();
        for read in &read {
            slots.days.push(read.days(&calendar));
            let into = if read.opening.catch_up { &mut slots.catch_up } else { &mut slots.slots };
            for (span, people) in read.spans.iter().zip(&read.people).filter(|(_, people)| **people > 0) {
                into.push(
                    slot(span, *people, &read.opening.cohort, &mut names).map_err(|problem| vec![problem])?,
                );
            }
        }
        Ok(slots)
    }

    fn sellers(&self, problems: &mut Vec<String>) -> Vec<Serving> {
        let mut sellers: Vec<Serving> = Vec::new();
        for seller in &self.seller {
            if sellers.iter().any(|other| other.name == seller.name) {
                problems.push(format!("seller `{}`: stands twice", seller.name));
            }
            match seller.read() {
                Ok(seller) => sellers.push(seller),
                Err(problem) => problems.push(problem),
            }
        }
        sellers
    }
}

impl Opening {
    fn read<'d>(&'d self, calendar: &Calendar, sellers: &[Serving]) -> Result<Read<'d>, String> {
        let hours = self.hours(calendar)?;
        let sources = [self.slot_capacity.is_some(), self.per_minute.is_some(), !self.sellers.is_empty()];
        if sources.into_iter().filter(|source| *source).count() != 1 {
            return Err("slot_capacity: choose one of slot_capacity, per_minute and sellers".to_owned());
        }
        if self.slot_capacity.is_some_and(|people| !(1..=1_000_000_000).contains(&people)) {
            return Err("slot_capacity: choose a number from 1 to 1,000,000,000".to_owned());
        }
        if !self.dips.is_empty() && self.per_minute.is_none() {
            return Err("dips: belong to per_minute, or to a seller".to_owned());
        }
        if self.percent.is_some() && (self.sellers.is_empty() || !(1..=100).contains(&self.percent())) {
            return Err("percent: is how much of its sellers an opening has, 1 to 100".to_owned());
        }
        let unknown = self.sellers.iter().find(|name| !sellers.iter().any(|seller| seller.name == **name));
        if let Some(name) = unknown {
            return Err(format!("sellers: there is no [[seller]] `{name}`"));
        }
        let profile = Profile::read(self.per_minute.unwrap_or(0), &self.dips)?;
        let serving = sellers.iter().filter(|seller| self.sellers.contains(&seller.name));
        let edges: Vec<_> = serving.flat_map(Serving::edges).chain(profile.edges()).collect();
        let spans = self.spans(&hours, &edges);
        let people = |span: &Span| match self.slot_capacity {
            Some(people) => people.into(),
            None => profile.people(span.from, span.to),
        };
        let people = spans.iter().map(people).collect();
        Ok(Read { opening: self, hours, spans, people })
    }

    fn percent(&self) -> u32 {
        self.percent.unwrap_or(100)
    }
}

impl Read<'_> {
    fn served_by(&self, seller: &Serving) -> bool {
        self.opening.sellers.contains(&seller.name)
    }

    fn daily(&self) -> (NaiveTime, NaiveTime) {
        let first = self.hours.parts.first().map_or(NaiveTime::MIN, |(_, from, _)| *from);
        (first, self.hours.parts.last().map_or(first, |(_, _, to)| *to))
    }

    fn days(&self, calendar: &Calendar) -> OpenDays {
        let mut people: BTreeMap<NaiveDate, u64> = self.hours.days.iter().map(|day| (*day, 0)).collect();
        for (span, count) in self.spans.iter().zip(&self.people) {
            *people.entry(span.from.date()).or_default() += count;
        }
        let span = self.hours.days.first().zip(self.hours.days.last());
        let between =
            span.into_iter().flat_map(|(first, last)| first.iter_days().take_while(move |day| day <= last));
        let closed = between.filter_map(|day| Some((day, calendar.holiday(day)?.to_owned()))).collect();
        OpenDays {
            cohort: self.opening.cohort.clone(),
            catch_up: self.opening.catch_up,
            days: self.hours.days.clone(),
            closed,
            hours: self.daily(),
            people,
        }
    }
}

/// Two openings must not count the same seller twice at the same hour.
fn overlap(seller: &Serving, read: &[Read]) -> Option<String> {
    let mut days: BTreeMap<NaiveDate, Vec<(NaiveTime, NaiveTime, u32)>> = BTreeMap::new();
    for read in read.iter().filter(|read| read.served_by(seller)) {
        let (from, to) = read.daily();
        for day in &read.hours.days {
            days.entry(*day).or_default().push((from, to, read.opening.percent()));
        }
    }
    days.into_iter().find_map(|(day, spans)| {
        let at = |hour: NaiveTime| {
            spans
                .iter()
                .filter(|(from, to, _)| (*from..*to).contains(&hour))
                .map(|(.., percent)| percent)
                .sum::<u32>()
        };
        let (from, ..) = spans.iter().find(|(from, ..)| at(*from) > 100)?;
        Some(format!(
            "seller `{}`: on {day} at {} openings count on {} percent of it; give each its `percent`",
            seller.name,
            from.format("%H:%M"),
            at(*from)
        ))
    })
}

/// Adds what a seller can serve to the openings it serves.
fn serve(seller: &Serving, read: &mut [Read]) {
    let mut places = Vec::new();
    let mut slots: Vec<(NaiveDateTime, NaiveDateTime, u64)> = Vec::new();
    for (which, read) in read.iter().enumerate().filter(|(_, read)| read.served_by(seller)) {
        for (at, span) in read.spans.iter().enumerate() {
            places.push((which, at));
            slots.push((span.from, span.to, read.opening.percent().into()));
        }
    }
    for ((which, at), people) in places.into_iter().zip(seller.capacities(&slots)) {
        read[which].people[at] += people;
    }
}

/// A name is the local day and minute; where another opening has that already, with a number.
fn slot(span: &Span, people: u64, cohort: &Match, names: &mut BTreeSet<String>) -> Result<Slot, String> {
    let plain = span.from.format("%m%d-%H%M").to_string();
    let more = (2..).map(|number: u32| format!("{plain}.{number}"));
    let name =
        std::iter::once(plain.clone()).chain(more).find(|name| !names.contains(name)).unwrap_or_default();
    names.insert(name.clone());
    let (starts_at, ends_at) = (instant(span.from)?, instant(span.to)?);
    let mut cohort = cohort.clone();
    cohort.0.values_mut().for_each(|values| values.sort_unstable());
    Ok(Slot {
        name,
        cohort,
        part: span.part.clone(),
        starts_at,
        seconds: u32::try_from(ends_at.seconds().saturating_sub(starts_at.seconds())).unwrap_or(0),
        capacity: u32::try_from(people).unwrap_or(u32::MAX),
    })
}
