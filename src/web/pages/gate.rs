//! The gate to a seller that knows no pass.

use axum::http::{HeaderValue, header};
use url::Url;

use super::mine::entry_of;
use crate::{
    lifecycle::sale::gate::{Passage, is_selling, passage},
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{GateWait, Page},
        visit::Visit,
    },
    words::Lang,
};

/// `GET /rounds/{slug}/gate` and `…/gate/{seller}`: leads whoever may buy now on to the seller, as many a minute as
/// planned; everybody else to where they read why.
pub async fn pass_first(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    pass(visit, slug, None).await
}

/// The same, to one seller of several.
pub async fn pass_to(visit: Visit, Path((slug, seller)): Path<(String, String)>) -> Result<Answer, Answer> {
    pass(visit, slug, Some(seller)).await
}

async fn pass(visit: Visit, slug: String, seller: Option<String>) -> Result<Answer, Answer> {
    let round = visit.kept_round(&slug).await?;
    let gates = round.sellers.iter().filter(|terms| terms.level == 1);
    let seller = gates.clone().find(|terms| seller.as_ref().is_none_or(|seller| *seller == terms.name));
    let Some((seller, url)) = seller.and_then(|terms| Some((terms, terms.url.clone()?))) else {
        return Err(visit.trouble(Trouble::NotFound));
    };
    if visit.proven().is_none() {
        return Ok(visit.go(&format!("/rounds/{slug}/enter?purpose=my")));
    }
    let my = format!("/rounds/{slug}/my");
    let mine = match entry_of(&visit, &round).await? {
        Some(mine) if !mine.withdrawn => mine,
        _ => return Ok(visit.go(&my)),
    };
    let passed = passage(&visit.app, &round, seller, &mine.receipt, visit.now).await;
    match passed.map_err(|error| visit.failed(error))? {
        Passage::Through(token) => {
            let mut url = Url::parse(&url).map_err(|error| visit.failed(error))?;
            url.query_pairs_mut().append_pair("handover", &token);
            Ok(visit.go(url.as_str()))
        }
        Passage::Wait | Passage::Shut => {
            Ok(visit.go(&format!("/rounds/{slug}/gate/wait/{}", visit.lang.tag())))
        }
        // Why, and what to do, stands on their own page.
        Passage::Paying | Passage::Refused(_) => Ok(visit.go(&my)),
    }
}

/// `GET /rounds/{slug}/gate/wait/{lang}`: nothing of it is anybody's, so anybody may keep it for some seconds.
pub async fn wait(visit: Visit, Path((slug, tag)): Path<(String, String)>) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let Some(lang) = Lang::from_tag(&tag) else { return Err(visit.trouble(Trouble::NotFound)) };
    let path = format!("/rounds/{slug}/gate");
    let title = crate::notify::content::title(&round, lang).to_owned();
    let page = Page { lang, path, signed_in: false, leave: None, ending: None, ..visit.page_of(&round) };
    let mut shut = Vec::new();
    for terms in round.sellers.iter().filter(|terms| terms.level == 1) {
        let sells = is_selling(&visit.app, &round, terms, visit.now).await;
        if !sells.map_err(|error| visit.failed(error))? {
            shut.push((terms.words(lang.is_korean()).to_owned(), terms.opens_at(visit.now)));
        }
    }
    let all = shut.len() == round.sellers.iter().filter(|terms| terms.level == 1).count();
    let answer = visit.show(&GateWait { page, slug, title, shut, all });
    Ok(kept(answer, "public, max-age=10"))
}

/// An answer that anybody may keep for some seconds: nothing of it is anybody's.
pub fn kept(mut answer: Answer, caching: &'static str) -> Answer {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answer
}
