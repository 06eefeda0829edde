//! Every form of staff × every way in which another site, another browser or another person could send it: refused
//! before anything is looked at, and nothing is changed by it.

use axum::http::{Method, StatusCode, header};
use jebi::{domain::staff::Role, web::console::routes};
use sea_orm::{ConnectionTrait, Statement};

use super::table::{EXPECTED, filled};
use crate::support::{Engine, Member, TestApp, both, encoded};

both!(no_form_of_staff_is_taken_from_elsewhere);

/// How many rows there are of everything that staff change.
async fn rows(t: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "draft",
        "proposal",
        "access",
        "attended",
        "entry",
        "inbox",
        "day_sheet",
        "ticked",
        "taken_in",
        "clerk",
        "shift",
        "sign_in",
    ] {
        let count = Statement::from_string(
            t.db().get_database_backend(),
            format!("SELECT COUNT(*) AS n FROM {table}"),
        );
        counts.push(t.db().query_one_raw(count).await.unwrap().unwrap().try_get("", "n").unwrap());
    }
    counts
}

async fn no_form_of_staff_is_taken_from_elsewhere(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let mut staff = Vec::new();
    for role in Role::ALL {
        staff.push(t.staff(role.key(), role).await);
    }
    let clerk: &mut Member = &mut staff[0];
    clerk.see("/console/drafts").await;
    clerk.post("/console/drafts", &[]).await.to();
    clerk.see("/console/drafts/1").await;
    clerk.post("/console/drafts/1/propose", &[]).await.to();
    let others: Vec<String> = staff.iter().map(|member| member.browser.csrf.clone()).collect();
    let mut resident = t.stranger_at(&round.slug, "minji@example.org");
    resident.identify(&t, "enter").await;
    let things = [
        ("{slug}", round.slug.as_str()),
        ("{kind}", "void"),
        ("{name}", "members"),
        ("{id}", "1"),
        ("{step}", "goods"),
    ];
    let before = rows(&t).await;
    let mut tried = 0;
    for route in routes().into_iter().filter(|route| route.method == Method::POST) {
        let path = filled(route.path, &things);
        let on_the_way =
            EXPECTED.iter().any(|(verb, of, who)| (*verb, *of, *who) == ("POST", route.path, "."));
        // Whoever has come in already is led on from the pages of the way in, whatever they bear.
        let refused = |status| refused(status) || (on_the_way && status == StatusCode::SEE_OTHER);
        let mut stranger = t.staff_of_nobody();
        stranger.get("/console/sign-in").await;
        for (number, member) in staff.iter().chain([&stranger]).enumerate() {
            let own = member.browser.csrf.clone();
            let foreign = others
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != number)
                .map(|(_, token)| token.as_str());
            let wrong = ["", "x", &own[1..], &own.to_uppercase(), resident.browser.csrf.as_str()];
            for token in wrong.into_iter().chain(foreign) {
                let token = if token == own { "" } else { token };
                let body = encoded(&[("csrf", token), ("reason", "x"), ("words", "x"), ("id_seen", "yes")]);
                let page = member.browser.clone().post_raw(&path, body).await;
                assert!(refused(page.status), "{path} by {} with {token:?}: {}", member.name, page.status);
                tried += 1;
            }
            let page = member.browser.clone().post_raw(&path, "").await;
            assert!(refused(page.status), "{path} by {} without a token: {}", member.name, page.status);
            // The right token, in a request that a browser says another site has made.
            for (name, value) in [
                ("origin", "https://evil.example"),
                ("origin", "null"),
                ("origin", "http://127.0.0.1:8080.evil.example"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
            ] {
                let request = member.browser.request(Method::POST, &path).header(name, value);
                let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                let page = member
                    .browser
                    .clone()
                    .send(request.body(encoded(&[("csrf", &own)]).into()).unwrap())
                    .await;
                assert!(
                    refused(page.status),
                    "{path} by {} with {name}: {value}: {}",
                    member.name,
                    page.status
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 1_000, "only {tried}");
    assert_eq!(rows(&t).await, before, "something was changed all the same");
    // They are all still who they were.
    for member in &mut staff {
        member.see("/console").await;
    }
}

/// Not theirs, or not signed in: never taken.
fn refused(status: StatusCode) -> bool {
    [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&status)
}
