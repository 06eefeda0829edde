//! At a counter: the same entry, the same chance, and one entry for one person whatever door they used.

use axum::http::StatusCode;
use entities::attended;
use jebi::{
    domain::{draft::After, roster::MatchBy, staff::Role},
    store,
};
use sea_orm::EntityTrait;

use crate::{
    roster::imported,
    support::{Engine, Member, Page, TestApp, both, verified},
    who::{LOTTERY, PARITY, round},
};

both!(
    a_man_without_a_phone_is_entered_and_told,
    the_web_and_the_counter_make_one_entry,
    with_and_without_a_phone_it_is_one_person,
    one_comes_for_so_many_and_no_more,
    paper_is_taken_until_the_deadline,
    paper_does_not_replace_an_entry_from_the_web_unasked,
    a_household_comes_in_one_visit,
    a_roster_knows_people_at_the_counter_too,
    the_second_of_a_household_is_asked_first,
    another_address_is_taken_with_the_same_answers,
    two_with_one_number_are_two_and_a_mistyped_date_is_none,
    what_was_done_is_taken_back_at_the_counter,
    who_opened_an_entry_is_warned_at_the_counter,
    a_members_slip_offers_what_it_can_do,
    consent_is_to_the_words_that_were_shown,
    a_counter_forgets_nobody_by_a_box_left_empty,
);

const WHO: [(&str, &str); 2] = [("name", "김하늘"), ("born", "1948-03-01")];
const TICKED: [(&str, &str); 3] = [("id_seen", "yes"), ("consent", "yes"), ("want", "250000")];

fn path(slug: &str, page: &str) -> String {
    format!("/console/counter/{slug}{page}")
}

/// Sends the form of a counter.
pub async fn ask(lee: &mut Member, slug: &str, more: &[(&str, &str)]) -> Page {
    lee.see(&path(slug, "")).await;
    let fields: Vec<(&str, &str)> = TICKED.iter().chain(more).copied().collect();
    lee.post(&path(slug, ""), &fields).await
}

/// Enters somebody, check-answers and all; the page of the slip.
pub async fn enter(lee: &mut Member, slug: &str, more: &[(&str, &str)]) -> Page {
    let asked = ask(lee, slug, more).await;
    assert_eq!(asked.to(), path(slug, "/check"));
    lee.see(&path(slug, "/check")).await;
    assert_eq!(lee.post(&path(slug, "/entry"), &[]).await.to(), path(slug, "/slip"));
    lee.see(&path(slug, "/slip")).await
}

async fn rows(t: &TestApp) -> Vec<attended::Model> {
    attended::Entity::find().all(t.db()).await.unwrap()
}

