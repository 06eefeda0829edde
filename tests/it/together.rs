//! Several people in one entry, and lots for those who drew in vain: whoever is faster, whoever leaves,
//! one person is in one entry, and every state that was acknowledged is in the journal.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::round;
use jebi::{
    domain::{
        contact::{Channel, Contact},
        draft::Draft,
        event::Wanted,
        who::helped::Helped,
    },
    lifecycle::{
        helped,
        together::{self, Refused},
    },
    notify::words::CONTACT,
};

use crate::{
    support::{Engine, Resident, TestApp, between, both, verified},
    who::{LOTTERY, NEAR, PARITY, REGION, entered, round, text, wanted},
};

both!(
    people_come_together_by_a_code,
    a_child_is_in_one_entry_whoever_is_faster,
    leaving_keeps_everybody_else,
    joining_races_the_close,
    codes_cannot_be_sprayed,
    whoever_drew_in_vain_draws_more_lots,
    a_change_keeps_the_lots,
    every_rule_at_once_is_verified,
);

const TOGETHER: &str = "[joint]\nmost = 3\n[helped]\nminors = 2\nadults = 1\n";

async fn start(engine: Engine) -> (TestApp, round::Model) {
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{TOGETHER}"))).await;
    t.jump(round.opens_at);
    (t, round)
}

/// Somebody born in an even year, who has entered.
async fn somebody(t: &TestApp, address: &str) -> Resident {
    let mut somebody = t.resident("groups", address).await;
    assert_eq!(somebody.tell(&[("birth_year", "1986")]).await.to(), "/rounds/groups/details");
    somebody.enter(100_000, &["pm"]).await;
    somebody
}

async fn code_of(opener: &mut Resident) -> String {
    assert_eq!(opener.get("people").await.status, StatusCode::OK);
    assert_eq!(opener.post("people", &[("act", "open")]).await.to(), "/rounds/groups/people");
    let page = opener.get("people").await;
    between(page.body(), "<b class=\"code\">", "<").unwrap().to_owned()
}

