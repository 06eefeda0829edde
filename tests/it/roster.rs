//! Rosters: who may enter, who is served without entering, and what a kill leaves of both.

use std::{fmt::Write as _, fs, path::PathBuf, sync::Arc};

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::{roster_member, round_roster};
use jebi::{
    domain::{
        draft::{Draft, FieldDraft, Opening, Serves, ValueDraft},
        roster::MatchBy,
        who::{Household, Source, Value},
    },
    lifecycle::{
        announce::{Staff, announce, look},
        confirm::confirm,
    },
    roster::{
        Import, ImportError, Summary,
        import::{Progress, import},
    },
    store,
};
use public_audit::rules::{Match, Mode};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{Engine, Resident, TestApp, both, verified};

mod kills;

both!(
    everybody_on_a_roster_is_served_without_entering,
    only_people_on_the_list_enter,
    names_and_birth_dates_find_people_too,
    names_are_guessed_at_so_often_by_a_network_and_by_all,
    whoever_named_somebody_before_they_entered_does_not_own_their_entry,
    a_household_has_one_entry,
    cohorts_come_from_the_roster,
    a_roster_in_use_is_replaced_by_two_people,
    a_roster_is_erased_with_its_last_round,
    a_draft_says_that_nobody_on_its_roster_can_be_told,
);

fn quiet() -> Progress {
    Arc::new(|_, _, _| {})
}

/// A file with this text.
fn written(t: &TestApp, text: &str) -> PathBuf {
    let file = t.folder().join("list.csv");
    fs::write(&file, text).unwrap();
    file
}

pub async fn imported(t: &TestApp, text: &str, match_by: Option<MatchBy>) -> Result<Summary, ImportError> {
    imported_as(t, "list", text, match_by).await
}

pub async fn imported_as(
    t: &TestApp,
    name: &str,
    text: &str,
    match_by: Option<MatchBy>,
) -> Result<Summary, ImportError> {
    let wanted = Import {
        name: name.to_owned(),
        file: written(t, text),
        maps: Vec::new(),
        match_by,
        leave_out: false,
        resume: false,
    };
    import(&t.app, wanted, quiet()).await
}

/// `count` people with a mail address; every second one lives with the one before.
pub fn people(count: usize) -> String {
    let mut text = "이름,이메일,생년월일,읍면동,세대번호\n".to_owned();
    for number in 0..count {
        let town = ["중앙동", "광도면"][number % 2];
        let year = 1950 + number % 50;
        let household = number / 2;
        writeln!(text, "사람{number},r{number}@example.org,{year}-03-04,{town},H{household}").unwrap();
    }
    text
}

pub fn serving(t: &TestApp, count: u32) -> Draft {
    let mut draft = t.draft(count);
    draft.mode = Mode::Everyone;
    draft.roster = Some("list".to_owned());
    draft.serves = Serves::Roster;
    draft.goods.budget = draft.goods.cap * u64::from(count);
    draft
}

async fn a_draft_says_that_nobody_on_its_roster_can_be_told(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, "이름,생년월일\n김하늘,1948-03-01\n", Some(MatchBy::Name)).await.unwrap();
    let says = async |t: &TestApp, draft: &Draft| {
        look(&t.app, draft).await.unwrap().advice.iter().any(|said| said.contains("`list` has an address"))
    };
    assert!(says(&t, &serving(&t, 60)).await);
    // Whoever enters says where they are told things.
    assert!(!says(&t, &Draft { roster: Some("list".to_owned()), ..t.draft(100) }).await);
    let told = TestApp::start(engine).await;
    imported(&told, &people(2), Some(MatchBy::Name)).await.unwrap();
    assert!(!says(&told, &serving(&told, 60)).await);
}

