//! What a clerk at a counter looks at and sends.

use jebi::{domain::staff::Role, store};

use super::Metered;
use crate::support::{Member, TestApp, between};

/// A morning at a counter: every form of it, with and without mistakes.
pub(super) async fn counter(t: &TestApp, metered: &Metered, slug: &str) -> Member {
    let mut lee = metered.member(t.staff("lee", Role::Counter).await);
    let at = |page: &str| format!("/console/counter/{slug}{page}");
    let who = [("name", "박민수"), ("born", "1946-05-05")];
    let ticked = [("id_seen", "yes"), ("consent", "yes"), ("want", "250000")];
    let helper = [
        ("helper_name", "박 철수"),
        ("helper_born", "1975-05-05"),
        ("relation", "child"),
        ("evidence", "yes"),
    ];
    let form: Vec<(&str, &str)> = who.into_iter().chain(ticked).chain(helper).collect();
    lee.see("/console/counter").await;
    lee.see(&at("")).await;
    lee.post(&at(""), &[]).await;
    lee.post(&at(""), &form).await.to();
    lee.see(&at("/check")).await;
    lee.post(&at("/entry"), &[]).await.to();
    lee.see(&at("/slip")).await;
    let child = [("act", "add"), ("name", "박바다"), ("born", "2015-03-01"), ("evidence", "yes")];
    lee.post(&at("/people"), &child[..3]).await;
    lee.post(&at("/people"), &child).await.to();
    lee.see(&at("/slip")).await;
    lee.post(&at("/undo"), &[("act", "withdraw")]).await;
    lee.see(&at("/paper")).await;
    lee.post(&at("/paper"), &[]).await;
    let paper: Vec<(&str, &str)> = form.iter().copied().filter(|(name, _)| *name != "born").collect();
    let paper: Vec<(&str, &str)> =
        paper.into_iter().chain([("paper", "dong-1"), ("born", "1950-05-05")]).collect();
    lee.post(&at("/paper"), &paper).await.to();
    lee.see(&at("/paper")).await;
    lee
}

/// After the results: look-ups, slips, and a day without network.
pub(super) async fn counter_of_the_day(t: &TestApp, metered: &Metered, slug: &str, lee: Member) {
    let mut lee = metered.member(lee);
    lee.sign_in(t).await;
    let at = |page: &str| format!("/console/counter/{slug}{page}");
    lee.see(&at("/find")).await;
    lee.post(&at("/find"), &[]).await;
    let found = lee.post(&at("/find"), &[("born", "1946-05-05")]).await;
    let receipt = found.hidden("receipt").unwrap_or_else(|| panic!("{}", found.body()));
    lee.post(&at("/slip"), &[("receipt", &receipt)]).await.to();
    let slip = lee.see(&at("/slip")).await;
    assert_eq!(slip.hidden("seen").as_ref(), Some(&receipt), "{}", slip.body());
    lee.post(&at("/undo"), &[("act", "return"), ("id_seen", "yes")]).await.to();
    lee.see(&at("/slip")).await;
    // Whoever entered on the web shows by a code whose it is.
    let round = store::round::find(t.db(), slug).await.unwrap().unwrap();
    let entries = t.entries(&round).await;
    let mut of_web = entries.iter().filter(|entry| entry.channel == "email" && entry.receipt != receipt);
    // Somebody of whom anything can be taken back.
    loop {
        let receipt = &of_web.next().expect("an entry from the web with a place").receipt;
        lee.post(&at("/slip"), &[("receipt", receipt)]).await.to();
        if lee.see(&at("/slip")).await.hidden("seen").as_ref() == Some(receipt) {
            break;
        }
    }
    lee.post(&at("/code"), &[("act", "send")]).await.to();
    lee.see(&at("/slip")).await;
    lee.post(&at("/code"), &[("act", "check"), ("code", "1")]).await;
    lee.post(&at("/undo"), &[("act", "return"), ("id_seen", "yes")]).await;
    let sheets = lee.see(&at("/sheets")).await;
    let days = between(sheets.body(), "<select", "</select>").unwrap().to_owned();
    let day = days
        .split("<option value=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|day| day.starts_with("2026"));
    lee.post(&at("/sheets"), &[]).await;
    let made = lee.post(&at("/sheets"), &[("day", day.unwrap()), ("reason", "works")]).await.to().to_owned();
    lee.see(&made).await;
    lee.see(&format!("{made}/back")).await;
    lee.post(&format!("{made}/back"), &[]).await;
    // A colleague looks at what was ticked, sends it back, and confirms what was ticked anew.
    let sheet = lee.see(&made).await;
    let sold = format!("sold_{}", between(sheet.body(), "<tr><td class=\"number\">", "<").unwrap());
    let ticked = format!("{made}/ticked");
    let mut park = metered.member(t.staff("park", Role::Counter).await);
    for is_right in [false, true] {
        lee.post(&format!("{made}/back"), &[(&sold, "yes")]).await;
        lee.see(&format!("{made}/back")).await;
        park.see(&at("/sheets")).await;
        let seen = park.see(&ticked).await.hidden("seen").unwrap();
        if is_right {
            park.post(&ticked, &[("seen", &seen)]).await.to();
            park.see(&ticked).await;
        } else {
            park.post(&format!("{ticked}/return"), &[("seen", &seen)]).await;
            park.post(&format!("{ticked}/return"), &[("seen", &seen), ("words", "x")]).await.to();
        }
    }
}
