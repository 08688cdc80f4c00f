//! Where demographic numbers are from.

use serde::{Serialize, Serializer};

/// Where the numbers are from, and which of them. Which data sets can be had depends on the contract: another one fails
/// with [`PermissionDenied`](connectors_core::ErrorKind::PermissionDenied).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dataset {
    /// The census bureau's American Community Survey.
    Census,
    /// STI: `PopStats`.
    Popstats(PopstatsTemplate),
    /// STI: Landscape.
    Landscape(LandscapeTemplate),
    /// STI: Market Outlook.
    MarketOutlook(MarketOutlookTemplate),
    /// STI: Spending Patterns.
    SpendingPatterns(SpendingPatternsTemplate),
    /// STI: Workplace.
    Workplace(WorkplaceTemplate),
    /// Spatial.ai: `PersonaLive`.
    Personalive(PersonaliveTemplate),
    /// Spatial.ai: `FollowGraph`.
    Followgraph(FollowgraphTemplate),
    /// Experian: Mosaic.
    Mosaic(MosaicTemplate),
}

impl Dataset {
    /// Its name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Census => "census",
            Self::Popstats(_) => "sti_popstats",
            Self::Landscape(_) => "sti_landscape",
            Self::MarketOutlook(_) => "sti_market_outlook",
            Self::SpendingPatterns(_) => "sti_spending_patterns",
            Self::Workplace(_) => "sti_workplace",
            Self::Personalive(_) => "spatial_ai_personalive",
            Self::Followgraph(_) => "spatial_ai_followgraph",
            Self::Mosaic(_) => "experian_mosaic",
        }
    }

    /// The name of its template on the wire.
    pub fn template(&self) -> &str {
        match self {
            Self::Census => "default",
            Self::Popstats(template) => template.as_str(),
            Self::Landscape(template) => template.as_str(),
            Self::MarketOutlook(template) => template.as_str(),
            Self::SpendingPatterns(template) => template.as_str(),
            Self::Workplace(template) => template.as_str(),
            Self::Personalive(template) => template.as_str(),
            Self::Followgraph(template) => template.as_str(),
            Self::Mosaic(template) => template.as_str(),
        }
    }
}

/// As its name; the template stands beside it in a request.
impl Serialize for Dataset {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(self.name())
    }
}

connectors_core::open_enum! {
    /// What to take from `PopStats`.
    pub enum PopstatsTemplate {
        /// Today.
        "default" => Default,
        /// In five years.
        "5_years_forecast" => FiveYearsForecast,
        /// In ten years.
        "10_years_forecast" => TenYearsForecast,
    }
}

connectors_core::open_enum! {
    /// What to take from Landscape.
    pub enum LandscapeTemplate {
        /// The whole.
        "overview" => Overview,
        /// By households.
        "households" => Households,
        /// By people.
        "population" => Population,
    }
}

connectors_core::open_enum! {
    /// What to take from Market Outlook.
    pub enum MarketOutlookTemplate {
        /// By kinds of businesses.
        "by_businesses" => ByBusinesses,
        /// By product lines.
        "by_product_line" => ByProductLine,
    }
}

connectors_core::open_enum! {
    /// What to take from Spending Patterns.
    pub enum SpendingPatternsTemplate {
        /// The whole.
        "default" => Default,
        /// Food.
        "food" => Food,
        /// Transportation.
        "transportation" => Transportation,
        /// Health care.
        "healthcare" => Healthcare,
        /// Housing.
        "housing" => Housing,
        /// Entertainment.
        "entertainment" => Entertainment,
        /// Alcoholic beverages.
        "alcoholic_beverages" => AlcoholicBeverages,
        /// Personal care.
        "personal_care" => PersonalCare,
    }
}

connectors_core::open_enum! {
    /// What to take from Workplace.
    pub enum WorkplaceTemplate {
        /// The whole.
        "default" => Default,
        /// The people who work there.
        "demographics" => Demographics,
    }
}

connectors_core::open_enum! {
    /// What to take from `PersonaLive`.
    pub enum PersonaliveTemplate {
        /// The whole.
        "overview" => Overview,
        /// By segments.
        "segments" => Segments,
    }
}

connectors_core::open_enum! {
    /// What to take from `FollowGraph`.
    pub enum FollowgraphTemplate {
        /// Brands.
        "brands" => Brands,
        /// Interests.
        "interests" => Interests,
        /// Celebrities and influencers.
        "celebrities_and_influencers" => CelebritiesAndInfluencers,
        /// Media channels.
        "media_channels" => MediaChannels,
    }
}

connectors_core::open_enum! {
    /// What to take from Mosaic.
    pub enum MosaicTemplate {
        /// The whole.
        "overview" => Overview,
        /// By households.
        "hh_default" => Households,
        /// By people.
        "pop_default" => Population,
    }
}
