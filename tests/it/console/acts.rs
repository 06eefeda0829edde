//! What takes two people takes two people, and is done as it was shown.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use chrono_tz::Asia::Seoul;
use entities::round;
use jebi::{
    domain::{
        draft::{BeaconChoice, Draft},
        drill::{Size, subject},
        proposal::Act,
        staff::Role,
    },
    lifecycle::announce::Staff,
    secret::totp_now,
    staff::acts::{ActError, Word, settle},
    store::{self, drill::Report},
};

use crate::support::{Engine, Member, Page, TestApp, between, both};

both!(
    a_round_is_announced_by_two,
    time_stands_still_on_the_word_of_two,
    what_changed_meanwhile_is_looked_at_again,
    a_round_is_voided_and_a_proposal_declined,
    two_type_the_public_values,
    drafts_are_not_overwritten,
    a_session_alone_approves_nothing,
);

/// The number of the proposal an answer leads to.
pub fn number(page: &Page) -> i64 {
    page.to().rsplit('/').next().unwrap().parse().unwrap()
}

/// Puts a proposal forward.
pub async fn put_forward(kim: &mut Member, id: i64) {
    kim.see(&format!("/console/proposals/{id}")).await;
    let done = kim.post(&format!("/console/proposals/{id}/put-forward"), &[]).await;
    assert_eq!(done.to(), format!("/console/proposals/{id}"));
}

/// Looks at a proposal and approves what was seen.
pub async fn approve(lee: &mut Member, id: i64, again: &str) -> Page {
    let page = lee.see(&format!("/console/proposals/{id}")).await;
    let seen = page.hidden("seen").unwrap_or_default();
    let code = lee.code();
    let fields = [("seen", seen.as_str()), ("again", again), ("code", code.as_str())];
    lee.post(&format!("/console/proposals/{id}/approve"), &fields).await
}

pub async fn outcome(t: &TestApp, id: i64) -> String {
    store::proposal::find(t.db(), id).await.unwrap().unwrap().outcome
}

/// An open, then drawn round of a hundred.
pub async fn drawn(t: &TestApp) -> round::Model {
    let round = t.announced(t.draft(200)).await;
    t.jump(round.opens_at);
    t.entered(&round, 40).await;
    t.draw(&round).await;
    t.row(&round).await
}

pub async fn journal(t: &TestApp, round: &round::Model) -> Vec<(String, String)> {
    let lines = store::journal::list(t.db(), round.id).await.unwrap();
    lines.into_iter().map(|line| (line.kind, line.staff)).collect()
}

/// A report of a draft's drill, as `jebi drill` keeps it; its number.
async fn drilled(t: &TestApp, draft: &str) -> i64 {
    let subject = subject(&Draft::parse(draft).unwrap()).unwrap().to_string();
    let kept = Report {
        subject: &subject,
        titles: ("상품권", "Vouchers"),
        version: env!("CARGO_PKG_VERSION"),
        held: true,
        halted: false,
        made_at: t.now(),
        size: Size { over_sockets: 2_000, in_process: 5_000 },
        all_met: true,
        report: "{}",
        page: "<p>drilled</p>",
        note: "",
    };
    let txn = t.app.db.begin().await.unwrap();
    let id = store::drill::insert(&txn, kept).await.unwrap();
    txn.commit().await.unwrap();
    id
}

