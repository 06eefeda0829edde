//! Every page and every form of residents, with every mistake, and a counter in between.

use chrono::TimeDelta;
use jebi::{
    demo,
    domain::{draft::Draft, roster::MatchBy},
    notify::tag::{self, Purpose},
    store, web,
};

use super::{
    Metered,
    counter::{counter, counter_of_the_day},
    stated::judge,
};
use crate::{
    roster::imported,
    sale::{at_level, seller},
    support::{Engine, TestApp, between, both, kst},
    who::{PARITY, round},
};

both!(every_page_is_light_and_asks_as_little_as_stated);

/// A round with all there is to ask, to come together by, and to sell through.
fn everything() -> Draft {
    let more = "[joint]\nmost = 3\n[helped]\nminors = 3\nadults = 1\n[weighting]\nper_miss = 1\nmost = 3\nrounds = 6\n\
                [after]\noffers = [\"2026-12-10 10:00\"]\nlead_minutes = 60\n";
    let mut draft = round("mode = \"everyone\"", &format!("{PARITY}{more}"));
    let capacity = |level| at_level(["", "market", "kiosk"][usize::from(level)], level);
    draft.seller = vec![capacity(1), capacity(2)];
    // All who come together need one slot that seats them.
    draft.opening.iter_mut().for_each(|opening| opening.slot_capacity = Some(41));
    draft
}

