//! A synthetic resident: a small browser without JavaScript that fills in forms over a socket and
//! reads its own mail.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, anyhow, bail, ensure};
use reqwest::{Client, Response, StatusCode, header};

use super::mailbox::Mailbox;

/// How long a resident waits for the code before giving up.
const PATIENCE: Duration = Duration::from_secs(60);

/// One resident at one site.
pub struct Resident {
    client: Client,
    site: Arc<str>,
    mailbox: Arc<Mailbox>,
    address: String,
    cookie: String,
}

impl Resident {
    /// A client for all residents: connections are shared, cookies are not, redirects are read.
    ///
    /// # Errors
    /// When no client can be built.
    pub fn client() -> reqwest::Result<Client> {
        Client::builder().redirect(reqwest::redirect::Policy::none()).tcp_nodelay(true).build()
    }

    /// Somebody with a mail address.
    pub fn new(client: Client, site: Arc<str>, mailbox: Arc<Mailbox>, address: String) -> Self {
        Self { client, site, mailbox, address, cookie: String::new() }
    }

    /// Passes the identity check of a round.
    ///
    /// # Errors
    /// Whatever a page said that it should not have.
    pub async fn identify(&mut self, slug: &str) -> anyhow::Result<()> {
        let round = format!("/rounds/{slug}");
        let address = self.address.clone();
        let form = self.get(&format!("{round}/enter")).await?;
        self.post(
            &format!("{round}/enter"),
            &form,
            &[("purpose", "enter"), ("channel", "email"), ("email", &address), ("consent", "yes")],
        )
        .await?;
        let form = self.get(&format!("{round}/code")).await?;
        let mail = self.mailbox.wait_until(&address, PATIENCE, |mail| code_in(&mail.body).is_some()).await?;
        let code = code_in(&mail.body).ok_or_else(|| anyhow!("a mail without a code"))?;
        self.post(&format!("{round}/code"), &form, &[("code", &code)]).await
    }

    /// Answers the questions, up to the page that asks to check them. Returns that page.
    ///
    /// # Errors
    /// Whatever a page said that it should not have.
    pub async fn answer(&mut self, slug: &str, want: u64, wishes: &[&str]) -> anyhow::Result<String> {
        let round = format!("/rounds/{slug}");
        let form = self.get(&format!("{round}/details")).await?;
        let want = want.to_string();
        let mut fields = vec![("want", want.as_str())];
        fields.extend(["wish_1", "wish_2", "wish_3"].into_iter().zip(wishes.iter().copied()));
        self.post(&format!("{round}/details"), &form, &fields).await?;
        self.get(&format!("{round}/check")).await
    }

    /// Sends the entry off; when this returns, it is acknowledged.
    ///
    /// # Errors
    /// Whatever a page said that it should not have.
    pub async fn enter(&mut self, slug: &str, check: &str) -> anyhow::Result<()> {
        self.post(&format!("/rounds/{slug}/entry"), check, &[]).await
    }

    /// Leaves the round.
    ///
    /// # Errors
    /// Whatever a page said that it should not have.
    pub async fn withdraw(&mut self, slug: &str) -> anyhow::Result<()> {
        let form = self.get(&format!("/rounds/{slug}/withdraw")).await?;
        self.post(&format!("/rounds/{slug}/withdraw"), &form, &[]).await
    }

    /// The page of one's own entry.
    ///
    /// # Errors
    /// Whatever a page said that it should not have.
    pub async fn mine(&mut self, slug: &str) -> anyhow::Result<String> {
        self.get(&format!("/rounds/{slug}/my")).await
    }

    /// The mail address.
    pub fn address(&self) -> &str {
        &self.address
    }

    async fn get(&mut self, path: &str) -> anyhow::Result<String> {
        let request = self.client.get(format!("{}{path}", self.site)).header(header::COOKIE, &self.cookie);
        let response = request.send().await?;
        self.keep_cookie(&response);
        ensure!(response.status() == StatusCode::OK, "GET {path}: {}", response.status());
        Ok(response.text().await?)
    }

    async fn post(&mut self, path: &str, page: &str, fields: &[(&str, &str)]) -> anyhow::Result<()> {
        let token = token_in(page).with_context(|| format!("no form for {path}"))?;
        let mut body = vec![("csrf", token.as_str())];
        body.extend_from_slice(fields);
        let request = self.client.post(format!("{}{path}", self.site)).header(header::COOKIE, &self.cookie);
        let response = request.form(&body).send().await?;
        self.keep_cookie(&response);
        match response.status() {
            StatusCode::SEE_OTHER => Ok(()),
            status => bail!("POST {path}: {status}"),
        }
    }

    fn keep_cookie(&mut self, response: &Response) {
        for cookie in
            response.headers().get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok())
        {
            if let Some((pair, _)) = cookie.split_once(';').filter(|(pair, _)| pair.starts_with("jebi=")) {
                pair.clone_into(&mut self.cookie);
            }
        }
    }
}

/// The token of the first form of a page.
fn token_in(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// Six digits standing by themselves.
fn code_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_digit());
    words.find(|word| word.len() == 6).map(str::to_owned)
}
