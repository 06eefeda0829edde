//! A person at an identity provider: follows its redirects, keeps its cookies, fills in its form.

use std::collections::BTreeMap;

use jebi::config::{Config, Secret, identity::Provider};
use reqwest::{Client, Method, header, redirect::Policy};
use serde_json::json;

use crate::{
    support::{Browser, Page, TestApp, between, encoded},
    vendors::NodePeer,
};

/// The certified provider at a port, with two accounts.
pub async fn start(t: &TestApp, port: u16) -> NodePeer {
    let back = |path: &str| format!("{}{path}", t.app.config.public_url);
    let options = json!({
        "redirects": [back("/identity/back"), back("/console/back")],
        "at": t.now().timestamp_millis(),
        "idTokenSeconds": 60,
        "port": port,
        "accounts": {
            "minji": {
                "phone_number": "+82 10-1234-5678", "phone_number_verified": true, "ci": "QWx5c3Nh",
                "name": "김민지", "birthdate": "1990-01-02",
            },
            "sejin": { "phone_number": "+82 10-8765-4321", "phone_number_verified": false },
        },
    });
    NodePeer::start_in("oidc", "provider.mjs", options).await
}

/// What a city would configure for a provider at a port.
pub fn configured(port: u16, claim: &str, scopes: &[&str]) -> Provider {
    Provider {
        issuer: format!("http://127.0.0.1:{port}"),
        client_id: "jebi".to_owned(),
        client_secret: Some(Secret::new("a secret of the tests")),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        claim: claim.to_owned(),
        ..Provider::default()
    }
}

/// A port that the provider of a configuration will have.
pub fn with_oidc(
    port: u16,
    claim: &'static str,
    scopes: &'static [&'static str],
) -> impl FnOnce(&mut Config) {
    move |config| config.identity.oidc = Some(configured(port, claim, scopes))
}

/// Where a page of ours leads on to by itself.
pub fn leads_to(page: &Page) -> String {
    assert_eq!(page.status.as_u16(), 200, "{}", page.body());
    let href =
        between(page.body(), "http-equiv=\"refresh\" content=\"0;url=", "\"").expect("it leads nowhere");
    href.replace("&#38;", "&").replace("&amp;", "&")
}

/// Walks from an address of the provider until it sends the browser back to us; the path and query there.
pub async fn walk(from: &str, fields: &[(&str, &str)]) -> String {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let (mut jar, mut url, mut form) = (BTreeMap::<String, String>::new(), from.to_owned(), None);
    for _ in 0..12 {
        let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let mut request = client.request(method, &url).header(header::COOKIE, cookies.join("; "));
        if let Some(body) = form.take() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (pair, _) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            jar.insert(name.to_owned(), value.to_owned());
        }
        if let Some(to) = response.headers().get(header::LOCATION) {
            let to = reqwest::Url::parse(&url).unwrap().join(to.to_str().unwrap()).unwrap();
            if let Some(back) = to.as_str().strip_prefix("http://127.0.0.1:8080") {
                return back.to_owned();
            }
            url = to.into();
            continue;
        }
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(text.contains("name=\"login\""), "{status} {url}: {text}");
        form = Some(encoded(fields));
    }
    panic!("the provider does not send anybody back");
}

/// Leaves for the provider from a form of ours; the page that leads there.
pub async fn leave(browser: &mut Browser, slug: &str, purpose: &str) -> Page {
    let path = format!("/rounds/{slug}/enter");
    let form = browser.get(&format!("{path}?purpose={purpose}&other=yes")).await;
    assert!(form.body().contains("value=\"oidc\""), "{}", form.body());
    let sent = browser.post(&path, &[("purpose", purpose), ("consent", "yes"), ("door", "oidc")]).await;
    onward(browser, sent).await
}

/// The page that leads on to a door; what was answered instead, where there is none.
pub async fn onward(browser: &mut Browser, sent: Page) -> Page {
    match sent.status.as_u16() {
        303 => {
            assert_eq!(sent.to(), "/identity/away");
            browser.get("/identity/away").await
        }
        _ => sent,
    }
}
