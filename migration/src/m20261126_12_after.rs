//! What happens after the draw. The draw's own places stay as drawn; what happens to them later is
//! history, row after row, and where somebody stands now is computed from it.

use sea_orm_migration::schema::*;

crate::migration!(
    |_| (
        vec![offer(), moved(), shift(), bought(), sales(), fact()],
        vec![bought_by_time(), fact_by_receipt(), sales_by_round()]
    ),
    ["fact", "sales", "bought", "shift", "moved", "offer"]
);

/// Blocks of `offers.txt`, as published, and what came of each.
fn offer() -> TableCreateStatement {
    Table::create()
        .table("offer")
        .col(big_integer("round_id"))
        .col(big_integer("number"))
        .col(timestamp_with_time_zone("at"))
        .col(text("text"))
        .col(big_integer("caught_up"))
        .col(big_integer("assigned"))
        .col(big_integer("lapsed"))
        .col(big_integer("returned"))
        .col(big_integer("ineligible"))
        .primary_key(Index::create().col("round_id").col("number"))
        .to_owned()
}

/// What an offer did to one entry.
fn moved() -> TableCreateStatement {
    Table::create()
        .table("moved")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(big_integer("offer"))
        .col(text("outcome"))
        .col(text_null("slot"))
        .col(timestamp_with_time_zone_null("starts_at"))
        .col(big_integer("amount"))
        .primary_key(Index::create().col("round_id").col("receipt").col("offer"))
        .to_owned()
}

/// Times that stood still.
fn shift() -> TableCreateStatement {
    Table::create()
        .table("shift")
        .col(big_integer("round_id"))
        .col(big_integer("number"))
        .col(big_integer("offers"))
        .col(timestamp_with_time_zone("at"))
        .col(timestamp_with_time_zone("from_at"))
        .col(big_integer("seconds"))
        .col(text("reason"))
        .primary_key(Index::create().col("round_id").col("number"))
        .to_owned()
}

fn bought() -> TableCreateStatement {
    Table::create()
        .table("bought")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(big_integer("amount"))
        .col(timestamp_with_time_zone("at"))
        .col(text("source"))
        .primary_key(Index::create().col("round_id").col("receipt"))
        .to_owned()
}

/// Up to when sellers have told us of everything that was bought.
fn sales() -> TableCreateStatement {
    Table::create()
        .table("sales")
        .col(big_pk_auto("id"))
        .col(big_integer("round_id"))
        .col(timestamp_with_time_zone("at"))
        .col(timestamp_with_time_zone("until_at"))
        .col(text("source"))
        .to_owned()
}

/// What people and staff said about places, in order; the last about an entry counts.
fn fact() -> TableCreateStatement {
    Table::create()
        .table("fact")
        .col(big_pk_auto("id"))
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(text("kind"))
        .col(timestamp_with_time_zone("at"))
        .col(text("category"))
        .col(text("staff"))
        .to_owned()
}

fn bought_by_time() -> IndexCreateStatement {
    Index::create().name("bought_time").table("bought").col("round_id").col("at").to_owned()
}

fn fact_by_receipt() -> IndexCreateStatement {
    Index::create().name("fact_receipt").table("fact").col("round_id").col("receipt").to_owned()
}

fn sales_by_round() -> IndexCreateStatement {
    Index::create().name("sales_round").table("sales").col("round_id").col("until_at").to_owned()
}
