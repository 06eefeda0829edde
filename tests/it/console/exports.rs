//! Files that staff take away: by whom, for a reason, without who people are; opened again as Excel would.

use std::io::Cursor;

use axum::http::{StatusCode, header};
use calamine::{Data, Reader, Xlsx};
use chrono::TimeDelta;
use entities::{bought, counted, entry, round};
use jebi::{domain::staff::Role, staff::statistics, store};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::support::{Engine, Member, Page, TestApp, both};

both!(
    a_result_is_taken_for_a_reason_and_without_addresses,
    a_workbook_holds_numbers_and_receipts,
    everything_else_can_be_taken_and_opened,
    statistics_tell_of_no_few,
    who_buys_alone_of_their_language_is_not_told,
    what_was_kept_in_another_form_is_counted_anew,
    two_instances_count_a_day_once,
);

const REASON: &str = "12월 정산, 대조";

/// Thirty entries, drawn and published; one of them has bought.
async fn published(t: &TestApp) -> round::Model {
    let round = t.announced(t.draft(40)).await;
    t.jump(round.opens_at);
    t.entered(&round, 30).await;
    t.draw(&round).await;
    t.jump(round.results_at + TimeDelta::minutes(1));
    let receipt = t.entries(&round).await[0].receipt.clone();
    let at = t.now();
    let row = bought::Model { round_id: round.id, receipt, amount: 250_000, at, source: "=bank".to_owned() };
    let txn = t.app.db.begin().await.unwrap();
    store::bought::insert_all(&txn, vec![row]).await.unwrap();
    txn.commit().await.unwrap();
    t.app.rounds.forget();
    t.row(&round).await
}

async fn take(who: &mut Member, round: &round::Model, what: &str, format: &str, reason: &str) -> Page {
    who.see("/console/exports").await;
    let fields = [("round", round.slug.as_str()), ("what", what), ("format", format), ("reason", reason)];
    who.post("/console/exports", &fields).await
}

/// The cells of a CSV file, read by a reader that is not ours.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').expect("no mark of UTF-8");
    let mut reader = csv_core::Reader::new();
    let (mut input, mut output, mut ends) = (text.as_bytes(), vec![0; 1 << 20], vec![0; 1 << 16]);
    let mut rows = Vec::new();
    loop {
        let (result, read, _, ended) = reader.read_record(input, &mut output, &mut ends);
        input = &input[read..];
        match result {
            csv_core::ReadRecordResult::Record => {
                let from = std::iter::once(0).chain(ends[..ended].iter().copied());
                let cells = from.zip(&ends[..ended]).map(|(from, to)| &output[from..*to]);
                rows.push(cells.map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect());
            }
            csv_core::ReadRecordResult::InputEmpty => {}
            csv_core::ReadRecordResult::End => return rows,
            full => panic!("{full:?}"),
        }
    }
}

fn column(rows: &[Vec<String>], head: &str) -> usize {
    rows[0].iter().position(|name| name == head).unwrap_or_else(|| panic!("no {head}: {:?}", rows[0]))
}

