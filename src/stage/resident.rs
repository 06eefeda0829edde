//! A synthetic resident: a small browser without JavaScript that fills in forms over a socket and
//! reads its own mail or texts.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, bail};
use reqwest::{Client, Response, StatusCode, header};

use super::post::Post;

/// A page that says no in words, such as "not open yet".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub StatusCode);

/// Codes asked for before a resident gives up: what an address may have in an hour.
const CODES: usize = 5;
/// Well before a server that closes idle connections does (`idle_ms`): whoever asks on one at that very moment gets no
/// answer, and cannot know whether they were heard.
const IDLE: Duration = Duration::from_secs(10);
/// Redirects followed from one page to the next.
const REDIRECTS: usize = 4;

/// What is told of each request that was answered: the address of whoever made it.
pub type Watch = Arc<dyn Fn(&str) + Send + Sync>;

/// One resident at one site. A clone is the same browser: its two fingers on one form.
#[derive(Clone)]
pub struct Resident {
    client: Client,
    site: Arc<str>,
    post: Post,
    cookie: String,
    /// Codes that never came, of all residents.
    lost: Arc<AtomicU64>,
    watch: Option<Watch>,
}

impl Resident {
    /// A client for all residents: connections are shared, cookies are not, redirects are read.
    ///
    /// # Errors
    /// When no client can be built.
    pub fn client() -> reqwest::Result<Client> {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).tcp_nodelay(true);
        client.pool_idle_timeout(IDLE).build()
    }

    /// Somebody whom the city reaches there.
    pub fn new(client: Client, site: Arc<str>, post: Post, lost: Arc<AtomicU64>) -> Self {
        Self { client, site, post, cookie: String::new(), lost, watch: None }
    }

    /// With somebody who is told of each request.
    #[must_use]
    pub fn watched(self, watch: Watch) -> Self {
        Self { watch: Some(watch), ..self }
    }

    /// Passes the identity check of a round, to `enter` or for what is `my` own. A code that does not come is asked
    /// for again.
    ///
    /// # Errors
    /// Whatever a page said that it should not have.
    pub async fn identify(&mut self, slug: &str, purpose: &str) -> anyhow::Result<()> {
        let round = format!("/rounds/{slug}");
        let address = self.post.address().to_owned();
        let (channel, field) = match self.post {
            Post::Mail(..) => ("email", "email"),
            Post::Phone(..) => ("sms", "phone"),
        };
        for _ in 0..CODES {
            let mut before = self.post.list().len();
            let form = self.get(&format!("{round}/enter?purpose={purpose}&other=yes")).await?;
            let words = hidden_in(&form, "words").unwrap_or_default();
            let fields = [
                ("purpose", purpose),
                ("channel", channel),
                (field, &address),
                ("consent", "yes"),
                ("words", &words),
            ];
            self.post(&format!("{round}/enter"), &form, &fields).await?;
            let form = self.get(&format!("{round}/code")).await?;
            while let (seen, Some(code)) = self.post.code_after(before).await? {
                match self.post(&format!("{round}/code"), &form, &[("code", &code)]).await {
                    // Asked for twice, because the service was away in between: the older one came first.
                    Err(error) if is_wrong(&error) => before = seen,
                    done => return done,
                }
            }
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        bail!("{CODES} codes were lost on the way")
    }

    /// Answers what a round asks of everybody, by the form's field.
    ///
    /// # Errors
    /// Whatever a page said that it should not have.
    pub async fn about(&mut self, slug: &str, answers: &BTreeMap<String, String>) -> anyhow::Result<()> {
        let path = format!("/rounds/{slug}/about");
        let form = self.get(&path).await?;
        let fields: Vec<(&str, &str)> =
            answers.iter().map(|(name, answer)| (name.as_str(), answer.as_str())).collect();
        self.post(&path, &form, &fields).await
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
        let seen = hidden_in(check, "seen").unwrap_or_default();
        self.post(&format!("/rounds/{slug}/entry"), check, &[("seen", &seen)]).await
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

    /// What the city has sent so far.
    pub fn told(&self) -> Vec<String> {
        self.post.list().into_iter().flatten().collect()
    }

    /// A page, by way of those that only lead there.
    ///
    /// # Errors
    /// [`Refused`], or what the socket said.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<String> {
        let mut at = path.to_owned();
        for _ in 0..=REDIRECTS {
            let request = self.client.get(format!("{}{at}", self.site)).header(header::COOKIE, &self.cookie);
            let response = request.send().await?;
            self.answered(&response);
            let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            match (response.status(), to) {
                (StatusCode::OK, _) => return Ok(response.text().await?),
                (StatusCode::SEE_OTHER, Some(to)) => at = to.to_owned(),
                (status, _) => return Err(Refused(status)).with_context(|| format!("GET {path}")),
            }
        }
        bail!("GET {path}: leads from page to page")
    }

    async fn post(&mut self, path: &str, page: &str, fields: &[(&str, &str)]) -> anyhow::Result<()> {
        let token = hidden_in(page, "csrf").with_context(|| format!("no form for {path}"))?;
        let mut body = vec![("csrf", token.as_str())];
        body.extend_from_slice(fields);
        let request = self.client.post(format!("{}{path}", self.site)).header(header::COOKIE, &self.cookie);
        let response = request.form(&body).send().await?;
        self.answered(&response);
        let status = response.status();
        match status {
            StatusCode::SEE_OTHER => Ok(()),
            status => Err(Refused(status)).with_context(|| format!("POST {path}")),
        }
    }

    fn answered(&mut self, response: &Response) {
        if let Some(watch) = &self.watch {
            watch(self.post.address());
        }
        self.keep_cookie(response);
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

/// Whether what was typed is not what is asked for.
fn is_wrong(error: &anyhow::Error) -> bool {
    error.downcast_ref() == Some(&Refused(StatusCode::UNPROCESSABLE_ENTITY))
}

/// A hidden field of the first form of a page that has it.
fn hidden_in(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}
