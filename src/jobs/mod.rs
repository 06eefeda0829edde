//! What is due is asked of the database; the metronome only knocks.
