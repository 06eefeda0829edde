//! Rounds that depend on who somebody is: cohorts, reserves, small cells, and one's own days.

use axum::http::StatusCode;
use jebi::{
    domain::{
        contact::{Channel, Contact},
        draft::Draft,
        event::{Act, Event, Wanted},
    },
    notify::content::CONTACT,
    store,
};

use crate::support::{Engine, TestApp, both, verified};

both!(
    everybody_is_told_their_own_days,
    cohorts_and_reserves_are_drawn_and_verified,
    small_cells_are_merged_before_the_seal,
    what_cannot_be_sealed_is_said_in_words,
);

/// A round with the days of even years first and those of odd years, mornings only, after them.
pub fn round(mode: &str, more: &str) -> Draft {
    Draft::parse(&text(mode, more)).unwrap()
}

/// The same, as a clerk writes it.
pub fn text(mode: &str, more: &str) -> String {
    let opening = |parity: &str, day: &str, until: &str, parts: &str| {
        format!(
            "[[opening]]\nfor = {{ birth_parity = [\"{parity}\"] }}\nfirst_day = \"{day}\"\ndays = 2\n\
             until = \"{until}\"\nslot_minutes = 60\nslot_capacity = 4\nparts = [{parts}]\n"
        )
    };
    format!(
        "slug = \"groups\"\ntitle_ko = \"묶음\"\ntitle_en = \"Groups\"\nprice_percent = 90\n{mode}\ngrace_hours = 24\n\
         spread_hours = 2\nbeacon = \"none\"\n
         [goods]\nunit = 10000\nbudget = 100000000\ncap = 250000\n\
         [times]\nopens = \"2026-11-23 10:00\"\ncloses = \"2026-11-26 18:00\"\nseals = \"2026-11-26 18:10\"\n\
         reveals = \"2026-11-26 19:00\"\npulse = \"2026-11-26 19:30\"\nresults = \"2026-11-27 10:00\"\n\
         {}{}{}",
        opening("even", "2026-12-01", "18:00", "{ name = \"am\", from = \"09:00\" }, { name = \"pm\", from = \"14:00\" }"),
        opening("odd", "2026-12-03", "12:00", "{ name = \"am\", from = \"09:00\" }"),
        more
    )
}

pub const LOTTERY: &str = "mode = \"lottery\"\nlottery_because_ko = \"자리가 적어 추첨합니다. 모두 드릴 수 없습니다.\"\n\
                           lottery_because_en = \"There are few places, not enough for everybody.\"";

pub const PARITY: &str = "[[field]]\nname = \"birth_parity\"\n";

pub const REGION: &str = "[[field]]\nname = \"region\"\nlabel_ko = \"사는 곳\"\nlabel_en = \"Where you live\"\n\
    values = [{ name = \"jungang\", ko = \"중앙동\", en = \"Jungang-dong\" }, { name = \"donghae\", ko = \"동해동\", \
    en = \"Donghae-dong\" }, { name = \"seoho\", ko = \"서호동\", en = \"Seoho-dong\" }]\n";

pub const NEAR: &str = "[[reserve]]\nname = \"near\"\nmatch = { region = [\"jungang\"] }\nplaces = 3\nspill = \"open\"\n\
                    [[reserve]]\nname = \"open\"\nplaces = 5\n";

/// Entries straight into the inbox, acknowledged and folded.
pub async fn entered(t: &TestApp, round: &entities::round::Model, all: impl IntoIterator<Item = Wanted>) {
    let opened = t.round(round).await;
    for (number, wanted) in all.into_iter().enumerate() {
        let contact = Contact::parse(Channel::Email, &format!("r{number}@example.org")).unwrap();
        let person_sealed = t.app.keys.people().seal(CONTACT, &contact);
        let receipt = opened.receipt(&contact.person_key()).unwrap().to_string();
        let act = Act::Enter(Wanted { person_sealed, ..wanted });
        t.app.inbox.append(Event { round_id: round.id, receipt, act }).await.unwrap();
    }
    t.tick().await;
}

