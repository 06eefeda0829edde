//! Lots for those who drew in vain.

use chrono::TimeDelta;
use jebi::domain::{
    contact::{Channel, Contact},
    draft::Draft,
};

use crate::{
    support::{Engine, TestApp, between, both, verified},
    who::{LOTTERY, PARITY, round, text},
};

both!(whoever_drew_in_vain_draws_more_lots, a_change_keeps_the_lots);

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