async fn a_man_without_a_phone_is_entered_and_told(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut lee = t.staff("lee", Role::Counter).await;
    let round = t.announced(t.draft(100)).await;
    let slug = round.slug.as_str();
    let early = lee.get(&path(slug, "")).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.body());
    t.jump(round.opens_at);
    lee.sign_in(&t).await;
    assert!(lee.see("/console/counter").await.body().contains(&path(slug, "\"")));
    lee.see(&path(slug, "")).await;
    let empty = lee.post(&path(slug, ""), &[("want", "250000")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(empty.wrong_fields(), ["name", "born", "id_seen", "consent"]);
    // A registration number is refused and not shown again.
    let number = ask(&mut lee, slug, &[("name", "김하늘"), ("born", "480301-1234567")]).await;
    assert_eq!(number.wrong_fields(), ["born"]);
    assert!(!number.body().contains("1234567"));
    // Half filled in helps nobody: the way back is the form.
    assert_eq!(lee.get(&path(slug, "/check")).await.to(), path(slug, ""));

    assert_eq!(ask(&mut lee, slug, &WHO).await.to(), path(slug, "/check"));
    let check = lee.see(&path(slug, "/check")).await;
    assert!(check.body().contains("김○늘") && !check.body().contains("김하늘"), "{}", check.body());
    let seen = check.hidden("seen").unwrap();
    assert_eq!(lee.post(&path(slug, "/entry"), &[]).await.to(), path(slug, "/slip"));
    let slip = lee.see(&path(slug, "/slip")).await;
    let receipt = slip.receipt().to_owned();
    assert!(
        slip.body().contains("<svg class=\"qr\"") && slip.body().contains("먼저 신청해도 유리하지 않습니다.")
    );
    // Pressed twice it is one entry.
    assert_eq!(lee.post(&path(slug, "/entry"), &[("seen", &seen)]).await.to(), path(slug, "/slip"));
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!((entry.receipt.as_str(), entry.channel.as_str(), entry.want), (receipt.as_str(), "", 250_000));
    assert!(entry.person_sealed.is_empty() && t.notices().await.is_empty());
    let kept = format!("{:?}{entries:?}{:?}", rows(&t).await, t.accesses().await);
    assert!(!kept.contains("하늘") && !kept.contains("1948"), "{kept}");

    // Drawn like everybody, told on paper, found by birth date, with a line in the access log.
    t.entered(&round, 20).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;
    let told = t.notices().await;
    let letter = told.iter().find(|notice| notice.about == receipt && notice.reason == "result").unwrap();
    assert_eq!(letter.channel, "letter");
    lee.sign_in(&t).await;
    lee.see(&path(slug, "/find")).await;
    let found = lee.post(&path(slug, "/find"), &[("born", "1948.3.1"), ("phone", "")]).await;
    assert!(found.body().contains("김○늘") && found.body().contains("11월 28일(토)"), "{}", found.body());
    assert!(!found.body().contains("김하늘"));
    let scanned = format!("{slug} {}", receipt.to_uppercase());
    let scanned = lee.post(&path(slug, "/find"), &[("receipt", &scanned)]).await;
    assert!(scanned.body().contains("11월 28일(토)"), "{}", scanned.body());
    let nobody = lee.post(&path(slug, "/find"), &[("born", "1948-03-02")]).await;
    assert!(nobody.body().contains("찾지 못했습니다") && !nobody.body().contains(&receipt));
    let other = lee.post(&path(slug, "/find"), &[("receipt", "another-2026 famx-6k54-dc9p-a7yz")]).await;
    assert_eq!(other.wrong_fields(), ["receipt"]);
    let looked: Vec<(String, String)> =
        t.accesses().await.into_iter().filter(|(kind, _)| kind == "looked").collect();
    let line = |about: &str| ("looked".to_owned(), about.to_owned());
    assert_eq!(looked, [line(&receipt), line(&receipt), line(&format!("{slug}: nobody"))]);
    // A slip with their own minute, and nobody else's.
    let printed = lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await;
    assert_eq!(printed.to(), path(slug, "/slip"));
    let slip = lee.see(&path(slug, "/slip")).await;
    assert!(slip.body().contains("아직 차례가 아닙니다. 11월 28일(토)"), "{}", slip.body());
    for address in &lee.browser.visited {
        assert!(!address.contains(&receipt) && !address.contains("1948") && !address.contains("EA%B9%80"));
    }
    verified(&t, &round).await;
}

async fn the_web_and_the_counter_make_one_entry(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let mut minji = t.resident(slug, "minji@example.org").await;
    minji.enter(250_000, &["pm"]).await;
    let receipt = minji.mine().await.receipt().to_owned();
    t.tick().await;
    // Whoever says her number changes nothing, whatever is sent: she reads a code, and goes on with what she has said.
    let mine = [WHO[0], WHO[1], ("email", " Minji@example.org "), ("wish_1", "am")];
    let asked = ask(&mut lee, slug, &mine).await;
    assert_eq!(asked.to(), path(slug, "/check"));
    let check = lee.see(&path(slug, "/check")).await;
    assert!(check.body().contains("하신 신청이 이미 있습니다") && check.body().contains("m…@example.org"));
    assert_eq!((check.hidden("change"), check.hidden("receipt")), (None, Some(receipt.clone())));
    let stranger = lee.post(&path(slug, "/entry"), &[("change", "yes")]).await;
    assert_eq!((stranger.status, stranger.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].wish, "pm");
    assert!(rows(&t).await.is_empty());
    assert_eq!(lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await.to(), path(slug, "/slip"));
    lee.see(&path(slug, "/slip")).await;
    lee.post(&path(slug, "/code"), &[("act", "send")]).await.to();
    lee.see(&path(slug, "/slip")).await;
    t.send().await;
    let code = t.last_code("minji@example.org");
    let typed = lee.post(&path(slug, "/code"), &[("act", "check"), ("code", &code)]).await;
    assert_eq!(typed.to(), path(slug, "/check"));
    let known = lee.see(&path(slug, "/check")).await.hidden("change").unwrap();
    lee.post(&path(slug, "/entry"), &[("change", &known)]).await.to();
    assert_eq!(lee.see(&path(slug, "/slip")).await.receipt(), receipt);
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!((entries.len(), entries[0].wish.as_str(), entries[0].channel.as_str()), (1, "am", "email"));
    // She hears of it, and can put it right herself.
    let told = t.notices().await;
    assert_eq!(told.iter().filter(|notice| notice.about == receipt).count(), 2);
    assert!(minji.mine().await.body().contains("오전"));
    minji.enter(250_000, &["pm"]).await;
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 1);
    // The signed receipt on the slip is the one of the web.
    t.close(&round).await;
}

async fn with_and_without_a_phone_it_is_one_person(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Clerk).await;
    enter(&mut lee, slug, &WHO).await;
    t.tick().await;
    let other = [WHO[0], WHO[1], ("email", "haneul@example.org")];
    assert_eq!(ask(&mut lee, slug, &other).await.to(), path(slug, "/check"));
    lee.see(&path(slug, "/check")).await;
    let refused = lee.post(&path(slug, "/entry"), &[]).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert!(refused.body().contains("이미 신청하셨습니다"), "{}", refused.body());
    // The same again is the same entry; of the same name, born on another day, is another person.
    enter(&mut lee, slug, &WHO).await;
    enter(&mut lee, slug, &[WHO[0], ("born", "1949-03-01")]).await;
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 2);
    // What another clerk left in this browser is not theirs.
    let mut park = t.staff("park", Role::Counter).await;
    park.browser.cookies.insert("jebi-counter".to_owned(), lee.browser.cookies["jebi-counter"].clone());
    assert_eq!(park.get(&path(slug, "/slip")).await.to(), "/console/counter");
    // Erased with the round.
    t.draw(&round).await;
    t.jump(round.ends_at + chrono::TimeDelta::days(91));
    t.tick().await;
    assert!(rows(&t).await.is_empty());
}

