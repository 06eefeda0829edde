//! Rounds, and the public journal of what happened to them.

use sea_orm_migration::schema::*;

crate::migration!(
    |_| (vec![round(), journal(), batch(), checkpoint()], vec![journal_by_round()]),
    ["checkpoint", "batch", "journal", "round"]
);

fn round() -> TableCreateStatement {
    Table::create()
        .table("round")
        .col(big_pk_auto("id"))
        .col(integer_uniq("number"))
        .col(text_uniq("slug"))
        .col(text("title_ko"))
        .col(text("title_en"))
        .col(integer("price_percent"))
        .col(text("rules"))
        .col(timestamp_with_time_zone("opens_at"))
        .col(timestamp_with_time_zone("closes_at"))
        .col(timestamp_with_time_zone("seals_at"))
        .col(timestamp_with_time_zone("reveals_at"))
        .col(timestamp_with_time_zone("pulse_at"))
        .col(timestamp_with_time_zone("results_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(integer("spread_minutes"))
        .col(text("round_key_sealed"))
        .col(text("organiser_seed_sealed"))
        .col(timestamp_with_time_zone("announced_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(timestamp_with_time_zone_null("sealed_at"))
        .col(timestamp_with_time_zone_null("revealed_at"))
        .col(timestamp_with_time_zone_null("drawn_at"))
        .col(timestamp_with_time_zone_null("held_at"))
        .col(timestamp_with_time_zone_null("released_at"))
        .col(timestamp_with_time_zone_null("voided_at"))
        .col(timestamp_with_time_zone_null("told_at"))
        .col(timestamp_with_time_zone_null("purged_at"))
        .col(big_integer_null("entrant_count"))
        .col(text_null("pool_root"))
        .col(text_null("seal"))
        .col(text_null("organiser_seed"))
        .col(text_null("pulse"))
        .col(text_null("draw_seed"))
        .col(text_null("result_digest"))
        .to_owned()
}

fn journal() -> TableCreateStatement {
    Table::create()
        .table("journal")
        .col(big_integer("index").primary_key())
        .col(big_integer("round_id"))
        .col(text("kind"))
        .col(text("line"))
        .col(text("staff"))
        .to_owned()
}

fn journal_by_round() -> IndexCreateStatement {
    Index::create().name("journal_round").table("journal").col("round_id").col("index").to_owned()
}

/// What the journal's events of entries are the digests of.
fn batch() -> TableCreateStatement {
    Table::create()
        .table("batch")
        .col(big_integer("round_id"))
        .col(big_integer("number"))
        .col(text("text"))
        .primary_key(Index::create().col("round_id").col("number"))
        .to_owned()
}

/// One signature for one size, ever: whoever signs second finds the first.
fn checkpoint() -> TableCreateStatement {
    Table::create()
        .table("checkpoint")
        .col(big_integer("size").primary_key())
        .col(text("root"))
        .col(text("note"))
        .to_owned()
}
