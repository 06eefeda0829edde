//! Every address of staff × every role, somebody signed out, and an object that is not there. What may be seen is
//! written down here once more: a new page without a line here fails.

use axum::http::{Method, StatusCode};
use jebi::{domain::staff::Role, web::console::routes};

use crate::support::{Engine, Member, Page, TestApp, both};

both!(every_page_has_its_rule_and_holds_to_it);

/// Verb, address, who may: c clerk, p approver, u auditor, n counter, l call centre, o observer; `*` all of them, `-` whoever comes,
/// `.` whoever is on the way in.
pub const EXPECTED: &[(&str, &str, &str)] = &[
    ("GET", "/console/sign-in", "-"),
    ("POST", "/console/sign-in", "-"),
    ("POST", "/console/sign-out", "*"),
    ("POST", "/console/sign-out-everywhere", "*"),
    ("GET", "/console/account", "-"),
    ("POST", "/console/account", "-"),
    ("GET", "/console/back", "-"),
    ("GET", "/console/code", "."),
    ("POST", "/console/code", "."),
    ("GET", "/console/stay", "*"),
    ("POST", "/console/stay", "*"),
    ("GET", "/console/enrol", "."),
    ("POST", "/console/enrol", "."),
    ("GET", "/console/codes", "."),
    ("POST", "/console/codes", "."),
    ("GET", "/console", "*"),
    ("GET", "/console/me", "*"),
    ("POST", "/console/me", "*"),
    ("GET", "/console/access", "pu"),
    ("GET", "/console/counter", "cn"),
    ("GET", "/console/counter/{slug}", "cn"),
    ("POST", "/console/counter/{slug}", "cn"),
    ("GET", "/console/counter/{slug}/check", "cn"),
    ("POST", "/console/counter/{slug}/entry", "cn"),
    ("GET", "/console/counter/{slug}/paper", "cn"),
    ("POST", "/console/counter/{slug}/paper", "cn"),
    ("GET", "/console/counter/{slug}/slip", "cn"),
    ("POST", "/console/counter/{slug}/slip", "cn"),
    ("POST", "/console/counter/{slug}/people", "cn"),
    ("POST", "/console/counter/{slug}/undo", "cn"),
    ("POST", "/console/counter/{slug}/code", "cn"),
    ("GET", "/console/counter/{slug}/find", "cn"),
    ("POST", "/console/counter/{slug}/find", "cn"),
    ("GET", "/console/counter/{slug}/sheets", "cn"),
    ("POST", "/console/counter/{slug}/sheets", "cn"),
    ("GET", "/console/counter/{slug}/sheets/{id}", "cn"),
    ("GET", "/console/counter/{slug}/sheets/{id}/back", "cn"),
    ("POST", "/console/counter/{slug}/sheets/{id}/back", "cn"),
    ("GET", "/console/counter/{slug}/sheets/{id}/ticked", "cn"),
    ("POST", "/console/counter/{slug}/sheets/{id}/ticked", "cn"),
    ("POST", "/console/counter/{slug}/sheets/{id}/ticked/return", "cn"),
    ("GET", "/console/proposals", "cpu"),
    ("GET", "/console/proposals/{id}", "cpu"),
    ("POST", "/console/proposals/{id}/put-forward", "cp"),
    ("POST", "/console/proposals/{id}/withdraw", "cp"),
    ("POST", "/console/proposals/{id}/approve", "p"),
    ("POST", "/console/proposals/{id}/decline", "p"),
    ("GET", "/console/rounds/{slug}/propose/{kind}", "cp"),
    ("POST", "/console/rounds/{slug}/propose/{kind}", "cp"),
    ("GET", "/console/rounds/{slug}/pause", "cp"),
    ("POST", "/console/rounds/{slug}/pause", "cp"),
    ("POST", "/console/rounds/{slug}/resume", "cp"),
    ("POST", "/console/rosters/{name}/propose", "cp"),
    ("GET", "/console/drafts", "cpu"),
    ("POST", "/console/drafts", "cp"),
    ("GET", "/console/drafts/{id}", "cpu"),
    ("POST", "/console/drafts/{id}", "cp"),
    ("POST", "/console/drafts/{id}/remove", "cp"),
    ("POST", "/console/drafts/{id}/change", "cp"),
    ("POST", "/console/drafts/{id}/propose", "cp"),
    ("GET", "/console/drafts/{id}/notice", "cpu"),
    ("GET", "/console/drafts/{id}/notices", "cpu"),
    ("GET", "/console/drafts/{id}/round.toml", "cpu"),
    ("GET", "/console/drafts/{id}/steps/{step}", "cp"),
    ("POST", "/console/drafts/{id}/steps/{step}", "cp"),
    ("GET", "/console/drills", "cpuo"),
    ("GET", "/console/drills/{id}", "cpuo"),
    ("GET", "/console/drills/{id}/report.json", "cpuo"),
    ("GET", "/console/drills/{id}/report.note", "cpuo"),
    ("GET", "/console/rounds/{slug}", "cpuo"),
    ("GET", "/console/rounds/{slug}/notice", "cpuo"),
    ("GET", "/console/rounds/{slug}/compare", "cpuo"),
    ("GET", "/console/rounds/{slug}/notices", "cpuo"),
    ("GET", "/console/rounds/{slug}/day", "cpuo"),
    ("GET", "/console/find", "cpnl"),
    ("POST", "/console/find", "cpnl"),
    ("POST", "/console/find/person", "cp"),
    ("GET", "/console/rounds/{slug}/ceremony", "cpuo"),
    ("POST", "/console/rounds/{slug}/ceremony", "o"),
    ("GET", "/console/rounds/{slug}/ceremony/minutes.pdf", "cpuo"),
    ("GET", "/console/rounds/{slug}/reconcile", "cpu"),
    ("POST", "/console/rounds/{slug}/reconcile", "cpu"),
    ("GET", "/console/rounds/{slug}/purchases", "cp"),
    ("POST", "/console/rounds/{slug}/purchases", "cp"),
    ("GET", "/console/rosters", "cp"),
    ("POST", "/console/rosters", "cp"),
    ("GET", "/console/sellers", "cpu"),
    ("POST", "/console/sellers", "p"),
    ("POST", "/console/sellers/end", "p"),
    ("GET", "/console/staff", "cpu"),
    ("POST", "/console/staff", "cp"),
    ("GET", "/console/exports", "cpu"),
    ("POST", "/console/exports", "cpu"),
    ("POST", "/console/exports/pack", "pu"),
    ("GET", "/console/rounds/{slug}/statistics", "cpuo"),
];