async fn one_comes_for_so_many_and_no_more(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.counter.most_per_helper = 2).await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let page = t.browser().get(&format!("/rounds/{slug}")).await;
    assert!(page.body().contains("사람은 2명까지입니다"), "{}", page.body());
    let mut lee = t.staff("lee", Role::Counter).await;
    let helper = [("helper_name", "박 민수"), ("helper_born", "1975-05-05"), ("relation", "child")];
    let by = |born: &'static str| {
        let who = [("name", "김하늘"), ("born", born), ("evidence", "yes")];
        helper.iter().chain(&who).copied().collect::<Vec<_>>()
    };
    let bare: Vec<(&str, &str)> = helper.iter().chain(&WHO).copied().collect();
    assert_eq!(ask(&mut lee, slug, &bare).await.wrong_fields(), ["evidence"]);
    let nameless = [WHO[0], WHO[1], ("helper_name", "박민수")];
    assert_eq!(ask(&mut lee, slug, &nameless).await.wrong_fields(), ["relation"]);
    for born in ["1948-03-01", "1950-03-01", "1948-03-01"] {
        enter(&mut lee, slug, &by(born)).await;
    }
    assert_eq!(ask(&mut lee, slug, &by("1952-03-01")).await.to(), path(slug, "/check"));
    lee.see(&path(slug, "/check")).await;
    let third = lee.post(&path(slug, "/entry"), &[]).await;
    assert_eq!((third.status, third.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert!(third.body().contains("이미 2명을 대신 신청했습니다"), "{}", third.body());
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 2);
    let lines = store::access::list(t.db(), None, 100).await.unwrap();
    let attended: Vec<&str> =
        lines.iter().filter(|line| line.kind == "attended").map(|line| line.reason.as_str()).collect();
    assert_eq!(attended, ["by child, evidence seen"; 3]);
    // Who left again is not one of them.
    enter(&mut lee, slug, &by("1948-03-01")).await;
    lee.post(&path(slug, "/undo"), &[("act", "withdraw"), ("id_seen", "yes")]).await.to();
    t.tick().await;
    enter(&mut lee, slug, &by("1952-03-01")).await;
    assert!(rows(&t).await.iter().all(|row| row.relation == "child" && row.helper_key.len() == 64));
}

async fn paper_is_taken_until_the_deadline(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    lee.see(&path(slug, "/paper")).await;
    let form = |number: &'static str, born: &'static str| {
        TICKED
            .iter()
            .copied()
            .chain([("name", "김하늘"), ("paper", number), ("born", born)])
            .collect::<Vec<_>>()
    };
    let wrong = lee.post(&path(slug, "/paper"), &form("", "1948-03-01")).await;
    assert_eq!(wrong.wrong_fields(), ["paper"]);
    for (number, born) in [("중앙-001", "1948-03-01"), ("중앙-002", "1950-03-01"), ("중앙-003", "1952-03-01")]
    {
        assert_eq!(lee.post(&path(slug, "/paper"), &form(number, born)).await.to(), path(slug, "/paper"));
        let next = lee.see(&path(slug, "/paper")).await;
        let body = next.body();
        assert!(body.contains(number), "{body}");
        assert!(!body.contains("하늘") && !body.contains(&format!("value=\"{born}\"")), "{body}");
    }
    let mut numbers: Vec<String> = rows(&t).await.into_iter().map(|row| row.paper).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["중앙-001", "중앙-002", "중앙-003"]);
    t.jump(round.closes_at);
    lee.sign_in(&t).await;
    lee.see("/console/me").await;
    for late in [
        lee.post(&path(slug, "/paper"), &form("중앙-004", "1954-03-01")).await,
        lee.get(&path(slug, "/paper")).await,
        lee.get(&path(slug, "")).await,
    ] {
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body().contains("종이 신청서도 넣지 않습니다"), "{}", late.body());
    }
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 3);
}

