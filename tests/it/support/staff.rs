//! A member of staff with a browser and an authenticator app.

use axum::http::StatusCode;
use jebi::{
    domain::staff::Role,
    secret::{TotpSecret, totp_now},
    staff::{enrol, roles},
    store,
};

use super::{Browser, Page, TestApp};

/// The password of everybody in tests.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody of the staff.
#[derive(Clone)]
pub struct Member {
    pub browser: Browser,
    pub name: String,
    pub role: Role,
    /// What their app holds.
    pub secret: TotpSecret,
    /// What they have written down.
    pub recovery: Vec<String>,
}

impl Member {
    pub async fn get(&mut self, path: &str) -> Page {
        self.browser.get(path).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.browser.post(path, fields).await
    }

    /// Looks at a page, which must be there for them.
    pub async fn see(&mut self, path: &str) -> Page {
        let page = self.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{} at {path}: {}", self.name, page.body());
        page
    }

    /// A recovery code, for what asks for a code beside the session.
    pub fn code(&mut self) -> String {
        self.recovery.pop().unwrap()
    }

    /// Signs in once more, with the code of now.
    pub async fn sign_in(&mut self, t: &TestApp) -> Page {
        let code = totp_now(&self.secret, t.now());
        let name = self.name.clone();
        self.try_in(&name, PASSWORD, &code).await
    }

    /// Tries to.
    pub async fn try_in(&mut self, name: &str, password: &str, code: &str) -> Page {
        let form = self.get("/console/sign-in").await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.body());
        self.post("/console/sign-in", &[("name", name), ("password", password), ("code", code)]).await
    }
}

impl TestApp {
    /// Somebody on the staff who has not signed in yet.
    pub async fn member(&self, name: &str, role: Role) -> Member {
        roles::add(&self.app, name, role, PASSWORD, self.now()).await.unwrap();
        Member { browser: self.browser(), name: name.to_owned(), role, secret: [0; 20], recovery: Vec::new() }
    }

    /// Somebody on the staff who has set up their app and is signed in.
    pub async fn staff(&self, name: &str, role: Role) -> Member {
        let mut member = self.member(name, role).await;
        assert_eq!(member.try_in(name, PASSWORD, "").await.to(), "/console/enrol");
        member.see("/console/enrol").await;
        member.secret = self.secret_of(name).await;
        let code = totp_now(&member.secret, self.now());
        assert_eq!(member.post("/console/enrol", &[("code", &code)]).await.to(), "/console/codes");
        let codes = member.see("/console/codes").await;
        member.recovery =
            codes.body().split("<li><code>").skip(1).map(|rest| rest[..11].to_owned()).collect();
        assert_eq!(member.post("/console/codes", &[]).await.to(), "/console");
        member.see("/console").await;
        member
    }

    /// What an app was given.
    pub async fn secret_of(&self, name: &str) -> TotpSecret {
        let person = store::clerk::find(self.db(), name).await.unwrap().unwrap();
        enrol::secret(&self.app, &person).unwrap()
    }

    /// What staff did, oldest first: kind and what it was about.
    pub async fn accesses(&self) -> Vec<(String, String)> {
        let all = store::access::list(self.db(), None, 1_000).await.unwrap();
        all.into_iter().rev().map(|line| (line.kind, line.about)).collect()
    }
}

impl TestApp {
    /// Somebody who is not on the staff.
    pub fn staff_of_nobody(&self) -> Member {
        let (name, role) = ("nobody".to_owned(), Role::Observer);
        Member { browser: self.browser(), name, role, secret: [0; 20], recovery: Vec::new() }
    }

    /// A form's token as another browser would have it.
    pub fn staff_token_of_nobody(&self) -> String {
        self.app.keys.csrf("staff of another browser")
    }
}
