//! What the fake begins with, besides what every account has.

mod sheet;

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use self::sheet::{RowSetup, SheetSetup};
use super::problem::Problem;
use super::state::{Place, State};
use super::users::ME;
use super::{containers, groups, users};

/// What a [`FakeSmartsheet`](crate::FakeSmartsheet) holds from the beginning, or is given on the way, besides the account
/// it is: from code or from JSON, whose members are those of the methods. All of it is optional. What the API would
/// refuse is refused here.
///
/// ```
/// use connectors_mock::{MockSmartsheet, SheetSetup, SmartsheetSetup, WorkspaceSetup};
/// use connectors_smartsheet::ColumnType;
///
/// let stores = SheetSetup::new("Stores")
///     .column("Store", ColumnType::TextNumber)
///     .options("City", ["Berlin", "Hamburg"])
///     .row([("Store", "Alexa"), ("City", "Berlin")]);
/// let setup = SmartsheetSetup::new().workspace(WorkspaceSetup::new("Tour").sheet(stores));
/// let mock = MockSmartsheet::builder().initial(setup).build()?;
/// let sheet = mock.fake().sheet_named("Stores").unwrap();
/// assert_eq!(mock.fake().rows(sheet.id)[0].cell("City"), Some("Berlin"));
///
/// let from_json = MockSmartsheet::builder().initial_json(
///     r#"{"workspaces": [{"name": "Tour", "sheets": [{
///         "name": "Stores",
///         "columns": [{"title": "Store"}, {"title": "City", "type": "PICKLIST", "options": ["Berlin", "Hamburg"]}],
///         "rows": [{"Store": "Alexa", "City": "Berlin"}]
///     }]}]}"#,
/// )?;
/// assert_eq!(from_json.build()?.backend().save()?, mock.backend().save()?);
///
/// let nowhere = r#"{"sheets": [{"name": "More", "columns": [{"title": "Store"}], "rows": [{"Town": "Kiel"}]}]}"#;
/// assert_eq!(mock.backend().add(nowhere).unwrap_err().field(), Some("sheets[0].rows[0].Town"));
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmartsheetSetup {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Vec<PersonSetup>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<GroupSetup>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    workspaces: Vec<WorkspaceSetup>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    folders: Vec<FolderSetup>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sheets: Vec<SheetSetup>,
}

impl SmartsheetSetup {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A further user of the account.
    pub fn user(mut self, user: PersonSetup) -> Self {
        self.users.push(user);
        self
    }

    /// A further group. Its members may be users of this setup.
    pub fn group(mut self, group: GroupSetup) -> Self {
        self.groups.push(group);
        self
    }

    /// A further workspace.
    pub fn workspace(mut self, workspace: WorkspaceSetup) -> Self {
        self.workspaces.push(workspace);
        self
    }

    /// A further folder, outside of any workspace.
    pub fn folder(mut self, folder: FolderSetup) -> Self {
        self.folders.push(folder);
        self
    }

    /// A further sheet, outside of any workspace.
    pub fn sheet(mut self, sheet: SheetSetup) -> Self {
        self.sheets.push(sheet);
        self
    }

    pub(super) fn apply(&self, state: &mut State, now: DateTime<Utc>) -> Result<()> {
        for (at, user) in self.users.iter().enumerate() {
            user.apply(state, now).map_err(refused(&format!("users[{at}]")))?;
        }
        for (at, group) in self.groups.iter().enumerate() {
            groups::create(state, &group.body(), ME, now).map_err(refused(&format!("groups[{at}]")))?;
        }
        for (at, workspace) in self.workspaces.iter().enumerate() {
            let path = format!("workspaces[{at}]");
            let name = json!({ "name": workspace.name });
            let id = containers::new_workspace(state, &name, now).map_err(refused(&format!("{path}.name")))?.id;
            fill(state, Place::Workspace(id), &workspace.folders, &workspace.sheets, &format!("{path}."), now)?;
        }
        fill(state, Place::Home, &self.folders, &self.sheets, "", now)
    }
}

/// An error about this part of a setup.
fn refused(path: &str) -> impl Fn(Problem) -> Error {
    move |problem| Error::invalid(path, problem.message())
}