async fn people_come_together_by_a_code(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = somebody(&t, "minji@example.org").await;
    let code = code_of(&mut minji).await;
    let receipt = minji.mine().await.receipt().to_owned();

    let mut stranger = t.stranger_at("groups", "jun@example.org");
    assert_eq!(stranger.get("join").await.to(), "/rounds/groups/enter?purpose=join");
    let mut jun = t.resident("groups", "jun@example.org").await;
    assert_eq!(jun.get("join").await.status, StatusCode::OK);
    for wrong in ["", "abcd-efgh", "<b>"] {
        let page = jun.post("join", &[("code", wrong)]).await;
        assert_eq!(
            (page.status, page.wrong_fields()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"]),
            "{wrong}"
        );
    }
    // As people type it.
    let typed = format!(" {} ", code.to_uppercase().replace('-', ""));
    assert_eq!(jun.post("join", &[("code", &typed)]).await.to(), "/rounds/groups/my");
    assert_eq!(jun.post("join", &[("code", &code)]).await.to(), "/rounds/groups/my", "a double tap");
    assert_eq!(jun.mine().await.receipt(), receipt, "a member sees the entry they are in");
    // Through the other door there is no second entry.
    jun.tell(&[("birth_year", "1986")]).await.to();
    jun.answer(100_000, &[]).await;
    assert_eq!(jun.post("entry", &[]).await.to(), "/rounds/groups/my");
    let mut own = somebody(&t, "own@example.org").await;
    own.get("join").await;
    assert_eq!(own.post("join", &[("code", &code)]).await.wrong_fields(), ["code"]);

    // A child, and the third who may join; the fourth may not.
    let child = [("act", "add"), ("name", "김하늘"), ("born", "2015-03-01")];
    minji.get("people").await;
    assert_eq!(minji.post("people", &child).await.to(), "/rounds/groups/people");
    assert_eq!(minji.post("people", &child).await.to(), "/rounds/groups/people", "a double tap");
    let wrong = minji.post("people", &[("act", "add"), ("name", "150301-3123456"), ("born", "x")]).await;
    assert_eq!(wrong.wrong_fields(), ["name", "born"]);
    assert!(!wrong.body().contains("150301"), "a registration number is shown again");
    let mut soo = t.resident("groups", "soo@example.org").await;
    soo.get("join").await;
    assert_eq!(soo.post("join", &[("code", &code)]).await.to(), "/rounds/groups/my");
    let mut late = t.resident("groups", "late@example.org").await;
    late.get("join").await;
    assert_eq!(late.post("join", &[("code", &code)]).await.wrong_fields(), ["code"]);

    t.tick().await;
    let entries = t.entries(&round).await;
    let entry = entries.iter().find(|entry| entry.receipt == receipt).unwrap();
    assert_eq!((entry.seats, entry.want, entry.lead.as_deref()), (4, 400_000, None));
    assert_eq!(entries.iter().filter(|entry| entry.lead.as_deref() == Some(receipt.as_str())).count(), 2);
    let signed = jun.get("my/receipt.txt").await;
    let line = format!("{receipt} seats=4 want=400000 weight=1 birth_parity=even wish=pm");
    assert!(signed.body().contains(&line), "{}", signed.body());
    // Nothing of the child is kept but its receipt.
    let kept =
        format!("{entries:?}{:?}", jebi::store::member::list(t.db(), round.id, &receipt).await.unwrap());
    assert!(!kept.contains("하늘") && !kept.contains("2015"), "{kept}");

    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    let pool = String::from_utf8(files["pool.txt"].clone()).unwrap();
    assert_eq!(pool.lines().count(), 2, "a member has no line of their own: {pool}");
    let mut minutes = Vec::new();
    for resident in [&mut minji, &mut jun, &mut soo] {
        resident.identify(&t, "my").await;
        let mine = resident.mine().await;
        let start = between(mine.body(), "<div class=\"big\">", "</time>").unwrap().to_owned();
        minutes.push(start);
    }
    assert!(minutes[0].contains("12월") && minutes.iter().all(|minute| *minute == minutes[0]), "{minutes:?}");
    t.send_until(round.results_at + TimeDelta::hours(5)).await;
    for address in ["minji@example.org", "jun@example.org", "soo@example.org"] {
        let told = t.mailbox.messages_for(address);
        let told =
            told.iter().filter(|mail| mail.body.contains(&receipt) && mail.body.contains("12월")).count();
        assert!(told >= 1, "{address} was not told");
    }
}

/// What an instance is asked for on behalf of somebody, without the forms.
fn one(t: &TestApp, address: &str) -> (String, Wanted) {
    let contact = Contact::parse(Channel::Email, address).unwrap();
    let person_sealed = t.app.keys.people().seal(CONTACT, &contact);
    (contact.person_key(), Wanted { person_sealed, ..wanted(100_000, "birth_parity=even") })
}

async fn a_child_is_in_one_entry_whoever_is_faster(engine: Engine) {
    let (t, round) = start(engine).await;
    let opened = t.round(&round).await;
    let other = t.another().await;
    let today = t.now().date_naive();
    let mut children = 0;
    for pair in 0..10 {
        let mut parents = Vec::new();
        for (side, app) in [("a", &t.app), ("b", &other)] {
            let (key, wanted) = one(&t, &format!("{side}{pair}@example.org"));
            let receipt = opened.receipt(&key).unwrap().to_string();
            together::enter(app, &opened, &receipt, wanted, None).await.unwrap();
            parents.push(receipt);
        }
        let child = Helped::parse("김하늘", &format!("2015-03-{:02}", pair + 1), today).unwrap();
        let key = child.person_key();
        let (one, two) = tokio::join!(
            helped::help(&t.app, &opened, &parents[0], &child, Some(&key)),
            helped::help(&other, &opened, &parents[1], &child, Some(&key))
        );
        assert_eq!([one.is_ok(), two.is_ok()].into_iter().filter(|ok| *ok).count(), 1, "{one:?} {two:?}");
        assert!([one, two].into_iter().any(|done| matches!(done, Err(Refused::Elsewhere))));
        children += 1;
    }
    t.tick().await;
    let seats: i32 = t.entries(&round).await.iter().map(|entry| entry.seats).sum();
    assert_eq!(seats, 20 + children);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn leaving_keeps_everybody_else(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = somebody(&t, "minji@example.org").await;
    let code = code_of(&mut minji).await;
    let child = [("act", "add"), ("name", "김하늘"), ("born", "2015-03-01")];
    minji.post("people", &child).await.to();
    let mut jun = t.resident("groups", "jun@example.org").await;
    jun.get("join").await;
    jun.post("join", &[("code", &code)]).await.to();
    t.tick().await;
    let seats = |t: &TestApp| {
        let (entries, round) = (t.app.clone(), round.clone());
        async move {
            let groups = jebi::store::entry::list_groups(entries.db.read(), round.id).await.unwrap();
            groups.iter().map(|(_, _, seats)| *seats).sum::<u64>()
        }
    };
    assert_eq!(seats(&t).await, 3);
    // The other parent cannot enter the child, until it is taken out.
    t.pass(TimeDelta::seconds(1));
    jun.withdraw().await;
    // What stands in the entry is the other's, whether the fold has seen it yet or not: it is neither shown nor taken
    // over, and they are asked for their own.
    for _ in 0..2 {
        let mine = jun.mine().await;
        assert_eq!(mine.word(), "ended");
        assert!(!mine.body().contains("짝수") && !mine.body().contains("기록된 내용"), "{}", mine.body());
        assert_eq!(jun.get("details").await.to(), "/rounds/groups/about");
        t.tick().await;
    }
    assert_eq!(seats(&t).await, 2);
    jun.tell(&[("birth_year", "1987")]).await.to();
    // Later than the leaving: of two acts at one instant nobody could say which was the last.
    t.pass(TimeDelta::seconds(1));
    jun.enter(50_000, &[]).await;
    jun.get("people").await;
    assert_eq!(jun.post("people", &child).await.wrong_fields(), ["name"]);
    let page = minji.get("people").await;
    let person = between(page.body(), "name=\"who\" value=\"", "\"").unwrap().to_owned();
    // Nobody takes out another's.
    assert_eq!(
        jun.post("people", &[("act", "remove"), ("who", &person)]).await.to(),
        "/rounds/groups/people"
    );
    t.tick().await;
    assert_eq!(seats(&t).await, 3);
    minji.post("people", &[("act", "remove"), ("who", &person)]).await.to();
    jun.get("people").await;
    assert_eq!(jun.post("people", &child).await.to(), "/rounds/groups/people");
    // Whoever opened an entry takes everybody in it along.
    let code = code_of(&mut jun).await;
    let mut soo = t.resident("groups", "soo@example.org").await;
    soo.get("join").await;
    soo.post("join", &[("code", &code)]).await.to();
    jun.withdraw().await;
    t.tick().await;
    assert_eq!(seats(&t).await, 1);
    assert_eq!(soo.mine().await.word(), "ended");
    minji.get("people").await;
    assert_eq!(minji.post("people", &child).await.to(), "/rounds/groups/people", "the child is free again");
    t.tick().await;
    t.send().await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = verified(&t, &round).await;
    assert_eq!(String::from_utf8(files["pool.txt"].clone()).unwrap().lines().count(), 1);
    // Forgotten with everything else.
    t.jump(round.ends_at + TimeDelta::days(91));
    t.tick().await;
    let minji_receipt = t.entries(&round).await.into_iter().find(|entry| entry.seats == 2).unwrap().receipt;
    assert!(jebi::store::member::list(t.db(), round.id, &minji_receipt).await.unwrap().is_empty());
}

async fn joining_races_the_close(engine: Engine) {
    let (t, round) = start(engine).await;
    let opened = t.round(&round).await;
    let (key, wanted) = one(&t, "lead@example.org");
    let lead = opened.receipt(&key).unwrap().to_string();
    together::enter(&t.app, &opened, &lead, wanted, None).await.unwrap();
    let code = together::code(&t.app, &opened, &lead).await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..2 {
        let (key, wanted) = one(&t, &format!("j{number}@example.org"));
        let (app, opened, code) = (t.app.clone(), opened.clone(), code.clone());
        let receipt = opened.receipt(&key).unwrap().to_string();
        tasks.push(tokio::spawn(async move { together::join(&app, &opened, &receipt, &code, wanted).await }));
    }
    tokio::task::yield_now().await;
    t.jump(round.closes_at);
    t.tick().await;
    let mut acknowledged = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(done) => {
                assert!(done.at < round.closes_at);
                acknowledged += 1;
            }
            Err(Refused::NotOpen) => {}
            Err(error) => panic!("{error}"),
        }
    }
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
    let entry = t.entries(&round).await.into_iter().find(|entry| entry.receipt == lead).unwrap();
    assert_eq!(entry.seats, 1 + acknowledged, "what was acknowledged is in the pool, nothing else");
}

