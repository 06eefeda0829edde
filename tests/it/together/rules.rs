//! Every rule at once.

use jebi::domain::event::Wanted;

use super::TOGETHER;
use crate::{
    support::{Engine, TestApp, both, verified},
    who::{LOTTERY, NEAR, PARITY, REGION, entered, round, wanted},
};

both!(every_rule_at_once_is_verified);

async fn every_rule_at_once_is_verified(engine: Engine) {
    let weighting = "[weighting]\nper_miss = 1\nmost = 4\nrounds = 12\n";
    let fund = |name: &str, each: u32, more: &str| {
        format!("[[fund]]\nname = \"{name}\"\nper_seat = {each}\nbudget = 100000000\n{more}\n")
    };
    let city = fund("city", 50_000, "match = { region = [\"jungang\"] }");
    for (mode, more, wants) in [
        (
            format!("{LOTTERY}\nsmallest_cell = 2"),
            format!("{PARITY}{REGION}{NEAR}{weighting}{TOGETHER}"),
            true,
        ),
        (
            "mode = \"everyone\"".to_owned(),
            format!("{PARITY}{REGION}{}{city}{weighting}{TOGETHER}", fund("province", 100_000, "")),
            false,
        ),
    ] {
        let t = TestApp::start(engine).await;
        let round = t.announced(round(&mode, &more)).await;
        t.jump(round.opens_at);
        let regions = ["jungang", "donghae", "seoho"];
        // Few enough for the odd cohort's 24 seats.
        entered(
            &t,
            &round,
            (0..18_i32).map(|number| {
                let parity = if number % 3 == 0 { "odd" } else { "even" };
                let region = regions[usize::try_from(number).unwrap() / 6];
                let seats = 1 + number % 3;
                let each = if wants { 10_000 * i64::from(1 + number) } else { 250_000 };
                let kept = format!("birth_parity={parity} region={region}");
                Wanted { seats, weight: 1 + number % 4, ..wanted(each * i64::from(seats), &kept) }
            }),
        )
        .await;
        t.draw(&round).await;
        t.jump(round.results_at);
        let files = verified(&t, &round).await;
        let result = String::from_utf8(files["result.txt"].clone()).unwrap();
        assert_eq!(result.lines().count(), 18);
        assert_eq!(result.contains("waitlisted"), wants, "{result}");
    }
}