async fn everybody_on_a_roster_is_served_without_entering(engine: Engine) {
    let t = TestApp::start(engine).await;
    // The last one has no address: served, and told by other means.
    let text = people(41) + "누군가,,1950-01-01,중앙동,H99\n";
    let summary = imported(&t, &text, Some(MatchBy::Name)).await.unwrap();
    assert_eq!((summary.state, summary.people), ("current", 42));
    let round = t.announced(serving(&t, 60)).await;

    t.tick().await;
    assert!(t.entries(&round).await.is_empty(), "nobody is enrolled before the opening");
    t.jump(round.opens_at);
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 42);
    assert!(entries.iter().all(|entry| entry.want == 250_000 && entry.wish == "any"));
    t.tick().await;
    t.another().await;
    assert_eq!(t.entries(&round).await.len(), 42);
    assert!(t.notices().await.is_empty(), "nobody is told that they entered: they did not");

    // Whoever comes finds their entry, and may say when, or leave.
    let mut comes = t.resident(&round.slug, "r3@example.org").await;
    assert_eq!(comes.get("details").await.to(), comes.path("roster?purpose=enter"));
    assert_eq!(comes.get("roster?purpose=enter").await.status, StatusCode::OK);
    let found =
        comes.post("roster", &[("purpose", "enter"), ("name", "사람 3"), ("birth", "1953.3.4")]).await;
    assert_eq!(found.to(), comes.path("details"));
    comes.enter(250_000, &["pm"]).await;
    // A name and a birth date are what neighbours know: with an address that is not theirs, nobody learns or does anything.
    let mut neighbour = t.resident(&round.slug, "elsewhere@example.org").await;
    neighbour.get("roster?purpose=my").await;
    let fields = [("purpose", "my"), ("name", "사람4"), ("birth", "19540304")];
    let refused = neighbour.post("roster", &fields).await;
    assert!(
        refused.status.is_success() && refused.body().contains("명단에서 찾지 못했습니다"),
        "{}",
        refused.body()
    );
    assert_eq!(neighbour.get("my").await.to(), neighbour.path("roster?purpose=my"));
    let mut leaves = t.resident(&round.slug, "r4@example.org").await;
    assert_eq!(leaves.get("roster?purpose=my").await.status, StatusCode::OK);
    let found = leaves.post("roster", &[("purpose", "my"), ("name", "사람4"), ("birth", "19540304")]).await;
    assert_eq!(found.to(), leaves.path("my"));
    leaves.withdraw().await;
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 42);
    assert_eq!(entries.iter().filter(|entry| entry.withdrawn_at.is_some()).count(), 1);
    assert_eq!(entries.iter().filter(|entry| entry.wish == "pm").count(), 1);

    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
    let told = store::notice::list(t.db(), round.id, "result").await.unwrap();
    assert_eq!(told.len(), 41, "everybody but whoever left");
    let on_paper = told.iter().filter(|notice| notice.channel == "letter").count();
    assert_eq!((on_paper, told.iter().filter(|notice| notice.channel == "email").count()), (1, 40));
}

