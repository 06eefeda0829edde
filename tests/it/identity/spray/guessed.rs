//! Guesses at everybody's codes, and at dead ones.

use axum::http::StatusCode;
use chrono::TimeDelta;
use sea_orm::EntityTrait;

use super::open_with;
use crate::support::{Engine, both};

both!(codes_grow_when_somebody_guesses_at_everybodys, who_types_at_dead_codes_changes_nothing_for_others);

async fn codes_grow_when_somebody_guesses_at_everybodys(engine: Engine) {
    let (t, round) = open_with(engine, |config| config.codes.wrong_per_day = 12).await;
    // An honest resident has a code of six digits.
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.ask("enter").await.to();
    assert!(minji.get("code").await.body().contains("인증번호 6자리"));
    t.send().await;
    let short = t.last_code("minji@example.org");
    // Many sessions guess a few times each.
    for number in 0..3 {
        let mut guesser = t.stranger_at(&round.slug, &format!("victim{number}@example.org"));
        guesser.ask("enter").await.to();
        guesser.get("code").await;
        t.send().await;
        let right = t.last_code(&guesser.address);
        for guess in 0..5_u32 {
            let guess = format!("{:06}", (right.parse::<u32>().unwrap() + 1 + guess) % 1_000_000);
            let page = guesser.post("code", &[("code", &guess)]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    let wrong = entities::load::Entity::find().all(t.db()).await.unwrap();
    assert_eq!(
        wrong.iter().find(|row| row.what == "wrong codes").map(|row| row.count),
        Some(12),
        "counted on"
    );
    // Not even the right short one counts now, and the next has eight digits: a press away.
    let page = minji.post("code", &[("code", &short)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(minji.get("details").await.status, StatusCode::UNAUTHORIZED);
    minji.get("code").await;
    assert_eq!(minji.post("code/again", &[]).await.to(), minji.path("code"));
    assert!(minji.get("code").await.body().contains("인증번호 8자리"));
    t.send().await;
    let mail = t.mailbox.messages_for("minji@example.org").pop().unwrap();
    let long = mail.body.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 8).unwrap();
    assert_eq!(minji.post("code", &[("code", long)]).await.to(), minji.path("details"));
    // Whoever comes back in an hour has no more guesses; a day later six digits are enough again.
    t.pass(TimeDelta::hours(22));
    let mut later = t.stranger_at(&round.slug, "later@example.org");
    later.ask("enter").await.to();
    assert!(later.get("code").await.body().contains("인증번호 8자리"));
    t.pass(TimeDelta::hours(2));
    t.tick().await;
    later.identify(&t, "enter").await;
}

async fn who_types_at_dead_codes_changes_nothing_for_others(engine: Engine) {
    let (t, round) = open_with(engine, |config| config.codes.wrong_per_day = 12).await;
    let mut guesser = t.stranger_at(&round.slug, "guesser@example.org");
    guesser.ask("enter").await.to();
    guesser.get("code").await;
    t.send().await;
    let right = t.last_code("guesser@example.org");
    // Five tries kill it; a hundred more, from as many copies of the session, are typed at a dead code.
    let mut asked = Vec::new();
    for guess in 0..105_u32 {
        let guess = format!("{:06}", (right.parse::<u32>().unwrap() + 1 + guess) % 1_000_000);
        let before = t.app.db.asked();
        let page = guesser.clone().post("code", &[("code", &guess)]).await;
        asked.push(t.app.db.asked() - before);
        assert_eq!((page.status, page.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"]));
        assert_eq!(page.body().contains("여러 번"), asked.len() >= 5, "{}", page.body());
    }
    // The right one, too, and one of which the time is over.
    assert_eq!(
        guesser.clone().post("code", &[("code", &right)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let mut late = t.stranger_at(&round.slug, "late@example.org");
    late.ask("enter").await.to();
    late.get("code").await;
    t.pass(TimeDelta::minutes(11));
    for _ in 0..20 {
        late.clone().post("code", &[("code", "123456")]).await;
    }
    let rows = entities::load::Entity::find().all(t.db()).await.unwrap();
    let wrong: i64 = rows.iter().filter(|row| row.what == "wrong codes").map(|row| row.count).sum();
    assert_eq!(wrong, 5, "what nobody looks at is counted");
    // So nobody else's code grows, and the next one is not dead.
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.identify(&t, "enter").await;
    // And it costs less than a live one.
    assert!(asked[5..].iter().all(|dead| *dead < asked[1]), "{asked:?}");
}
