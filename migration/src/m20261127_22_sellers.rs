//! Sellers: who they are, what a round lets them do, and the ledger of what is held and bought. That no more is
//! held and bought than there is stands in the table itself.

use sea_orm_migration::schema::*;

crate::migration!(
    |_| (
        vec![
            seller(),
            seller_key(),
            round_seller(),
            ledger(),
            reservation(),
            extension(),
            handover(),
            idempotency(),
            webhook()
        ],
        vec![
            reservation_by_live(),
            reservation_by_end(),
            extension_by_receipt(),
            handover_by_receipt(),
            idempotency_by_time(),
            webhook_by_due()
        ]
    ),
    [
        "webhook",
        "idempotency",
        "handover",
        "extension",
        "reservation",
        "ledger",
        "round_seller",
        "seller_key",
        "seller"
    ]
);

/// Sellers that have keys, whatever round.
fn seller() -> TableCreateStatement {
    Table::create()
        .table("seller")
        .col(text("name").primary_key())
        .col(timestamp_with_time_zone("made_at"))
        .col(text("webhook_secret_sealed"))
        .to_owned()
}

fn seller_key() -> TableCreateStatement {
    Table::create()
        .table("seller_key")
        .col(text("digest").primary_key())
        .col(text("seller"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .to_owned()
}

/// What a round agreed with its sellers, fixed when it was announced.
fn round_seller() -> TableCreateStatement {
    Table::create()
        .table("round_seller")
        .col(big_integer("round_id"))
        .col(text("name"))
        .col(text("terms"))
        .primary_key(Index::create().col("round_id").col("name"))
        .to_owned()
}

/// A round in won (scope ''), and each seller's stock in people.
fn ledger() -> TableCreateStatement {
    let column = |name: &'static str| Expr::col(name);
    Table::create()
        .table("ledger")
        .col(big_integer("round_id"))
        .col(text("scope"))
        .col(big_integer("most"))
        .col(big_integer("held"))
        .col(big_integer("redeemed"))
        .primary_key(Index::create().col("round_id").col("scope"))
        .check(column("held").gte(0))
        .check(column("redeemed").gte(0))
        .check(column("held").add(column("redeemed")).lte(column("most")))
        .to_owned()
}

/// An amount held while somebody pays. `live` is 1 until it is settled and NULL then, so that the unique index
/// lets an entry have one at a time, on both databases.
fn reservation() -> TableCreateStatement {
    Table::create()
        .table("reservation")
        .col(text("id").primary_key())
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(text("seller"))
        .col(big_integer("amount"))
        .col(big_integer("people"))
        .col(text("state"))
        .col(integer_null("live"))
        .col(text("reference"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone("until_at"))
        .col(timestamp_with_time_zone_null("settled_at"))
        .to_owned()
}

/// Places held for longer, because a payment failed that was begun in time.
fn extension() -> TableCreateStatement {
    Table::create()
        .table("extension")
        .col(big_pk_auto("id"))
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(timestamp_with_time_zone("until_at"))
        .col(timestamp_with_time_zone("at"))
        .col(text("reason"))
        .to_owned()
}

/// Whom the gate let through, and when.
fn handover() -> TableCreateStatement {
    Table::create()
        .table("handover")
        .col(text("id").primary_key())
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(text("seller"))
        .col(timestamp_with_time_zone("at"))
        .col(timestamp_with_time_zone("until_at"))
        .to_owned()
}

/// What was answered to a request that may come twice.
fn idempotency() -> TableCreateStatement {
    Table::create()
        .table("idempotency")
        .col(text("seller"))
        .col(text("key"))
        .col(text("fingerprint"))
        .col(timestamp_with_time_zone("at"))
        .col(integer("status"))
        .col(text("body"))
        .primary_key(Index::create().col("seller").col("key"))
        .to_owned()
}

/// What sellers are to be told.
fn webhook() -> TableCreateStatement {
    Table::create()
        .table("webhook")
        .col(text("id").primary_key())
        .col(big_integer("round_id"))
        .col(text("seller"))
        .col(text("kind"))
        .col(text("body"))
        .col(text("state"))
        .col(integer("tries"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone("due_at"))
        .col(text("said"))
        .to_owned()
}

fn reservation_by_live() -> IndexCreateStatement {
    Index::create()
        .name("reservation_live")
        .table("reservation")
        .col("round_id")
        .col("receipt")
        .col("live")
        .unique()
        .to_owned()
}

fn reservation_by_end() -> IndexCreateStatement {
    Index::create().name("reservation_end").table("reservation").col("live").col("until_at").to_owned()
}

fn extension_by_receipt() -> IndexCreateStatement {
    Index::create().name("extension_receipt").table("extension").col("round_id").col("receipt").to_owned()
}

fn handover_by_receipt() -> IndexCreateStatement {
    Index::create().name("handover_receipt").table("handover").col("round_id").col("receipt").to_owned()
}

fn idempotency_by_time() -> IndexCreateStatement {
    Index::create().name("idempotency_at").table("idempotency").col("at").to_owned()
}

fn webhook_by_due() -> IndexCreateStatement {
    Index::create().name("webhook_due").table("webhook").col("state").col("due_at").to_owned()
}
