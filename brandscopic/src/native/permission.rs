//! What the role of a user allows.

use connectors_core::open_enum;

open_enum! {
    /// Something that the role of a user may allow: [`Users::permissions`](super::Users::permissions).
    pub enum Permission {
        /// See events at all.
        "events" => Events,
        /// Create events.
        "events_create" => EventsCreate,
        /// Open an event.
        "events_show" => EventsShow,
        /// Change events.
        "events_edit" => EventsEdit,
        /// Deactivate events.
        "events_deactivate" => EventsDeactivate,
        /// See the results of an event whose recap has not been handed in.
        "events_view_unsubmitted_data" => EventsViewUnsubmittedData,
        /// See the results of an event whose recap waits for approval.
        "events_view_submitted_data" => EventsViewSubmittedData,
        /// See the results of an event whose recap is approved.
        "events_view_approved_data" => EventsViewApprovedData,
        /// See the results of an event whose recap was rejected.
        "events_view_rejected_data" => EventsViewRejectedData,
        /// Change the results of an event whose recap has not been handed in.
        "events_edit_unsubmitted_data" => EventsEditUnsubmittedData,
        /// Change the results of an event whose recap waits for approval.
        "events_edit_submitted_data" => EventsEditSubmittedData,
        /// Change the results of an event whose recap is approved.
        "events_edit_approved_data" => EventsEditApprovedData,
        /// Change the results of an event whose recap was rejected.
        "events_edit_rejected_data" => EventsEditRejectedData,
        /// Hand in recaps.
        "events_submit" => EventsSubmit,
        /// Approve recaps.
        "events_approve" => EventsApprove,
        /// Reject recaps.
        "events_reject" => EventsReject,
        /// See the team of an event.
        "events_team_members" => EventsTeamMembers,
        /// Add to the team of an event.
        "events_add_team_members" => EventsAddTeamMembers,
        /// Remove from the team of an event.
        "events_delete_team_members" => EventsDeleteTeamMembers,
        /// See the contacts of an event.
        "events_contacts" => EventsContacts,
        /// Add contacts to an event.
        "events_add_contacts" => EventsAddContacts,
        /// Change the contacts of an event.
        "events_edit_contacts" => EventsEditContacts,
        /// Remove contacts from an event.
        "events_delete_contacts" => EventsDeleteContacts,
        /// See the tasks of an event.
        "events_tasks" => EventsTasks,
        /// Create tasks of an event.
        "events_create_tasks" => EventsCreateTasks,
        /// Change the tasks of an event.
        "events_edit_tasks" => EventsEditTasks,
        /// See the documents of an event.
        "events_documents" => EventsDocuments,
        /// Add documents to an event.
        "events_create_documents" => EventsCreateDocuments,
        /// Deactivate documents of an event.
        "events_deactivate_documents" => EventsDeactivateDocuments,
        /// See the photos of an event.
        "events_photos" => EventsPhotos,
        /// Add photos to an event.
        "events_create_photos" => EventsCreatePhotos,
        /// Deactivate photos of an event.
        "events_deactivate_photos" => EventsDeactivatePhotos,
        /// See the expenses of an event.
        "events_expenses" => EventsExpenses,
        /// Add expenses to an event.
        "events_create_expenses" => EventsCreateExpenses,
        /// Change the expenses of an event.
        "events_edit_expenses" => EventsEditExpenses,
        /// Deactivate or delete expenses of an event.
        "events_deactivate_expenses" => EventsDeactivateExpenses,
        /// See the surveys of an event.
        "events_surveys" => EventsSurveys,
        /// Add surveys to an event.
        "events_create_surveys" => EventsCreateSurveys,
        /// Change the surveys of an event.
        "events_edit_surveys" => EventsEditSurveys,
        /// Deactivate or delete surveys of an event.
        "events_deactivate_surveys" => EventsDeactivateSurveys,
        /// See the comments of an event.
        "events_comments" => EventsComments,
        /// Add comments to an event.
        "events_create_comments" => EventsCreateComments,
        /// Change the comments of an event.
        "events_edit_comments" => EventsEditComments,
        /// Deactivate or delete comments of an event.
        "events_deactivate_comments" => EventsDeactivateComments,
        /// Add activities to an event.
        "events_create_activities" => EventsCreateActivities,
        /// See the invites of an event; one company alone has invites.
        "events_invites" => EventsInvites,
        /// Add invites to an event.
        "events_create_invites" => EventsCreateInvites,
        /// Change the invites of an event.
        "events_edit_invites" => EventsEditInvites,
        /// Deactivate invites of an event.
        "events_deactivate_invites" => EventsDeactivateInvites,
        /// See venues at all.
        "venues" => Venues,
        /// Create venues.
        "venues_create" => VenuesCreate,
        /// Open a venue.
        "venues_show" => VenuesShow,
        /// See the analysis of a venue.
        "venues_analysis" => VenuesAnalysis,
        /// See the figures of a venue.
        "venues_kpis" => VenuesKpis,
        /// See the score of a venue.
        "venues_score" => VenuesScore,
        /// See the trends of a venue.
        "venues_trends" => VenuesTrends,
        /// See the photos of a venue.
        "venues_photos" => VenuesPhotos,
        /// See the comments on a venue.
        "venues_comments" | "venues_comment" => VenuesComments,
        /// See the invites of a venue; one company alone has invites.
        "venues_invites" => VenuesInvites,
        /// Add invites to a venue.
        "venues_create_invites" => VenuesCreateInvites,
        /// Change the invites of a venue.
        "venues_edit_invites" => VenuesEditInvites,
        /// Deactivate invites of a venue.
        "venues_deactivate_invites" => VenuesDeactivateInvites,
        /// See the user's own tasks.
        "tasks_own" => TasksOwn,
        /// Change the user's own tasks.
        "tasks_edit_own" => TasksEditOwn,
        /// Deactivate the user's own tasks.
        "tasks_deactivate_own" => TasksDeactivateOwn,
        /// See the comments on the user's own tasks.
        "tasks_comments_own" => TasksCommentsOwn,
        /// Comment on the user's own tasks.
        "tasks_create_comments_own" => TasksCreateCommentsOwn,
        /// See the tasks of the user's teams.
        "tasks_team" => TasksTeam,
        /// Change the tasks of the user's teams.
        "tasks_edit_team" => TasksEditTeam,
        /// Deactivate the tasks of the user's teams.
        "tasks_deactivate_team" => TasksDeactivateTeam,
        /// See the comments on the tasks of the user's teams.
        "tasks_comments_team" => TasksCommentsTeam,
        /// Comment on the tasks of the user's teams.
        "tasks_create_comments_team" => TasksCreateCommentsTeam,
        /// See visits of brand ambassadors at all.
        "ba_visits" => BaVisits,
        /// Create visits of brand ambassadors.
        "ba_visits_create" => BaVisitsCreate,
        /// Change visits of brand ambassadors.
        "ba_visits_edit" => BaVisitsEdit,
        /// Deactivate visits of brand ambassadors.
        "ba_visits_deactivate" => BaVisitsDeactivate,
        /// Open a visit of brand ambassadors.
        "ba_visits_show" => BaVisitsShow,
        /// See the documents of brand ambassadors.
        "ba_documents" => BaDocuments,
    }
}