async fn paper_does_not_replace_an_entry_from_the_web_unasked(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut wife = t.resident(slug, "family@example.org").await;
    wife.enter(250_000, &["pm"]).await;
    let receipt = wife.mine().await.receipt().to_owned();
    t.tick().await;
    let mut lee = t.staff("lee", Role::Counter).await;
    let form = |more: &[(&'static str, String)]| {
        let known = TICKED.iter().chain(&WHO).map(|(name, value)| (*name, (*value).to_owned()));
        known.chain(more.iter().cloned()).collect::<Vec<_>>()
    };
    let send = async |lee: &mut Member, fields: Vec<(&'static str, String)>| {
        lee.see(&path(slug, "/paper")).await;
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lee.post(&path(slug, "/paper"), &fields).await
    };
    let paper = |number: &str| ("paper", number.to_owned());
    let mail = |address: &str| ("email", address.to_owned());
    // Her husband's form bears her address: nobody may think that it is hers.
    let usual = [paper("중앙-001"), mail("Family@example.org"), ("wish_1", "am".to_owned())];
    let asked = send(&mut lee, form(&usual)).await;
    assert_eq!((asked.status, asked.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["own"]));
    assert!(asked.body().contains("누구의 것인지는 알 수 없습니다"), "{}", asked.body());
    // What was said of one entry is not said of another.
    let other = [usual.as_slice(), &[("own", "xxxx-xxxx-xxxx-xxxx".to_owned())]].concat();
    assert_eq!(send(&mut lee, form(&other)).await.wrong_fields(), ["own"]);
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!((entries.len(), entries[0].wish.as_str(), entries[0].version), (1, "pm", 1));
    assert!(rows(&t).await.is_empty());
    // Without it he has an entry of his own.
    assert_eq!(send(&mut lee, form(&[paper("중앙-001")])).await.to(), path(slug, "/paper"));
    // Where it is her own form, it changes her entry, and the same form again needs no word.
    let her = [paper("중앙-002"), mail("family@example.org"), ("born", "1950-02-02".to_owned())];
    let hers = [her.as_slice(), &[("own", receipt.clone())]].concat();
    let born = |mut fields: Vec<(&'static str, String)>| {
        fields.retain(|(name, value)| *name != "born" || value != WHO[1].1);
        fields
    };
    assert_eq!(send(&mut lee, born(form(&hers))).await.to(), path(slug, "/paper"));
    assert_eq!(send(&mut lee, born(form(&her))).await.to(), path(slug, "/paper"));
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 2);
    assert_eq!(entries.iter().find(|entry| entry.receipt == receipt).unwrap().wish, "any");
    // Whoever audits finds the one that changed, without a code, what was the web's.
    let lines = store::access::list(t.db(), None, 100).await.unwrap();
    let on_word: Vec<_> = lines.iter().filter(|line| line.reason.contains("an entry from the web")).collect();
    assert!(matches!(&on_word[..], [line] if line.about == receipt), "{on_word:?}");
}

