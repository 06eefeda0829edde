//! Whose is what is shown? Every address of residents that shows something is written down here once more, with who may see
//! it: a new one without a line fails, and what is somebody's own is shown to nobody else.

use axum::http::{Method, StatusCode};
use jebi::web;

use crate::{
    sale::{at_level, seller},
    support::{Browser, Engine, Page, TestApp, both, kst},
};

both!(what_is_somebodys_own_is_shown_to_nobody_else,);

/// Who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Everybody: nothing of it is about one person.
    Anybody,
    /// Whoever has proved who they are, of what they have begun and not kept yet: it lies in their own cookie.
    Begun,
    /// Whoever is in the entry.
    Own,
    /// Whoever holds what we signed or sealed for one purpose: it stands in the address.
    Signed,
}

use Whose::{Anybody, Begun, Own, Signed};

const WHOSE: &[(&str, Whose)] = &[
    ("/", Anybody),
    ("/rounds/{slug}", Anybody),
    ("/rounds/{slug}/enter", Anybody),
    ("/identity/away", Signed),
    ("/identity/back", Signed),
    ("/identity/bridge/{ticket}", Signed),
    ("/rounds/{slug}/code", Begun),
    ("/rounds/{slug}/about", Begun),
    ("/rounds/{slug}/roster", Begun),
    ("/rounds/{slug}/details", Begun),
    ("/rounds/{slug}/check", Begun),
    ("/rounds/{slug}/my", Own),
    ("/rounds/{slug}/my/receipt.txt", Own),
    ("/rounds/{slug}/my/leave", Own),
    ("/rounds/{slug}/my/return", Own),
    ("/rounds/{slug}/my/keep", Own),
    ("/rounds/{slug}/my/why", Own),
    ("/rounds/{slug}/moment", Anybody),
    ("/rounds/{slug}/gate", Own),
    ("/rounds/{slug}/gate/{seller}", Own),
    ("/rounds/{slug}/gate/wait/{lang}", Anybody),
    ("/rounds/{slug}/people", Own),
    ("/rounds/{slug}/join", Begun),
    ("/rounds/{slug}/withdraw", Own),
    ("/rounds/{slug}/pool", Anybody),
    ("/rounds/{slug}/record", Anybody),
    ("/rounds/{slug}/record.zip", Anybody),
    ("/rounds/{slug}/verify", Anybody),
    ("/rounds/{slug}/record/{file}", Anybody),
    ("/rounds/{slug}/record/paths/{receipt}", Anybody),
    ("/rounds/{slug}/batches/{number}", Anybody),
    ("/journal/checkpoint", Anybody),
    ("/journal/tile/{*path}", Anybody),
    ("/sent", Anybody),
    ("/unsubscribe/{tag}", Signed),
    ("/status", Anybody),
    ("/privacy", Anybody),
    ("/accessibility", Anybody),
    ("/consent/{digest}", Anybody),
    ("/rounds/{slug}/erased.txt", Anybody),
    ("/stay", Anybody),
    ("/healthz", Anybody),
    ("/readyz", Anybody),
    ("/static/{file}", Anybody),
    ("/favicon.ico", Anybody),
];

/// Led elsewhere, or told that there is nothing, or nothing for them.
fn is_turned_away(page: &Page) -> bool {
    page.status.is_redirection() || page.status.is_client_error()
}

fn holds(page: &Page, text: &str) -> bool {
    page.bytes.windows(text.len()).any(|some| some == text.as_bytes())
}

async fn what_is_somebodys_own_is_shown_to_nobody_else(engine: Engine) {
    let t = TestApp::start(engine).await;
    seller(&t, "bank").await;
    let mut draft = t.draft(20);
    draft.seller = vec![at_level("market", 1), at_level("bank", 3)];
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    // Two who have entered, and somebody who has proved who they are and has not.
    let mut people = t.crowd(&round.slug, 2).await;
    let receipt = people[0].mine().await.receipt().to_owned();
    let address = people[0].address.clone();
    let things = [
        ("{slug}", round.slug.as_str()),
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
    let mut idle = t.resident(&round.slug, "idle@example.org").await.browser;
    let (mut seen, mut own_seen) = (Vec::new(), 0);
    for at in [round.opens_at, kst("2026-11-28 12:00")] {
        if at > t.now() {
            t.draw(&round).await;
            t.jump(at);
            for one in &mut people {
                one.identify(&t, "my").await;
            }
            let mut one = t.stranger_at(&round.slug, "idle@example.org");
            one.identify(&t, "my").await;
            idle = one.browser;
        }
        for address_of in web::addresses().iter().filter(|address| address.method == Method::GET) {
            let whose = WHOSE.iter().find(|(path, _)| *path == address_of.path);
            let Some((path, whose)) = whose else {
                panic!("{}: this table does not say whose it is", address_of.path)
            };
            seen.push(*path);
            let path =
                things.iter().fold((*path).to_owned(), |path, (name, value)| path.replace(name, value));
            assert!(!path.contains('{'), "{path}: the test knows no example for it");
            let mut own = people[0].browser.clone();
            let shown = own.get(&path).await;
            own_seen += usize::from(*whose == Own && holds(&shown, &receipt));
            let mut stranger: Browser = t.browser();
            let (stranger, other, idle) =
                (stranger.get(&path).await, people[1].browser.get(&path).await, idle.get(&path).await);
            for (who, page) in
                [("a stranger", &stranger), ("another resident", &other), ("somebody idle", &idle)]
            {
                let say = format!("{path} by {who}: {}", page.status);
                assert_ne!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{say}");
                assert!(!holds(page, &address), "{say} shows an address");
                // Once the pool is sealed receipts are public: the list and the lots beside one's own hold them.
                let is_public = at > round.opens_at && (*whose == Anybody || path.ends_with("/why"));
                assert!(is_public || !holds(page, &receipt), "{say} shows a receipt");
            }
            match whose {
                Anybody => {}
                Signed => {
                    // Nobody has signed this one.
                    for page in [&stranger, &other, &idle, &shown] {
                        assert!(is_turned_away(page), "{path}: {}", page.status);
                    }
                }
                Begun => assert!(is_turned_away(&stranger), "{path} by a stranger: {}", stranger.status),
                Own => {
                    assert!(is_turned_away(&stranger), "{path} by a stranger: {}", stranger.status);
                    // Who has none is told so at the page where theirs would be.
                    let is_told = path.ends_with("/my");
                    assert!(is_told || is_turned_away(&idle), "{path} by who has no entry: {}", idle.status);
                }
            }
        }
    }
    assert!(own_seen > 2, "whose it is reads their receipt nowhere, so this test sees nothing");
    let gone: Vec<_> = WHOSE.iter().filter(|(path, _)| !seen.contains(path)).collect();
    assert!(gone.is_empty(), "of this table, but not on the site: {gone:?}");
}
