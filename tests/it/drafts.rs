//! Answers that wait in a browser: nobody sends off what they have not read, and nobody replaces unasked what a counter or
//! another device has recorded since.

use axum::http::StatusCode;
use chrono::TimeDelta;
use jebi::domain::staff::Role;

use crate::{
    console::enter,
    support::{Engine, Page, Resident, TestApp, both, verified},
    who::{LOTTERY, PARITY, entered, round, wanted},
};

both!(
    what_a_counter_recorded_is_not_replaced_unasked,
    what_only_a_counter_says_survives_the_press_of_that_moment,
    what_only_a_counter_says_is_never_from_a_draft,
    two_tabs_send_off_what_they_show,
    a_change_is_asked_once_and_pressed_twice,
    a_first_entry_asks_the_database_for_nothing_more,
);

const SEEN: &str = "[[field]]\nname = \"disability\"\nfrom = \"counter\"\notherwise = \"no\"\nlabel_ko = \"장애\"\n\
    label_en = \"Disability\"\nvalues = [{ name = \"no\", ko = \"아니요\", en = \"No\" }, { name = \"yes\", ko = \"예\", \
    en = \"Yes\" }]\n";

const PLACES: &str = "[[reserve]]\nname = \"seen\"\nmatch = { disability = [\"yes\"] }\nplaces = 3\nspill = \"open\"\n\
    [[reserve]]\nname = \"open\"\nplaces = 5\n";

const PAPERS: [(&str, &str); 5] = [
    ("name", "김하늘"),
    ("born", "1948-03-01"),
    ("email", "haneul@example.org"),
    ("field_disability", "yes"),
    ("wish_1", "pm"),
];

/// A lottery with places for those whose papers a counter has seen.
async fn lottery(engine: Engine) -> (TestApp, entities::round::Model) {
    let t = TestApp::start(engine).await;
    let round = t.announced(round(LOTTERY, &format!("{PARITY}{SEEN}{PLACES}"))).await;
    t.jump(round.opens_at);
    (t, round)
}

/// She is stuck on the page that asks to check the answers.
async fn stuck(t: &TestApp, address: &str) -> Resident {
    let mut haneul = t.resident("groups", address).await;
    haneul.tell(&[("birth_year", "1948")]).await.to();
    let check = haneul.answer(100_000, &["am"]).await;
    assert_eq!(check.status, StatusCode::OK, "{}", check.body());
    haneul
}

fn says(page: &Page, what: &str) {
    assert_eq!(
        (page.status, page.wrong_fields()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]),
        "{}",
        page.body()
    );
    assert!(page.body().contains("접수하지 않았습니다") && page.body().contains(what), "{}", page.body());
}

async fn what_a_counter_recorded_is_not_replaced_unasked(engine: Engine) {
    let (t, round) = lottery(engine).await;
    let mut haneul = stuck(&t, "haneul@example.org").await;
    let mut lee = t.staff("lee", Role::Counter).await;
    enter(&mut lee, "groups", &PAPERS).await;
    t.tick().await;
    t.pass(TimeDelta::minutes(5));
    // Her daughter presses the button of the page that is still open.
    says(&haneul.post("entry", &[]).await, "창구나 다른 곳에서");
    t.tick().await;
    let entry = t.entries(&round).await.remove(0);
    let kept = (entry.want, entry.wish.as_str(), entry.fields.as_str(), entry.version);
    assert_eq!(kept, (250_000, "pm", "birth_parity=even disability=yes", 1));
    // Asked, she may: amount and time are hers, and what the counter saw stays.
    let again = haneul.post("entry", &[]).await;
    assert_eq!(again.to(), haneul.path("my"));
    t.tick().await;
    let entry = t.entries(&round).await.remove(0);
    let kept = (entry.want, entry.wish.as_str(), entry.fields.as_str(), entry.version);
    assert_eq!(kept, (100_000, "am", "birth_parity=even disability=yes", 2));
    // A page that names nothing has shown nothing.
    haneul.enter(200_000, &[]).await;
    haneul.answer(150_000, &[]).await;
    for seen in ["0x0", "1x2x3"] {
        says(&haneul.clone().post("entry", &[("seen", seen)]).await, "답을 바꾸셨습니다");
    }
    for seen in ["", "x", "9999999999999999999x0x5e"] {
        says(&haneul.clone().post("entry", &[("seen", seen)]).await, "전에 열어 두신 화면");
    }
    // What was withdrawn on another device is not said to be there.
    t.pass(TimeDelta::minutes(1));
    let mut other = haneul.clone();
    other.withdraw().await;
    t.tick().await;
    says(&haneul.post("entry", &[]).await, "지금은 신청이 없습니다");
    assert_eq!(haneul.post("entry", &[]).await.to(), haneul.path("my"));
}