async fn a_household_comes_in_one_visit(engine: Engine) {
    const TOGETHER: &str = "[joint]\nmost = 2\n[helped]\nminors = 1\nadults = 1\n";
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{TOGETHER}"))).await;
    t.jump(round.opens_at);
    let mut lee = t.staff("lee", Role::Counter).await;
    // The year is read on the card: nobody is asked twice.
    let slip = enter(&mut lee, "groups", &WHO).await;
    let receipt = slip.receipt().to_owned();
    let child = [("act", "add"), ("name", "김바다"), ("born", "2015-03-01")];
    assert_eq!(lee.post(&path("groups", "/people"), &child).await.wrong_fields(), ["evidence"]);
    let child = [child[0], child[1], child[2], ("evidence", "yes")];
    assert_eq!(lee.post(&path("groups", "/people"), &child).await.to(), path("groups", "/slip"));
    assert!(lee.see(&path("groups", "/slip")).await.body().contains("2명"));
    // The husband stands there as well: his own receipt, the same entry.
    let to = lee.post(&path("groups", "/people"), &[("act", "with")]).await.to().to_owned();
    let with = lee.see(&to).await.hidden("with").unwrap();
    let husband = [("name", "박민수"), ("born", "1946-05-05"), ("with", with.as_str())];
    let fields: Vec<(&str, &str)> = TICKED.iter().chain(&husband).copied().collect();
    assert_eq!(lee.post(&path("groups", ""), &fields).await.to(), path("groups", "/check"));
    lee.see(&path("groups", "/check")).await;
    assert_eq!(lee.post(&path("groups", "/entry"), &[]).await.to(), path("groups", "/slip"));
    t.tick().await;
    let entries = t.entries(&round).await;
    let entry = entries.iter().find(|entry| entry.receipt == receipt).unwrap();
    assert_eq!((entry.seats, entry.fields.as_str()), (3, "birth_parity=even"));
    assert_eq!(entries.iter().filter(|entry| entry.lead.as_deref() == Some(&receipt)).count(), 1);
    // The child is in one entry: nobody enters her again, here or on the web.
    let again = [("name", "김 바다"), ("born", "2015-03-01")];
    assert_eq!(ask(&mut lee, "groups", &again).await.to(), path("groups", "/check"));
    lee.see(&path("groups", "/check")).await;
    assert_eq!(lee.post(&path("groups", "/entry"), &[]).await.wrong_fields(), ["take_out"]);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

/// Of a household with one entry the second does not change unasked what the first was told.
async fn the_second_of_a_household_is_asked_first(engine: Engine) {
    let t = TestApp::start(engine).await;
    let list =
        "이름,이메일,생년월일,읍면동,세대번호\n김하늘,,1948-03-01,중앙동,H1\n박민수,,1946-05-05,중앙동,H1\n";
    imported(&t, list, Some(MatchBy::Name)).await.unwrap();
    let mut draft = t.draft(60);
    draft.roster = Some("list".to_owned());
    draft.household = jebi::domain::who::Household::One;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let slip = enter(&mut lee, slug, &WHO).await;
    t.tick().await;
    let second = [("name", "박민수"), ("born", "1946-05-05"), ("want", "100000")];
    assert_eq!(ask(&mut lee, slug, &second).await.to(), path(slug, "/check"));
    lee.see(&path(slug, "/check")).await;
    let asked = lee.post(&path(slug, "/entry"), &[]).await;
    assert_eq!((asked.status, asked.wrong_fields().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(lee.post(&path(slug, "/entry"), &[("change", "yes")]).await.to(), path(slug, "/slip"));
    assert_eq!(lee.see(&path(slug, "/slip")).await.receipt(), slip.receipt());
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 1);
}

async fn a_roster_knows_people_at_the_counter_too(engine: Engine) {
    let t = TestApp::start(engine).await;
    let list = "이름,이메일,생년월일,읍면동,세대번호\n김하늘,,1948-03-01,중앙동,H1\n";
    imported(&t, list, Some(MatchBy::Name)).await.unwrap();
    let mut draft = t.draft(60);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let stranger = ask(&mut lee, slug, &[("name", "김하늘"), ("born", "1948-03-02")]).await;
    assert_eq!(stranger.wrong_fields(), ["name"]);
    let slip = enter(&mut lee, slug, &WHO).await;
    // The same person on the web, with whatever address: the same entry.
    let mut comes = t.resident(slug, "haneul@example.org").await;
    comes.get("roster?purpose=enter").await;
    comes.post("roster", &[("purpose", "enter"), ("name", "김 하늘"), ("birth", "1948-03-01")]).await.to();
    comes.enter(100_000, &[]).await;
    assert_eq!(comes.mine().await.receipt(), slip.receipt());
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 1);
}

async fn two_with_one_number_are_two_and_a_mistyped_date_is_none(engine: Engine) {
    // A roster that knows people by an address says no more of who shares it than none.
    for by_list in [false, true] {
        let t = TestApp::start(engine).await;
        let mut draft = t.draft(60);
        if by_list {
            imported(&t, "이름,이메일\n이영희,family@example.org\n", Some(MatchBy::Email)).await.unwrap();
            draft.roster = Some("list".to_owned());
        }
        let round = t.announced(draft).await;
        t.jump(round.opens_at);
        let slug = round.slug.as_str();
        let mut lee = t.staff("lee", Role::Counter).await;
        let mail = ("email", "family@example.org");
        let wrong = enter(&mut lee, slug, &[("name", "이영희"), ("born", "1960-01-13"), mail]).await;
        let receipt = wrong.receipt().to_owned();
        t.tick().await;
        let husband = [("name", "최철수"), ("born", "1958-02-02"), mail];
        assert_eq!(ask(&mut lee, slug, &husband).await.to(), path(slug, "/check"));
        let check = lee.see(&path(slug, "/check")).await;
        let told = check.hidden("change").unwrap();
        let refused = lee.post(&path(slug, "/entry"), &[("change", &told)]).await;
        assert_eq!(refused.wrong_fields(), ["form"], "{by_list}: {}", refused.body());
        assert!(refused.body().contains("잘못 넣었다면"), "{}", refused.body());
        assert_eq!(rows(&t).await.len(), 1);
        // The date was mistyped: taken back and typed anew, it is one person with one entry.
        lee.see(&path(slug, "/find")).await;
        lee.post(&path(slug, "/find"), &[("born", "1960-01-13"), ("phone", "")]).await;
        lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await.to();
        lee.see(&path(slug, "/slip")).await;
        lee.post(&path(slug, "/undo"), &[("act", "withdraw"), ("id_seen", "yes")]).await.to();
        t.tick().await;
        let right = enter(&mut lee, slug, &[("name", "이영희"), ("born", "1960-01-31"), mail]).await;
        assert_eq!(right.receipt(), receipt);
        t.tick().await;
        assert_eq!(t.entries(&round).await.iter().filter(|entry| entry.withdrawn_at.is_none()).count(), 1);
    }
}

async fn another_address_is_taken_with_the_same_answers(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, "이름,이메일,생년월일\n김하늘,,1948-03-01\n", Some(MatchBy::Name)).await.unwrap();
    let mut draft = t.draft(60);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    // On paper first, then by a mailbox, then by another; the last twice.
    for (address, version) in
        [("", 1), ("old@example.org", 2), ("new@example.org", 3), ("new@example.org", 3)]
    {
        enter(&mut lee, slug, &[WHO[0], WHO[1], ("email", address)]).await;
        t.tick().await;
        t.send().await;
        let entries = t.entries(&round).await;
        assert_eq!((entries.len(), entries[0].version), (1, version), "{address}");
    }
    assert_eq!(t.entries(&round).await[0].channel, "email");
    // Each hears of it when it comes there and, by whoever it was changed, when it comes there no longer.
    let heard = |address: &str| {
        let mails = t.mailbox.messages_for(address);
        (mails.len(), mails.iter().filter(|mail| mail.body.contains("다른 곳으로 바뀌었습니다")).count())
    };
    assert_eq!([heard("old@example.org"), heard("new@example.org")], [(2, 1), (1, 0)]);
    // From a pile of paper too.
    lee.see(&path(slug, "/paper")).await;
    let paper = [WHO[0], WHO[1], ("email", "paper@example.org"), ("paper", "중앙-001")];
    let form: Vec<(&str, &str)> = TICKED.iter().chain(&paper).copied().collect();
    assert_eq!(lee.post(&path(slug, "/paper"), &form).await.to(), path(slug, "/paper"));
    t.tick().await;
    t.send().await;
    assert_eq!([heard("new@example.org"), heard("paper@example.org")], [(2, 1), (1, 0)]);
}