async fn only_people_on_the_list_enter(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(4), Some(MatchBy::Email)).await.unwrap();
    let mut draft = t.draft(10);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);

    // Up to the proof of an address both get the same answers.
    let mut known = t.stranger_at(&round.slug, "r1@example.org");
    let mut unknown = t.stranger_at(&round.slug, "nobody@example.org");
    let (yes, no) = (known.ask("enter").await, unknown.ask("enter").await);
    assert_eq!((yes.status, yes.to()), (no.status, no.to()));
    // Two codes of one address that leave at once may arrive in any order, and only the later one counts.
    t.send().await;
    known.identify(&t, "enter").await;
    unknown.identify(&t, "enter").await;

    let page = unknown.get("roster?purpose=enter").await;
    assert_eq!((page.status, page.language()), (StatusCode::OK, "ko"));
    assert!(page.body().contains("055-000-0000") && page.body().contains("11월 26일"), "{}", page.body());
    assert!(!page.body().contains("nobody@"), "the address is masked");
    // No way round it: neither with answers given before, nor by the address of the form.
    for path in ["details", "check", "withdraw"] {
        assert_ne!(unknown.get(path).await.status, StatusCode::OK, "{path}");
    }
    let tried = unknown.post("entry", &[]).await;
    assert!(tried.status != StatusCode::SEE_OTHER || tried.to() != unknown.path("my"));
    unknown.browser = unknown.browser.in_english();
    let english = unknown.get("roster?purpose=enter").await;
    assert!(english.title().contains("did not find you"), "{}", english.title());

    assert_eq!(known.get("roster?purpose=enter").await.to(), known.path("details"));
    known.enter(100_000, &["am"]).await;
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 1);
    // The receipt comes from the roster's own digest, which says nothing without the key file.
    let member = roster_member::Entity::find().all(t.db()).await.unwrap();
    let opened = t.round(&round).await;
    let of =
        |member: &roster_member::Model| opened.receipt(&format!("roster:{}", member.person_key)).unwrap();
    assert!(member.iter().any(|member| of(member).to_string() == entries[0].receipt));
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn names_and_birth_dates_find_people_too(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, "성명,생년월일\n홍길동,1960-01-31\n", None).await.unwrap();
    let mut draft = t.draft(10);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut comes = t.resident(&round.slug, "hong@example.org").await;
    assert_eq!(comes.get("roster?purpose=enter").await.status, StatusCode::OK);
    let typed =
        |name: &'static str, birth: &'static str| [("purpose", "enter"), ("name", name), ("birth", birth)];
    let wrong = comes.post("roster", &typed("", "600131")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let number = comes.post("roster", &typed("홍길동", "600131-1234567")).await;
    assert!(!number.body().contains("1234567"), "a registration number is not even shown back");
    let unknown = comes.post("roster", &typed("홍길순", "1960-01-31")).await;
    assert_eq!(unknown.status, StatusCode::OK);
    // Trying names out takes a minute each.
    let hurried = comes.post("roster", &typed("홍길동", "1960-01-31")).await;
    assert_eq!(hurried.status, StatusCode::UNPROCESSABLE_ENTITY);
    t.pass(TimeDelta::seconds(61));
    let found = comes.post("roster", &typed("홍 길동", "1960년 1월 31일")).await;
    assert_eq!(found.to(), comes.path("details"));
    comes.enter(100_000, &[]).await;
    // Nothing of the name or the birth date is kept.
    let members = roster_member::Entity::find().all(t.db()).await.unwrap();
    let kept = format!("{members:?}");
    assert!(!kept.contains("홍길동") && !kept.contains("01-31"), "{kept}");
}

async fn names_are_guessed_at_so_often_by_a_network_and_by_all(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        config.address_header = Some("x-real-ip".to_owned());
        config.codes.wrong_names_per_caller = 8;
        config.codes.wrong_names_per_day = 14;
    })
    .await;
    let crowd: Vec<String> = (1..=14).map(|day| format!("1970-01-{day:02}")).collect();
    let lines: String = crowd.iter().map(|birth| format!("박이웃,{birth}\n")).collect();
    let list = format!("성명,생년월일\n홍길동,1960-01-31\n김하늘,1948-03-01\n{lines}");
    imported(&t, &list, None).await.unwrap();
    let mut draft = t.draft(10);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut people = 0;
    // Each time by another mailbox, which costs nothing.
    let mut tries = async |from: &str, name: &str, birth: &str| {
        people += 1;
        let address = format!("any{people}@example.org");
        let mut any = Resident::new(t.browser().from(from), &round.slug, &address);
        any.identify(&t, "enter").await;
        any.get("roster?purpose=enter").await;
        let page = any.post("roster", &[("purpose", "enter"), ("name", name), ("birth", birth)]).await;
        match page.status {
            StatusCode::SEE_OTHER => "opens",
            StatusCode::OK => "not on the list",
            _ if page.body().contains("1분 뒤에 다시") => "wait",
            other => panic!("{other}: {}", page.body()),
        }
    };
    let (guesser, other) = ("203.0.113.9", "198.51.100.4");
    for day in 1..=13 {
        assert_eq!(tries(guesser, "홍길동", &format!("1960-02-{day:02}")).await, "not on the list");
    }
    // After eight, five a minute, and the right name is answered as a wrong one is.
    assert_eq!(tries("203.0.113.77", "홍길동", "1960-02-14").await, "wait");
    assert_eq!(tries(guesser, "홍길동", "1960-01-31").await, "wait");
    t.pass(TimeDelta::minutes(1));
    assert_eq!(tries(guesser, "홍길동", "1960-01-31").await, "opens");
    let counted = async |what: &str| {
        let rows = entities::load::Entity::find().all(t.db()).await.unwrap();
        let rows = rows.into_iter().filter(|row| row.what.starts_with(what));
        rows.map(|row| (row.what, row.count)).collect::<Vec<_>>()
    };
    let wrong = counted("wrong names").await.into_iter().find(|(what, _)| what == "wrong names");
    let wrong = wrong.map(|(_, count)| count);
    assert_eq!(wrong, Some(13), "what opens, and what is not looked at, is no wrong name");
    // From many networks: after fourteen in all, those with few of them go on.
    for number in 0..5 {
        assert_eq!(tries(other, "홍길동", &format!("1960-03-0{}", number + 1)).await, "not on the list");
    }
    assert_eq!(tries("192.0.2.7", "김하늘", "1948-03-01").await, "opens");
    // All others together have five a minute, and so have those of whom nobody knows a network.
    let mut seen = Vec::new();
    for from in [other, other, other, "", "", ""] {
        seen.push(tries(from, "홍길동", "1960-04-01").await);
    }
    assert_eq!(seen[..5], ["not on the list"; 5]);
    assert_eq!(seen[5], "wait");
    assert_eq!(tries("192.0.2.7", "김하늘", "1948-03-02").await, "not on the list");
    t.pass(TimeDelta::hours(25));
    assert_eq!(tries(guesser, "홍길동", "1960-02-14").await, "not on the list");
    // A crowd behind one address, of whom as many are on the list as not, waits for nobody. A name speaks for it once.
    let mobile = "203.0.112.5";
    for birth in &crowd {
        assert_eq!(tries(mobile, "박이웃", birth).await, "opens");
    }
    assert_eq!(tries(mobile, "박이웃", &crowd[0]).await, "opens");
    let right = counted("right names ").await.into_iter().map(|(_, count)| count).max();
    assert_eq!(right, Some(14));
    for day in 1..=14 {
        assert_eq!(tries(mobile, "홍길동", &format!("1960-05-{day:02}")).await, "not on the list");
    }
    assert_eq!(tries(mobile, "박이웃", &crowd[1]).await, "opens");
}

