//! What a round, an entry and a status are. Pure: no clock, no database, no network.
