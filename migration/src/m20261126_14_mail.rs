//! Mail that came back or is not wanted, and the clerks' own words.

use sea_orm_migration::schema::*;

crate::migration!(
    |_| (vec![unmailed(), bounce(), dead_address(), wording()], vec![]),
    ["wording", "dead_address", "bounce", "unmailed"]
);

fn unmailed() -> TableCreateStatement {
    Table::create()
        .table("unmailed")
        .col(big_integer("round_id"))
        .col(text("receipt"))
        .col(text("cause"))
        .col(timestamp_with_time_zone("since_at"))
        .primary_key(Index::create().col("round_id").col("receipt"))
        .to_owned()
}

fn bounce() -> TableCreateStatement {
    Table::create()
        .table("bounce")
        .col(big_integer("notice_id").primary_key())
        .col(text("status"))
        .col(boolean("hard"))
        .col(timestamp_with_time_zone("read_at"))
        .to_owned()
}

fn dead_address() -> TableCreateStatement {
    Table::create()
        .table("dead_address")
        .col(text("address_key").primary_key())
        .col(timestamp_with_time_zone("since_at"))
        .to_owned()
}

fn wording() -> TableCreateStatement {
    Table::create()
        .table("wording")
        .col(big_integer("round_id").primary_key())
        .col(text("text"))
        .col(text("staff"))
        .col(timestamp_with_time_zone("set_at"))
        .to_owned()
}
