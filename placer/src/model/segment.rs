//! How visits are counted and binned.

connectors_core::open_enum! {
    /// Which visits count, by their length. Numbers of different segments are not comparable.
    ///
    /// Placer chooses one per venue unless asked otherwise, and says in each answer which it was.
    pub enum VisitSegment {
        /// Visits of less than ten minutes.
        "under10Min" => Under10Min,
        /// Visits of ten minutes or more.
        "10MinOrLonger" => TenMinutesOrLonger,
        /// All visits.
        "allVisits" => AllVisits,
        /// A chain whose stores are counted in different ways. Only in answers.
        "mixedSegments" => Mixed,
    }
}

impl VisitSegment {
    /// Whether numbers of the two may be put side by side; nothing speaks against it where one is not told.
    pub(crate) fn agree(one: Option<&Self>, other: Option<&Self>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
}

connectors_core::open_enum! {
    /// How long the bins of a trend are. Each is dated by its first day.
    pub enum Granularity {
        /// One day.
        "day" => Day,
        /// One week, from Monday on.
        "week" => Week,
        /// One calendar month.
        "month" => Month,
    }
}
