//! `jebi bought`, `ineligible`, `shift`, `release`, `compare` and `plan --round` as a member of staff types them, as
//! processes, today.

use std::{
    fs,
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use chrono::{Days, DurationRound, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use entities::{assignment, round};
use jebi::{
    demo,
    domain::draft::{After, Draft, Opening, Part},
    store,
};

use super::places;
use crate::{
    kill,
    roster::{imported, people, serving},
    support::{Engine, TestApp, both, kst},
};

both!(what_staff_type_is_done_or_refused_in_a_sentence);

const PASSWORD: &str = "correct horse battery";

/// What a command said.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// Refused, with these words.
    fn refused(self, words: &str) {
        assert!(self.code.is_some_and(|code| code != 0) && self.err.contains(words), "{words}: {self:?}");
    }
}

/// Types a command, and then these lines.
fn jebi(toml: &Path, words: &[&str], lines: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jebi"));
    command.args(words).arg("--config").arg(toml);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = tokio::task::block_in_place(|| {
        let mut child = command.spawn().unwrap();
        let typed: String = lines.iter().map(|line| format!("{line}\n")).collect();
        // Whoever refuses at once does not read what else is typed.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        child.wait_with_output().unwrap()
    });
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A day of this week, Korean local.
fn day(today: NaiveDate, days: i64) -> String {
    (today + TimeDelta::days(days)).to_string()
}

/// A round whose results have been out for two days; yesterday, today and tomorrow people buy.
fn draft(today: NaiveDate) -> Draft {
    let opens = kst(&format!("{} 10:00", day(today, -6)));
    let mut draft = demo::tongyeong(opens, 12);
    draft.grace_hours = 4;
    // Four slots a day, and a place in each.
    draft.opening[0].days = 3;
    draft.opening[0].slot_minutes = 180;
    draft.opening[0].slot_capacity = Some(1);
    let offers = [1, 3].map(|days| format!("{} 10:00", day(today, days)));
    draft.after = Some(After { offers: offers.into(), lead_minutes: 60 });
    draft.opening.extend([2, 4].map(|days| Opening {
        first_day: day(today, days),
        days: 1,
        parts: vec![Part { name: "pm".to_owned(), from: "14:00".to_owned() }],
        until: "18:00".to_owned(),
        slot_minutes: 60,
        slot_capacity: Some(6),
        catch_up: true,
        ..Opening::default()
    }));
    draft
}

struct Office {
    t: TestApp,
    toml: PathBuf,
    round: round::Model,
    places: Vec<assignment::Model>,
}

impl Office {
    /// Everything up to now.
    async fn open(engine: Engine) -> Self {
        let today = Utc::now().with_timezone(&Seoul).date_naive();
        let start = today.checked_sub_days(Days::new(7)).unwrap();
        let t = TestApp::start_at(engine, &format!("{start} 10:00"), |_| {}).await;
        imported(&t, &people(5), None).await.unwrap();
        let mut served = serving(&t, 6);
        served.times.clone_from(&draft(today).times);
        served.opening.clone_from(&demo::tongyeong(kst(&format!("{} 10:00", day(today, -6))), 12).opening);
        served.slug = "served".to_owned();
        let served = t.announced(served).await;
        let mut sold = draft(today);
        sold.seller = ["desk", "market"].map(|name| crate::sale::at_level(name, 0)).into();
        let round = t.announced(sold).await;
        t.jump(round.opens_at);
        t.entered(&round, 12).await;
        t.draw(&round).await;
        assert!(t.row(&served).await.drawn_at.is_some());
        t.jump(Utc::now());
        let toml = t.folder().join("jebi.toml");
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        fs::write(&toml, kill::file(&t.app.config, address)).unwrap();
        let places = places(&t, &round).await;
        Self { toml, round: t.row(&round).await, places, t }
    }

    fn jebi(&self, words: &[&str], lines: &[&str]) -> Said {
        jebi(&self.toml, words, lines)
    }

    /// With the word of both members of staff.
    fn both(&self, words: &[&str]) -> Said {
        let words: Vec<&str> = words.iter().copied().chain(["--clerk", "kim", "--approver", "lee"]).collect();
        self.jebi(&words, &[PASSWORD, PASSWORD])
    }

    fn list(&self, text: &str) -> String {
        let file = self.t.folder().join("bank.csv");
        fs::write(&file, text).unwrap();
        file.display().to_string()
    }
}

async fn what_staff_type_is_done_or_refused_in_a_sentence(engine: Engine) {
    let office = Office::open(engine).await;
    let (slug, now) = (office.round.slug.clone(), Utc::now());
    let slug = slug.as_str();
    assert!(office.jebi(&["clerk", "add", "kim"], &[PASSWORD]).done().contains("kim may now act as clerk"));
    office.jebi(&["clerk", "add", "lee", "--role", "approver"], &[PASSWORD]).done();
    office.jebi(&["clerk", "add", "kim"], &[PASSWORD]).refused("somebody called kim");
    office.jebi(&["clerk", "add", "choi"], &["short"]).refused("at least 12 characters");

    // Who begins when: some of yesterday, some of tomorrow.
    let began = |place: &&assignment::Model| place.starts_at.is_some_and(|at| at < now - TimeDelta::hours(5));
    let past: Vec<&str> = office.places.iter().filter(began).map(|place| place.receipt.as_str()).collect();
    assert!(past.len() >= 3 && past.len() < 12, "{:?}", office.places);
    // What is typed has no seconds.
    let from = (now - TimeDelta::minutes(5)).duration_trunc(TimeDelta::minutes(1)).unwrap();
    let at = from.with_timezone(&Seoul).format("%Y-%m-%d %H:%M").to_string();

    // jebi bought
    let list = office.list(&format!("접수번호,시각,금액\n{},{at},\"250,000원\"\nnonsense,{at},1\n", past[0]));
    office.jebi(&["bought", "nowhere", &list], &[]).refused("there is no round `nowhere`");
    office.jebi(&["bought", slug, "no such file"], &[]).refused("no such file");
    office.jebi(&["bought", slug, &list, "--seller", "bank"], &[]).refused("its sellers: desk, market");
    office.jebi(&["bought", slug, &list], &[]).refused("say whose list it is with --seller: desk, market");
    let until = |days| format!("{} 00:00", (now + TimeDelta::days(days)).with_timezone(&Seoul).date_naive());
    let early = ["bought", slug, &list, "--seller", "desk", "--until", &until(2)];
    office.jebi(&early, &[]).refused("not known yet");
    office.jebi(&["bought", slug, &list, "--until", "soon"], &[]).refused("write it like");
    let said = office.jebi(&["bought", slug, &list, "--seller", "desk"], &[]);
    assert!(
        said.code == Some(1) && said.err.contains("line 3: not taken in: `nonsense` is not a receipt"),
        "{said:?}"
    );
    assert!(
        said.out.contains("1 purchases taken in") && said.out.contains("Nobody misses a time"),
        "{said:?}"
    );
    let list = office.list(&format!("{},{at},250000\n", past[0]));
    let again = ["bought", slug, &list, "--seller", "desk", "--until", &until(0)];
    let again = office.jebi(&again, &[]).done();
    assert!(again.contains("1 were known") && again.contains("Another seller of the round"), "{again}");
    // Who may have bought at the other one has missed nothing on this one's word.
    assert_eq!(store::bought::find_until(office.t.db(), office.round.id).await.unwrap(), None);

    // jebi reconcile: seller by seller, also where none of them asked for a purchase.
    let even = office.jebi(&["reconcile", slug, &list, "--seller", "desk", "--lang", "en"], &[]).done();
    assert!(even.contains("They agree to the won"), "{even}");
    let none = office.list("receipt,time,amount\n");
    let even = office.jebi(&["reconcile", slug, &none, "--seller", "market", "--lang", "en"], &[]).done();
    assert!(even.contains("Our ledger: 0 purchases"), "what the other sold counts here: {even}");
    let all = ["bought", slug, &none, "--seller", "market", "--until", &until(0)];
    let all = office.jebi(&all, &[]).done();
    assert!(all.contains("has missed a time"), "{all}");
    assert!(store::bought::find_until(office.t.db(), office.round.id).await.unwrap().is_some());

    // jebi ineligible
    let shouted = past[1].to_uppercase();
    let of = |receipt| ["ineligible", slug, receipt, "--category", "resident"];
    office.both(&of("nonsense")).refused("this is not a receipt");
    office.both(&of("0000-0000-0000-0000")).refused("no such entry");
    office.both(&of(past[0])).refused("who has bought is never moved");
    office.both(&["ineligible", slug, past[1]]).refused("--category");
    let words = [&of(past[1])[..], &["--clerk", "kim", "--approver", "kim"]].concat();
    office.jebi(&words, &[PASSWORD, PASSWORD]).refused("kim with this password may not act as approver");
    let words = [&of(past[1])[..], &["--clerk", "kim", "--approver", "lee"]].concat();
    office.jebi(&words, &[PASSWORD, "a wrong password"]).refused("lee with this password may not act");
    office.jebi(&words, &[]).refused("no password");
    assert!(office.both(&of(&shouted)).done().contains("goes on at the next offer"));
    office.both(&of(past[1])).refused("known already");
    let back = office.both(&["ineligible", slug, past[1], "--not-after-all"]).done();
    assert!(back.contains("Eligible after all"), "{back}");

    // jebi shift
    let still = |from: &str, minutes: &str, reason: &str| {
        office.both(&["shift", slug, "--from", from, "--minutes", minutes, "--reason", reason])
    };
    still(&at, "0", "정전").refused("--minutes");
    still("yesterday", "35", "정전").refused("write it like");
    still(&at, "35", "two\nlines").refused("in one line");
    still(&until(30), "35", "정전").refused("over by then");
    assert!(store::shift::list(office.t.db(), office.round.id).await.unwrap().is_empty());
    let done = still(&at, "35", "정전").done();
    let later =
        office.places.iter().filter(|place| place.starts_at.is_some_and(|start| start >= from)).count();
    assert!(done.contains(&format!("{later} people begin later")) && done.contains("정전"), "{done}");
    let shifts = store::shift::list(office.t.db(), office.round.id).await.unwrap();
    assert_eq!(shifts.iter().map(|shift| shift.seconds).collect::<Vec<_>>(), [35 * 60]);
    let journal = store::journal::list(office.t.db(), office.round.id).await.unwrap();
    let last = journal.last().unwrap();
    assert!(last.kind == "shifted" && last.staff == "kim, lee", "{last:?}");

    // jebi release: nothing is held; what five days more would do to the offers is said all the same.
    let held = office.both(&["release", slug, "--reason", "x", "--shift-days", "5"]);
    assert!(
        held.err.contains("WARNING: the last offer is on") && held.err.contains("has no second one"),
        "{held:?}"
    );
    held.refused("nothing of this round is held");

    // jebi compare, jebi plan --round
    office.jebi(&["compare", "nowhere"], &[]).refused("there is no round `nowhere`");
    let compared = office.jebi(&["compare", slug], &[]).done();
    assert!(compared.starts_with("12 people want") && compared.contains("first come"), "{compared}");
    office.jebi(&["plan", "--round", "nowhere"], &[]).refused("there is no round `nowhere`");
    let forecast = office.jebi(&["plan", "--round", slug], &[]).done();
    assert!(forecast.contains("12 have entered, 100 %") && forecast.contains("assumed curve"), "{forecast}");
    assert!(
        forecast.contains("of those with a place 100 % buy in their time: the plan assumes so"),
        "{forecast}"
    );
    let served = office.jebi(&["plan", "--round", "served"], &[]).done();
    let whole = "everybody on the roster `list` takes part, nobody has to enter\n  all 5 are enrolled\n  \
                 of those with a place 100 % buy in their time";
    assert!(served.contains(whole), "{served}");
    let json = office.jebi(&["plan", "--forecast", slug, "--json"], &[]).done();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["forecast"]["entered"] == 12 && json["show"]["rounds"] == 0, "{json}");
}
