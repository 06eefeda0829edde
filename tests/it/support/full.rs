//! Many who have entered, as the fold would have it: written at once, since it is not what is looked at.

use entities::entry;
use jebi::{
    app::{App, Round},
    domain::contact::{CONTACT, Channel, Contact},
    lifecycle::fold::{change, leaf_in},
    store,
};

/// Of one fold. Of 170 folds a batch is made, so that there are several.
const FOLDED: usize = 15;
/// Of one transaction of ours.
const SOME: usize = 100;

/// So many people enter. The first of them are told by mail; the others gave no address at the counter and are told on paper.
pub async fn full(app: &App, round: &Round, people: usize, by_mail: usize) {
    let now = app.clock.now();
    let entries: Vec<entry::Model> =
        (0..people).map(|number| entered(app, round, number, number < by_mail)).collect();
    for some in entries.chunks(FOLDED * SOME) {
        let txn = app.db.begin().await.unwrap();
        store::entry::insert_all(&txn, some.to_vec()).await.unwrap();
        for folded in some.chunks(FOLDED) {
            let leaves = folded.iter().map(|entry| change('+', leaf_in(round, entry).unwrap())).collect();
            store::batch::note(&txn, round.row.id, now, leaves).await.unwrap();
        }
        txn.commit().await.unwrap();
    }
}

fn entered(app: &App, round: &Round, number: usize, is_by_mail: bool) -> entry::Model {
    let address = format!("resident{number}@survivors.example");
    let contact = Contact::parse(Channel::Email, &address).unwrap();
    entry::Model {
        round_id: round.row.id,
        receipt: round.receipt(&contact.person_key()).unwrap().to_string(),
        seats: 1,
        want: 100_000,
        weight: 1,
        wish: "am".to_owned(),
        fields: String::new(),
        person_sealed: if is_by_mail { app.keys.people().seal(CONTACT, &contact) } else { String::new() },
        channel: if is_by_mail { Channel::Email.key() } else { "" }.to_owned(),
        lang: "ko".to_owned(),
        entered_at: app.clock.now(),
        changed_at: app.clock.now(),
        withdrawn_at: None,
        version: 1,
        inbox_id: 0,
        lead: None,
        miss_key: String::new(),
        consent_digest: String::new(),
        attended: false,
    }
}