async fn what_was_done_is_taken_back_at_the_counter(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(60);
    draft.after = Some(After { offers: vec!["2026-11-29 10:00".to_owned()], lead_minutes: 60 });
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let withdraw = [("act", "withdraw"), ("id_seen", "yes")];
    let nobody = lee.post(&path(slug, "/undo"), &withdraw).await;
    assert_eq!(
        (nobody.status, nobody.way_out().as_deref()),
        (StatusCode::CONFLICT, Some("/console/counter"))
    );
    let receipt = enter(&mut lee, slug, &WHO).await.receipt().to_owned();
    // Without papers nobody takes back what is another's.
    let bare = lee.post(&path(slug, "/undo"), &withdraw[..1]).await;
    assert_eq!((bare.status, bare.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["id_seen"]));
    assert_eq!(lee.post(&path(slug, "/undo"), &withdraw).await.to(), path(slug, "/slip"));
    assert!(lee.see(&path(slug, "/slip")).await.body().contains("신청을 취소하셨습니다"));
    t.tick().await;
    assert!(t.entries(&round).await[0].withdrawn_at.is_some());
    // He thinks better of it: the same receipt.
    assert_eq!(enter(&mut lee, slug, &WHO).await.receipt(), receipt);
    t.entered(&round, 12).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    lee.sign_in(&t).await;
    lee.see(&path(slug, "/find")).await;
    lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await.to();
    lee.see(&path(slug, "/slip")).await;
    // A receipt is public: it shows whose it is to nobody.
    let alone = lee.post(&path(slug, "/undo"), &[("act", "return"), ("id_seen", "yes")]).await;
    assert_eq!((alone.status, alone.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["contact"]));
    let wrong = [("act", "return"), ("id_seen", "yes"), ("born", "1949-03-01"), ("contact", "1234")];
    assert_eq!(lee.post(&path(slug, "/undo"), &wrong).await.wrong_fields(), ["contact"]);
    let whose = [("id_seen", "yes"), ("born", "1948-03-01"), ("contact", "")];
    let with = |act: &'static str| [&[("act", act)][..], &whose].concat();
    let late = lee.post(&path(slug, "/undo"), &with("withdraw")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    for (act, word) in [("return", "ended"), ("keep", "not_yet"), ("return", "ended")] {
        lee.see(&path(slug, "/slip")).await;
        assert_eq!(lee.post(&path(slug, "/undo"), &with(act)).await.to(), path(slug, "/slip"));
        let found = lee.post(&path(slug, "/find"), &[("receipt", &receipt)]).await;
        assert_eq!(found.word(), word, "{act}: {}", found.body());
    }
    let told: Vec<String> =
        store::access::list(t.db(), None, 100).await.unwrap().into_iter().map(|line| line.reason).collect();
    for said in ["withdrawn, papers seen", "given back, papers seen", "kept after all, papers seen"] {
        assert!(told.iter().any(|reason| reason == said), "{told:?}");
    }
    // Found by what he says of himself, nothing more is asked.
    lee.see(&path(slug, "/find")).await;
    lee.post(&path(slug, "/find"), &[("born", "1948-03-01"), ("phone", "")]).await;
    lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await.to();
    lee.see(&path(slug, "/slip")).await;
    let keep = lee.post(&path(slug, "/undo"), &[("act", "keep"), ("id_seen", "yes")]).await;
    assert_eq!(keep.to(), path(slug, "/slip"));
    // How often a pair of hands does this is counted for whoever audits.
    let mut audit = t.staff("park", Role::Auditor).await;
    let page = audit.see("/console/access").await;
    assert!(page.body().contains("창구에서 되돌린") && page.body().contains("lee: 4건"), "{}", page.body());
}

/// Who opened a joint entry takes everybody out with them: the clerk reads it before pressing.
async fn who_opened_an_entry_is_warned_at_the_counter(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}[joint]\nmost = 2\n"))).await;
    t.jump(round.opens_at);
    let mut lee = t.staff("lee", Role::Counter).await;
    let alone = enter(&mut lee, "groups", &WHO).await;
    assert!(!alone.body().contains("함께하는 분들도 모두 빠집니다"), "{}", alone.body());
    let to = lee.post(&path("groups", "/people"), &[("act", "with")]).await.to().to_owned();
    let with = lee.see(&to).await.hidden("with").unwrap();
    let husband = [("name", "박민수"), ("born", "1946-05-05"), ("with", with.as_str())];
    let fields: Vec<(&str, &str)> = TICKED.iter().chain(&husband).copied().collect();
    lee.post(&path("groups", ""), &fields).await.to();
    lee.see(&path("groups", "/check")).await;
    lee.post(&path("groups", "/entry"), &[]).await.to();
    t.tick().await;
    for (born, warns) in [("1948-03-01", true), ("1946-05-05", false)] {
        lee.see(&path("groups", "/find")).await;
        let found = lee.post(&path("groups", "/find"), &[("born", born), ("phone", "")]).await;
        let own = found.hidden("receipt").unwrap();
        lee.post(&path("groups", "/slip"), &[("receipt", &own)]).await.to();
        let slip = lee.see(&path("groups", "/slip")).await;
        assert_eq!(slip.body().contains("함께하는 분들도 모두 빠집니다"), warns, "{}", slip.body());
        assert_eq!(slip.body().contains("내 자리만 빠지고"), !warns, "{}", slip.body());
    }
    // Nobody of them is taken out alone before the seal, and the clerk reads with whose receipt all are.
    t.close(&round).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let strike = "/console/rounds/groups/propose/strike";
    kim.see(strike).await;
    let husband = t.entries(&round).await.into_iter().find(|entry| entry.lead.is_some()).unwrap().receipt;
    let refused = kim.post(strike, &[("receipt", &husband), ("category", "twice")]).await;
    assert!(refused.body().contains("한 분만 뺄 수는 없으며"), "{}", refused.body());
}