async fn codes_cannot_be_sprayed(engine: Engine) {
    let (t, _) = start(engine).await;
    let mut minji = somebody(&t, "minji@example.org").await;
    let code = code_of(&mut minji).await;
    let mut eve = t.resident("groups", "eve@example.org").await;
    eve.get("join").await;
    for number in 0..10 {
        let wrong = eve.post("join", &[("code", &format!("0000-000{number}"))]).await;
        assert_eq!(wrong.wrong_fields(), ["code"]);
    }
    let right = eve.post("join", &[("code", &code)]).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "the eleventh try is not looked at");
    t.pass(TimeDelta::minutes(61));
    assert_eq!(eve.post("join", &[("code", &code)]).await.to(), "/rounds/groups/my");
}

async fn whoever_drew_in_vain_draws_more_lots(engine: Engine) {
    let t = TestApp::start(engine).await;
    let weighting = "[weighting]\nper_miss = 2\nmost = 5\nrounds = 2\n";
    let open = "[[reserve]]\nname = \"open\"\nplaces = 1\n";
    let of = |number: u32| {
        let text = text(LOTTERY, &format!("{PARITY}{open}{weighting}"));
        let text = text.replace("slug = \"groups\"", &format!("slug = \"round{number}\""));
        // A month later each.
        let (from, to) = (format!("2026-{:02}", 11), format!("2027-{number:02}"));
        let text = text.replace("2026-12", &format!("2027-{:02}", number + 1)).replace(&from, &to);
        Draft::parse(&text).unwrap()
    };
    let addresses = ["remembered@example.org", "forgotten@example.org", "lucky@example.org"];
    let mut shown = Vec::new();
    for number in [1, 3, 5, 7] {
        let round = t.announced(of(number)).await;
        t.jump(round.opens_at);
        for address in addresses {
            let mut resident = t.resident(&round.slug, address).await;
            resident.tell(&[("birth_year", "1986")]).await.to();
            resident.get("details").await;
            let remember = if address.starts_with("forgotten") { "" } else { "yes" };
            let fields = [("want", "100000"), ("remember", remember)];
            assert!(resident.post("details", &fields).await.to().ends_with("/check"));
            let check = resident.get("check").await;
            if address.starts_with("remembered") {
                shown.push(between(check.body(), "제비 ", "개").unwrap().to_owned());
            }
            assert!(resident.post("entry", &[]).await.to().ends_with("/my"));
        }
        t.tick().await;
        t.draw(&round).await;
        t.jump(round.results_at);
        let files = verified(&t, &round).await;
        let pool = String::from_utf8(files["pool.txt"].clone()).unwrap();
        let opened = t.round(&round).await;
        let line = |address: &str| {
            let contact = Contact::parse(Channel::Email, address).unwrap();
            let receipt = opened.receipt(&contact.person_key()).unwrap().to_string();
            pool.lines().find(|line| line.starts_with(&receipt)).unwrap().to_owned()
        };
        assert!(line("forgotten@example.org").contains(" weight=1 "), "{pool}");
        assert!(
            line("remembered@example.org").contains(&format!(" weight={} ", shown.last().unwrap())),
            "{pool}"
        );
    }
    // At most two rounds count: 1, then 1 + 2 for each miss of the two before, and never more than 5.
    let misses = |number: i32| {
        let key = jebi::lifecycle::misses::key(&t.app, "email:remembered@example.org");
        let db = t.db().clone();
        async move { jebi::store::miss::count(&db, "", &key, number).await.unwrap() }
    };
    assert_eq!(shown[0], "1");
    assert!(shown.iter().all(|lots| ["1", "3", "5"].contains(&lots.as_str())), "{shown:?}");
    assert!(misses(1).await <= 4);
    let forgotten = jebi::lifecycle::misses::key(&t.app, "email:forgotten@example.org");
    assert_eq!(
        jebi::store::miss::count(t.db(), "", &forgotten, 0).await.unwrap(),
        0,
        "nobody is remembered unasked"
    );
    // Purged: what counts no more is gone.
    t.jump(t.now() + TimeDelta::days(400));
    t.tick().await;
    assert_eq!(misses(0).await, misses(2).await);
}

