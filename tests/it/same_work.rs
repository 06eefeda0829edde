//! Whoever asks about somebody learns nothing: not from the answer, and not from what it costs. At every door the same
//! is asked of the database and the same notices are planned for people who have entered, who have left, who were
//! entered at a counter, and whom nobody knows. No clock is looked at: work is counted.

use axum::http::StatusCode;
use jebi::{
    config::{Sms, sms},
    domain::{draft::Draft, roster::MatchBy, staff::Role},
};

use crate::{
    console,
    roster::imported,
    support::{Engine, Page, Resident, TestApp, both},
    who::{PARITY, round},
};

both!(
    every_door_does_the_same_for_known_and_unknown_people,
    a_roster_does_the_same_for_whoever_is_not_on_it_and_for_whom_it_does_not_open,
    a_name_of_the_staff_costs_as_much_as_any_name,
);

/// What can be seen and counted of one answer: its status, its body without what differs from request to request, what
/// it asked of the database, and the notices it planned.
#[derive(Debug, PartialEq, Eq)]
struct Cost {
    what: String,
    status: StatusCode,
    body: String,
    asked: u64,
    planned: Vec<(String, String)>,
}

async fn planned(t: &TestApp) -> Vec<(String, String)> {
    t.notices().await.into_iter().map(|notice| (notice.reason, notice.channel)).collect()
}

/// Does something, and counts. `theirs` are words that stand for whoever it is.
async fn cost(t: &TestApp, what: &str, theirs: &[&str], act: impl Future<Output = Page>) -> Cost {
    t.app.rounds.forget();
    let before = planned(t).await.len();
    let asked = t.app.db.asked();
    let page = act.await;
    let asked = t.app.db.asked() - asked;
    let planned = planned(t).await.split_off(before);
    let mut body = String::from_utf8_lossy(&page.bytes).into_owned();
    let token = page.hidden("csrf").unwrap_or_default();
    for theirs in theirs.iter().copied().chain([token.as_str()]).filter(|word| !word.is_empty()) {
        body = body.replace(theirs, "THEIRS");
    }
    Cost { what: what.to_owned(), status: page.status, body, asked, planned }
}

fn with_texts(config: &mut jebi::config::Config) {
    let path = config.state_dir.join("texts");
    std::fs::create_dir_all(&path).unwrap();
    config.sms = Some(Sms { file: Some(sms::File { path, ..Default::default() }), ..Sms::default() });
    // Not what is compared.
    config.codes.per_contact_per_hour = 100;
    config.codes.per_contact_per_day = 1_000;
}

/// A number and a mailbox as pages show them in part.
fn masked(address: &str) -> Vec<String> {
    match address.split_once('@') {
        Some((name, _)) => vec![address.to_owned(), format!("{}…@", &name[..1])],
        None => vec![address.to_owned(), address[address.len() - 4..].to_owned()],
    }
}

async fn every_door_does_the_same_for_known_and_unknown_people(engine: Engine) {
    let t = TestApp::start_with(engine, with_texts).await;
    let more = "[joint]\nmost = 2\n[helped]\nminors = 1\n";
    let round = t.announced(self::round("mode = \"everyone\"", &format!("{PARITY}{more}"))).await;
    let slug = round.slug.as_str();
    t.jump(round.opens_at);
    for address in ["known@example.org", "leaver@example.org"] {
        let mut one = t.stranger_at(slug, address);
        one.identify(&t, "enter").await;
        one.tell(&[("birth_year", "1986")]).await.to();
        one.enter(100_000, &["pm"]).await;
        if address.starts_with("leaver") {
            one.withdraw().await;
        }
    }
    // A man whom a clerk has entered, with his number.
    let mut lee = t.staff("lee", Role::Counter).await;
    let his = [("name", "김하늘"), ("born", "1948-03-01"), ("phone", "010-2345-6789")];
    console::enter(&mut lee, slug, &his).await;
    t.tick().await;
    t.send().await;

    for (channel, people) in [
        ("email", ["first@example.org", "known@example.org", "leaver@example.org", "nobody@example.org"]),
        ("sms", ["010-2345-6788", "010-2345-6789", "010-2345-6790", "010-2345-6791"]),
    ] {
        for purpose in ["enter", "my", "join"] {
            let mut costs: Vec<Vec<Cost>> = Vec::new();
            for address in people {
                let theirs = masked(address);
                let theirs: Vec<&str> = theirs.iter().map(String::as_str).collect();
                let mut probe = t.stranger_at(slug, address);
                probe.get(&format!("enter?purpose={purpose}")).await;
                let field = if channel == "email" { "email" } else { "phone" };
                let form = [("purpose", purpose), ("channel", channel), (field, address), ("consent", "yes")];
                let mut all = vec![cost(&t, "ask", &theirs, probe.post("enter", &form)).await];
                all.push(cost(&t, "code page", &theirs, probe.get("code")).await);
                for typed in ["12345", "000000", ""] {
                    let form = [("code", typed)];
                    all.push(cost(&t, "a wrong code", &theirs, probe.post("code", &form)).await);
                }
                all.push(cost(&t, "another code", &theirs, probe.post("code/again", &[])).await);
                for page in
                    ["my", "my/receipt.txt", "my/why", "details", "check", "people", "join", "withdraw"]
                {
                    all.push(cost(&t, page, &theirs, probe.get(page)).await);
                }
                for page in
                    ["details", "entry", "people", "join", "withdraw", "my/return", "my/keep", "roster"]
                {
                    all.push(cost(&t, page, &theirs, probe.post(page, &[])).await);
                }
                // The code goes to them and to nobody else, by the same way.
                t.send().await;
                costs.push(all);
            }
            // The first of a second asks what holds for everybody in it.
            let nobody = costs.pop().unwrap();
            for (known, address) in costs.into_iter().zip(people).skip(1) {
                for (known, nobody) in known.iter().zip(&nobody) {
                    assert_eq!(known, nobody, "{purpose}: {address} is told apart from somebody unknown");
                }
            }
        }
    }

    // Codes that stand for something: one that is there, one that is not, and one that cannot be.
    let mut anybody = t.browser();
    let notice = t.notices().await.into_iter().find(|notice| notice.reason == "code").unwrap();
    let dead = jebi::notify::tag::code(&t.app.keys, notice.id).unwrap();
    anybody.get("/sent").await;
    let mut costs = Vec::new();
    for typed in [dead.as_str(), "0000-0000"] {
        let mut anybody = anybody.clone();
        costs.push(cost(&t, "sent", &[typed], anybody.post("/sent", &[("code", typed)])).await);
        costs.push(cost(&t, "answered", &[typed], anybody.get("/sent")).await);
    }
    assert!(costs[1].body.contains("THEIRS"), "{}", costs[1].body);
    for (of_check, of_nothing) in [(0, 2), (1, 3)] {
        let (of_check, of_nothing) = (&costs[of_check], &costs[of_nothing]);
        assert_eq!(of_check.status, of_nothing.status);
        assert_eq!(of_check.body, of_nothing.body, "a code for a check is no notice of ours");
    }
}