/// The slip of whoever joined: others come into the entry that they are in, and its children are not theirs to take out.
async fn a_members_slip_offers_what_it_can_do(engine: Engine) {
    const TOGETHER: &str = "[joint]\nmost = 3\n[helped]\nminors = 1\nadults = 0\n";
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{TOGETHER}"))).await;
    t.jump(round.opens_at);
    let mut lee = t.staff("lee", Role::Counter).await;
    let lead = enter(&mut lee, "groups", &WHO).await.receipt().to_owned();
    let child = [("act", "add"), ("name", "김바다"), ("born", "2015-03-01"), ("evidence", "yes")];
    assert_eq!(lee.post(&path("groups", "/people"), &child).await.to(), path("groups", "/slip"));
    let slip = lee.see(&path("groups", "/slip")).await;
    let who = slip.hidden("who").unwrap();
    come_in(&mut lee, &[("name", "박민수"), ("born", "1946-05-05")]).await;
    t.tick().await;
    lee.see(&path("groups", "/find")).await;
    let found = lee.post(&path("groups", "/find"), &[("born", "1946-05-05"), ("phone", "")]).await;
    let own = found.hidden("receipt").unwrap();
    assert_ne!(own, lead);
    lee.post(&path("groups", "/slip"), &[("receipt", &own)]).await.to();
    let slip = lee.see(&path("groups", "/slip")).await;
    assert_eq!(slip.hidden("who"), None, "a child of another may be taken out: {}", slip.body());
    assert!(slip.body().contains("신청을 연 분만"), "{}", slip.body());
    assert_eq!(
        lee.post(&path("groups", "/people"), &[("act", "remove"), ("who", &who)]).await.to(),
        path("groups", "/slip")
    );
    // A third one comes into the same entry by the second one's slip.
    come_in(&mut lee, &[("name", "이영희"), ("born", "1950-07-07")]).await;
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.iter().filter(|entry| entry.lead.as_deref() == Some(&lead)).count(), 2);
    assert_eq!(entries.iter().find(|entry| entry.receipt == lead).unwrap().seats, 4);
    // A receipt alone opens no household, as it takes nothing back.
    lee.sign_in(&t).await;
    lee.see(&path("groups", "/find")).await;
    lee.post(&path("groups", "/slip"), &[("receipt", &lead)]).await.to();
    let slip = lee.see(&path("groups", "/slip")).await;
    assert_eq!(slip.hidden("who"), None, "{}", slip.body());
    lee.post(&path("groups", "/people"), &[("act", "remove"), ("who", &who)]).await.to();
    let whose = [("act", "whose"), ("born", "1949-03-01"), ("contact", "")];
    assert_eq!(lee.post(&path("groups", "/people"), &whose).await.wrong_fields(), ["whose"]);
    t.tick().await;
    assert_eq!(t.entries(&round).await.iter().find(|entry| entry.receipt == lead).unwrap().seats, 4);
    let whose = [("act", "whose"), ("born", "1948-03-01"), ("contact", "")];
    assert_eq!(lee.post(&path("groups", "/people"), &whose).await.to(), path("groups", "/slip"));
    assert_eq!(lee.see(&path("groups", "/slip")).await.hidden("who"), Some(who.clone()));
    lee.post(&path("groups", "/people"), &[("act", "remove"), ("who", &who)]).await.to();
    t.tick().await;
    assert_eq!(t.entries(&round).await.iter().find(|entry| entry.receipt == lead).unwrap().seats, 3);
}

