//! Words of a round's own, and the usual ones where they are broken.

use jebi::lifecycle;

use crate::support::{Engine, TestApp, both, verified};

both!(
    a_round_speaks_in_its_own_words_and_in_the_usual_ones_when_they_are_broken,
    words_of_the_draft_hold_from_the_beginning_and_the_journal_has_their_digest,
);

/// Two people's words, set behind the command's checks where they are broken: as a restored or older database
/// might hold them.
async fn a_round_speaks_in_its_own_words_and_in_the_usual_ones_when_they_are_broken(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let set = async |text: &str| {
        let txn = t.app.db.begin().await.unwrap();
        jebi::store::wording::set(&txn, round.id, text, "a, b", t.now()).await.unwrap();
        txn.commit().await.unwrap();
    };
    let own = "[[words]]\nreason = \"entered\"\nlang = \"ko\"\nsubject = \"{{ title }} 접수\"\nmail = ";
    set(&format!("{own}\"{{{{ receipt }}}} 접수했습니다.\"")).await;
    t.entered(&round, 1).await;
    t.send().await;
    let told = t.mailbox.messages_for("r0@example.org").remove(0);
    assert!(told.subject.ends_with(" 접수") && told.body.contains(" 접수했습니다."), "{told:?}");
    assert!(!told.body.contains("먼저 신청해도"), "the usual words are still there: {}", told.body);
    for by_code in ["055-000-0000", "통영시 누리집", "누를 링크가 없습니다", "확인번호: "]
    {
        assert!(told.body.contains(by_code), "{by_code} is added by code: {}", told.body);
    }
    // Each of these is refused by `jebi words set`.
    let broken = [format!("{own}\"{{{{ nothing }}}}\""), format!("{own}\"{{% for\""), "nonsense".to_owned()];
    for (broken, number) in broken.iter().zip(1..) {
        set(broken).await;
        t.entered(&round, number + 1).await;
        t.send().await;
        let told = t.mailbox.messages_for(&format!("r{number}@example.org"));
        assert!(told[0].body.contains("먼저 신청해도"), "{broken}: {told:?}");
    }
}

async fn words_of_the_draft_hold_from_the_beginning_and_the_journal_has_their_digest(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(100);
    let text = "[[words]]\nreason = \"entered\"\nlang = \"ko\"\nmail = \"{{ receipt }} 접수했습니다.\"\n";
    (draft.words, draft.words_text) = (Some("words.toml".to_owned()), Some(text.to_owned()));
    let round = t.announced(draft).await;
    let digest = public_audit::Digest::of(text.as_bytes());
    let worded = async || jebi::store::journal::list_kinds(t.db(), round.id, &["worded"]).await.unwrap();
    assert!(worded().await[0].line.ends_with(&format!(" worded {} digest={digest}", round.slug)));
    t.jump(round.opens_at);
    t.entered(&round, 2).await;
    t.send().await;
    assert!(t.mailbox.messages_for("r0@example.org")[0].body.contains(" 접수했습니다."));
    // Others two days later: the journal knows both, and the draw depends on neither.
    let txn = t.app.db.begin().await.unwrap();
    lifecycle::wording::set(&txn, &round, &text.replace("접수", "등록"), "a, b", t.now()).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(worded().await.len(), 2);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}