async fn every_page_is_light_and_asks_as_little_as_stated(engine: Engine) {
    let t = TestApp::start(engine).await;
    let list = "이름,이메일,생년월일\n김하늘,haneul@example.org,1948-03-01\n";
    imported(&t, list, Some(MatchBy::Name)).await.unwrap();
    seller(&t, "market").await;
    seller(&t, "kiosk").await;
    let all = t.announced(everything()).await;
    let listed = t.announced(Draft { roster: Some("list".to_owned()), ..t.draft(100) }).await;
    let slug = all.slug.as_str();
    let metered = Metered::of(&t);
    let stylesheet = web::view::STYLESHEET_PATH.trim_start_matches("/static/").to_owned();
    let mut things = vec![
        ("{slug}", slug),
        ("{file}", "rules.json"),
        ("{receipt}", "famx-6k54-dc9p-a7yz"),
        ("{number}", "1"),
        ("{*path}", "0/000.p/1"),
        ("{seller}", "market"),
        ("{lang}", "ko"),
        ("{tag}", "1.00000000000000000000"),
        ("{digest}", "0"),
        ("{ticket}", "0"),
    ];
    metered.sweep(&metered.browser(), &things).await;

    // Open: somebody who makes every mistake, and comes with others.
    t.jump(all.opens_at);
    let mut minji = metered.resident(slug, "minji@example.org");
    minji.get("enter").await;
    minji.post("enter", &[]).await;
    minji.ask("enter").await.to();
    minji.get("code").await;
    minji.post("code", &[("code", "0")]).await;
    t.send().await;
    minji.post("code/again", &[]).await.to();
    t.send().await;
    let code = t.last_code("minji@example.org");
    minji.post("code", &[("code", &code)]).await.to();
    let answers = [("birth_year", "1986")];
    minji.tell(&[]).await;
    minji.tell(&answers).await.to();
    minji.get("details").await;
    minji.post("details", &[("want", "x")]).await;
    minji.post("details", &[("want", "100000"), ("wish_1", "pm"), ("remember", "yes")]).await.to();
    metered.sweep(&minji.browser, &things).await;
    minji.get("check").await;
    minji.post("entry", &[]).await.to();
    t.tick().await;
    minji.browser.post("/stay", &[]).await.to();
    minji.get("people").await;
    minji.post("people", &[("act", "open")]).await.to();
    minji.post("people", &[("act", "add")]).await;
    for (name, born) in [("김하늘", "2015-03-01"), ("김바다", "2016-03-01"), ("김산", "2017-03-01")] {
        minji.post("people", &[("act", "add"), ("name", name), ("born", born)]).await.to();
    }
    t.tick().await;
    let people = minji.get("people").await;
    let link = between(people.body(), "<b class=\"code\">", "<").unwrap().to_owned();
    let who = people.hidden("who").unwrap();
    minji.post("people", &[("act", "remove"), ("who", &who)]).await.to();
    let mut jun = metered.resident(slug, "jun@example.org");
    jun.identify(&t, "enter").await;
    jun.tell(&answers).await.to();
    jun.get("join").await;
    jun.post("join", &[("code", "abcd-efgh")]).await;
    jun.post("join", &[("code", &link)]).await.to();
    let mut gone = metered.resident(slug, "gone@example.org");
    gone.identify(&t, "enter").await;
    gone.tell(&answers).await.to();
    gone.enter(100_000, &["pm"]).await;
    gone.withdraw().await;
    gone.mine().await;
    gone.post("my/leave", &[]).await.to();
    metered.sweep(&minji.browser, &things).await;
    metered.sweep(&jun.browser, &things).await;

    minji.get("pool").await;
    minji.post("pool", &[("receipt", "famx-6k54-dc9p-a7yz")]).await;

    // A round for those on a list.
    let mut known = metered.resident(&listed.slug, "haneul@example.org");
    known.identify(&t, "enter").await;
    known.get("roster?purpose=enter").await;
    let who = [("purpose", "enter"), ("name", "김 하늘"), ("birth", "1948-03-01")];
    known.post("roster", &[("purpose", "enter"), ("name", "누구"), ("birth", "1948-03-02")]).await;
    // One try a minute.
    t.pass(TimeDelta::minutes(1));
    known.post("roster", &who).await.to();
    known.enter(100_000, &[]).await;

    let lee = counter(&t, &metered, slug).await;

    // Drawn: waiting, one's own second, giving back, and everything that is published.
    t.tick().await;
    t.draw(&all).await;
    t.jump(all.results_at);
    t.tick().await;
    minji.identify(&t, "my").await;
    let receipt = minji.mine().await.receipt().to_owned();
    let told =
        t.notices().await.into_iter().find(|notice| notice.about == receipt && notice.reason == "result");
    let told = told.unwrap();
    let unsubscribe = tag::tag(&t.app.keys, Purpose::Unsubscribe, told.id);
    things.retain(|(name, _)| !["{file}", "{receipt}", "{tag}"].contains(name));
    things.extend([("{file}", "pool.txt"), ("{receipt}", receipt.as_str()), ("{tag}", unsubscribe.as_str())]);
    metered.sweep(&minji.browser, &things).await;
    let txn = t.app.db.begin().await.unwrap();
    for number in 0..60 {
        let at = t.now() - TimeDelta::hours(number);
        store::incident::insert(&txn, "late", &format!("{slug} seals"), at).await.unwrap();
    }
    txn.commit().await.unwrap();
    minji.post("my/return", &[]).await.to();
    minji.mine().await;
    minji.post("my/keep", &[]).await.to();
    let place = store::assignment::find(t.db(), all.id, &receipt).await.unwrap().unwrap();
    t.jump(place.starts_at.unwrap());
    minji.identify(&t, "my").await;
    metered.sweep(&minji.browser, &things).await;
    let code = tag::code(&t.app.keys, told.id).unwrap();
    let mut anybody = metered.browser();
    // Nobody's bridge leads here.
    anybody.post_raw("/identity/bridge", "").await;
    anybody.get("/identity/away").await;
    anybody.get("/sent").await;
    for code in ["", "0000-0000", &code] {
        anybody.post("/sent", &[("code", code)]).await.to();
        anybody.get("/sent").await;
    }
    let pool = format!("/rounds/{slug}/pool");
    anybody.get(&pool).await;
    for typed in [
        receipt.as_str(),
        &format!("{}{}", &receipt[..18], if receipt.ends_with('7') { '8' } else { '7' }),
        "",
        "x",
    ] {
        anybody.post(&pool, &[("receipt", typed)]).await;
        anybody.get(&pool).await;
    }
    anybody.post_raw(&format!("/unsubscribe/{unsubscribe}"), "List-Unsubscribe=One-Click").await;
    anybody.get(&format!("/unsubscribe/{unsubscribe}")).await;
    anybody.post(&format!("/unsubscribe/{unsubscribe}"), &[("again", "yes")]).await.to();
    things.retain(|(name, _)| *name != "{file}");
    things.push(("{file}", stylesheet.as_str()));
    metered.sweep(&anybody, &things).await;
    counter_of_the_day(&t, &metered, slug, lee).await;
    // Years of rounds do not make a page heavier.
    for month in 0..web::MOST_ROUNDS {
        let opens = format!("{}-{:02}-04 10:00", 2027 + month / 12, 1 + month % 12);
        t.announced(demo::tongyeong(kst(&opens), 100)).await;
    }
    let first = metered.browser().get("/").await;
    let older = between(first.body(), "<a href=\"/?before=", "\"").unwrap();
    assert!(metered.browser().get(&format!("/?before={older}")).await.body().contains(slug));
    metered.sweep(&anybody, &things).await;

    judge(&metered.log.lock().unwrap());
}
