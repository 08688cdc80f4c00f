//! Workspaces, folders and sheets, and what is said about the sheets.

use std::collections::BTreeMap;

use connectors_core::ErrorKind;
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::{
    Child, ColumnType, Destination, FolderId, NewColumn, NewSheet, ResourceType, SheetId, SheetUpdate, WorkspaceId,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{cases, kind, pick, run};

const NOT_FOUND: Option<ErrorKind> = Some(ErrorKind::NotFound);

#[derive(Debug, Clone)]
enum Step {
    Workspace { name: u8 },
    Folder { place: u8, name: u8 },
    Sheet { place: u8, name: u8 },
    RenameWorkspace { which: u8, name: u8 },
    RenameFolder { which: u8, name: u8 },
    RenameSheet { which: u8, name: u8 },
    MoveFolder { which: u8, place: u8 },
    MoveSheet { which: u8, place: u8 },
    CopySheet { which: u8, place: u8, name: u8 },
    CopyFolder { which: u8, place: u8, name: u8 },
    DeleteWorkspace { which: u8 },
    DeleteFolder { which: u8 },
    DeleteSheet { which: u8 },
}

fn steps() -> impl Strategy<Value = Step> {
    let (which, place, name) = (0..6_u8, 0..8_u8, 0..4_u8);
    let both = (which.clone(), place.clone());
    let named = (which.clone(), name.clone());
    let all = (which.clone(), place.clone(), name.clone());
    prop_oneof![
        2 => name.clone().prop_map(|name| Step::Workspace { name }),
        3 => (place.clone(), name.clone()).prop_map(|(place, name)| Step::Folder { place, name }),
        3 => (place, name).prop_map(|(place, name)| Step::Sheet { place, name }),
        1 => named.clone().prop_map(|(which, name)| Step::RenameWorkspace { which, name }),
        1 => named.clone().prop_map(|(which, name)| Step::RenameFolder { which, name }),
        1 => named.prop_map(|(which, name)| Step::RenameSheet { which, name }),
        3 => both.clone().prop_map(|(which, place)| Step::MoveFolder { which, place }),
        2 => both.prop_map(|(which, place)| Step::MoveSheet { which, place }),
        1 => all.clone().prop_map(|(which, place, name)| Step::CopySheet { which, place, name }),
        1 => all.prop_map(|(which, place, name)| Step::CopyFolder { which, place, name }),
        1 => which.clone().prop_map(|which| Step::DeleteWorkspace { which }),
        1 => which.clone().prop_map(|which| Step::DeleteFolder { which }),
        1 => which.prop_map(|which| Step::DeleteSheet { which }),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Workspace(WorkspaceId),
    Folder(FolderId),
}

impl Place {
    fn destination(self) -> Destination {
        match self {
            Self::Workspace(id) => id.into(),
            Self::Folder(id) => id.into(),
        }
    }
}

/// What the steps made; what was there before is left alone.
struct Model {
    mock: MockSmartsheet,
    workspaces: BTreeMap<WorkspaceId, String>,
    folders: BTreeMap<FolderId, (String, Place)>,
    sheets: BTreeMap<SheetId, (String, Place)>,
}

fn keys<K: Copy, V>(map: &BTreeMap<K, V>) -> Vec<K> {
    map.keys().copied().collect()
}

fn named(name: u8) -> String {
    format!("N{name}")
}

fn new_sheet(name: &str) -> NewSheet {
    NewSheet::with_columns(name, [NewColumn::new("Name", ColumnType::TextNumber).primary(true)])
}

impl Model {
    fn new() -> Self {
        let mock = MockSmartsheet::new();
        Self { mock, workspaces: BTreeMap::new(), folders: BTreeMap::new(), sheets: BTreeMap::new() }
    }

    fn place(&self, number: u8) -> Place {
        let workspaces = self.workspaces.keys().copied().map(Place::Workspace);
        let all: Vec<_> = workspaces.chain(self.folders.keys().copied().map(Place::Folder)).collect();
        let unknown = Place::Folder(FolderId::new(7));
        pick(&all, number, unknown)
    }

    fn exists(&self, place: Place) -> bool {
        match place {
            Place::Workspace(id) => self.workspaces.contains_key(&id),
            Place::Folder(id) => self.folders.contains_key(&id),
        }
    }

    fn sheet(&self, number: u8) -> SheetId {
        pick(&keys(&self.sheets), number, SheetId::new(7))
    }

    fn folder(&self, number: u8) -> FolderId {
        pick(&keys(&self.folders), number, FolderId::new(7))
    }

    fn workspace(&self, number: u8) -> WorkspaceId {
        pick(&keys(&self.workspaces), number, WorkspaceId::new(7))
    }

    fn is_within(&self, mut place: Place, folder: FolderId) -> bool {
        loop {
            match place {
                Place::Folder(id) if id == folder => return true,
                Place::Folder(id) => match self.folders.get(&id) {
                    Some((_, around)) => place = *around,
                    None => return false,
                },
                Place::Workspace(_) => return false,
            }
        }
    }

    fn forget_orphans(&mut self) {
        loop {
            let gone: Vec<_> =
                self.folders.iter().filter(|(_, (_, at))| !self.exists(*at)).map(|(id, _)| *id).collect();
            if gone.is_empty() {
                break;
            }
            self.folders.retain(|id, _| !gone.contains(id));
        }
        let gone: Vec<_> = self.sheets.iter().filter(|(_, (_, at))| !self.exists(*at)).map(|(id, _)| *id).collect();
        self.sheets.retain(|id, _| !gone.contains(id));
    }

    /// Names and kinds of what is in a place and below, without ids: a copy has other ones.
    fn outline(&self, place: Place) -> Vec<String> {
        let sheets = self.sheets.values().filter(|(_, at)| *at == place).map(|(name, _)| format!("sheet {name}"));
        let folders = self.folders.iter().filter(|(_, (_, at))| *at == place);
        let folders = folders.map(|(id, (name, _))| format!("folder {name} {:?}", self.outline(Place::Folder(*id))));
        let mut all: Vec<_> = sheets.chain(folders).collect();
        all.sort();
        all
    }

    async fn children(&self, place: Place) -> Vec<Child> {
        let client = self.mock.client();
        match place {
            Place::Workspace(id) => client.workspaces().children(id),
            Place::Folder(id) => client.folders().children(id),
        }
        .pager()
        .collect_all()
        .await
        .unwrap()
    }

    /// Takes in what a copy made.
    async fn learn(&mut self, place: Place) {
        for child in self.children(place).await {
            match child.resource_type {
                Some(ResourceType::Folder) => {
                    let id = FolderId::new(child.id);
                    self.folders.insert(id, (child.name, place));
                    Box::pin(self.learn(Place::Folder(id))).await;
                }
                _ => drop(self.sheets.insert(SheetId::new(child.id), (child.name, place))),
            }
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of step")]
    async fn step(&mut self, step: &Step) {
        let client = self.mock.client().clone();
        let (workspaces, folders, sheets) = (client.workspaces(), client.folders(), client.sheets());
        match *step {
            Step::Workspace { name } => {
                let made = workspaces.create(named(name)).await.unwrap();
                assert!(self.workspaces.insert(made.id, named(name)).is_none(), "a new id");
            }
            Step::Folder { place, name } => {
                let place = self.place(place);
                let made = match place {
                    Place::Workspace(id) => folders.create_in_workspace(id, named(name)).await,
                    Place::Folder(id) => folders.create_in_folder(id, named(name)).await,
                };
                if !self.exists(place) {
                    return assert_eq!(kind(&made), NOT_FOUND);
                }
                assert!(self.folders.insert(made.unwrap().id, (named(name), place)).is_none(), "a new id");
            }
            Step::Sheet { place, name } => {
                let place = self.place(place);
                let new = new_sheet(&named(name));
                let made = match place {
                    Place::Workspace(id) => sheets.create_in_workspace(id, new).await,
                    Place::Folder(id) => sheets.create_in_folder(id, new).await,
                };
                if !self.exists(place) {
                    return assert_eq!(kind(&made), NOT_FOUND);
                }
                assert!(self.sheets.insert(made.unwrap().result.id, (named(name), place)).is_none(), "a new id");
            }
            Step::RenameWorkspace { which, name } => {
                let id = self.workspace(which);
                let renamed = workspaces.update(id, named(name)).await;
                match self.workspaces.get_mut(&id) {
                    Some(held) => *held = renamed.unwrap().name,
                    None => assert_eq!(kind(&renamed), NOT_FOUND),
                }
            }
            Step::RenameFolder { which, name } => {
                let id = self.folder(which);
                let renamed = folders.update(id, named(name)).await;
                match self.folders.get_mut(&id) {
                    Some((held, _)) => *held = renamed.unwrap().name,
                    None => assert_eq!(kind(&renamed), NOT_FOUND),
                }
            }
            Step::RenameSheet { which, name } => {
                let id = self.sheet(which);
                let renamed = sheets.update(id, SheetUpdate::new().name(named(name))).await;
                match self.sheets.get_mut(&id) {
                    Some((held, _)) => *held = renamed.unwrap().name,
                    None => assert_eq!(kind(&renamed), NOT_FOUND),
                }
            }
            Step::MoveFolder { which, place } => {
                let (id, place) = (self.folder(which), self.place(place));
                let moved = folders.move_to(id, place.destination()).await;
                if !self.folders.contains_key(&id) || !self.exists(place) {
                    return assert_eq!(kind(&moved), NOT_FOUND);
                }
                if self.is_within(place, id) {
                    return assert_eq!(kind(&moved), Some(ErrorKind::InvalidRequest));
                }
                assert_eq!(moved.unwrap().id, id);
                self.folders.get_mut(&id).unwrap().1 = place;
            }
            Step::MoveSheet { which, place } => {
                let (id, place) = (self.sheet(which), self.place(place));
                let moved = sheets.move_to(id, place.destination()).await;
                if !self.sheets.contains_key(&id) || !self.exists(place) {
                    return assert_eq!(kind(&moved), NOT_FOUND);
                }
                assert_eq!(moved.unwrap().id, id);
                self.sheets.get_mut(&id).unwrap().1 = place;
            }
            Step::CopySheet { which, place, name } => {
                let (id, place) = (self.sheet(which), self.place(place));
                let copied = sheets.copy(id, place.destination(), named(name)).await;
                if !self.sheets.contains_key(&id) || !self.exists(place) {
                    return assert_eq!(kind(&copied), NOT_FOUND);
                }
                assert!(self.sheets.insert(copied.unwrap().result.id, (named(name), place)).is_none(), "a new id");
            }
            Step::CopyFolder { which, place, name } => {
                let (id, place) = (self.folder(which), self.place(place));
                if self.sheets.len() > 40 {
                    return;
                }
                let before = self.outline(Place::Folder(id));
                let copied = folders.copy(id, place.destination(), named(name)).await;
                if !self.folders.contains_key(&id) || !self.exists(place) {
                    return assert_eq!(kind(&copied), NOT_FOUND);
                }
                let copy = copied.unwrap().id;
                assert!(self.folders.insert(copy, (named(name), place)).is_none(), "a new id");
                self.learn(Place::Folder(copy)).await;
                assert_eq!(self.outline(Place::Folder(copy)), before);
            }
            Step::DeleteWorkspace { which } => {
                let id = self.workspace(which);
                let deleted = workspaces.delete(id).await;
                match self.workspaces.remove(&id) {
                    Some(_) => deleted.unwrap(),
                    None => assert_eq!(kind(&deleted), NOT_FOUND),
                }
                self.forget_orphans();
            }
            Step::DeleteFolder { which } => {
                let id = self.folder(which);
                let deleted = folders.delete(id).await;
                match self.folders.remove(&id) {
                    Some(_) => deleted.unwrap(),
                    None => assert_eq!(kind(&deleted), NOT_FOUND),
                }
                self.forget_orphans();
            }
            Step::DeleteSheet { which } => {
                let id = self.sheet(which);
                let deleted = sheets.delete(id).await;
                match self.sheets.remove(&id) {
                    Some(_) => deleted.unwrap(),
                    None => assert_eq!(kind(&deleted), NOT_FOUND),
                }
            }
        }
    }

    async fn check(&self, before: &[SheetId], workspaces_before: &[WorkspaceId]) {
        let listed = self.mock.client().workspaces().list().pager().collect_all().await.unwrap();
        let listed = listed.into_iter().filter(|workspace| !workspaces_before.contains(&workspace.id));
        assert_eq!(listed.map(|workspace| (workspace.id, workspace.name)).collect::<BTreeMap<_, _>>(), self.workspaces);
        let held = self.mock.fake().sheets().into_iter().filter(|sheet| !before.contains(&sheet.id));
        let held: BTreeMap<_, _> = held.map(|sheet| (sheet.id, sheet.name)).collect();
        let names = self.sheets.iter().map(|(id, (name, _))| (*id, name.clone()));
        assert_eq!(held, names.collect::<BTreeMap<_, _>>());
        let places = self.workspaces.keys().copied().map(Place::Workspace);
        for place in places.chain(self.folders.keys().copied().map(Place::Folder)) {
            let mut children: Vec<_> = self.children(place).await.into_iter().map(|c| (c.id, c.name)).collect();
            let sheets = self.sheets.iter().filter(|(_, (_, at))| *at == place).map(|(id, (n, _))| (id.get(), n));
            let folders = self.folders.iter().filter(|(_, (_, at))| *at == place).map(|(id, (n, _))| (id.get(), n));
            let mut expected: Vec<_> = sheets.chain(folders).map(|(id, name)| (id, name.clone())).collect();
            children.sort();
            expected.sort();
            assert_eq!(children, expected, "{place:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn everything_is_where_it_was_put(steps in vec(steps(), 1..40)) {
        run(async {
            let mut model = Model::new();
            let before: Vec<_> = model.mock.fake().sheets().into_iter().map(|sheet| sheet.id).collect();
            let workspaces = model.mock.client().workspaces().list().pager().collect_all().await.unwrap();
            let workspaces: Vec<_> = workspaces.into_iter().map(|workspace| workspace.id).collect();
            for step in &steps {
                model.step(step).await;
            }
            model.check(&before, &workspaces).await;
        });
    }
}