async fn a_result_is_taken_for_a_reason_and_without_addresses(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = published(&t).await;
    let mut auditor = t.staff("han", Role::Auditor).await;
    // Not without a reason, and what is missing is said.
    let refused = take(&mut auditor, &round, "entries", "csv", "  ").await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["reason"]));
    let refused = take(&mut auditor, &round, "names", "pdf", REASON).await;
    assert_eq!(refused.wrong_fields(), ["what", "format"]);
    let taken = take(&mut auditor, &round, "entries", "csv", REASON).await;
    assert_eq!(taken.status, StatusCode::OK);
    assert_eq!(
        taken.header(header::CONTENT_DISPOSITION),
        format!("attachment; filename=\"{}-entries.csv\"", round.slug)
    );
    assert_eq!(taken.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(taken.header(header::CONTENT_LENGTH), taken.bytes.len().to_string());
    let rows = cells(&taken.bytes);
    assert_eq!(rows.len(), 31);
    for entry in t.entries(&round).await {
        let row = rows.iter().find(|row| row[0] == entry.receipt).unwrap();
        let place = store::assignment::find(t.db(), round.id, &entry.receipt).await.unwrap().unwrap();
        assert_eq!(row[column(&rows, "순번")], place.rank.to_string());
        assert_eq!(row[column(&rows, "배정 금액(원)")], place.amount.to_string());
    }
    let stands = column(&rows, "현재 상태");
    assert_eq!(rows.iter().filter(|row| row[stands] == "구매 완료").count(), 1);
    assert_eq!(rows.iter().filter(|row| row[stands] == "배정").count(), 29);
    let text = String::from_utf8_lossy(&taken.bytes);
    assert!(!text.contains('@'), "an address is in it");
    // Addresses are for those who have to reach people.
    let page = auditor.see("/console/exports").await;
    assert!(!page.body().contains("value=\"contacts\""));
    assert_eq!(take(&mut auditor, &round, "contacts", "csv", REASON).await.status, StatusCode::FORBIDDEN);
    let mut kim = t.staff("kim", Role::Clerk).await;
    assert_eq!(take(&mut kim, &round, "access", "csv", REASON).await.status, StatusCode::FORBIDDEN);
    let rows = cells(&take(&mut kim, &round, "contacts", "csv", REASON).await.bytes);
    assert!(rows.len() == 31 && rows.iter().any(|row| row[3] == "r7@example.org"), "{rows:?}");
    // Who took what and why is kept.
    let log = store::access::list(t.db(), None, 100).await.unwrap();
    let took: Vec<_> = log.iter().filter(|line| line.kind == "took").rev().collect();
    let about = |name: &str| format!("{}-{name} (30)", round.slug);
    assert_eq!(
        took.iter().map(|line| line.about.clone()).collect::<Vec<_>>(),
        [about("entries.csv"), about("contacts.csv")]
    );
    assert!(took.iter().all(|line| line.reason == REASON && line.clerk_id.is_some()));
    // Nobody knows a result before everybody does.
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 3).await;
    t.draw(&round).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let rows = cells(&take(&mut kim, &round, "entries", "csv", REASON).await.bytes);
    assert!(rows.len() == 4 && !rows[0].contains(&"순번".to_owned()), "{rows:?}");
}

async fn a_workbook_holds_numbers_and_receipts(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = published(&t).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let taken = take(&mut kim, &round, "entries", "xlsx", REASON).await;
    assert!(taken.header(header::CONTENT_TYPE).contains("spreadsheetml"));
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(taken.bytes)).unwrap();
    let name = book.sheet_names()[0].clone();
    let sheet = book.worksheet_range(&name).unwrap();
    let heads: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let at = |head: &str| heads.iter().position(|name| name == head).unwrap();
    let receipts: Vec<String> = t.entries(&round).await.into_iter().map(|entry| entry.receipt).collect();
    let mut ranks = Vec::new();
    for row in sheet.rows().skip(1) {
        let Data::String(receipt) = &row[at("접수번호")] else { panic!("{:?}", row[0]) };
        assert!(receipts.contains(receipt));
        let Data::Float(rank) = row[at("순번")] else { panic!("a rank is no number") };
        ranks.push(rank);
        assert_eq!(row[at("희망 금액(원)")], Data::Float(250_000.0));
        assert!(matches!(row[at("시작 시각")], Data::DateTime(_)), "a start is no date");
    }
    ranks.sort_by(f64::total_cmp);
    assert_eq!(ranks, (1..=30).map(f64::from).collect::<Vec<_>>());
    // What a seller called itself computes nothing.
    let taken = take(&mut kim, &round, "purchases", "xlsx", REASON).await;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(taken.bytes)).unwrap();
    assert!(book.worksheet_formula(&name).unwrap().is_empty());
    let text = String::from_utf8(take(&mut kim, &round, "purchases", "csv", REASON).await.bytes).unwrap();
    assert!(text.contains(",'=bank\r\n"), "{text}");
}

async fn everything_else_can_be_taken_and_opened(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = published(&t).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    for (what, least) in [
        ("entries", 30),
        ("contacts", 30),
        ("purchases", 1),
        ("reservations", 0),
        ("ledger", 0),
        ("notices", 30),
        ("statistics", 5),
        ("access", 4),
    ] {
        let text = cells(&take(&mut lee, &round, what, "csv", REASON).await.bytes);
        assert!(text.len() > least, "{what}: {text:?}");
        assert!(text.iter().all(|row| row.len() == text[0].len()), "{what} is ragged");
        assert!(text[0].iter().all(|head| head.chars().any(|c| ('가'..='힣').contains(&c))), "{:?}", text[0]);
        let taken = take(&mut lee, &round, what, "xlsx", REASON).await;
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(taken.bytes)).unwrap();
        let name = book.sheet_names()[0].clone();
        let rows = book.worksheet_range(&name).unwrap().height();
        // The log has grown by the line of the text file.
        let grown = usize::from(what == "access");
        assert_eq!(rows, text.len() + grown, "{what} has other rows in a workbook");
    }
}

