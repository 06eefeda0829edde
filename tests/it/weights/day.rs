//! A long day without network.

use jebi::domain::staff::Role;

use super::{
    Metered,
    stated::{most, within},
};
use crate::{
    console::day_sheet::evening,
    support::{Engine, between, both},
};

both!(a_long_day_weighs_no_more_than_a_short_one);

/// 50 people of a day, three parts: each ticked as a whole, wrong as a whole, refused as a whole, in three languages.
async fn a_long_day_weighs_no_more_than_a_short_one(engine: Engine) {
    let (t, round, lee, made, lines) = evening(engine, 50).await;
    let metered = Metered::of(&t);
    let park = t.staff("park", Role::Counter).await;
    let (mut lee, mut park) = (metered.member(lee), metered.member(park));
    let row = t.row(&round).await;
    for (part, lines) in lines.chunks(20).enumerate() {
        let at = |page: &str| format!("{made}{page}?part={}", part + 1);
        let numbers = || (1..=lines.len()).map(|line| (line + part * 20).to_string());
        let as_typed = |what: &str, value: &str| -> Vec<(String, String)> {
            numbers().map(|number| (format!("{what}_{number}"), value.to_owned())).collect()
        };
        let form = |typed: &[(&str, &str)]| {
            let all = typed.iter().flat_map(|(what, value)| as_typed(what, value));
            all.collect::<Vec<(String, String)>>()
        };
        let mut post = async |fields: &[(String, String)]| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            lee.see(&at("/back")).await;
            lee.post(&at("/back"), &fields).await
        };
        // Everything is wrong, as long as it may be, and needs escaping.
        let wrong = post(&form(&[("sold", "yes"), ("amount", "<<<<<<<<<<<<"), ("at", "\"\"\"\"\"")])).await;
        assert_eq!(wrong.wrong_fields().len(), 10);
        // Everything is other than on the list.
        post(&form(&[("sold", "yes"), ("amount", "1"), ("at", "17:59")])).await.to();
        for lang in ["ko", "ko-simple", "en"] {
            for page in ["", "/back", "/ticked"] {
                park.see(&format!("{}&lang={lang}", at(page))).await;
            }
        }
        // Everything was bought elsewhere meanwhile.
        let elsewhere =
            lines.iter().map(|line| format!("{},2026-11-28 17:58,10000\n", line.receipt)).collect::<String>();
        let bought = jebi::lifecycle::after::bought::bought;
        bought(&t.app, &row, elsewhere.as_bytes(), "the market", None, t.now()).await.unwrap();
        for lang in ["ko", "ko-simple", "en"] {
            park.see(&format!("{}&lang={lang}", at("/ticked"))).await;
        }
        let seen = park.see(&at("/ticked")).await.hidden("seen").unwrap();
        park.post(&at("/ticked/return"), &[("seen", &seen)]).await;
        park.post(&at("/ticked"), &[("seen", &seen)]).await.to();
        // And waits again.
        post(&form(&[("sold", "yes"), ("amount", "1"), ("at", "17:59")])).await.to();
        for lang in ["ko", "ko-simple", "en"] {
            for page in ["", "/back", "/ticked"] {
                park.see(&format!("{}&lang={lang}", at(page))).await;
            }
        }
        let seen = park.see(&at("/ticked")).await.hidden("seen").unwrap();
        park.post(&at("/ticked/return"), &[("seen", &seen), ("words", "x")]).await.to();
        park.see(&at("/back")).await;
    }
    // And many lists: the latest are on one page, the others on the next.
    let sheets = made.rsplit_once('/').unwrap().0;
    for _ in 0..20 {
        lee.see(sheets).await;
        lee.post(sheets, &[("day", "2026-11-28"), ("reason", "x")]).await.to();
    }
    let latest = park.see(sheets).await;
    let older = between(latest.body(), "<a href=\"?before=", "\"").unwrap();
    assert!(!latest.body().contains(&format!("\"{made}\"")));
    let older = park.see(&format!("{sheets}?before={older}")).await;
    assert!(older.body().contains(&format!("\"{made}\"")), "{}", older.body());
    let seen = metered.log.lock().unwrap();
    let most = most(&seen);
    assert_eq!(most.len(), 8, "{most:?}");
    within(&most);
}
