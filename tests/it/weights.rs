//! What each page weighs and asks of the database, against what `docs/pages.md` states. An address without a line
//! there fails, and so does a line that nothing here looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use chrono::TimeDelta;
use jebi::{
    app::App,
    demo,
    domain::{draft::Draft, roster::MatchBy, staff::Role},
    notify::tag::{self, Purpose},
    store,
    web::{self, view::asset},
};

use crate::{
    console::day_sheet::evening,
    roster::imported,
    sale::{at_level, seller},
    support::{Browser, Engine, Member, Resident, TestApp, between, both, kst},
    who::{PARITY, round},
};

both!(every_page_is_light_and_asks_as_little_as_stated, a_long_day_weighs_no_more_than_a_short_one);

/// With everything it loads, the first time.
const HEAVIEST: usize = 50_000;
/// The program that recomputes a draw in a browser is a page, too: one file that works from a USB stick.
const PROGRAM: &str = "/rounds/{slug}/verify";

const STATED: &str = include_str!("../../docs/pages.md");

/// What one answer cost.
#[derive(Clone)]
struct Seen {
    address: (String, String),
    status: StatusCode,
    questions: u64,
    /// Bytes with everything it loads, of a page for people.
    weight: Option<usize>,
}

type Log = Arc<Mutex<Vec<Seen>>>;

/// Every answer of the site, measured. Rounds are read anew for each, as for the first reader of a second.
async fn measured(State((app, log)): State<(App, Log)>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().to_string();
    app.rounds.forget();
    let before = app.db.asked();
    let (parts, body) = next.run(request).await.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let questions = app.db.asked() - before;
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let weight = kind.starts_with("text/html").then(|| weight(std::str::from_utf8(&bytes).unwrap()));
    if let Some(path) = path {
        log.lock().unwrap().push(Seen { address: (method, path), status: parts.status, questions, weight });
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The bytes of a page and of each stylesheet, script and picture that it names, once.
fn weight(markup: &str) -> usize {
    let named = markup.split("\"/static/").skip(1).filter_map(|rest| rest.split('"').next());
    // The choice of a language leads to the same address once more, and loads nothing.
    let named: BTreeSet<&str> = named.filter(|file| !file.contains('?')).collect();
    let loaded =
        named.into_iter().map(|file| asset(file).unwrap_or_else(|| panic!("{file} is not served")).1.len());
    markup.len() + loaded.sum::<usize>()
}

/// A line of the table: verb, address, questions, kilobytes.
fn stated() -> BTreeMap<(String, String), (u64, Option<usize>)> {
    let lines = STATED.lines().filter(|line| line.starts_with("| GET |") || line.starts_with("| POST |"));
    let read = lines.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [verb, address, questions, kilobytes] = cells[..] else { panic!("{line}: four cells") };
        let address = (verb.to_owned(), address.trim_matches('`').to_owned());
        let kilobytes = (kilobytes != "–").then(|| kilobytes.parse().unwrap());
        (address, (questions.parse().unwrap(), kilobytes))
    });
    read.collect()
}

/// The site with the meter around it.
struct Metered {
    site: Router,
    log: Log,
}

impl Metered {
    fn of(t: &TestApp) -> Self {
        let log = Log::default();
        let meter = from_fn_with_state((t.app.clone(), log.clone()), measured);
        Self { site: web::router(t.app.clone()).layer(meter), log }
    }

    fn browser(&self) -> Browser {
        Browser::new(self.site.clone())
    }

    fn resident(&self, slug: &str, address: &str) -> Resident {
        Resident::new(self.browser(), slug, address)
    }

    /// A member of staff, from now on with the meter.
    fn member(&self, member: Member) -> Member {
        Member { browser: member.browser.moved_to(&self.browser()), ..member }
    }

