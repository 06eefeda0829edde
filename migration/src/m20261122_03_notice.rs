//! One-time codes, the outbox and its attempts, and leases for the singleton jobs.

use sea_orm_migration::schema::*;

crate::migration!(
    |_| (
        vec![code(), notice(), attempt(), lease()],
        vec![code_by_address(), code_by_expiry(), notice_once(), notice_by_due(), notice_by_deadline()]
    ),
    ["lease", "attempt", "notice", "code"]
);

fn code() -> TableCreateStatement {
    Table::create()
        .table("code")
        .col(text("id").primary_key())
        .col(big_integer("round_id"))
        .col(text("address_key"))
        .col(text("address_sealed"))
        .col(text("channel"))
        .col(text("lang"))
        .col(text("code_key"))
        .col(text("code_sealed"))
        .col(integer("tries"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .to_owned()
}

fn notice() -> TableCreateStatement {
    Table::create()
        .table("notice")
        .col(big_pk_auto("id"))
        .col(big_integer("round_id"))
        .col(text("about"))
        .col(text("reason"))
        .col(integer("version"))
        .col(text("channel"))
        .col(timestamp_with_time_zone("planned_at"))
        .col(timestamp_with_time_zone("due_at"))
        .col(timestamp_with_time_zone("deadline_at"))
        .col(text("state"))
        .col(integer("claim"))
        .col(timestamp_with_time_zone_null("claimed_until"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .to_owned()
}

fn attempt() -> TableCreateStatement {
    Table::create()
        .table("attempt")
        .col(big_integer("notice_id"))
        .col(integer("claim"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(text_null("outcome"))
        .col(text_null("detail"))
        .primary_key(Index::create().col("notice_id").col("claim"))
        .to_owned()
}

fn lease() -> TableCreateStatement {
    Table::create()
        .table("lease")
        .col(text("name").primary_key())
        .col(text("holder"))
        .col(timestamp_with_time_zone("until_at"))
        .to_owned()
}

fn code_by_address() -> IndexCreateStatement {
    Index::create().name("code_address").table("code").col("address_key").col("made_at").to_owned()
}

fn code_by_expiry() -> IndexCreateStatement {
    Index::create().name("code_expiry").table("code").col("expires_at").to_owned()
}

fn notice_by_deadline() -> IndexCreateStatement {
    Index::create().name("notice_deadline").table("notice").col("state").col("deadline_at").to_owned()
}

/// The same thing is never said twice: not by a second worker, not after a restart.
fn notice_once() -> IndexCreateStatement {
    Index::create()
        .unique()
        .name("notice_once")
        .table("notice")
        .col("round_id")
        .col("about")
        .col("reason")
        .col("version")
        .col("channel")
        .to_owned()
}

fn notice_by_due() -> IndexCreateStatement {
    Index::create().name("notice_due").table("notice").col("state").col("due_at").to_owned()
}
