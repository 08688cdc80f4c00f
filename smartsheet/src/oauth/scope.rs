//! What an app may be allowed.

use connectors_core::open_enum;

open_enum! {
    /// What an app may do for a user, who may do it themselves to begin with.
    pub enum Scope {
        /// Read sheets, reports, folders and workspaces, and what belongs to them.
        "READ_SHEETS" => ReadSheets,
        /// Change rows, attachments, discussions and update requests.
        "WRITE_SHEETS" => WriteSheets,
        /// Share sheets and reports, and send them by e-mail.
        "SHARE_SHEETS" => ShareSheets,
        /// Delete sheets and reports.
        "DELETE_SHEETS" => DeleteSheets,
        /// Create, copy and move sheets and reports.
        "CREATE_SHEETS" => CreateSheets,
        /// Change the structure of sheets and reports: columns, publishing, settings.
        "ADMIN_SHEETS" => AdminSheets,
        /// Read dashboards.
        "READ_SIGHTS" => ReadDashboards,
        /// Create, copy and move dashboards.
        "CREATE_SIGHTS" => CreateDashboards,
        /// Delete dashboards.
        "DELETE_SIGHTS" => DeleteDashboards,
        /// Share dashboards.
        "SHARE_SIGHTS" => ShareDashboards,
        /// Change and publish dashboards.
        "ADMIN_SIGHTS" => AdminDashboards,
        /// Read users and groups.
        "READ_USERS" => ReadUsers,
        /// Add, change and remove users and groups. For system admins.
        "ADMIN_USERS" => AdminUsers,
        /// Change folders and workspaces.
        "ADMIN_WORKSPACES" => AdminWorkspaces,
        /// Set up webhooks.
        "ADMIN_WEBHOOKS" => AdminWebhooks,
        /// Read the user's contacts.
        "READ_CONTACTS" => ReadContacts,
        /// Read what happened in the account. For system admins.
        "READ_EVENTS" => ReadEvents,
    }
}
