//! How much, and at what time of day.

use serde::Deserialize;

use super::{
    about::answered,
    admit::told_at,
    mine::{MyEntry, entry_of},
    round,
};
use crate::{
    app::Round,
    domain::{
        form::{self, WantError, WishError},
        who::cohort,
    },
    lifecycle::misses,
    web::{
        answer::{Answer, Trouble},
        form::Posted,
        path::Path,
        view::{Details, FieldError, Purpose, errors, own_days},
        visit::Visit,
        visitor::Proven,
    },
};

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    want: String,
    wish_1: String,
    wish_2: String,
    wish_3: String,
    remember: String,
}

impl Form {
    fn wishes(&self) -> [&str; 3] {
        [&self.wish_1, &self.wish_2, &self.wish_3]
    }
}

/// The form's fields for wishes.
pub const WISHES: [&str; 3] = ["wish_1", "wish_2", "wish_3"];

/// `GET /rounds/{slug}/details`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (proven, entry) = consented(&visit, &round).await?;
    let draft = answered(&visit, &round, &proven, entry.as_ref())?;
    // What most people want stands there already: all they may have.
    let want = draft.want.unwrap_or(round.rules.goods.cap);
    let mut wishes = draft.wish.split('+').map(str::to_owned).chain(std::iter::repeat(String::new()));
    let mut next = || wishes.next().unwrap_or_default();
    let form =
        Form { want: want.to_string(), wish_1: next(), wish_2: next(), wish_3: next(), ..Form::default() };
    let remember = if draft.miss_key.is_empty() { String::new() } else { "yes".to_owned() };
    let form = Form { remember, ..form };
    let change = entry.is_some_and(|mine| !mine.withdrawn);
    Ok(visit.show(&page(&visit, &round, form, &draft.fields, change, Vec::new())))
}

/// `POST /rounds/{slug}/details`
pub async fn note(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (proven, entry) = consented(&visit, &round).await?;
    let mut draft = answered(&visit, &round, &proven, entry.as_ref())?;
    match read(&visit, &round, &draft.fields, &form.want, form.wishes()) {
        Ok((want, wish)) => {
            let mut visitor = visit.visitor();
            let to = format!("/rounds/{slug}/check");
            (draft.want, draft.wish) = (Some(want), wish);
            // Only whoever agrees is remembered, and only then are earlier rounds looked at.
            let agreed = round.rules.weighting.is_some() && !form.remember.is_empty();
            draft.miss_key = match agreed {
                // Of an entry that is changed the pseudonym stays: of a household, whoever asked first.
                true if !draft.miss_key.is_empty() => draft.miss_key,
                true => misses::key(&visit.app, proven.person.key()),
                false => String::new(),
            };
            let counted = misses::weight(&visit.app, &round, &draft.miss_key).await;
            (draft.misses, draft.weight) = counted.map_err(|error| visit.failed(error))?;
            visitor.draft = Some(draft);
            Ok(visit.with(&visitor, visit.go(&to)))
        }
        Err(errors) => {
            let change = entry.is_some_and(|mine| !mine.withdrawn);
            Ok(visit.show_again(&page(&visit, &round, form, &draft.fields, change, errors)))
        }
    }
}

/// Who answers, and their entry if there is one. Whoever came only to look has agreed to nothing
/// yet and is asked first, and so is whoever has left; an entry that exists was agreed to when it was made.
///
/// # Errors
/// The answer to give instead.
pub async fn consented(visit: &Visit, round: &Round) -> Result<(Proven, Option<MyEntry>), Answer> {
    let slug = round.row.slug.as_str();
    let Some(proven) = visit.proven().cloned() else {
        return Err(visit.trouble(Trouble::SignedOut(slug, Purpose::Enter)));
    };
    let entry = entry_of(visit, round).await?;
    let in_it = entry.as_ref().is_some_and(|mine| !mine.withdrawn);
    match in_it || proven.consented(slug).is_some() {
        true => told_at(visit, round, &proven, Purpose::Enter).map(|_| (proven, entry)),
        false => Err(visit.go(&format!("/rounds/{slug}/enter?agree=yes"))),
    }
}

/// The parts of the day that somebody with these answers can wish for.
pub fn parts_for(round: &Round, fields: &str) -> Vec<String> {
    if round.who.fields.is_empty() {
        return round.rules.parts.clone();
    }
    let cohort = cohort::of(&round.rules, fields);
    cohort.map_or(Vec::new(), |cohort| cohort::parts(&round.rules, cohort))
}

/// Amount and wish as they were typed, of whoever gave these answers: also at a counter.
///
/// # Errors
/// Everything that is to be put right.
pub fn read(
    visit: &Visit,
    round: &Round,
    fields: &str,
    want: &str,
    typed: [&str; 3],
) -> Result<(u64, String), Vec<FieldError>> {
    let (lang, goods) = (visit.lang, &round.rules.goods);
    // Where funds pay, everybody gets the same and nobody is asked.
    let typed_want = if round.rules.lists("want") { want.to_owned() } else { goods.cap.to_string() };
    let want = form::parse_want(&typed_want, goods.unit, goods.cap).map_err(|error| match error {
        WantError::Missing => errors::want_missing(lang),
        WantError::NotOffered => errors::want_not_offered(lang),
    });
    let elsewhere = |number: usize| {
        let wished = typed.get(number.saturating_sub(1)).copied().unwrap_or_default();
        round.rules.parts.iter().any(|part| part == wished)
    };
    let field = |number: usize| WISHES.get(number.saturating_sub(1)).copied().unwrap_or("wish_1");
    let wish = form::parse_wish(&typed, &parts_for(round, fields)).map_err(|wrong| {
        let said = wrong.into_iter().map(|error| match error {
            WishError::Twice(number) => errors::wish_twice(lang, field(number)),
            // A part that others have: whoever asks for it is told their own dates.
            WishError::Unknown(number) if elsewhere(number) => {
                errors::wish_elsewhere(lang, field(number), &own_days(&round.rules, fields, lang).join(", "))
            }
            WishError::Unknown(number) => errors::wish_unknown(lang, field(number)),
        });
        said.collect::<Vec<_>>()
    });
    match (want, wish) {
        (Ok(want), Ok(wish)) => Ok((want, wish)),
        (want, wish) => Err(want.err().into_iter().chain(wish.err().unwrap_or_default()).collect()),
    }
}

/// The amounts to choose from, the largest first; none where everybody gets the same.
pub fn amounts(round: &Round) -> Vec<u64> {
    match round.rules.lists("want") {
        true => form::wants_offered(round.rules.goods.unit, round.rules.goods.cap).rev().collect(),
        false => Vec::new(),
    }
}

fn page(
    visit: &Visit,
    round: &Round,
    form: Form,
    fields: &str,
    change: bool,
    errors: Vec<FieldError>,
) -> Details {
    Details {
        page: visit.page_of(round),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        csrf: visit.csrf(&visit.visitor()),
        mode: round::mode(round),
        amounts: amounts(round),
        shared: round.who.is_shared(),
        most_lots: round.rules.weighting.map(|weighting| u64::from(weighting.most)),
        remember: !form.remember.is_empty(),
        price_percent: round::price_percent(round),
        want: form.want,
        days: if round.who.fields.is_empty() {
            Vec::new()
        } else {
            own_days(&round.rules, fields, visit.lang)
        },
        parts: round::parts_of(round, fields),
        wishes: [form.wish_1, form.wish_2, form.wish_3],
        change,
        errors,
    }
}
