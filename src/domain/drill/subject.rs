//! Of what a drill is one: exactly these rules and this plan.

use public_audit::{Digest, note::Signer};

use crate::domain::{
    draft::{Draft, Fixed},
    plan::Inputs,
};

/// The digest of a draft's rules (but for number, commitment and key, which it gets when it is announced) and of what
/// its plan is made with. A title may be put right without another drill, a limit may not.
///
/// # Errors
/// What the draft says that cannot be.
pub fn subject(draft: &Draft) -> Result<Digest, Vec<String>> {
    let key = Signer::new("drill", &[1; 32]).map(|signer| signer.verifier().to_vkey()).unwrap_or_default();
    let rules = draft.rules(Fixed { number: 1, commitment: Digest::ZERO, signing_key: key })?;
    let inputs = serde_json::to_string(&Inputs::of(draft)).map_err(|error| vec![error.to_string()])?;
    Ok(Digest::of(rules.to_json() + &inputs))
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
}
