//! What a round is planned with, and its last forecast.

use sea_orm_migration::schema::*;

crate::migration!(|_| (vec![plan()], vec![]), ["plan"]);

fn plan() -> TableCreateStatement {
    Table::create()
        .table("plan")
        .col(big_integer("round_id").primary_key())
        .col(text("inputs"))
        .col(timestamp_with_time_zone_null("forecast_at"))
        .col(text_null("forecast"))
        .foreign_key(ForeignKey::create().from("plan", "round_id").to("round", "id"))
        .to_owned()
}