async fn statistics_tell_of_no_few(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = published(&t).await;
    let mut lim = t.staff("lim", Role::Observer).await;
    let path = format!("/console/rounds/{}/statistics", round.slug);
    // What happened today is not in it: who looks before and after it learns nothing of whose doing it was.
    let before = lim.see(&path).await;
    assert!(!before.body().contains("구매 완료"), "{}", before.body());
    let receipt = t.entries(&round).await[1].receipt.clone();
    let (round_id, at) = (round.id, t.now());
    let row = bought::Model { round_id, receipt, amount: 250_000, at, source: "bank".to_owned() };
    store::bought::insert_all(t.db(), vec![row]).await.unwrap();
    let (once, again) = (main_of(&before), main_of(&lim.see(&path).await));
    assert_eq!(once, again);
    // Looked at twice, noted once; on another day again.
    let noted = async || t.accesses().await.iter().filter(|(kind, _)| kind == "statistics").count();
    assert_eq!(noted().await, 1);
    // An observer reads how full it is, and no number of people; who works with it does.
    let at_round = format!("/console/rounds/{}", round.slug);
    let people = |count: &str| format!("<td class=\"number\">{count}</td><td class=\"number\">54</td>");
    let (looks, works) = (people("–"), people("30"));
    let seen = lim.see(&at_round).await;
    assert!(seen.body().contains(&looks) && !seen.body().contains(&works), "{}", seen.body());
    let seen = t.staff("park", Role::Clerk).await.see(&at_round).await;
    assert!(!seen.body().contains(&looks) && seen.body().contains(&works), "{}", seen.body());

    t.pass(TimeDelta::days(1));
    lim.sign_in(&t).await;
    let page = lim.see(&path).await;
    assert_eq!(noted().await, 2);
    // Two have bought: they are counted with those who have not yet.
    assert!(page.body().contains("구매 완료 + 배정"), "{}", page.body());
    assert!(!page.body().contains("<td class=\"number\">1</td>"), "{}", page.body());
    // A list that is taken in today, of yesterday, moves nothing before tomorrow: neither here nor in a file.
    let receipts: Vec<String> = t.entries(&round).await.into_iter().skip(2).map(|one| one.receipt).collect();
    let at = t.now() - TimeDelta::hours(20);
    let bought =
        |receipt| bought::Model { round_id, receipt, amount: 250_000, at, source: "bank".to_owned() };
    store::bought::insert_all(t.db(), receipts.into_iter().take(9).map(bought).collect()).await.unwrap();
    assert_eq!(main_of(&page), main_of(&lim.see(&path).await));
    let mut kim = t.staff("kim", Role::Clerk).await;
    let rows = cells(&take(&mut kim, &round, "statistics", "csv", REASON).await.bytes);
    for row in &rows[1..] {
        assert!(
            row[4] == "비공개" || row[4].parse::<u64>().is_ok_and(|count| count == 0 || count >= 5),
            "{row:?}"
        );
    }
    // Each line says until when it counts: midnight in Seoul.
    let until = statistics::counted_until(t.now()).with_timezone(&chrono_tz::Asia::Seoul);
    let until = until.format("%Y-%m-%d 00:00:00").to_string();
    let line = [until.as_str(), "발송 수단", "이메일", "합계", "30"].map(str::to_owned);
    assert!(rows.contains(&line.to_vec()), "{rows:?}");
    t.pass(TimeDelta::days(1));
    lim.sign_in(&t).await;
    let next = async |lim: &mut Member| {
        t.pass(TimeDelta::days(1));
        lim.sign_in(&t).await;
        main_of(&lim.see(&path).await)
    };
    let third = main_of(&lim.see(&path).await);
    assert!(third != main_of(&page), "nothing is ever counted anew");
    // Everybody's time is over, and then come quiet days, on which a seller's list names one more.
    let last = next(&mut lim).await;
    assert!(last != third && last.contains("기한 지남"), "{last}");
    let receipts: Vec<String> = t.entries(&round).await.into_iter().map(|one| one.receipt).collect();
    for (number, receipt) in receipts[20..26].iter().enumerate() {
        store::bought::insert_all(t.db(), vec![bought(receipt.clone())]).await.unwrap();
        let then = next(&mut lim).await;
        // With the fifth there are enough of them to be nobody; the day before is what was read until then.
        assert_eq!(then != last, number >= 4, "day {number}: {then}");
    }
}