async fn a_round_is_announced_by_two(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    kim.see("/console/drafts").await;
    let path = kim.post("/console/drafts", &[("from", "")]).await.to().to_owned();
    let page = kim.see(&path).await;
    assert!(page.body().contains("이대로 공고할 수 있습니다"), "{}", page.body());
    // What is wrong is said with its line, and cannot be proposed.
    let seen = page.hidden("seen").unwrap();
    let example = include_str!("../../../docs/round.example.toml");
    let broken = example.replacen("days = 2 ", "days = two ", 1);
    assert_eq!(kim.post(&path, &[("seen", &seen), ("text", &broken)]).await.to(), path);
    let page = kim.see(&path).await;
    let line = broken.lines().position(|line| line.starts_with("days = two")).unwrap() + 1;
    assert!(
        page.body().contains(&format!("line {line}")) && !page.body().contains("/propose"),
        "{}",
        page.body()
    );
    let refused = kim.post(&format!("{path}/propose"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let late = example.replace("2027-01-04", "2026-11-20");
    let seen = kim.see(&path).await.hidden("seen").unwrap();
    kim.post(&path, &[("seen", &seen), ("text", &late)]).await;
    let page = kim.see(&path).await;
    assert!(page.body().contains("times.opens: 이미 지난 시각입니다"), "{}", page.body());
    let said = between(page.body(), "<div class=\"warning\">", "</div>").unwrap();
    assert!(!said.contains("lang=\"en\""), "what is wrong is said in English: {said}");
    let seen = kim.see(&path).await.hidden("seen").unwrap();
    kim.post(&path, &[("seen", &seen), ("text", &example.replace('\n', "\r\n"))]).await;
    let page = kim.see(&path).await;
    assert!(page.body().contains("<svg class=\"meter\""), "{}", page.body());
    let notice = kim.see(&format!("{path}/notice")).await;
    assert!(notice.body().contains("통영사랑상품권 1월 구매 시간 추첨 공고"), "{}", notice.body());
    // All that it fixes: who may enter, second chances, what is left, how long people are kept.
    for said in [
        "본인 확인을 마친 분",
        "시간을 놓친 분의 날",
        "예비 순서대로 안내합니다",
        "한 번 더 시간을 드리고",
        "90일 뒤에",
    ] {
        assert!(notice.body().contains(said), "the notice does not say {said}: {}", notice.body());
    }
    assert!(notice.body().contains("12억") || notice.body().contains("1,250,000,000원"));

    // As a file it is what was written, for `jebi drill FILE` at the server.
    let saved = format!("{path}/round.toml");
    assert!(kim.see(&path).await.body().contains(&format!("href=\"{saved}\"")));
    let file = kim.see(&saved).await;
    assert!(file.header(header::CONTENT_DISPOSITION).starts_with("attachment; "), "{:?}", file.headers);
    assert_eq!(file.body(), example);
    let report = format!("href=\"/console/drills/{}\"", drilled(&t, example).await);
    kim.see(&path).await;
    let id = number(&kim.post(&format!("{path}/propose"), &[]).await);
    // Not put forward, it is nobody else's.
    assert_eq!(lee.get(&format!("/console/proposals/{id}")).await.status, StatusCode::NOT_FOUND);
    put_forward(&mut kim, id).await;
    assert!(lee.see("/console").await.body().contains(&format!("/console/proposals/{id}")));
    // She cannot change what she waits for.
    kim.see(&path).await;
    let there = format!("/console/proposals/{id}");
    assert!(lee.see(&there).await.body().contains(&report));
    assert_eq!(approve(&mut lee, id, "").await.to(), there);
    // What it was announced on is found there afterwards too.
    assert!(lee.see(&there).await.body().contains(&report));
    let round = t.app.rounds.find("tongyeong-2027-01").await.unwrap().unwrap();
    assert_eq!(journal(&t, &round.row).await, [("announced".to_owned(), "kim, lee".to_owned())]);
    assert_eq!(outcome(&t, id).await, "done");
    // Once.
    let again = lee.post(&format!("/console/proposals/{id}/approve"), &[]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let kinds: Vec<(String, String)> = t.accesses().await;
    assert!(kinds.contains(&("proposed".to_owned(), format!("announce {id}"))), "{kinds:?}");
    assert!(kinds.contains(&("approved".to_owned(), id.to_string())), "{kinds:?}");
    // The round's pages, and the next month in a minute.
    let page = kim.see("/console/rounds/tongyeong-2027-01").await;
    assert!(page.body().contains("kim, lee") && page.body().contains(&report), "{}", page.body());
    kim.see("/console/rounds/tongyeong-2027-01/notice").await;
    let page = kim.see("/console/drafts").await;
    assert!(page.body().contains("value=\"tongyeong-2027-01\""), "{}", page.body());
    let next = kim.post("/console/drafts", &[("from", "tongyeong-2027-01")]).await.to().to_owned();
    let page = kim.see(&next).await;
    assert!(page.body().contains("이대로 공고할 수 있습니다"), "{}", page.body());
    let id = number(&kim.post(&format!("{next}/propose"), &[]).await);
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    let diff = between(page.body(), "<pre class=\"diff\"", "</pre>").unwrap();
    assert!(diff.contains("<del>- slug = &#34;tongyeong-2027-01&#34;"), "{diff}");
    assert!(diff.contains("<ins>+ slug = &#34;tongyeong-2027-02&#34;"), "{diff}");
    assert!(!diff.contains("unit = 10_000"), "lines that are the same: {diff}");
}

async fn time_stands_still_on_the_word_of_two(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t).await;
    t.send_until(round.results_at + TimeDelta::hours(10)).await;
    let first = t.round(&round).await.serves_at();
    t.jump(first - TimeDelta::minutes(5));
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let day = format!("/console/rounds/{}/day", round.slug);
    let page = kim.see(&day).await;
    assert!(page.body().contains("<tr") && page.body().contains("/pause"), "{}", page.body());
    let path = format!("/console/rounds/{}/propose/shift", round.slug);
    kim.see(&path).await;
    let wrong = kim.post(&path, &[("from", "2026-11-28T08:55"), ("minutes", "0"), ("reason", "")]).await;
    assert_eq!(wrong.wrong_fields(), ["reason", "minutes"]);
    let fields = [("from", "2026-11-28T08:55"), ("minutes", "30"), ("reason", "은행 점검이 길어졌습니다")];
    let id = number(&kim.post(&path, &fields).await);
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    assert!(page.body().contains("시작 시각이 늦춰지는 사람: 40명"), "{}", page.body());
    assert!(
        page.body().contains("은행 점검이 길어졌습니다") && page.body().contains("<summary>"),
        "{}",
        page.body()
    );
    let shifts = async || store::shift::list(t.db(), round.id).await.unwrap();
    assert!(shifts().await.is_empty(), "a proposal did something");
    put_forward(&mut kim, id).await;
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::SEE_OTHER);
    let made = shifts().await;
    assert_eq!(
        (made.len(), made[0].seconds, made[0].reason.as_str()),
        (1, 1_800, "은행 점검이 길어졌습니다")
    );
    let last = journal(&t, &round).await.pop().unwrap();
    assert_eq!(last, ("shifted".to_owned(), "kim, lee".to_owned()));
    assert!(t.notices().await.iter().any(|notice| notice.reason == "shifted"), "nobody is told");
    assert!(kim.see(&day).await.body().contains("은행 점검이 길어졌습니다"));
    // To extend moves nobody's beginning; of what is to come it is not known yet that it was an outage.
    t.jump(first + TimeDelta::hours(10));
    kim.sign_in(&t).await;
    lee.sign_in(&t).await;
    let path = format!("/console/rounds/{}/propose/extend", round.slug);
    kim.see(&path).await;
    let fields = [("from", "2026-11-28T23:00"), ("minutes", "60"), ("reason", "눈이 많이 왔습니다")];
    assert_eq!(kim.post(&path, &fields).await.wrong_fields(), ["from"]);
    let fields = [("from", "2026-11-28T10:00"), ("minutes", "60"), ("reason", "눈이 많이 왔습니다")];
    let id = number(&kim.post(&path, &fields).await);
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    assert!(page.body().contains("시작 시각이 늦춰지는 사람: 0명"), "{}", page.body());
    assert!(page.body().contains("더 오래 살 수 있는 사람: 40명"), "{}", page.body());
    // What helps nobody is not put forward: it would only move the end of the round.
    let path = format!("/console/rounds/{}/propose/shift", round.slug);
    kim.see(&path).await;
    let late = t.row(&round).await.ends_at.with_timezone(&Seoul) - TimeDelta::minutes(1);
    let late = late.format("%Y-%m-%dT%H:%M").to_string();
    let fields = [("from", late.as_str()), ("minutes", "60"), ("reason", "눈이 많이 왔습니다")];
    let nobody = kim.post(&path, &fields).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nobody.body());
    put_forward(&mut kim, id).await;
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::SEE_OTHER);
    let last = journal(&t, &round).await.pop().unwrap();
    assert_eq!(last, ("extended".to_owned(), "kim, lee".to_owned()));
}

