//! The entry path: appended to the inbox, folded into entries, placed by the draw.

use sea_orm_migration::schema::*;

crate::migration!(
    |_| (vec![inbox(), entry(), change(), assignment()], vec![assignment_by_rank()]),
    ["assignment", "change", "entry", "inbox"]
);

/// No index but the key: this table takes the deadline's crowd.
fn inbox() -> TableCreateStatement {
    Table::create()
        .table("inbox")
        .col(big_pk_auto("id"))
        .col(timestamp_with_time_zone("written_at"))
        .col(text("events"))
        .to_owned()
}

fn entry() -> TableCreateStatement {
    Table::create()
        .table("entry")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(integer("seats"))
        .col(big_integer("want"))
        .col(integer("weight"))
        .col(text("wish"))
        .col(text("fields"))
        .col(text("person_sealed"))
        .col(text("channel"))
        .col(text("lang"))
        .col(timestamp_with_time_zone("entered_at"))
        .col(timestamp_with_time_zone("changed_at"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .col(integer("version"))
        .col(big_integer("inbox_id"))
        .primary_key(Index::create().col("round_id").col("receipt"))
        .to_owned()
}

/// What the fold did to the pool-to-be, until it is in a batch of the journal.
fn change() -> TableCreateStatement {
    Table::create()
        .table("change")
        .col(big_pk_auto("id"))
        .col(big_integer("round_id"))
        .col(timestamp_with_time_zone("at"))
        .col(text("leaves"))
        .to_owned()
}

fn assignment() -> TableCreateStatement {
    Table::create()
        .table("assignment")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(big_integer("rank"))
        .col(text("outcome"))
        .col(text_null("slot"))
        .col(timestamp_with_time_zone_null("starts_at"))
        .col(big_integer("amount"))
        .primary_key(Index::create().col("round_id").col("receipt"))
        .to_owned()
}

/// Nobody shares a rank; the waitlist and the published result are read in this order.
fn assignment_by_rank() -> IndexCreateStatement {
    Index::create()
        .unique()
        .name("assignment_rank")
        .table("assignment")
        .col("round_id")
        .col("rank")
        .to_owned()
}
