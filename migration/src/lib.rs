//! Schema changes, in order, the same for SQLite and PostgreSQL. Each runs in a transaction on
//! both: SQLite would otherwise keep half of a failed one.

#![allow(missing_docs, reason = "table and column names speak for themselves")]

pub use sea_orm_migration::prelude::*;

mod m20261122_01_round;
mod m20261122_02_entry;
mod m20261122_03_notice;
mod m20261122_04_staff;
mod m20261126_10_who;
mod m20261126_11_roster;
mod m20261126_12_after;
mod m20261126_13_rates;
mod m20261126_14_mail;
mod m20261126_15_plan;
mod m20261126_16_staff;
mod m20261126_18_notices;
mod m20261126_19_telling;
mod m20261126_21_promised;
mod m20261127_22_sellers;
mod m20261127_23_incident;
mod m20261127_25_counter;
mod m20261127_26_reading;
mod m20261127_27_drill;
mod m20261127_28_identity;
mod m20261127_29_certificate;
mod m20261127_31_ceremony;
mod m20261127_33_consent;
mod m20261127_35_acts;
mod m20261127_36_extended;
mod m20261127_40_erasing;
mod m20261127_41_counted;
mod m20261127_42_ticked;
mod m20261127_43_taken_back;
mod m20261127_44_parts;
mod m20261127_45_readdressed;
mod m20261128_46_doors;
mod m20261128_47_sent_to;
mod m20261128_48_drilled;
mod m20261128_49_drills;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_01_round::Migration),
            Box::new(m20261122_02_entry::Migration),
            Box::new(m20261122_03_notice::Migration),
            Box::new(m20261122_04_staff::Migration),
            Box::new(m20261126_10_who::Migration),
            Box::new(m20261126_11_roster::Migration),
            Box::new(m20261126_14_mail::Migration),
            Box::new(m20261126_12_after::Migration),
            Box::new(m20261126_15_plan::Migration),
            Box::new(m20261126_13_rates::Migration),
            Box::new(m20261126_18_notices::Migration),
            Box::new(m20261126_16_staff::Migration),
            Box::new(m20261126_21_promised::Migration),
            Box::new(m20261126_19_telling::Migration),
            Box::new(m20261127_22_sellers::Migration),
            Box::new(m20261127_23_incident::Migration),
            Box::new(m20261127_25_counter::Migration),
            Box::new(m20261127_26_reading::Migration),
            Box::new(m20261127_33_consent::Migration),
            Box::new(m20261127_28_identity::Migration),
            Box::new(m20261127_27_drill::Migration),
            Box::new(m20261127_29_certificate::Migration),
            Box::new(m20261127_31_ceremony::Migration),
            Box::new(m20261127_35_acts::Migration),
            Box::new(m20261127_36_extended::Migration),
            Box::new(m20261127_40_erasing::Migration),
            Box::new(m20261127_41_counted::Migration),
            Box::new(m20261127_42_ticked::Migration),
            Box::new(m20261127_43_taken_back::Migration),
            Box::new(m20261127_44_parts::Migration),
            Box::new(m20261127_45_readdressed::Migration),
            Box::new(m20261128_46_doors::Migration),
            Box::new(m20261128_47_sent_to::Migration),
            Box::new(m20261128_48_drilled::Migration),
            Box::new(m20261128_49_drills::Migration),
        ]
    }
}

/// What all our migrations say alike, so that each file holds only its tables.
macro_rules! migration {
    ($up:expr, [$($table:literal),+]) => {
        use sea_orm_migration::prelude::*;

        #[derive(DeriveMigrationName)]
        pub struct Migration;

        #[async_trait::async_trait]
        impl MigrationTrait for Migration {
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }

            async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
                let up: fn(&SchemaManager) -> crate::Statements = $up;
                let (tables, indexes) = up(schema);
                for table in tables {
                    schema.create_table(table).await?;
                }
                for index in indexes {
                    schema.create_index(index).await?;
                }
                Ok(())
            }

            async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
                $(schema.drop_table(Table::drop().table($table).to_owned()).await?;)+
                Ok(())
            }
        }
    };
}
pub(crate) use migration;

type Statements = (Vec<TableCreateStatement>, Vec<IndexCreateStatement>);