async fn a_roster_does_the_same_for_whoever_is_not_on_it_and_for_whom_it_does_not_open(engine: Engine) {
    let t = TestApp::start(engine).await;
    let list =
        "이름,이메일,생년월일\n김하늘,haneul@example.org,1948-03-01\n이바다,bada@example.org,1950-01-02\n";
    imported(&t, list, Some(MatchBy::Name)).await.unwrap();
    let round = t.announced(Draft { roster: Some("list".to_owned()), ..t.draft(100) }).await;
    t.jump(round.opens_at);
    let mut haneul = Resident::new(t.browser(), &round.slug, "haneul@example.org");
    haneul.identify(&t, "enter").await;
    haneul.get("roster?purpose=enter").await;
    haneul.post("roster", &[("purpose", "enter"), ("name", "김하늘"), ("birth", "1948-03-01")]).await.to();
    haneul.enter(100_000, &[]).await;
    t.tick().await;
    let mut costs = Vec::new();
    // Somebody else's mailbox, and a name that is on the list and has entered, one that has not, and none.
    for (name, birth) in [("김하늘", "1948-03-01"), ("이바다", "1950-01-02"), ("박없음", "1960-01-01")]
    {
        // One try a minute: somebody else each time.
        let address = format!("thief{birth}@example.org");
        let mut thief = Resident::new(t.browser(), &round.slug, &address);
        thief.identify(&t, "enter").await;
        thief.get("roster?purpose=enter").await;
        let form = [("purpose", "enter"), ("name", name), ("birth", birth)];
        costs.push(cost(&t, "roster", &[&address, name, birth], thief.post("roster", &form)).await);
        assert_eq!(thief.get("details").await.status, StatusCode::SEE_OTHER, "{name} was opened");
    }
    let unknown = costs.pop().unwrap();
    for known in costs {
        assert_eq!(known, unknown, "a name on the list is told apart from one that is not");
    }
}

/// A wrong password: under a name that somebody has, and one that nobody has.
async fn a_name_of_the_staff_costs_as_much_as_any_name(engine: Engine) {
    let t = TestApp::start(engine).await;
    t.staff("lee", Role::Clerk).await;
    let lines = async || t.accesses().await.iter().filter(|(kind, _)| kind == "refused").count();
    let before = lines().await;
    // The first of an hour begins its counts.
    for name in ["first", "choi"] {
        let mut stranger = t.browser();
        stranger.get("/console/sign-in").await;
        stranger.post("/console/sign-in", &[("name", name), ("password", "a wrong one"), ("code", "")]).await;
    }
    let mut costs = Vec::new();
    for name in ["lee", "nobody", "lee", "no one"] {
        let mut stranger = t.browser();
        stranger.get("/console/sign-in").await;
        let form = [("name", name), ("password", "a wrong one"), ("code", "")];
        costs.push(cost(&t, "sign in", &[name], stranger.post("/console/sign-in", &form)).await);
    }
    let (lee, nobody) = (&costs[2], &costs[1]);
    assert_eq!(lee.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((lee.status, &lee.body, lee.asked), (nobody.status, &nobody.body, nobody.asked));
    assert_eq!(lines().await - before, 6);
}
