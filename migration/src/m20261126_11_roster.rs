//! Rosters: who may enter, or is served without entering.

use sea_orm_migration::schema::*;

crate::migration!(
    |_| (vec![roster(), roster_member(), round_roster()], vec![roster_by_name()]),
    ["round_roster", "roster_member", "roster"]
);

fn roster() -> TableCreateStatement {
    Table::create()
        .table("roster")
        .col(big_pk_auto("id"))
        .col(text("name"))
        .col(text("state"))
        .col(text("digest"))
        .col(text("match_by"))
        .col(integer("parts"))
        .col(big_integer("lines"))
        .col(big_integer("people"))
        .col(big_integer("left_out"))
        .col(text("staff"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone_null("current_at"))
        .col(timestamp_with_time_zone_null("erased_at"))
        .to_owned()
}

/// Filled in the order of its key, which is also how it is read.
fn roster_member() -> TableCreateStatement {
    Table::create()
        .table("roster_member")
        .col(big_integer("roster_id"))
        .col(text("person_key"))
        .col(text("household_key"))
        .col(text("fields"))
        .col(text("contact_sealed"))
        .col(text("channel"))
        .col(text("lang"))
        .col(big_integer("line"))
        .primary_key(Index::create().col("roster_id").col("person_key"))
        .to_owned()
}

fn round_roster() -> TableCreateStatement {
    Table::create()
        .table("round_roster")
        .col(big_integer("round_id").primary_key())
        .col(text("name"))
        .col(text("serves"))
        .col(text("household"))
        .col(timestamp_with_time_zone("enrol_at"))
        .col(big_integer_null("roster_id"))
        .col(text("cursor"))
        .col(big_integer("enrolled"))
        .col(timestamp_with_time_zone_null("enrolled_at"))
        .to_owned()
}

fn roster_by_name() -> IndexCreateStatement {
    Index::create().name("roster_name").table("roster").col("name").to_owned()
}
