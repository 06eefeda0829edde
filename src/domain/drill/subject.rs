//! Of what a drill is one: exactly these rules and this plan, with this jebi.

use public_audit::{Digest, note::Signer};

use crate::domain::{
    draft::{Draft, Fixed, Seller, Terms},
    plan::Inputs,
};

/// The digest of a draft's rules (but for number, commitment and key, which it gets when it is announced), of what its
/// plan is made with, of what its sellers can take, and of the version of jebi: a drill is one of the program, too. A title
/// may be put right without another drill, a limit may not.
///
/// # Errors
/// What the draft says that cannot be.
pub fn subject(draft: &Draft) -> Result<Digest, Vec<String>> {
    subject_with(draft, env!("CARGO_PKG_VERSION"))
}

fn subject_with(draft: &Draft, version: &str) -> Result<Digest, Vec<String>> {
    let key = Signer::new("drill", &[1; 32]).map(|signer| signer.verifier().to_vkey()).unwrap_or_default();
    let rules = draft.rules(Fixed { number: 1, commitment: Digest::ZERO, signing_key: key })?;
    let inputs = serde_json::to_string(&Inputs::of(draft)).map_err(|error| vec![error.to_string()])?;
    let sellers: Vec<Terms> = draft.seller.iter().map(taking).collect();
    let sellers = serde_json::to_string(&sellers).map_err(|error| vec![error.to_string()])?;
    Ok(Digest::of(rules.to_json() + &inputs + &sellers + version))
}

/// What is agreed with a seller, but for words and addresses. Rules know a seller only by the slots that its openings
/// take from it, and the plan only that there are some.
fn taking(seller: &Seller) -> Terms {
    Terms { title: None, title_en: None, url: None, webhook: None, ..seller.terms() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::Scenario;

    #[test]
    fn what_changes_the_round_changes_its_subject() {
        let draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
        let of = |change: &dyn Fn(&mut Draft)| {
            let mut draft = draft.clone();
            change(&mut draft);
            subject(&draft).unwrap()
        };
        let same = of(&|_| {});
        assert_eq!(same, of(&|draft| draft.title_en = "Another title".to_owned()));
        for other in [
            of(&|draft| draft.grace_hours += 1),
            of(&|draft| draft.spread_hours += 1),
            of(&|draft| draft.expect.show = Some(50.0)),
            of(&|draft| draft.dependency[0].per_second = Some(23.0)),
            of(&|draft| draft.times.opens = "2027-01-25 10:00".to_owned()),
        ] {
            assert_ne!(same, other);
        }
    }

    /// What an older program did with a crowd says nothing of this one.
    #[test]
    fn another_version_is_another_subject() {
        let draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
        let of = |version: &str| subject_with(&draft, version).unwrap();
        assert_eq!(subject(&draft).unwrap(), of(env!("CARGO_PKG_VERSION")));
        assert_ne!(of("0.1.0"), of("0.1.1"));
    }

    /// Also of a seller that no opening takes its slots from, so that neither rules nor plan know how fast it is.
    #[test]
    fn what_a_seller_can_take_is_of_the_subject_and_how_it_is_called_is_not() {
        let seller = Seller { name: "bank".to_owned(), per_minute: 60, ..Seller::default() };
        let of = |change: &dyn Fn(&mut Seller)| {
            let mut draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
            let mut seller = seller.clone();
            change(&mut seller);
            draft.seller = vec![seller];
            subject(&draft).unwrap()
        };
        let same = of(&|_| {});
        assert_ne!(same, subject(&Scenario::find("tongyeong").unwrap().draft().unwrap()).unwrap());
        assert_eq!(same, of(&|seller| seller.title = Some("농협은행 모든 지점".to_owned())));
        assert_eq!(same, of(&|seller| seller.url = Some("https://bank.example/buy".to_owned())));
        for other in [
            of(&|seller| seller.per_minute = 61),
            of(&|seller| seller.level = 3),
            of(&|seller| seller.from = Some("10:00".to_owned())),
            of(&|seller| seller.until = Some("16:00".to_owned())),
            of(&|seller| seller.weekdays = vec!["mon".to_owned()]),
            of(&|seller| seller.stock = Some(5_000)),
        ] {
            assert_ne!(same, other);
        }
    }
}
