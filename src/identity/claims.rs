//! What a provider or a city's own system says of somebody, and whom we know by it.

use serde_json::{Map, Value};

use super::{Person, Refused};
use crate::{
    config::Config,
    domain::{
        contact::{Channel, Contact, is_registration_number},
        roster::{birth, name_key},
    },
};

/// Claims that were verified.
pub type Claims = Map<String, Value>;

/// Longer is no name of anybody.
const LONGEST: usize = 256;

/// How claims become a person.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// Who says it.
    pub issuer: &'a str,
    /// The claim that says who it is.
    pub claim: &'a str,
    /// Whether name and birth date come from a register.
    pub vouches_for_names: bool,
}

impl Rule<'_> {
    /// Whom the claims are about.
    ///
    /// # Errors
    /// [`Refused::Unproven`]: what would say who it is, is missing, is not verified, or may not be kept.
    pub fn person(&self, claims: &Claims, config: &Config) -> Result<Person, Refused> {
        let phone = verified(claims, "phone_number", Channel::Sms);
        let email = verified(claims, "email", Channel::Email);
        let key = match self.claim {
            "phone_number" => phone.as_ref().map(Contact::person_key),
            "email" => email.as_ref().map(Contact::person_key),
            _ => self.value(claims).map(|value| self.key(&value)),
        };
        let key = key.ok_or(Refused::Unproven("the claim that says who it is"))?;
        let contact = phone.filter(|_| config.sms.is_some()).or(email.filter(|_| config.mail.is_some()));
        let named = self.vouches_for_names.then(|| named(claims)).flatten();
        Ok(Person::by_claims(key, contact, named))
    }

    /// The value of the claim that says who it is.
    pub fn value(&self, claims: &Claims) -> Option<String> {
        let value = text(claims, self.claim)?;
        let fits = !value.trim().is_empty() && value.len() <= LONGEST && !is_registration_number(&value);
        fits.then_some(value)
    }

    /// Whether the claim that says who it is can be believed: addresses are often typed in by their owners.
    pub fn is_verified(&self, claims: &Claims) -> bool {
        let verified = || claims.get(&format!("{}_verified", self.claim));
        !matches!(self.claim, "email" | "phone_number") || matches!(verified(), Some(Value::Bool(true)))
    }

    /// `sub` means something at its issuer alone; any other claim is the same wherever it comes from.
    pub fn key(&self, value: &str) -> String {
        match self.claim {
            "sub" => format!("sub:{}:{value}", self.issuer),
            claim => format!("claim:{claim}:{value}"),
        }
    }
}

/// A claim as text.
pub fn text(claims: &Claims, name: &str) -> Option<String> {
    match claims.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An address that is theirs, as whoever says it has made sure.
fn verified(claims: &Claims, name: &str, channel: Channel) -> Option<Contact> {
    let sure = matches!(claims.get(&format!("{name}_verified")), Some(Value::Bool(true)));
    let said = text(claims, name).filter(|_| sure)?;
    Contact::parse(channel, &said).ok()
}

fn named(claims: &Claims) -> Option<String> {
    let name = text(claims, "name").filter(|name| !name.trim().is_empty())?;
    let born = birth::parse(&text(claims, "birthdate")?)?;
    Some(name_key(name.trim(), born).0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const RULE: Rule<'_> = Rule { issuer: "https://id.example", claim: "sub", vouches_for_names: false };

    fn config() -> Config {
        Config { mail: Some(Default::default()), sms: Some(Default::default()), ..Config::default() }
    }

    fn person(rule: Rule<'_>, claims: Value) -> Option<Person> {
        let Value::Object(claims) = claims else { return None };
        rule.person(&claims, &config()).ok()
    }

    #[test]
    fn a_verified_number_is_the_person_of_a_code_to_it() {
        let rule = Rule { claim: "phone_number", ..RULE };
        let code = Person::by_contact(Contact::parse(Channel::Sms, "010-1234-5678").unwrap());
        let said = |verified: Value| json!({ "phone_number": "+82 10-1234-5678", "phone_number_verified": verified });
        assert_eq!(person(rule, said(json!(true))), Some(code));
        for unsure in [json!(false), json!("true"), json!(1), Value::Null] {
            assert_eq!(person(rule, said(unsure)), None);
        }
        assert_eq!(person(rule, json!({ "sub": "1" })), None);
    }

    #[test]
    fn a_subject_belongs_to_its_issuer_and_an_unverified_address_is_no_address() {
        let said = json!({ "sub": "4711", "email": "a@b.example", "email_verified": false });
        let here = person(RULE, said.clone()).unwrap();
        let there = person(Rule { issuer: "https://other.example", ..RULE }, said).unwrap();
        assert_ne!(here.key(), there.key());
        assert_eq!(here.contact, None);
        let sure = json!({ "sub": "4711", "email": "A@b.example", "email_verified": true });
        assert_eq!(person(RULE, sure).unwrap().contact.unwrap().address, "a@b.example");
        // A claim that many issue is one person's.
        let ci = |issuer| person(Rule { issuer, claim: "ci", ..RULE }, json!({ "ci": "QWx5" })).unwrap();
        assert_eq!(ci("https://a.example").key(), ci("https://b.example").key());
    }

    #[test]
    fn nobody_is_known_by_a_registration_number_or_by_nothing() {
        for bad in ["", "  ", "900101-1234567", &"x".repeat(257)] {
            assert_eq!(person(Rule { claim: "ci", ..RULE }, json!({ "ci": bad })), None, "{bad}");
        }
        assert_eq!(person(RULE, json!({ "sub": ["4711"] })), None);
    }

    #[test]
    fn names_count_only_where_a_register_stands_behind_them() {
        let said = json!({ "sub": "1", "name": "김 민지", "birthdate": "1990-01-02" });
        assert_eq!(person(RULE, said.clone()).unwrap().named(), None);
        let sure = person(Rule { vouches_for_names: true, ..RULE }, said).unwrap();
        assert_eq!(sure.named(), Some(&*name_key("김민지", birth::parse("1990-01-02").unwrap()).0));
    }
}