pub fn wanted(want: i64, fields: &str) -> Wanted {
    let wanted = Wanted::alone(want, "any".to_owned(), String::new(), Channel::Email, "ko");
    Wanted { fields: fields.to_owned(), ..wanted }
}

async fn everybody_is_told_their_own_days(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(self::round("mode = \"share\"", PARITY)).await;
    t.jump(round.opens_at);
    let page = t.browser().get("/rounds/groups").await;
    assert!(
        page.body().contains("태어난 해 홀짝 홀수") && page.body().contains("12월 3일"),
        "{}",
        page.body()
    );

    let mut minji = t.resident("groups", "minji@example.org").await;
    assert_eq!(minji.get("details").await.to(), "/rounds/groups/about");
    let wrong = minji.tell(&[("birth_year", "87")]).await;
    assert_eq!((wrong.status, wrong.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["birth_year"]));
    // Nothing can be sent off before the questions are answered.
    assert_eq!(minji.post("details", &[("want", "10000")]).await.to(), "/rounds/groups/about");
    assert_eq!(minji.tell(&[("birth_year", "1987")]).await.to(), "/rounds/groups/details");
    let details = minji.get("details").await;
    assert!(
        details.body().contains("12월 3일") && !details.body().contains("12월 1일"),
        "{}",
        details.body()
    );
    assert!(
        !details.body().contains("value=\"pm\""),
        "a part of the day that odd years do not have is offered"
    );
    // Asking for others' hours is answered with one's own dates.
    let refused = minji.post("details", &[("want", "100000"), ("wish_1", "pm")]).await;
    assert_eq!(refused.wrong_fields(), ["wish_1"]);
    assert!(
        refused.body().contains("구매할 수 있는 날: 12월 3일(목)부터 12월 4일(금)까지"),
        "{}",
        refused.body()
    );
    minji.enter(100_000, &["am"]).await;
    let mine = minji.mine().await;
    assert!(mine.body().contains("홀수") && mine.body().contains("12월 3일"), "{}", mine.body());
    let signed = minji.get("my/receipt.txt").await;
    let line = format!("{} seats=1 want=100000 weight=1 birth_parity=odd wish=am", mine.receipt());
    assert!(signed.body().contains(&line), "{}", signed.body());
    // The year itself is nowhere, also not in the cookie: only what follows from it.
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].fields, "birth_parity=odd");
    // Changed: the year may stay empty; another year is another cohort, whose hours count from then on.
    assert_eq!(minji.tell(&[("birth_year", "")]).await.to(), "/rounds/groups/details");
    assert_eq!(minji.tell(&[("birth_year", "1986")]).await.to(), "/rounds/groups/details");
    minji.enter(100_000, &["pm"]).await;
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].fields, "birth_parity=even");
    t.draw(&round).await;
    t.jump(round.results_at);
    minji.identify(&t, "my").await;
    let mine = minji.mine().await;
    assert!(mine.body().contains("12월 1일") && mine.body().contains("오후"), "{}", mine.body());
    verified(&t, &round).await;
}