async fn every_rule_at_once_is_verified(engine: Engine) {
    let weighting = "[weighting]\nper_miss = 1\nmost = 4\nrounds = 12\n";
    let fund = |name: &str, each: u32, more: &str| {
        format!("[[fund]]\nname = \"{name}\"\nper_seat = {each}\nbudget = 100000000\n{more}\n")
    };
    let city = fund("city", 50_000, "match = { region = [\"jungang\"] }");
    for (mode, more, wants) in [
        (
            format!("{LOTTERY}\nsmallest_cell = 2"),
            format!("{PARITY}{REGION}{NEAR}{weighting}{TOGETHER}"),
            true,
        ),
        (
            "mode = \"everyone\"".to_owned(),
            format!("{PARITY}{REGION}{}{city}{weighting}{TOGETHER}", fund("province", 100_000, "")),
            false,
        ),
    ] {
        let t = TestApp::start(engine).await;
        let round = t.announced(round(&mode, &more)).await;
        t.jump(round.opens_at);
        let regions = ["jungang", "donghae", "seoho"];
        // Few enough for the odd cohort's 24 seats.
        entered(
            &t,
            &round,
            (0..18_i32).map(|number| {
                let parity = if number % 3 == 0 { "odd" } else { "even" };
                let region = regions[usize::try_from(number).unwrap() / 6];
                let seats = 1 + number % 3;
                let each = if wants { 10_000 * i64::from(1 + number) } else { 250_000 };
                let kept = format!("birth_parity={parity} region={region}");
                Wanted { seats, weight: 1 + number % 4, ..wanted(each * i64::from(seats), &kept) }
            }),
        )
        .await;
        t.draw(&round).await;
        t.jump(round.results_at);
        let files = verified(&t, &round).await;
        let result = String::from_utf8(files["result.txt"].clone()).unwrap();
        assert_eq!(result.lines().count(), 18);
        assert_eq!(result.contains("waitlisted"), wants, "{result}");
    }
}

