//! What a client can do, to be asked before trying.

use std::fmt;

use connectors_core::{Error, Result};
use serde::Serialize;

use crate::{EventStatus, PROVIDER};

macro_rules! capabilities {
    ($($(#[doc = $doc:literal])+ $name:literal => $variant:ident,)+) => {
        /// Something that one contract has and the other may not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Capability {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Capability {
            /// All of them, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name, such as `update_events`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

capabilities! {
    /// A campaign becomes a new project. Without it, the campaign of the same name is taken.
    "create_projects" => CreateProjects,
    /// Events are created.
    "create_events" => CreateEvents,
    /// It is told how far an event has come.
    "event_status" => EventStatus,
    /// An event that changed is changed there too. Without it, its sync fails.
    "update_events" => UpdateEvents,
    /// A create of unknown outcome is looked up. Without it, it is reported as unknown, and a person has to look.
    "recover_creates" => RecoverCreates,
    /// Events that somebody made by hand are taken over instead of being doubled.
    "adopt_events" => AdoptEvents,
    /// Events are listed, and counted where they are.
    "list_events" => ListEvents,
    /// Events are called off.
    "cancel_events" => CancelEvents,
    /// Venues are searched, offered for choice and added.
    "venues" => Venues,
    /// Recaps are filled in, handed in and judged.
    "recaps" => Recaps,
    /// Teams and contacts of events.
    "teams" => Teams,
    /// Comments.
    "comments" => Comments,
    /// Photos.
    "photos" => Photos,
    /// Documents.
    "documents" => Documents,
    /// Expenses.
    "expenses" => Expenses,
    /// Tasks.
    "tasks" => Tasks,
    /// Surveys.
    "surveys" => Surveys,
    /// Activities.
    "activities" => Activities,
    /// Invites.
    "invites" => Invites,
    /// Visits of brand ambassadors.
    "visits" => Visits,
    /// Our own ids are kept there.
    "external_ids" => ExternalIds,
    /// It is told how the service is, without a key.
    "health" => Health,
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a client can do, and why not what it cannot: [`BrandscopicService::capabilities`](crate::BrandscopicService::capabilities).
///
/// What is denied here fails with [`Unsupported`](connectors_core::ErrorKind::Unsupported) when it is tried, and nothing
/// else does; a create that cannot be [looked up](Capability::RecoverCreates) is reported as unknown instead.
///
/// ```
/// use connectors_brandscopic::{BrandscopicService, Capability};
/// use connectors_mock::MockBrandscopic;
///
/// let capabilities = MockBrandscopic::new().capabilities();
/// assert!(capabilities.can(Capability::CreateProjects));
/// assert_eq!(capabilities.reason(Capability::Photos), Some("the gateway contract has projects and events alone"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// What is denied, and why.
    denied: Vec<(Capability, &'static str)>,
    words: &'static [(&'static str, EventStatus)],
}

impl Capabilities {
    /// Everything but these, each with the reason.
    pub fn all_but(denied: impl IntoIterator<Item = (Capability, &'static str)>) -> Self {
        Self { denied: denied.into_iter().collect(), words: &[] }
    }

    /// Nothing at all, for this reason.
    pub fn none(reason: &'static str) -> Self {
        Self::all_but(Capability::ALL.iter().map(|denied| (*denied, reason)))
    }

    pub(crate) fn with_words(self, words: &'static [(&'static str, EventStatus)]) -> Self {
        Self { words, ..self }
    }

    /// Whether this can be done.
    pub fn can(&self, capability: Capability) -> bool {
        self.reason(capability).is_none()
    }

    /// Why this cannot be done; nothing if it can.
    pub fn reason(&self, capability: Capability) -> Option<&'static str> {
        self.denied.iter().find(|(denied, _)| *denied == capability).map(|(_, reason)| *reason)
    }

    /// Fails with [`Unsupported`](connectors_core::ErrorKind::Unsupported) and the reason if this cannot be done.
    pub fn check(&self, capability: Capability) -> Result<()> {
        self.reason(capability).map_or(Ok(()), |reason| Err(Error::unsupported(PROVIDER, capability.as_str(), reason)))
    }

    /// All capabilities, each with the reason why it is denied, if it is.
    pub fn iter(&self) -> impl Iterator<Item = (Capability, Option<&'static str>)> {
        Capability::ALL.iter().map(|capability| (*capability, self.reason(*capability)))
    }

    /// The words that the provider has for how far an event has come, with what each means. Others may come: they are
    /// kept as they are.
    pub fn status_words(&self) -> &'static [(&'static str, EventStatus)] {
        self.words
    }
}