const LETTERS: [(Role, char); 6] = [
    (Role::Clerk, 'c'),
    (Role::Approver, 'p'),
    (Role::Auditor, 'u'),
    (Role::Counter, 'n'),
    (Role::CallCentre, 'l'),
    (Role::Observer, 'o'),
];

/// Something that is there, and something that is not, for each part of an address that varies.
pub fn filled(path: &str, things: &[(&str, &str)]) -> String {
    let filled = things.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!filled.contains('{'), "{path}: the test knows no example for it");
    filled
}

/// Asks with a token that is right, so that nothing but the rule decides.
async fn ask(member: &mut Member, method: &Method, path: &str) -> Page {
    match *method {
        Method::GET => member.get(path).await,
        _ => member.post(path, &[]).await,
    }
}

async fn every_page_has_its_rule_and_holds_to_it(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(t.draft(100)).await;
    let there = [
        ("{slug}", round.slug.as_str()),
        ("{kind}", "void"),
        ("{name}", "members"),
        ("{id}", "1"),
        ("{step}", "goods"),
    ];
    let absent = [
        ("{slug}", "nothing-2020-01"),
        ("{kind}", "void"),
        ("{name}", "nobody"),
        ("{id}", "987654"),
        ("{step}", "nothing"),
    ];
    let mut listed: Vec<(String, &str)> = Vec::new();
    let mut staff = Vec::new();
    for (role, _) in LETTERS {
        staff.push(t.staff(role.key(), role).await);
    }
    // A draft and a proposal, each the first of its kind.
    let clerk: &mut Member = &mut staff[0];
    clerk.see("/console/drafts").await;
    assert_eq!(clerk.post("/console/drafts", &[]).await.to(), "/console/drafts/1");
    clerk.see("/console/drafts/1").await;
    assert_eq!(clerk.post("/console/drafts/1/propose", &[]).await.to(), "/console/proposals/1");
    clerk.see("/console/proposals/1").await;
    clerk.post("/console/proposals/1/put-forward", &[]).await;
    for route in routes() {
        let expected =
            EXPECTED.iter().find(|(verb, path, _)| *verb == route.method.as_str() && *path == route.path);
        let Some((_, _, who)) = expected else {
            panic!("{} {} has no rule in this table", route.method, route.path)
        };
        listed.push((route.method.to_string(), route.path));
        let path = filled(route.path, &there);
        let say = |who: &str, page: &Page| format!("{} {path} by {who}: {}", route.method, page.status);

        let mut stranger = t.staff_of_nobody();
        stranger.get("/console/sign-in").await;
        let page = ask(&mut stranger, &route.method, &path).await;
        match (*who, &route.method) {
            ("-", _) => assert!(page.status != StatusCode::UNAUTHORIZED, "{}", say("a stranger", &page)),
            (_, &Method::GET) => assert_eq!(page.to(), "/console/sign-in", "{}", say("a stranger", &page)),
            _ => assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{}", say("a stranger", &page)),
        }
        for (role, letter) in LETTERS {
            let name = format!("{}-{}", role.key(), listed.len());
            // Whoever signs out must be somebody else each time.
            let mut member = match route.path.contains("sign-out") {
                true => t.staff(&name, role).await,
                false => staff.iter().find(|member| member.role == role).unwrap().clone(),
            };
            let page = ask(&mut member, &route.method, &path).await;
            match *who {
                "." => assert_eq!(page.to(), "/console", "{}", say(role.key(), &page)),
                "-" => {}
                "*" => assert!(is_in(&page), "{}", say(role.key(), &page)),
                some if some.contains(letter) => assert!(is_in(&page), "{}", say(role.key(), &page)),
                _ => assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", say(role.key(), &page)),
            }
            if filled(route.path, &absent) != path && is_in(&page) {
                let page = ask(&mut member, &route.method, &filled(route.path, &absent)).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{}, absent", say(role.key(), &page));
            }
        }
    }
    let gone = EXPECTED.iter().filter(|(verb, path, _)| !listed.contains(&((*verb).to_owned(), path)));
    assert_eq!(
        gone.collect::<Vec<_>>(),
        Vec::<&(&str, &str, &str)>::new(),
        "of this table, but not on the site"
    );
}

/// Not turned away at the door.
fn is_in(page: &Page) -> bool {
    let turned_away = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::METHOD_NOT_ALLOWED];
    !turned_away.contains(&page.status) && page.status != StatusCode::INTERNAL_SERVER_ERROR
}