async fn what_changed_meanwhile_is_looked_at_again(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = drawn(&t).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let path = format!("/console/rounds/{}/propose/shift", round.slug);
    let mut ids = Vec::new();
    for minutes in ["20", "60"] {
        kim.see(&path).await;
        let fields = [("from", "2026-11-28T08:00"), ("minutes", minutes), ("reason", "a reason")];
        let id = number(&kim.post(&path, &fields).await);
        put_forward(&mut kim, id).await;
        ids.push(id);
    }
    // Both are read, one is approved: the other would do something else now than was read.
    let page = lee.see(&format!("/console/proposals/{}", ids[1])).await;
    let seen = page.hidden("seen").unwrap();
    assert_eq!(approve(&mut lee, ids[0], "").await.status, StatusCode::SEE_OTHER);
    let late = lee.post(&format!("/console/proposals/{}/approve", ids[1]), &[("seen", &seen)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Nor where it changes between the look and the act: what is done is what was read.
    let of = t.round(&round).await;
    let act = Act::parse(&store::proposal::find(t.db(), ids[1]).await.unwrap().unwrap().act).unwrap();
    let word = Word { again: None, seen: Some(&seen) };
    let meanwhile = settle(&t.app, &act, Some(&of), word, &Staff::new("kim", "lee")).await;
    assert!(matches!(meanwhile, Err(ActError::Changed)), "{meanwhile:?}");
    assert!(late.body().contains("보시는 사이에 내용이 달라졌습니다"), "{}", late.body());
    assert_eq!(store::shift::list(t.db(), round.id).await.unwrap().len(), 1);
    assert_eq!(approve(&mut lee, ids[1], "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(store::shift::list(t.db(), round.id).await.unwrap().len(), 2);
}

async fn a_round_is_voided_and_a_proposal_declined(engine: Engine) {
    let t = TestApp::start(engine).await;
    let (round, mut kim) = (t.announced(t.draft(100)).await, t.staff("kim", Role::Clerk).await);
    let mut lee = t.staff("lee", Role::Approver).await;
    let path = format!("/console/rounds/{}/propose/void", round.slug);
    kim.see(&path).await;
    let id = number(&kim.post(&path, &[("reason", "예산이 취소되었습니다")]).await);
    put_forward(&mut kim, id).await;
    lee.see(&format!("/console/proposals/{id}")).await;
    let decline = format!("/console/proposals/{id}/decline");
    assert_eq!(lee.post(&decline, &[("words", " ")]).await.wrong_fields(), ["words"]);
    lee.post(&decline, &[("words", "이유를 더 자세히")]).await;
    assert_eq!(outcome(&t, id).await, "declined");
    assert!(kim.see(&format!("/console/proposals/{id}")).await.body().contains("이유를 더 자세히"));
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(t.row(&round).await.voided_at.is_none());
    // Taken back, it is nobody's either.
    kim.see(&path).await;
    let id = number(&kim.post(&path, &[("reason", "예산이 취소되었습니다")]).await);
    put_forward(&mut kim, id).await;
    kim.post(&format!("/console/proposals/{id}/withdraw"), &[]).await;
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    kim.see(&path).await;
    let id = number(&kim.post(&path, &[("reason", "예산이 취소되었습니다")]).await);
    put_forward(&mut kim, id).await;
    // Whoever proposed it has left: nobody's word is half of two.
    jebi::staff::roles::change(&t.app, "kim", jebi::staff::roles::Change::Remove, t.now()).await.unwrap();
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut park = t.staff("park", Role::Clerk).await;
    park.see(&path).await;
    let id = number(&park.post(&path, &[("reason", "예산이 취소되었습니다")]).await);
    put_forward(&mut park, id).await;
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::SEE_OTHER);
    assert!(t.row(&round).await.voided_at.is_some());
    assert_eq!(journal(&t, &round).await.pop().unwrap().1, "park, lee");
}

async fn two_type_the_public_values(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(100);
    draft.beacon = BeaconChoice::Declared("Lotto 6/45 draw 1252: six numbers, bonus".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.entered(&round, 5).await;
    t.draw_until_pulse(&round).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    assert!(kim.see(&format!("/console/rounds/{}", round.slug)).await.body().contains("/propose/declare"));
    let path = format!("/console/rounds/{}/propose/declare", round.slug);
    kim.see(&path).await;
    let id = number(&kim.post(&path, &[("values", "7 12 23 31 40 41 / 5")]).await);
    put_forward(&mut kim, id).await;
    let page = lee.see(&format!("/console/proposals/{id}")).await;
    assert!(!page.body().contains("7 12 23"), "the second sees what the first typed");
    assert_eq!(approve(&mut lee, id, "7 12 23 31 40 42 / 5").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(t.row(&round).await.pulse.is_none());
    assert_eq!(approve(&mut lee, id, "41 40 31 23 12 7 / 5").await.status, StatusCode::SEE_OTHER);
    assert!(t.row(&round).await.pulse.is_some());
    assert_eq!(outcome(&t, id).await, "done");
}

async fn drafts_are_not_overwritten(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    kim.see("/console/drafts").await;
    let path = kim.post("/console/drafts", &[("from", "")]).await.to().to_owned();
    let seen = kim.see(&path).await.hidden("seen").unwrap();
    lee.see(&path).await;
    t.pass(TimeDelta::seconds(1));
    assert_eq!(lee.post(&path, &[("seen", &seen), ("text", "of lee")]).await.to(), path);
    let late = kim.post(&path, &[("seen", &seen), ("text", "of kim")]).await;
    assert_eq!((late.status, late.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["text"]));
    assert!(late.body().contains("of kim"), "what was typed is lost");
    // What lee wrote is on the page, and to press the same button again does not overwrite it.
    assert!(late.body().contains("<del>- of lee</del>"), "{}", late.body());
    let same = [("seen", late.hidden("seen").unwrap()), ("text", "of kim".to_owned())];
    let same = same.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(kim.post(&path, &same).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(kim.see(&path).await.body().contains("of lee"));
    // Only the button beside what would be lost does, and only what was read there.
    let over = between(late.body(), "name=\"over\" value=\"", "\"").unwrap().to_owned();
    t.pass(TimeDelta::seconds(1));
    let seen = lee.see(&path).await.hidden("seen").unwrap();
    lee.post(&path, &[("seen", &seen), ("text", "of lee again")]).await;
    let late = kim.post(&path, &[("seen", &seen), ("over", &over), ("text", "of kim")]).await;
    assert!(late.body().contains("<del>- of lee again</del>"), "{}", late.body());
    let over = between(late.body(), "name=\"over\" value=\"", "\"").unwrap().to_owned();
    t.pass(TimeDelta::seconds(1));
    assert_eq!(kim.post(&path, &[("over", &over), ("text", "of kim")]).await.to(), path);
    assert!(kim.see(&path).await.body().contains("of kim"));
    // Markup in a draft stays text.
    let seen = kim.see(&path).await.hidden("seen").unwrap();
    kim.post(&path, &[("seen", &seen), ("text", "</textarea><script>alert(1)</script>")]).await;
    assert!(!kim.see(&path).await.body().contains("<script>alert"));
    // Thrown away is what was read, another's work not by a slip, and it is known by whom.
    let (away, seen) = (format!("{path}/remove"), lee.see(&path).await.hidden("seen").unwrap());
    assert_eq!(lee.post(&away, &[("seen", &seen)]).await.wrong_fields(), ["sure"]);
    t.pass(TimeDelta::seconds(1));
    kim.post(&path, &[("seen", &seen), ("text", "of kim, more")]).await;
    let late = lee.post(&away, &[("seen", &seen), ("sure", "on")]).await;
    assert_eq!((late.status, late.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    let seen = kim.see(&path).await.hidden("seen").unwrap();
    assert_eq!(kim.post(&away, &[("seen", &seen)]).await.to(), "/console/drafts");
    assert_eq!(kim.get(&path).await.status, StatusCode::NOT_FOUND);
    let id = path.rsplit('/').next().unwrap().to_owned();
    let done = t.accesses().await;
    let did = |kind: &str| done.iter().filter(|(done, about)| done == kind && *about == id).count();
    assert_eq!((did("draft_begun"), did("draft_changed"), did("draft_removed")), (1, 5, 1), "{done:?}");
}

async fn a_session_alone_approves_nothing(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(100)).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let path = format!("/console/rounds/{}/propose/void", round.slug);
    kim.see(&path).await;
    let id = number(&kim.post(&path, &[("reason", "예산이 취소되었습니다")]).await);
    put_forward(&mut kim, id).await;
    let approve = format!("/console/proposals/{id}/approve");
    let seen = lee.see(&format!("/console/proposals/{id}")).await.hidden("seen").unwrap();
    // A cookie that somebody took, and a code that was used to sign in, do nothing; guesses are slowed down.
    let used = totp_now(&lee.secret, t.now());
    for code in ["", "000000", used.as_str(), "000000"] {
        let refused = lee.post(&approve, &[("seen", &seen), ("code", code)]).await;
        assert_eq!(
            (refused.status, refused.wrong_fields()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"])
        );
    }
    lee.post(&approve, &[("seen", &seen), ("code", "000000")]).await;
    t.pass(TimeDelta::seconds(29));
    let fresh = totp_now(&lee.secret, t.now() + TimeDelta::seconds(2));
    let held = lee.post(&approve, &[("seen", &seen), ("code", &fresh)]).await;
    assert!(held.status == StatusCode::UNPROCESSABLE_ENTITY, "guessed as fast as one likes");
    assert!(t.row(&round).await.voided_at.is_none());
    assert!(t.accesses().await.iter().any(|(kind, about)| kind == "refused" && about == "code"));
    t.pass(TimeDelta::minutes(2));
    let code = totp_now(&lee.secret, t.now());
    assert_eq!(lee.post(&approve, &[("seen", &seen), ("code", &code)]).await.status, StatusCode::SEE_OTHER);
    assert!(t.row(&round).await.voided_at.is_some());
    // Nor is the password guessed any faster from within.
    let mut waits = 0;
    for _ in 0..7 {
        lee.see("/console/me").await;
        let fields = [("password", "a wrong password"), ("new", "another password"), ("code", "000000")];
        let refused = lee.post("/console/me", &fields).await;
        waits += usize::from(refused.body().contains("뒤에 다시"));
    }
    assert!(waits > 0, "passwords are guessed as fast as one likes");
}
