//! Forms of paper, typed in pile by pile.

use axum::http::StatusCode;
use jebi::{domain::staff::Role, store};

use super::{TICKED, WHO, path, rows};
use crate::support::{Engine, Member, TestApp, both};

both!(paper_is_taken_until_the_deadline, paper_does_not_replace_an_entry_from_the_web_unasked);

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