fn fill(
    state: &mut State,
    place: Place,
    folders: &[FolderSetup],
    sheets: &[SheetSetup],
    path: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    for (at, sheet) in sheets.iter().enumerate() {
        sheet.apply(state, place, &format!("{path}sheets[{at}]"), now)?;
    }
    for (at, folder) in folders.iter().enumerate() {
        let path = format!("{path}folders[{at}]");
        let name = json!({ "name": folder.name });
        let id = containers::new_folder(state, place, &name, now).map_err(refused(&format!("{path}.name")))?.id;
        fill(state, Place::Folder(id), &folder.folders, &folder.sheets, &format!("{path}."), now)?;
    }
    Ok(())
}

/// A workspace of a [`SmartsheetSetup`], and what is in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceSetup {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    folders: Vec<FolderSetup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sheets: Vec<SheetSetup>,
}

/// A folder of a [`SmartsheetSetup`], and what is in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSetup {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    folders: Vec<FolderSetup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sheets: Vec<SheetSetup>,
}

macro_rules! holds {
    ($($setup:ident),+) => {$(
        impl $setup {
            /// One of this name, with nothing in it.
            pub fn new(name: impl Into<String>) -> Self {
                Self { name: name.into(), ..Self::default() }
            }

            /// Holds this folder.
            pub fn folder(mut self, folder: FolderSetup) -> Self {
                self.folders.push(folder);
                self
            }

            /// Holds this sheet.
            pub fn sheet(mut self, sheet: SheetSetup) -> Self {
                self.sheets.push(sheet);
                self
            }
        }
    )+};
}

holds!(WorkspaceSetup, FolderSetup);

/// A user of a [`SmartsheetSetup`]. In JSON, the attributes are those of the API, and `"invited": true` for those who
/// have not accepted yet.
///
/// ```
/// use connectors_mock::{GroupSetup, MockSmartsheet, SmartsheetSetup, PersonSetup};
///
/// let setup = SmartsheetSetup::new()
///     .user(PersonSetup::new("ana@example.com").name("Ana", "Diaz").admin())
///     .group(GroupSetup::new("Night shift").member("ana@example.com"));
/// let json = r#"{"users":[{"email":"ana@example.com","firstName":"Ana","lastName":"Diaz","admin":true}],
///     "groups":[{"name":"Night shift","members":["ana@example.com"]}]}"#;
/// assert_eq!(setup, serde_json::from_str(json)?);
/// let mock = MockSmartsheet::builder().initial(setup).build()?;
/// assert!(mock.fake().users().iter().any(|user| user.name == "Ana Diaz" && user.admin));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonSetup(Map<String, Value>);

impl PersonSetup {
    /// An active user with this e-mail address and no rights.
    pub fn new(email: impl Into<String>) -> Self {
        Self::default().with("email", email.into())
    }

    /// Called like this.
    pub fn name(self, first: impl Into<String>, last: impl Into<String>) -> Self {
        self.with("firstName", first.into()).with("lastName", last.into())
    }

    /// A system admin.
    pub fn admin(self) -> Self {
        self.with("admin", true)
    }

    /// May create groups.
    pub fn group_admin(self) -> Self {
        self.with("groupAdmin", true)
    }

    /// Has not accepted the invitation yet.
    pub fn invited(self) -> Self {
        self.with("invited", true)
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    fn apply(&self, state: &mut State, now: DateTime<Utc>) -> std::result::Result<(), Problem> {
        let mut body = self.0.clone();
        let invited = match body.remove("invited") {
            None => false,
            Some(invited) => invited.as_bool().ok_or_else(|| Problem::wrong_type("invited"))?,
        };
        users::add_as(state, &body.into(), if invited { "PENDING" } else { "ACTIVE" }, now).map(drop)
    }
}

/// A group of a [`SmartsheetSetup`]. In JSON: `{"name": .., "description": .., "members": [e-mail addresses]}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSetup {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    members: Vec<String>,
}

impl GroupSetup {
    /// A group of this name, without members.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// What it is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The user with this e-mail address is in it.
    pub fn member(mut self, email: impl Into<String>) -> Self {
        self.members.push(email.into());
        self
    }

    fn body(&self) -> Value {
        let members: Vec<_> = self.members.iter().map(|email| json!({ "email": email })).collect();
        let mut body = json!({ "name": self.name, "members": members });
        if let (Some(description), Some(body)) = (&self.description, body.as_object_mut()) {
            body.insert("description".into(), description.as_str().into());
        }
        body
    }
}