/// On a day on which four of one language buy and one of another, what was published the day before stays.
async fn who_buys_alone_of_their_language_is_not_told(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = published(&t).await;
    let receipts: Vec<String> = t.entries(&round).await.into_iter().map(|one| one.receipt).collect();
    let (ko, en) = receipts.split_at(15);
    let english = entry::Entity::update_many().filter(entry::Column::RoundId.eq(round.id));
    let english = english.filter(entry::Column::Receipt.is_in(en.to_vec()));
    english.col_expr(entry::Column::Lang, Expr::value("en")).exec(t.db()).await.unwrap();
    let buy = async |receipts: &[String]| {
        let (round_id, at) = (round.id, t.now());
        let one = |receipt: &String| {
            let (receipt, source) = (receipt.clone(), "bank".to_owned());
            bought::Model { round_id, receipt, amount: 250_000, at, source }
        };
        store::bought::insert_all(t.db(), receipts.iter().map(one).collect()).await.unwrap();
    };
    let path = format!("/console/rounds/{}/statistics", round.slug);
    let mut lim = t.staff("lim", Role::Observer).await;
    let mut next = async || {
        t.pass(TimeDelta::days(1));
        lim.sign_in(&t).await;
        lim.see(&path).await
    };
    // The first of the Korean ones has bought.
    buy(&[&ko[1..6], &en[..5]].concat()).await;
    let first = main_of(&next().await);
    assert!(first.contains("<td class=\"number\">6</td>") && first.contains("English"), "{first}");
    buy(&[&ko[6..10], &en[5..6]].concat()).await;
    let then = main_of(&next().await);
    assert_eq!(then, first);
    let mut kim = t.staff("kim", Role::Clerk).await;
    let rows = cells(&take(&mut kim, &round, "statistics", "csv", REASON).await.bytes);
    let until = statistics::counted_until(t.now() - TimeDelta::days(1));
    let until = until.with_timezone(&chrono_tz::Asia::Seoul).format("%Y-%m-%d 00:00:00").to_string();
    assert!(rows.len() > 5 && rows[1..].iter().all(|row| row[0] == until), "{until}: {rows:?}");
}

/// A row that an earlier version wrote, of yesterday or of this midnight, is as if there were none.
async fn what_was_kept_in_another_form_is_counted_anew(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = published(&t).await;
    let path = format!("/console/rounds/{}/statistics", round.slug);
    t.pass(TimeDelta::days(1));
    let mut lim = t.staff("lim", Role::Observer).await;
    for days in [1, 0] {
        let until = statistics::counted_until(t.now()) - TimeDelta::days(days);
        let old = counted::Entity::delete_many().filter(counted::Column::RoundId.eq(round.id));
        old.exec(t.db()).await.unwrap();
        store::counted::insert(t.db(), round.id, until, "[]".to_owned()).await.unwrap();
        let page = lim.see(&path).await;
        assert!(page.status == StatusCode::OK && page.body().contains("구매 완료 + 배정"), "{}", page.body());
        let kept = store::counted::find(t.db(), round.id, statistics::counted_until(t.now())).await.unwrap();
        assert!(kept.is_some_and(|kept| kept.starts_with('{')), "{days} days ago");
    }
}

/// Two instances that count at the same moment keep one count, and read the same.
async fn two_instances_count_a_day_once(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = published(&t).await;
    let (app, other) = (t.app.clone(), t.another().await);
    let of = t.round(&round).await;
    let now = t.now();
    for days in 0..3 {
        let at = now + TimeDelta::days(days);
        let one = || statistics::tables(&app, &of, at);
        let two = || statistics::tables(&other, &of, at);
        let (a, b, c, d) = tokio::join!(one(), two(), one(), two());
        let same = [a, b, c, d].map(|read| serde_json::to_string(&read.unwrap()).unwrap());
        assert!(same.iter().all(|read| *read == same[0]), "{same:?}");
        let rows =
            counted::Entity::find().filter(counted::Column::RoundId.eq(round.id)).all(t.db()).await.unwrap();
        let until = statistics::counted_until(at);
        let rows: Vec<_> = rows.into_iter().filter(|row| row.until_at == until).collect();
        assert_eq!(rows.len(), 1, "counted more than once");
        assert_eq!(rows[0].tables, same[0]);
    }
}

/// What a page says, without its frame and the bar: that has a token in it.
fn main_of(page: &Page) -> String {
    let (_, main) = page.body().split_once("<h1").unwrap();
    main.split("</main>").next().unwrap().to_owned()
}
