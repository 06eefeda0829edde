//! Every mailbox is a witness: the seal and a checkpoint that holds it, to everybody, before the results.

use public_audit::{
    Rules,
    journal::{Act, Checkpoint, Event},
    merkle,
    note::Verifier,
    seal::Seal,
};

use crate::support::{Engine, TestApp, both, verified};

both!(everybody_is_sent_the_seal_and_a_checkpoint);

async fn everybody_is_sent_the_seal_and_a_checkpoint(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        config.mail.as_mut().unwrap().send_seal = true;
    })
    .await;
    let round = t.announced(t.draft(20)).await;
    t.jump(round.opens_at);
    let mut crowd = t.crowd(&round.slug, 4).await;
    crowd[3].withdraw().await;
    t.tick().await;
    t.send_until(round.closes_at).await;
    t.jump(round.seals_at);
    t.tick().await;
    t.send_until(round.reveals_at.max(round.results_at - chrono::TimeDelta::minutes(1))).await;
    let rules = Rules::parse(round.rules.as_bytes()).unwrap();
    let key = Verifier::parse(&rules.signing_key).unwrap();
    for resident in &crowd {
        let letters = t.mailbox.messages_for(&resident.address);
        let sealed: Vec<_> = letters.iter().filter(|letter| letter.body.contains("jebi-seal-1")).collect();
        if resident.address == crowd[3].address {
            assert!(sealed.is_empty());
            continue;
        }
        assert_eq!(sealed.len(), 1, "{letters:?}");
        let body = sealed[0].body.replace("\r\n", "\n");
        let parts: Vec<&str> = body.split("----\n").collect();
        // What is in the mail verifies as it stands, with nothing from us but the key.
        let seal = Seal::open(parts[1], &key).unwrap();
        let checkpoint = Checkpoint::open(&format!("{}\n", parts[2].trim_end()), &key).unwrap();
        let lines = jebi::store::journal::list(t.db(), round.id).await.unwrap();
        let at = lines.iter().position(|line| line.kind == "sealed").unwrap();
        assert!(checkpoint.size > at as u64);
        let leaves: Vec<_> = lines.iter().map(|line| merkle::leaf(line.line.as_bytes())).collect();
        let covered = usize::try_from(checkpoint.size).unwrap();
        assert_eq!(checkpoint.root, merkle::root_of_leaves(&leaves[..covered]));
        let event: Event = lines[at].line.parse().unwrap();
        assert!(matches!(event.act, Act::Sealed { root, .. } if root == seal.root));
    }
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}