async fn a_change_keeps_the_lots(engine: Engine) {
    let t = TestApp::start(engine).await;
    let weighting = "[weighting]\nper_miss = 2\nmost = 5\nrounds = 2\n";
    let open = "[[reserve]]\nname = \"open\"\nplaces = 1\n";
    let earlier = text(LOTTERY, &format!("{PARITY}{open}{weighting}"))
        .replace("slug = \"groups\"", "slug = \"earlier\"");
    let earlier = t.announced(Draft::parse(&earlier).unwrap()).await;
    let round = t.announced(round(LOTTERY, &format!("{PARITY}{open}{weighting}"))).await;
    let key = jebi::lifecycle::misses::key(&t.app, "email:minji@example.org");
    let txn = t.app.db.begin().await.unwrap();
    jebi::store::miss::insert_all(&txn, "", earlier.number, vec![key.clone()]).await.unwrap();
    txn.commit().await.unwrap();
    t.jump(round.opens_at);
    let kept = || async {
        let entry = t.entries(&round).await.pop().unwrap();
        (entry.wish, entry.weight, entry.miss_key)
    };
    let masked = Contact::parse(Channel::Email, "minji@example.org").unwrap().masked();
    let mut minji = t.resident("groups", "minji@example.org").await;
    minji.tell(&[("birth_year", "1986")]).await.to();
    let fresh = minji.get("details").await;
    assert!(!fresh.body().contains(TICKED), "nobody is remembered unasked");
    let first = [("want", "100000"), ("wish_1", "am"), ("remember", "yes")];
    minji.post("details", &first).await.to();
    minji.get("check").await;
    minji.post("entry", &[]).await.to();
    // A moment later, and once it is folded: she looks at the form, changes the time of day alone, and has her lots.
    for wish in ["pm", "am"] {
        t.pass(TimeDelta::seconds(2));
        assert!(minji.get("details").await.body().contains(TICKED));
        // Also by way of the questions.
        minji.tell(&[("birth_year", "1986")]).await.to();
        let form = minji.get("details").await;
        assert!(form.body().contains(TICKED), "{}", form.body());
        let changed = [("want", "100000"), ("wish_1", wish), ("remember", "yes")];
        minji.post("details", &changed).await.to();
        assert!(minji.get("check").await.body().contains("제비 3개"));
        minji.post("entry", &[]).await.to();
        for _ in 0..2 {
            let mine = minji.mine().await;
            assert!(mine.body().contains("기억해 두며, 다음 회차에서 제비를 더 뽑습니다"), "{}", mine.body());
            assert!(mine.body().contains(&masked), "{}", mine.body());
            t.tick().await;
        }
        assert_eq!(kept().await, (wish.to_owned(), 3, key.clone()));
    }
    // Whoever takes the tick away is forgotten, and has one lot.
    t.pass(TimeDelta::seconds(2));
    minji.get("details").await;
    minji.post("details", &[("want", "100000"), ("wish_1", "am")]).await.to();
    minji.get("check").await;
    minji.post("entry", &[]).await.to();
    t.tick().await;
    assert_eq!(kept().await, ("am".to_owned(), 1, String::new()));
    assert!(minji.mine().await.body().contains("기억해 두지 않습니다"));
    assert!(!minji.get("details").await.body().contains(TICKED));
}

/// The box of whoever is to be remembered, ticked.
const TICKED: &str = "name=\"remember\" value=\"yes\" checked";
