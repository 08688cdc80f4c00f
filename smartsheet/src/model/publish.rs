//! Publishing on the web: what is published, at which address, and for whom.

use connectors_core::open_enum;
use serde::{Deserialize, Serialize};

open_enum! {
    /// Who may open what is published.
    pub enum PublishAudience {
        /// Everybody who has the address.
        "ALL" => All,
        /// The account's members.
        "ORG" => Org,
        /// Those whom it is shared with.
        "SHARED" => Shared,
    }
}

open_enum! {
    /// How it is shown at first.
    pub enum PublishView {
        /// As a table.
        "GRID" => Grid,
        /// As cards.
        "CARD" => Card,
        /// As a calendar.
        "CALENDAR" => Calendar,
        /// As a Gantt chart.
        "GANTT" => Gantt,
    }
}

/// How a sheet is published.
///
/// The addresses are as good as an invitation: whoever has one may open it, as far as the audience allows.
#[expect(clippy::struct_excessive_bools, reason = "they are Smartsheet's, and independent of each other")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SheetPublish {
    /// Whether it is published as plain HTML, to be read.
    pub read_only_lite_enabled: bool,
    /// The address of the plain HTML.
    pub read_only_lite_url: Option<String>,
    /// As [`read_only_lite_url`](Self::read_only_lite_url), by https.
    pub read_only_lite_ssl_url: Option<String>,
    /// Whether it is published with all that is attached to it, to be read.
    pub read_only_full_enabled: bool,
    /// The address of that.
    pub read_only_full_url: Option<String>,
    /// Who may open it.
    pub read_only_full_accessible_by: Option<PublishAudience>,
    /// How it is shown at first.
    pub read_only_full_default_view: Option<PublishView>,
    /// Whether the toolbar is shown.
    pub read_only_full_show_toolbar: Option<bool>,
    /// Whether it is published to be changed.
    pub read_write_enabled: bool,
    /// The address of that.
    pub read_write_url: Option<String>,
    /// Who may change it.
    pub read_write_accessible_by: Option<PublishAudience>,
    /// How it is shown at first.
    pub read_write_default_view: Option<PublishView>,
    /// Whether the toolbar is shown.
    pub read_write_show_toolbar: Option<bool>,
    /// Whether it is published as a calendar, for calendar programs.
    pub ical_enabled: bool,
    /// The address of the calendar.
    pub ical_url: Option<String>,
}

/// How a report is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ReportPublish {
    /// Whether it is published.
    pub read_only_full_enabled: bool,
    /// Its address.
    pub read_only_full_url: Option<String>,
    /// Who may open it.
    pub read_only_full_accessible_by: Option<PublishAudience>,
    /// How it is shown at first.
    pub read_only_full_default_view: Option<PublishView>,
    /// Whether the toolbar is shown.
    pub read_only_full_show_toolbar: Option<bool>,
}

/// How a dashboard is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SightPublish {
    /// Whether it is published.
    pub read_only_full_enabled: bool,
    /// Its address.
    pub read_only_full_url: Option<String>,
    /// Who may open it: [`PublishAudience::All`] or [`PublishAudience::Org`].
    pub read_only_full_accessible_by: Option<PublishAudience>,
}

/// A type whose members are sent when they are set, and a method that sets each.
macro_rules! update {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[doc = $doc:literal])+ $field:ident: $kind:ty,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $doc])+ #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$kind>,)+
        }

        impl $name {
            /// No change yet.
            pub fn new() -> Self {
                Self::default()
            }

            $($(#[doc = $doc])+ pub fn $field(mut self, $field: $kind) -> Self {
                self.$field = Some($field);
                self
            })+
        }
    };
}

update! {
    /// A change of how a sheet is published. What is not set stays.
    pub struct SheetPublishUpdate {
        /// Whether it is published as plain HTML, to be read.
        read_only_lite_enabled: bool,
        /// Whether it is published with all that is attached to it, to be read.
        read_only_full_enabled: bool,
        /// Who may open that.
        read_only_full_accessible_by: PublishAudience,
        /// How that is shown at first.
        read_only_full_default_view: PublishView,
        /// Whether that has a toolbar.
        read_only_full_show_toolbar: bool,
        /// Whether it is published to be changed.
        read_write_enabled: bool,
        /// Who may change it there.
        read_write_accessible_by: PublishAudience,
        /// How that is shown at first.
        read_write_default_view: PublishView,
        /// Whether that has a toolbar.
        read_write_show_toolbar: bool,
        /// Whether it is published as a calendar, for calendar programs.
        ical_enabled: bool,
    }
}

update! {
    /// A change of how a report is published. What is not set stays.
    pub struct ReportPublishUpdate {
        /// Whether it is published.
        read_only_full_enabled: bool,
        /// Who may open it.
        read_only_full_accessible_by: PublishAudience,
        /// How it is shown at first.
        read_only_full_default_view: PublishView,
        /// Whether it has a toolbar.
        read_only_full_show_toolbar: bool,
    }
}

update! {
    /// A change of how a dashboard is published. What is not set stays.
    pub struct SightPublishUpdate {
        /// Whether it is published.
        read_only_full_enabled: bool,
        /// Who may open it: [`PublishAudience::All`] or [`PublishAudience::Org`].
        read_only_full_accessible_by: PublishAudience,
    }
}
