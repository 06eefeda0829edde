//! What a counter is told where a number or address is taken: what can be done depends on how the round knows people.

use jebi::domain::{roster::MatchBy, staff::Role};

use super::counter::{ask, enter, path};
use crate::{
    roster::imported,
    support::{Engine, TestApp, both},
};

both!(where_a_list_knows_people_by_an_address_nobody_is_told_to_leave_it_empty,);

const MAIL: (&str, &str) = ("email", "family@example.org");
const EMPTY: [&str; 2] = ["비워 두면 이분은 종이로", "비우면 이분은 종이로"];
const LISTED: &str = "비워 둘 수 없";

async fn where_a_list_knows_people_by_an_address_nobody_is_told_to_leave_it_empty(engine: Engine) {
    for by_list in [false, true] {
        let t = TestApp::start(engine).await;
        let mut draft = t.draft(60);
        if by_list {
            imported(&t, "이름,이메일\n이영희,family@example.org\n", Some(MatchBy::Email)).await.unwrap();
            draft.roster = Some("list".to_owned());
        }
        let round = t.announced(draft).await;
        t.jump(round.opens_at);
        let slug = round.slug.as_str();
        let says = |body: &str| {
            let says_empty = EMPTY.iter().any(|said| body.contains(said));
            (says_empty, body.contains(LISTED) && body.contains("명단 담당자"))
        };
        let mut lee = t.staff("lee", Role::Counter).await;
        enter(&mut lee, slug, &[("name", "이영희"), ("born", "1960-01-13"), MAIL]).await;
        t.tick().await;
        // Somebody else of the family, who stands there …
        let husband = [("name", "최철수"), ("born", "1958-02-02"), MAIL];
        ask(&mut lee, slug, &husband).await.to();
        let told = lee.see(&path(slug, "/check")).await.hidden("change").unwrap();
        let refused = lee.post(&path(slug, "/entry"), &[("change", &told)]).await;
        assert_eq!(refused.wrong_fields(), ["form"]);
        assert_eq!(says(refused.body()), (!by_list, by_list), "{}", refused.body());
        // … and what is told there can be done.
        let bare = ask(&mut lee, slug, &husband[..2]).await;
        match by_list {
            true => assert_eq!(bare.wrong_fields(), ["email"]),
            false => assert_eq!(bare.to(), path(slug, "/check")),
        }
    }
}
