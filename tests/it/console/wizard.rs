//! A draft goes through its steps as a form, and nothing that no step asks for is lost.

use axum::http::StatusCode;
use chrono::TimeDelta;
use jebi::{
    domain::{draft::Draft, staff::Role},
    store,
};

use crate::support::{Engine, Member, Page, TestApp, both};

both!(
    the_steps_lead_to_a_round_that_can_be_announced,
    what_is_wrong_is_said_at_its_field,
    people_are_parted_and_put_together_again,
    going_back_is_safe_and_somebody_else_is_not_overwritten,
    a_lottery_needs_a_reason,
    the_smallest_change_is_made_with_a_button,
);

/// The fields of the form of a step, as a browser would send them.
fn fields(page: &Page) -> Vec<(String, String)> {
    let form = page.body().split("<form id=\"form\"").nth(1).unwrap().split("</form>").next().unwrap();
    let of = |tag: &str, name: &str| {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(rest.split('"').next()?.replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&"))
    };
    let mut fields = Vec::new();
    for tag in form.split("<input ").skip(1).map(|rest| format!(" {}", rest.split('>').next().unwrap())) {
        let is_box = ["radio", "checkbox"].contains(&of(&tag, "type").unwrap_or_default().as_str());
        if !is_box || tag.contains(" checked") {
            fields.push((of(&tag, "name").unwrap(), of(&tag, "value").unwrap_or_default()));
        }
    }
    for rest in form.split("<textarea ").skip(1) {
        let (tag, rest) = rest.split_once('>').unwrap();
        let text = rest.split("</textarea>").next().unwrap().trim_start_matches('\n').to_owned();
        fields.push((of(&format!(" {tag}"), "name").unwrap(), text));
    }
    fields.retain(|(name, _)| name != "csrf");
    fields
}

/// Opens a step, changes some of its fields and sends it.
async fn fill(who: &mut Member, path: &str, changes: &[(&str, &str)]) -> Page {
    let mut typed = fields(&who.see(path).await);
    for (name, value) in changes {
        typed.retain(|(other, _)| other != name);
        if *value != "-" {
            typed.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    let typed: Vec<(&str, &str)> =
        typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    who.post(path, &typed).await
}

async fn begun(t: &TestApp, kim: &mut Member) -> (String, i64) {
    kim.see("/console/drafts").await;
    let path = kim.post("/console/drafts", &[("from", "")]).await.to().to_owned();
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    assert!(t.app.clock.now() < "2027-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    (path, id)
}

async fn text(t: &TestApp, id: i64) -> String {
    store::draft::find(t.db(), id).await.unwrap().unwrap().text
}

async fn the_steps_lead_to_a_round_that_can_be_announced(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let (path, id) = begun(&t, &mut kim).await;
    // What no step asks for, and a comment.
    let seen = kim.see(&path).await.hidden("seen").unwrap();
    let own = "# agreed with the council\nwindow_seconds = 30\nuses = { purchase = 1 }";
    let all = text(&t, id).await.replacen("uses = { purchase = 1 }", own, 1);
    let all = all.replacen("[goods]", "smallest_cell = 1 # nobody is alone\n[goods]", 1);
    kim.post(&path, &[("seen", &seen), ("text", &all)]).await;
    // Sent as it is shown, a step changes nothing.
    let mut step = format!("{path}/steps/goods");
    let mut visited = Vec::new();
    while step.contains("/steps/") {
        visited.push(step.rsplit('/').next().unwrap().to_owned());
        let sent = fill(&mut kim, &step, &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{step}: {:?}", sent.wrong_fields());
        step = sent.to().to_owned();
    }
    assert_eq!(visited, ["goods", "mode", "dates", "groups", "hours-1", "hours-2", "load", "notices"]);
    let after = text(&t, id).await;
    let (before, same): (toml::Table, toml::Table) = (all.parse().unwrap(), after.parse().unwrap());
    assert_eq!(before, same);
    assert_eq!(
        all.lines().filter(|line| line.contains('#')).count(),
        after.lines().filter(|line| line.contains('#')).count()
    );
    // And changed, exactly what was changed.
    fill(
        &mut kim,
        &format!("{path}/steps/goods"),
        &[("budget", "2,000,000,000원"), ("title_ko", "새 이름 \"1월\"")],
    )
    .await;
    fill(
        &mut kim,
        &format!("{path}/steps/hours-1"),
        &[("until", "19:00"), ("weekday_sun", "-"), ("part_noon", "-")],
    )
    .await;
    fill(&mut kim, &format!("{path}/steps/load"), &[("show", "92.5")]).await;
    fill(&mut kim, &format!("{path}/steps/load"), &[]).await;
    assert_eq!(Draft::parse(&text(&t, id).await).unwrap().expect.show, Some(92.5));
    let limit = [("new_name", "은행"), ("new_kind", "seller"), ("new_limit", "600")];
    fill(&mut kim, &format!("{path}/steps/load"), &limit).await;
    let sent =
        fill(&mut kim, &format!("{path}/steps/notices"), &[("offer_2", ""), ("still_open_hours", "3")]).await;
    assert_eq!(sent.to(), path);
    let after = text(&t, id).await;
    let draft = Draft::parse(&after).unwrap();
    assert_eq!((draft.goods.budget, draft.title_ko.as_str()), (2_000_000_000, "새 이름 \"1월\""));
    let opening = &draft.opening[0];
    assert_eq!((opening.until.as_str(), opening.parts.len(), opening.weekdays.len()), ("19:00", 2, 6));
    assert_eq!((draft.dependency.len(), draft.dependency[0].window_seconds), (3, Some(30)));
    assert_eq!((draft.after.unwrap().offers.len(), draft.still_open_hours), (1, Some(3)));
    assert!(after.contains("# agreed with the council") && after.contains("# nobody is alone"), "{after}");
    let page = kim.see(&path).await;
    assert!(page.body().contains("이대로 공고할 수 있습니다"), "{}", page.body());
}

async fn what_is_wrong_is_said_at_its_field(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let (path, id) = begun(&t, &mut kim).await;
    let before = text(&t, id).await;
    for (step, changes, wrong) in [
        ("goods", vec![("slug", "Big Letters"), ("budget", "much")], vec!["slug", "budget"]),
        ("goods", vec![("title_ko", ""), ("cap", "250,001")], vec!["title_ko"]),
        ("goods", vec![("cap", "250,001")], vec!["cap"]),
        ("mode", vec![("entrants", "0"), ("mode", "-")], vec!["entrants", "mode"]),
        ("dates", vec![("closes", "2027-01-04T08:00"), ("pulse", "")], vec!["pulse", "closes"]),
        ("dates", vec![("opens", "2026-11-01T09:00")], vec!["opens"]),
        ("hours-1", vec![("until", "08:00"), ("slot_capacity", "")], vec!["until", "slot_capacity"]),
        ("hours-1", vec![("per_minute_open", "8"), ("days", "0")], vec!["days", "slot_capacity"]),
        ("load", vec![("per_second_1", ""), ("at_most", "1")], vec!["at_most"]),
        ("load", vec![("per_second_1", "")], vec!["per_second_1"]),
        ("load", vec![("new_name", "bank")], vec!["new_kind", "new_limit"]),
        ("notices", vec![("offer_1", "2027-01-13T22:00")], vec!["offer_1"]),
    ] {
        let page = fill(&mut kim, &format!("{path}/steps/{step}"), &changes).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{step} {changes:?}");
        assert_eq!(page.wrong_fields(), wrong, "{step} {changes:?}");
        for (name, typed) in changes.iter().filter(|(_, typed)| !matches!(*typed, "" | "-")) {
            assert!(
                page.body().contains(&format!("value=\"{typed}\"")),
                "{step}: {name} was typed for nothing"
            );
        }
    }
    assert_eq!(text(&t, id).await, before, "something wrong was kept");
    // Wrong only beside other steps: kept, said where it is asked for, and not announced.
    fill(&mut kim, &format!("{path}/steps/hours-1"), &[("first_day", "2027-01-01")]).await;
    let page = kim.see(&path).await;
    assert!(!page.body().contains("이대로 공고할 수 있습니다"), "{}", page.body());
}

async fn people_are_parted_and_put_together_again(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let (path, id) = begun(&t, &mut kim).await;
    fill(&mut kim, &format!("{path}/steps/groups"), &[("groups", "digits")]).await;
    let draft = Draft::parse(&text(&t, id).await).unwrap();
    let own: Vec<_> = draft.opening.iter().filter(|one| !one.catch_up).collect();
    assert_eq!((own.len(), draft.field.len(), draft.field[0].name.as_str()), (5, 1, "birth_digit"));
    // Five days in a row from the first, each group one of them.
    let days: Vec<_> = own.iter().map(|one| (one.first_day.as_str(), one.days)).collect();
    assert_eq!(days[0], ("2027-01-11", 1));
    assert_eq!(days[4], ("2027-01-15", 1));
    let page = kim.see(&format!("{path}/steps/hours-1")).await;
    assert!(page.body().contains("1, 6") && page.body().contains("/steps/hours-6"), "{}", page.body());
    fill(&mut kim, &format!("{path}/steps/groups"), &[("groups", "parity")]).await;
    let draft = Draft::parse(&text(&t, id).await).unwrap();
    assert_eq!((draft.opening.len(), draft.field[0].name.as_str()), (3, "birth_parity"));
    // What all settings say of the groups goes with them: nothing would ask for it any more.
    let seen = kim.see(&path).await.hidden("seen").unwrap();
    let of_groups = "catch_up = true\nfor = { birth_parity = [\"odd\", \"even\"] }";
    let all = text(&t, id).await.replacen("catch_up = true", of_groups, 1);
    let all =
        all.replacen("entrants =", "shares = { birth_parity = { odd = 60, even = 40 } }\nentrants =", 1);
    kim.post(&path, &[("seen", &seen), ("text", &all)]).await;
    assert!(Draft::parse(&all).unwrap().expect.shares.contains_key("birth_parity"), "{all}");
    fill(&mut kim, &format!("{path}/steps/groups"), &[("groups", "all")]).await;
    let draft = Draft::parse(&text(&t, id).await).unwrap();
    assert_eq!((draft.opening.len(), draft.field.len()), (2, 0));
    assert!(draft.expect.shares.is_empty() && draft.opening.iter().all(|one| one.cohort.0.is_empty()));
    assert!(kim.see(&path).await.body().contains("/steps/hours-2"));
    // The days for who misses theirs can go, and come back.
    let gone = kim.see(&format!("{path}/steps/hours-2")).await;
    let seen = gone.hidden("seen").unwrap();
    kim.post(&format!("{path}/steps/hours-2"), &[("seen", &seen), ("then", "remove")]).await;
    assert_eq!(Draft::parse(&text(&t, id).await).unwrap().opening.len(), 1);
    let sent = fill(&mut kim, &format!("{path}/steps/hours-1"), &[("then", "second")]).await;
    assert!(sent.to().ends_with("/steps/hours-2"), "{}", sent.to());
    assert!(Draft::parse(&text(&t, id).await).unwrap().opening[1].catch_up);
    fill(&mut kim, &format!("{path}/steps/groups"), &[("groups", "digits")]).await;
    // Pressed twice, one is left out: the next has its number now.
    let first = format!("{path}/steps/hours-1");
    let seen = kim.see(&first).await.hidden("seen").unwrap();
    let openings = || async { Draft::parse(&text(&t, id).await).unwrap().opening.len() };
    let before = openings().await;
    t.pass(TimeDelta::seconds(1));
    kim.post(&first, &[("seen", &seen), ("then", "remove")]).await;
    t.pass(TimeDelta::seconds(1));
    let again = kim.post(&first, &[("seen", &seen), ("then", "remove")]).await;
    assert_eq!((again.status, openings().await), (StatusCode::UNPROCESSABLE_ENTITY, before - 1));
}

async fn going_back_is_safe_and_somebody_else_is_not_overwritten(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let (path, id) = begun(&t, &mut kim).await;
    let (goods, mode) = (format!("{path}/steps/goods"), format!("{path}/steps/mode"));
    let old = fields(&kim.see(&goods).await);
    let with_cap = |cap: &'static str| -> Vec<(String, String)> {
        let mut fields = old.clone();
        fields.retain(|(name, _)| name != "cap");
        fields.push(("cap".to_owned(), cap.to_owned()));
        fields
    };
    async fn send(who: &mut Member, path: &str, fields: &[(String, String)]) -> Page {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        who.post(path, &fields).await
    }
    t.pass(TimeDelta::seconds(1));
    assert_eq!(fill(&mut kim, &goods, &[("cap", "200000")]).await.to(), mode);
    t.pass(TimeDelta::seconds(1));
    fill(&mut kim, &mode, &[("entrants", "4000")]).await;
    // Back, back, and the first step again, from the page of before.
    t.pass(TimeDelta::seconds(1));
    assert_eq!(send(&mut kim, &goods, &with_cap("100000")).await.to(), mode);
    let draft = Draft::parse(&text(&t, id).await).unwrap();
    assert_eq!((draft.goods.cap, draft.expect.entrants), (100_000, Some(4_000)), "a later step was undone");
    lee.see(&goods).await;
    t.pass(TimeDelta::seconds(1));
    fill(&mut lee, &goods, &[("cap", "50000")]).await;
    let late = send(&mut kim, &goods, &with_cap("300000")).await;
    assert_eq!((late.status, late.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert!(late.body().contains("value=\"300000\""), "what was typed is lost");
    assert!(
        late.body().contains("<dd>50,000</dd>") || late.body().contains("<dd>50000</dd>"),
        "what lee wrote is not shown"
    );
    assert_eq!(Draft::parse(&text(&t, id).await).unwrap().goods.cap, 50_000);
    // However often one has changed it since: what another wrote was not seen.
    t.pass(TimeDelta::seconds(1));
    fill(&mut kim, &mode, &[("entrants", "4100")]).await;
    let late = send(&mut kim, &goods, &with_cap("300000")).await;
    assert_eq!((late.status, late.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert_eq!(Draft::parse(&text(&t, id).await).unwrap().goods.cap, 50_000, "lee's work is overwritten");
    // What was seen since is another matter.
    let seen = fields(&kim.see(&goods).await);
    t.pass(TimeDelta::seconds(1));
    fill(&mut kim, &mode, &[("entrants", "4200")]).await;
    assert_eq!(send(&mut kim, &goods, &seen).await.to(), mode);
    // A draft that cannot be read has no steps: its page says which line.
    let seen = kim.see(&path).await.hidden("seen").unwrap();
    t.pass(TimeDelta::seconds(1));
    kim.post(&path, &[("seen", &seen), ("text", "slug = ")]).await;
    assert_eq!(kim.get(&goods).await.to(), path);
}

async fn a_lottery_needs_a_reason(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let (path, id) = begun(&t, &mut kim).await;
    let mode = format!("{path}/steps/mode");
    // Side by side, for the five thousand of the example: equal shares leave nobody with nothing.
    fill(&mut kim, &mode, &[("entrants", "9000")]).await;
    let page = kim.see(&mode).await;
    assert!(page.body().contains("4,000 (44 %)") && page.body().contains("0 (0 %)"), "{}", page.body());
    let page = fill(&mut kim, &mode, &[("mode", "lottery")]).await;
    assert_eq!(page.wrong_fields(), ["because_ko", "because_en", "places"]);
    let reason = [
        ("mode", "lottery"),
        ("because_ko", "한 사람 몫으로는 쓸 수 없는 상품입니다"),
        ("because_en", "less than one whole is of no use"),
        ("places", "5000"),
    ];
    assert_eq!(fill(&mut kim, &mode, &reason).await.status, StatusCode::SEE_OTHER);
    let draft = Draft::parse(&text(&t, id).await).unwrap();
    assert_eq!((draft.reserve.len(), draft.reserve[0].places), (1, 5_000));
    assert!(kim.see(&path).await.body().contains("이대로 공고할 수 있습니다"));
    fill(&mut kim, &mode, &[("mode", "share")]).await;
    let draft = Draft::parse(&text(&t, id).await).unwrap();
    assert!(draft.reserve.is_empty() && draft.lottery_because_ko.is_none());
    assert!(kim.see(&path).await.body().contains("이대로 공고할 수 있습니다"));
}

async fn the_smallest_change_is_made_with_a_button(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let (path, id) = begun(&t, &mut kim).await;
    // More people could enter than there are seats.
    fill(&mut kim, &format!("{path}/steps/load"), &[("at_most", "9,500")]).await;
    let page = kim.see(&format!("{path}/steps/hours-1")).await;
    assert!(page.body().contains("<path class=\"limit\""), "{}", page.body());
    let change = page.hidden("change").unwrap();
    assert!(change.starts_with("hours ") || change.starts_with("days "), "{change}");
    let refused = kim.post(&format!("{path}/change"), &[("change", "days 900")]).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert_eq!(kim.post(&format!("{path}/change"), &[("change", &change)]).await.to(), path);
    let page = kim.see(&path).await;
    assert!(page.body().contains("이대로 공고할 수 있습니다"), "{}", page.body());
    assert!(text(&t, id).await.contains("# [[seller]]"), "comments are lost");
}
