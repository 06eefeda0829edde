//! A resident who fills in the forms and reads their own mail.

use axum::http::StatusCode;
use entities::round;
use jebi::{
    domain::{
        contact::{Channel, Contact},
        event::{Act, Event, Wanted},
    },
    notify::content::CONTACT,
};

use super::{Browser, Page, TestApp};

/// Somebody with a mail address and a browser.
#[derive(Clone)]
pub struct Resident {
    pub browser: Browser,
    pub address: String,
    slug: String,
}

impl Resident {
    /// Somebody who comes to a round, not known yet.
    pub fn new(browser: Browser, slug: &str, address: &str) -> Self {
        Self { browser, address: address.to_owned(), slug: slug.to_owned() }
    }

    /// A page of the round.
    pub fn path(&self, page: &str) -> String {
        format!("/rounds/{}/{page}", self.slug)
    }

    pub async fn get(&mut self, page: &str) -> Page {
        self.browser.get(&self.path(page)).await
    }

    pub async fn post(&mut self, page: &str, fields: &[(&str, &str)]) -> Page {
        self.browser.post(&self.path(page), fields).await
    }

    /// Asks for a code, up to the answer of the form.
    pub async fn ask(&mut self, purpose: &str) -> Page {
        let form = self.get(&format!("enter?purpose={purpose}&other=yes")).await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.body());
        let address = self.address.clone();
        self.post(
            "enter",
            &[("purpose", purpose), ("channel", "email"), ("email", &address), ("consent", "yes")],
        )
        .await
    }

    /// Passes the identity check.
    pub async fn identify(&mut self, t: &TestApp, purpose: &str) {
        let code_page = self.ask(purpose).await.to().to_owned();
        assert!(self.browser.get(&code_page).await.status.is_success());
        t.send().await;
        let code = t.last_code(&self.address);
        let answer = self.post("code", &[("code", &code)]).await;
        let next = if purpose == "my" { "my" } else { "details" };
        assert_eq!(answer.to(), self.path(next));
    }

    /// Answers what the round asks of an entrant.
    pub async fn tell(&mut self, answers: &[(&str, &str)]) -> Page {
        let form = self.get("about").await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.body());
        self.post("about", answers).await
    }

    /// Answers the questions and checks the answers.
    pub async fn answer(&mut self, want: u64, wishes: &[&str]) -> Page {
        let form = self.get("details").await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.body());
        let want = want.to_string();
        let mut fields = vec![("want", want.as_str())];
        fields.extend(["wish_1", "wish_2", "wish_3"].into_iter().zip(wishes.iter().copied()));
        let answer = self.post("details", &fields).await;
        assert_eq!(answer.to(), self.path("check"));
        self.get("check").await
    }

    /// Enters, or changes what was entered; acknowledged when this returns.
    pub async fn enter(&mut self, want: u64, wishes: &[&str]) {
        let check = self.answer(want, wishes).await;
        assert_eq!(check.status, StatusCode::OK, "{}", check.body());
        let answer = self.post("entry", &[]).await;
        assert_eq!(answer.to(), self.path("my"));
    }

    pub async fn withdraw(&mut self) {
        let form = self.get("withdraw").await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.body());
        let answer = self.post("withdraw", &[]).await;
        assert_eq!(answer.to(), self.path("my"));
    }

    /// The page of one's own entry.
    pub async fn mine(&mut self) -> Page {
        let page = self.get("my").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body());
        page
    }
}

impl TestApp {
    /// Somebody new at a round.
    pub fn stranger_at(&self, slug: &str, address: &str) -> Resident {
        Resident::new(self.browser(), slug, address)
    }

    /// Somebody who has passed the identity check, code and all.
    pub async fn resident(&self, slug: &str, address: &str) -> Resident {
        let mut resident = self.stranger_at(slug, address);
        resident.identify(self, "enter").await;
        resident
    }

    /// `count` residents who have entered, everybody with the same wishes.
    pub async fn crowd(&self, slug: &str, count: usize) -> Vec<Resident> {
        let mut crowd = Vec::new();
        for number in 0..count {
            let mut resident = self.resident(slug, &format!("resident{number}@example.org")).await;
            resident.enter(250_000, &["pm", "am"]).await;
            crowd.push(resident);
        }
        self.tick().await;
        crowd
    }

    /// `count` entries straight into the inbox, acknowledged and folded: for tests of what comes
    /// after the forms.
    pub async fn entered(&self, round: &round::Model, count: usize) {
        let opened = self.round(round).await;
        for number in 0..count {
            let address = format!("r{number}@example.org");
            let contact = Contact::parse(Channel::Email, &address).unwrap();
            let person_sealed = self.app.keys.people().seal(CONTACT, &contact);
            let wanted = Wanted::alone(250_000, "any".to_owned(), person_sealed, Channel::Email, "ko");
            let receipt = opened.receipt(&contact.person_key()).unwrap().to_string();
            let event = Event { round_id: round.id, receipt, act: Act::Enter(wanted) };
            self.app.inbox.append(event).await.unwrap();
        }
        self.tick().await;
    }

    /// The code in the last mail that has one.
    pub fn last_code(&self, address: &str) -> String {
        let mails = self.mailbox.messages_for(address);
        let mut codes = mails.iter().filter_map(|mail| code_in(&mail.body));
        codes.next_back().unwrap_or_else(|| panic!("{address} has no code"))
    }
}

/// Six digits standing by themselves.
fn code_in(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).map(str::to_owned)
}