    /// Every address of residents that shows something, by somebody, in each language.
    async fn sweep(&self, who: &Browser, things: &[(&str, &str)]) {
        for address in web::addresses().iter().filter(|address| address.method == Method::GET) {
            let path =
                things.iter().fold(address.path.to_owned(), |path, (name, value)| path.replace(name, value));
            assert!(!path.contains('{'), "{path}: the test knows no example for it");
            for lang in ["ko", "ko-simple", "en"] {
                who.moved_to(&self.browser()).get(&format!("{path}?lang={lang}")).await;
            }
        }
    }
}

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

/// A morning at a counter: every form of it, with and without mistakes.
async fn counter(t: &TestApp, metered: &Metered, slug: &str) -> Member {
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
async fn counter_of_the_day(t: &TestApp, metered: &Metered, slug: &str, lee: Member) {
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

type Most<'s> = BTreeMap<&'s (String, String), (u64, Option<usize>)>;

/// The most of each address.
fn most(seen: &[Seen]) -> Most<'_> {
    let mut most = Most::new();
    for seen in seen.iter().filter(|seen| !is_of_other_staff(&seen.address.1)) {
        let most = most.entry(&seen.address).or_default();
        *most = (most.0.max(seen.questions), most.1.max(seen.weight));
    }
    most
}

/// Everything that was seen, against what is stated.
fn judge(seen: &[Seen]) {
    let most = most(seen);
    let of_counter =
        web::console::routes().into_iter().filter(|route| route.path.starts_with("/console/counter"));
    let of_counter = of_counter.map(|route| (route.method.to_string(), route.path.to_owned()));
    let of_residents =
        web::addresses().into_iter().map(|address| (address.method.to_string(), address.path.to_owned()));
    let there: BTreeSet<(String, String)> = of_residents.chain(of_counter).collect();
    let written: BTreeSet<(String, String)> = stated().keys().cloned().collect();
    let looked_at: BTreeSet<(String, String)> = most.keys().map(|address| (*address).clone()).collect();
    assert_eq!(there, written, "addresses, and lines of docs/pages.md; measured:\n{}", table(&most));
    assert_eq!(there, looked_at, "addresses, and those this test looked at");
    within(&most);
    // What a form did is answered by the page it leads to, but for what `docs/pages.md` names.
    let posted = seen.iter().filter(|seen| seen.address.0 == "POST" && seen.status == StatusCode::OK);
    let answered: BTreeSet<&str> =
        posted.map(|seen| seen.address.1.as_str()).filter(|path| !is_of_other_staff(path)).collect();
    let (_, named) = STATED.split_once("| a POST answered by itself").unwrap();
    let named = named.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(answered, named.collect(), "answered 200, and those of docs/pages.md");
}

/// As it stands in `docs/pages.md`.
fn table(most: &Most<'_>) -> String {
    let line = |((verb, path), (questions, weight)): (&&(String, String), &(u64, Option<usize>))| {
        let kilobytes = weight.map_or("–".to_owned(), |weight| weight.div_ceil(1_000).to_string());
        format!("| {verb} | `{path}` | {questions} | {kilobytes} |")
    };
    most.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What each address cost at most, against what is stated of it.
fn within(most: &Most<'_>) {
    let (stated, table) = (stated(), table(most));
    for (address, (questions, weight)) in most {
        let (may_ask, may_weigh) = stated[*address];
        assert!(
            *questions <= may_ask,
            "{address:?} asks {questions} times, {may_ask} are stated; measured:\n{table}"
        );
        let Some(weight) = weight else { continue };
        let kilobytes = may_weigh.unwrap_or_else(|| panic!("{address:?} is a page; measured:\n{table}"));
        assert!(*weight <= kilobytes * 1_000, "{address:?} weighs {weight} bytes; measured:\n{table}");
        assert!(*weight <= HEAVIEST || address.1 == PROGRAM, "{address:?} weighs {weight} bytes");
    }
}

/// Signing in and the way to a counter are not what is measured here.
fn is_of_other_staff(path: &str) -> bool {
    path.starts_with("/console") && !path.starts_with("/console/counter")
}