async fn what_only_a_counter_says_survives_the_press_of_that_moment(engine: Engine) {
    let (t, round) = lottery(engine).await;
    // A moment ago there was no entry, and the page is believed; folded with the counter's, or after it.
    for (address, folds) in [("haneul@example.org", false), ("bada@example.org", true)] {
        let mut haneul = stuck(&t, address).await;
        let mut lee = t.staff(if folds { "park" } else { "lee" }, Role::Counter).await;
        let mut papers = PAPERS;
        papers[2].1 = address;
        papers[1].1 = if folds { "1950-03-01" } else { "1948-03-01" };
        enter(&mut lee, "groups", &papers).await;
        if folds {
            t.tick().await;
        }
        t.pass(TimeDelta::seconds(1));
        assert_eq!(haneul.post("entry", &[]).await.to(), haneul.path("my"));
        let receipt = haneul.mine().await.receipt().to_owned();
        // Of what she sent she holds a receipt until it is folded; the journal has its line, and takes it back.
        let signed = haneul.get("my/receipt.txt").await;
        assert!(signed.body().contains("disability=no"), "{}", signed.body());
        t.tick().await;
        let entry = t.entries(&round).await.into_iter().find(|entry| entry.receipt == receipt).unwrap();
        let kept = (entry.want, entry.wish.as_str(), entry.fields.as_str());
        assert_eq!(kept, (100_000, "am", "birth_parity=even disability=yes"), "{address}");
    }
    let others = (0..20).map(|number| {
        let parity = if number % 2 == 0 { "even" } else { "odd" };
        wanted(250_000, &format!("birth_parity={parity} disability=no"))
    });
    entered(&t, &round, others).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn what_only_a_counter_says_is_never_from_a_draft(engine: Engine) {
    let (t, round) = lottery(engine).await;
    let mut haneul = stuck(&t, "haneul@example.org").await;
    let mut lee = t.staff("lee", Role::Counter).await;
    enter(&mut lee, "groups", &PAPERS).await;
    t.tick().await;
    // The page shown anew has it already, and so has what is sent.
    let check = haneul.get("check").await;
    assert!(check.body().contains("<dd>예</dd>"), "{}", check.body());
    haneul.get("details").await;
    haneul.post("details", &[("want", "50000")]).await.to();
    haneul.get("check").await;
    assert_eq!(haneul.post("entry", &[]).await.to(), haneul.path("my"));
    t.tick().await;
    let entry = t.entries(&round).await.remove(0);
    assert_eq!((entry.want, entry.fields.as_str()), (50_000, "birth_parity=even disability=yes"));
    // The counter alone takes it away again, from a form on which she has ticked that the entry is hers.
    let mut papers = PAPERS;
    papers[3].1 = "no";
    let receipt = t.entries(&round).await[0].receipt.clone();
    let form: Vec<(&str, &str)> = [("id_seen", "yes"), ("consent", "yes"), ("want", "50000")]
        .into_iter()
        .chain(papers)
        .chain([("paper", "중앙-001"), ("own", receipt.as_str())])
        .collect();
    let page = "/console/counter/groups/paper";
    lee.see(page).await;
    assert_eq!(lee.post(page, &form).await.to(), page);
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].fields, "birth_parity=even disability=no");
    assert!(haneul.answer(50_000, &[]).await.body().contains("<dd>아니요</dd>"));
}

async fn two_tabs_send_off_what_they_show(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    let shown = minji.answer(250_000, &["pm"]).await.hidden("seen").unwrap();
    let other = minji.answer(100_000, &["am"]).await.hidden("seen").unwrap();
    assert_ne!(shown, other);
    let refused = minji.post("entry", &[("seen", &shown)]).await;
    says(&refused, "답을 바꾸셨습니다");
    assert!(refused.body().contains("100,000"), "{}", refused.body());
    t.tick().await;
    assert!(t.entries(&round).await.is_empty());
    let now = refused.hidden("seen").unwrap();
    assert_eq!(minji.post("entry", &[("seen", &now)]).await.to(), minji.path("my"));
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].want, 100_000);
}

async fn a_change_is_asked_once_and_pressed_twice(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(250_000, &["pm"]).await;
    t.tick().await;
    let mut phone = t.resident(&round.slug, "minji@example.org").await;
    phone.answer(150_000, &[]).await;
    t.pass(TimeDelta::seconds(1));
    minji.answer(100_000, &["am"]).await;
    // Pressed twice before the first answer came: one change, and nobody is told that it was not taken.
    for folds in [false, true, true] {
        assert_eq!(minji.clone().post("entry", &[]).await.to(), minji.path("my"));
        if folds {
            t.tick().await;
        }
    }
    let entry = t.entries(&round).await.remove(0);
    assert_eq!((entry.want, entry.version), (100_000, 2));
    // The other device has not seen that.
    says(&phone.post("entry", &[]).await, "창구나 다른 곳에서");
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].want, 100_000);
    assert_eq!(phone.post("entry", &[]).await.to(), phone.path("my"));
    t.tick().await;
    assert_eq!(t.entries(&round).await[0].want, 150_000);
}

/// The one path of a deadline's crowd.
async fn a_first_entry_asks_the_database_for_nothing_more(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    let mut jane = t.resident(&round.slug, "jane@example.org").await;
    for resident in [&mut minji, &mut jane] {
        resident.answer(250_000, &[]).await;
    }
    t.browser().get("/").await;
    let before = t.app.db.asked();
    assert_eq!(minji.post("entry", &[]).await.to(), minji.path("my"));
    assert_eq!(t.app.db.asked() - before, 1, "the entry itself");
    // A page that was open for longer asks whether there is an entry now: once, and for nothing else.
    t.pass(TimeDelta::minutes(4));
    t.browser().get("/").await;
    let before = t.app.db.asked();
    assert_eq!(jane.post("entry", &[]).await.to(), jane.path("my"));
    assert_eq!(t.app.db.asked() - before, 2);
}