async fn cohorts_and_reserves_are_drawn_and_verified(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(self::round(LOTTERY, &format!("{PARITY}{REGION}{NEAR}"))).await;
    t.jump(round.opens_at);
    let page = t.browser().in_english().get("/rounds/groups").await;
    for said in ["There are few places", "Jungang-dong: 3", "Everybody: 5"] {
        assert!(page.body().contains(said), "{said}: {}", page.body());
    }
    let regions = ["jungang", "donghae", "donghae", "seoho"];
    entered(
        &t,
        &round,
        (0..40_usize).map(|number| {
            let parity = if number % 3 == 0 { "even" } else { "odd" };
            wanted(250_000, &format!("birth_parity={parity} region={}", regions[number % 4]))
        }),
    )
    .await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let result = String::from_utf8(files["result.txt"].clone()).unwrap();
    assert_eq!(result.lines().filter(|line| line.contains(" assigned ")).count(), 8);
    // At least the places set aside went to those they are for, and nobody's day is another cohort's.
    let entries = store::entry::list(t.db(), round.id, &[]).await.unwrap();
    assert!(entries.is_empty());
    let of: std::collections::HashMap<String, String> =
        t.entries(&round).await.into_iter().map(|entry| (entry.receipt, entry.fields)).collect();
    let assigned: Vec<Vec<&str>> =
        result.lines().filter(|l| l.contains(" assigned ")).map(|l| l.split(' ').collect()).collect();
    assert!(assigned.iter().filter(|line| of[line[1]].contains("jungang")).count() >= 3);
    for line in &assigned {
        let day = if of[line[1]].contains("even") {
            ["2026-12-01", "2026-12-02"]
        } else {
            ["2026-12-03", "2026-12-04"]
        };
        assert!(day.iter().any(|day| line[4].starts_with(day)), "{line:?} {}", of[line[1]]);
    }
}

async fn small_cells_are_merged_before_the_seal(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mode = format!("{LOTTERY}\nsmallest_cell = 4");
    let round = t.announced(self::round(&mode, &format!("{PARITY}{REGION}{NEAR}"))).await;
    t.jump(round.opens_at);
    // Two live in Seoho, which no rule tells from Donghae.
    entered(
        &t,
        &round,
        (0..20).map(|number| {
            let (parity, region) = match number {
                0..5 => ("odd", "jungang"),
                5..9 => ("odd", "donghae"),
                9..10 => ("odd", "seoho"),
                10..15 => ("even", "jungang"),
                15..19 => ("even", "donghae"),
                _ => ("even", "seoho"),
            };
            wanted(250_000, &format!("birth_parity={parity} region={region}"))
        }),
    )
    .await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let pool = String::from_utf8(files["pool.txt"].clone()).unwrap();
    assert!(!pool.contains("seoho") && pool.matches("region=donghae").count() == 10, "{pool}");
    // The change is in the journal: old lines went, new ones came.
    let batches = String::from_utf8(files["batches.txt"].clone()).unwrap();
    assert_eq!(batches.lines().filter(|line| line.starts_with("- ")).count(), 2, "{batches}");
}

async fn what_cannot_be_sealed_is_said_in_words(engine: Engine) {
    let t = TestApp::start(engine).await;
    let few = |slug: &str, mut draft: Draft, fields: &'static str, count: usize| {
        draft.slug = slug.to_owned();
        (draft, fields, count)
    };
    let fund = "[[fund]]\nname = \"city\"\nper_seat = 100000\nbudget = 300000\n";
    for ((draft, fields, count), said) in [
        (
            few("crowded", self::round("mode = \"share\"", PARITY), "birth_parity=odd", 25),
            "whose slots can take 24: 1 too many",
        ),
        (
            few(
                "poor",
                self::round("mode = \"everyone\"", &format!("{PARITY}{fund}")),
                "birth_parity=odd",
                4,
            ),
            "has 300000 won and would have to pay 400000 for 4 people",
        ),
        (
            few("small", self::round("mode = \"share\"\nsmallest_cell = 3", PARITY), "birth_parity=odd", 3),
            "only 1 entries would publish `birth_parity=even`",
        ),
    ] {
        let t = TestApp::start(engine).await;
        let round = t.announced(draft).await;
        t.jump(round.opens_at);
        let odd = if said.contains("only") { "birth_parity=even" } else { fields };
        entered(
            &t,
            &round,
            (0..count)
                .map(|_| wanted(250_000, fields))
                .chain(said.contains("only").then(|| wanted(250_000, odd))),
        )
        .await;
        t.close(&round).await;
        t.jump(round.seals_at);
        let row = t.row(&round).await;
        let error = jebi::lifecycle::seal::seal(&t.app, row, t.now()).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        assert!(!error.contains("Some(") && !error.contains('{'), "{error}");
        assert!(t.row(&round).await.sealed_at.is_none());
    }
    drop(t);
}
