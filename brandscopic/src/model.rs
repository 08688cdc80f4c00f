//! What the service is asked and what it answers, the same for both contracts.

mod event;
mod project;
mod sync;

pub use event::{EventStatus, EventStatusReport, EventStatusRequest, SyncEvent, SyncOutcome, SyncedEvent};
pub use project::{CreateProject, Project, ProjectId, ProjectStatus};
pub use sync::{BulkSync, SyncItem, SyncReport, SyncResult};