/// Neighbours know a name and a birth date, and may say them first. From when its owner has entered, the entry is theirs.
async fn whoever_named_somebody_before_they_entered_does_not_own_their_entry(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, "이름,이메일,생년월일\n홍길동,,1960-01-31\n", Some(MatchBy::Name)).await.unwrap();
    let mut draft = t.draft(60);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let name = [("purpose", "enter"), ("name", "홍길동"), ("birth", "1960-01-31")];
    let mut thief = t.resident(&round.slug, "thief@example.org").await;
    thief.get("roster?purpose=enter").await;
    thief.post("roster", &name).await.to();
    thief.answer(10_000, &["pm"]).await;
    let mut hong = t.resident(&round.slug, "hong@example.org").await;
    hong.get("roster?purpose=enter").await;
    hong.post("roster", &name).await.to();
    hong.enter(100_000, &["am"]).await;
    let receipt = hong.mine().await.receipt().to_owned();
    t.tick().await;
    // With the cookie of before: nothing is seen, changed or withdrawn.
    for (get, path) in [
        (true, "my"),
        (true, "details"),
        (true, "check"),
        (true, "withdraw"),
        (false, "entry"),
        (false, "withdraw"),
        (false, "my/return"),
    ] {
        let mut copy = thief.clone();
        let page = if get { copy.get(path).await } else { copy.post(path, &[]).await };
        assert!(!page.body().contains(&receipt), "{path}: {}", page.body());
        assert!(page.to().starts_with(&thief.path("roster?purpose=")), "{path}: {}", page.to());
    }
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!((entries.len(), entries[0].version, entries[0].want), (1, 1, 100_000));
    assert!(entries[0].withdrawn_at.is_none());
    // She goes on, here and in another browser.
    assert!(hong.mine().await.body().contains("100,000"));
    hong.enter(50_000, &["am"]).await;
    t.tick().await;
    let mut again = t.resident(&round.slug, "hong@example.org").await;
    // A minute between two names by one address.
    t.pass(TimeDelta::seconds(61));
    again.get("roster?purpose=my").await;
    again.post("roster", &[("purpose", "my"), name[1], name[2]]).await.to();
    assert_eq!(again.mine().await.receipt(), receipt);
    assert_eq!(t.entries(&round).await[0].version, 2);
}