/// Somebody more comes into the entry whose slip is shown.
async fn come_in(lee: &mut Member, who: &[(&str, &str)]) {
    let to = lee.post(&path("groups", "/people"), &[("act", "with")]).await.to().to_owned();
    let with = lee.see(&to).await.hidden("with").unwrap();
    let fields: Vec<(&str, &str)> =
        TICKED.iter().chain(who).chain(&[("with", with.as_str())]).copied().collect();
    assert_eq!(lee.post(&path("groups", ""), &fields).await.to(), path("groups", "/check"));
    lee.see(&path("groups", "/check")).await;
    assert_eq!(lee.post(&path("groups", "/entry"), &[]).await.to(), path("groups", "/slip"));
}

/// Whoever reads words in one language and sends the form in another has agreed to nothing yet; so at the counter.
async fn consent_is_to_the_words_that_were_shown(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let mut jane = t.stranger_at(slug, "jane@example.org");
    jane.get("enter").await;
    jane.browser = jane.browser.in_english();
    let fields =
        [("purpose", "enter"), ("channel", "email"), ("email", "jane@example.org"), ("consent", "yes")];
    let asked = jane.post("enter", &fields).await;
    assert_eq!((asked.status, asked.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["consent"]));
    assert!(asked.body().contains("has changed") && !asked.body().contains("value=\"yes\" checked"));
    assert_eq!(
        jane.post("enter", &fields).await.to(),
        jane.path("code"),
        "the page shown last has the words"
    );
    let mut lee = t.staff("lee", Role::Counter).await;
    lee.see(&path(slug, "")).await;
    lee.browser = lee.browser.clone().in_english();
    let other: Vec<(&str, &str)> = TICKED.iter().chain(&WHO).copied().collect();
    assert_eq!(lee.post(&path(slug, ""), &other).await.wrong_fields(), ["consent"]);
    assert_eq!(lee.post(&path(slug, ""), &other).await.to(), path(slug, "/check"));
}

async fn a_counter_forgets_nobody_by_a_box_left_empty(engine: Engine) {
    let t = TestApp::start(engine).await;
    let rest = "[[reserve]]\nname = \"open\"\nplaces = 1\n[weighting]\nper_miss = 1\nmost = 3\nrounds = 6\n";
    let round = t.announced(round(LOTTERY, &format!("{PARITY}{rest}"))).await;
    let slug = round.slug.as_str();
    t.jump(round.opens_at);
    let mut lee = t.staff("lee", Role::Counter).await;
    let box_ticked = "name=\"remember\" value=\"yes\" checked";
    let remembered = async || {
        t.tick().await;
        let entry = t.entries(&round).await.pop().unwrap();
        (entry.wish, !entry.miss_key.is_empty())
    };
    enter(&mut lee, slug, &[WHO.as_slice(), &[("wish_1", "am"), ("remember", "yes")]].concat()).await;
    assert_eq!(remembered().await, ("am".to_owned(), true));

    // Another time of day, and nobody thinks of the box: the form comes back with it ticked, and nothing is changed.
    let later = [WHO.as_slice(), &[("wish_1", "pm")]].concat();
    let asked = ask(&mut lee, slug, &later).await;
    assert_eq!((asked.status, asked.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["remember"]));
    assert!(asked.body().contains(box_ticked), "{}", asked.body());
    let looked_at = asked.hidden("looked_at").unwrap();
    let sent = [later.as_slice(), &[("looked_at", looked_at.as_str()), ("remember", "yes")]].concat();
    enter(&mut lee, slug, &sent).await;
    assert_eq!(remembered().await, ("pm".to_owned(), true));
    // The next person is somebody else, of whom nothing was asked before.
    let next = [("name", "박민수"), ("born", "1946-05-05"), ("looked_at", looked_at.as_str())];
    assert_eq!(ask(&mut lee, slug, &next).await.to(), path(slug, "/check"));

    // A form of paper alike; and whoever no longer wants it takes the tick away.
    let paper = [TICKED.as_slice(), &later, &[("paper", "dong-1")]].concat();
    lee.see(&path(slug, "/paper")).await;
    let asked = lee.post(&path(slug, "/paper"), &paper).await;
    assert_eq!(asked.wrong_fields(), ["remember"]);
    assert!(asked.body().contains(box_ticked), "{}", asked.body());
    let unticked = [paper.as_slice(), &[("looked_at", looked_at.as_str())]].concat();
    assert_eq!(lee.post(&path(slug, "/paper"), &unticked).await.to(), path(slug, "/paper"));
    assert_eq!(remembered().await, ("pm".to_owned(), false));
}