async fn a_household_has_one_entry(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(6), Some(MatchBy::Email)).await.unwrap();
    let mut draft = serving(&t, 10);
    draft.household = Household::One;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 3, "six people in three households");
    let mut receipts = Vec::new();
    for number in [2, 3] {
        let mut comes = t.stranger_at(&round.slug, &format!("r{number}@example.org"));
        comes.identify(&t, "my").await;
        assert_eq!(comes.get("my").await.to(), comes.path("roster?purpose=my"));
        assert_eq!(comes.get("roster?purpose=my").await.to(), comes.path("my"));
        receipts.push(comes.mine().await.receipt().to_owned());
    }
    assert_eq!(receipts[0], receipts[1]);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn cohorts_come_from_the_roster(engine: Engine) {
    let t = TestApp::start(engine).await;
    // The last one lives where the round has no place: served all the same.
    let text = people(20) + "누군가,r99@example.org,1950-01-01,도산면,H99\n";
    imported(&t, &text, Some(MatchBy::Email)).await.unwrap();
    let mut draft = serving(&t, 40);
    let town = |name: &str, ko: &str| {
        ValueDraft::Called(Value { name: name.to_owned(), ko: ko.to_owned(), en: name.to_owned() })
    };
    draft.field = vec![FieldDraft {
        name: "region".to_owned(),
        from: Source::Roster,
        values: vec![town("jungang", "중앙동"), town("gwangdo", "광도면")],
        label_ko: Some("읍면동".to_owned()),
        label_en: Some("Town".to_owned()),
        otherwise: Some("gwangdo".to_owned()),
    }];
    let usual = draft.opening.remove(0);
    for name in ["jungang", "gwangdo"] {
        let matching = Match([("region".to_owned(), vec![name.to_owned()])].into());
        draft.opening.push(Opening { cohort: matching, ..usual.clone() });
    }
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.tick().await;
    let entries = t.entries(&round).await;
    let of = |fields: &str| entries.iter().filter(|entry| entry.fields == fields).count();
    assert_eq!((of("region=jungang"), of("region=gwangdo")), (10, 11));
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn a_roster_in_use_is_replaced_by_two_people(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(4), None).await.unwrap();
    let again = imported(&t, &people(6), None).await.unwrap();
    assert_eq!(again.state, "complete");
    let current = async || store::roster::find(t.db(), "list", "current").await.unwrap().unwrap();
    assert_eq!(current().await.people, 4, "nothing changes before it is confirmed");
    let staff = |clerk: &str, approver: &str| Staff::new(clerk, approver);
    assert!(confirm(&t.app, "list", None, &staff("Kim", "kim ")).await.is_err());
    assert_eq!(confirm(&t.app, "list", None, &staff("Kim", "Lee")).await.unwrap(), 6);
    assert_eq!((current().await.people, current().await.staff.as_str()), (6, "Kim, Lee"));
    t.tick().await;
    assert_eq!(roster_member::Entity::find().count(t.db()).await.unwrap(), 6, "the one before is erased");

    // Whose members are entries is not replaced under them.
    let round = t.announced(serving(&t, 10)).await;
    t.jump(round.opens_at);
    t.tick().await;
    imported(&t, &people(8), None).await.unwrap();
    let refused = confirm(&t.app, "list", None, &staff("Kim", "Lee")).await.unwrap_err();
    assert!(refused.to_string().contains(&round.slug), "{refused}");
    // A round needs a roster that is there.
    let mut other = serving(&t, 10);
    other.slug = "other".to_owned();
    other.roster = Some("missing".to_owned());
    let missing = announce(&t.app, &other, &staff("Kim", "Lee")).await.unwrap_err();
    assert!(missing.to_string().contains("missing"), "{missing}");
}

async fn a_roster_is_erased_with_its_last_round(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(4), None).await.unwrap();
    let round = t.announced(serving(&t, 10)).await;
    t.jump(round.opens_at);
    t.tick().await;
    t.draw(&round).await;
    t.jump(jebi::app::erases_at(&round));
    t.tick().await;
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
    assert_eq!(roster_member::Entity::find().count(t.db()).await.unwrap(), 0);
    let rosters = store::roster::list(t.db()).await.unwrap();
    assert!(rosters.is_empty(), "{rosters:?}");
    let used = round_roster::Entity::find().filter(round_roster::Column::RoundId.eq(round.id));
    assert_eq!(used.one(t.db()).await.unwrap().unwrap().enrolled, 4, "what was counted stays");
}
