//! Where rows go, and what goes with them.

use connectors_core::{ErrorKind, Result};
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::{CellWrite, ColumnId, NewRow, RowId, RowLocation, RowUpdate, SheetId, tracker};

struct Stage {
    mock: MockSmartsheet,
    sheet: SheetId,
    key: ColumnId,
}

impl Stage {
    async fn new() -> Result<Self> {
        let mock = MockSmartsheet::new();
        let sheet = mock.template_id();
        let key = mock.client().table(sheet).columns().await?.require(tracker::EVENT_ID)?.id;
        Ok(Self { mock, sheet, key })
    }

    async fn add<const N: usize>(&self, names: [&str; N], to: RowLocation) -> Result<[RowId; N]> {
        let rows = names.map(|name| NewRow::new([CellWrite::value(self.key, name)]));
        let added = self.mock.client().rows().add(self.sheet, rows).location(to).await?.result;
        Ok(std::array::from_fn(|at| added[at].id))
    }

    async fn put(&self, rows: &[RowId], to: RowLocation) -> Result<()> {
        let rows = rows.iter().map(|row| RowUpdate::new(*row, []));
        self.mock.client().rows().update(self.sheet, rows).location(to).await.map(drop)
    }

    /// The names in the order of the sheet, behind a dash for each level.
    async fn outline(&self) -> Result<String> {
        let rows = self.mock.client().sheets().get(self.sheet).await?.rows;
        let parent = |id| rows.iter().find(|row| row.id == id).and_then(|row| row.parent_id);
        let line = |row: &connectors_smartsheet::Row| {
            let depth = std::iter::successors(row.parent_id, |id| parent(*id)).count();
            format!("{}{}", "-".repeat(depth), row.cell(self.key).unwrap())
        };
        Ok(rows.iter().map(line).collect::<Vec<_>>().join(" "))
    }
}

#[tokio::test]
async fn rows_take_along_what_is_below_them() -> Result<()> {
    let stage = Stage::new().await?;
    let [a, b, c] = stage.add(["a", "b", "c"], RowLocation::Bottom).await?;
    let [a1] = stage.add(["a1"], RowLocation::FirstChildOf(a)).await?;
    stage.add(["a11"], RowLocation::FirstChildOf(a1)).await?;
    // Behind all that is below the row before, not only behind that row.
    stage.add(["a2"], RowLocation::LastChildOf(a)).await?;
    stage.add(["a1b"], RowLocation::Below(a1)).await?;
    assert_eq!(stage.outline().await?, "a -a1 --a11 -a1b -a2 b c");
    stage.put(&[a1], RowLocation::Bottom).await?;
    assert_eq!(stage.outline().await?, "a -a1b -a2 b c a1 -a11");
    stage.put(&[a, b], RowLocation::Below(c)).await?;
    assert_eq!(stage.outline().await?, "c a -a1b -a2 b a1 -a11", "those from above it, too");
    stage.put(&[a, a1], RowLocation::LastChildOf(c)).await?;
    assert_eq!(stage.outline().await?, "c -a --a1b --a2 -a1 --a11 b");
    Ok(())
}

#[tokio::test]
async fn nothing_goes_below_itself() -> Result<()> {
    let stage = Stage::new().await?;
    let [a, b] = stage.add(["a", "b"], RowLocation::Bottom).await?;
    let [a1] = stage.add(["a1"], RowLocation::FirstChildOf(a)).await?;
    for to in
        [RowLocation::FirstChildOf(a), RowLocation::LastChildOf(a1), RowLocation::Below(a1), RowLocation::Above(a)]
    {
        let refused = stage.put(&[b, a], to).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidRequest, "{to:?}");
        assert_eq!(stage.outline().await?, "a -a1 b", "nor does the other row: {to:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_level_is_changed_in_place() -> Result<()> {
    let stage = Stage::new().await?;
    let [a] = stage.add(["a"], RowLocation::Bottom).await?;
    let [_, a2, _] = stage.add(["a1", "a2", "a3"], RowLocation::FirstChildOf(a)).await?;
    stage.put(&[a2], RowLocation::Indent).await?;
    assert_eq!(stage.outline().await?, "a -a1 --a2 -a3");
    stage.put(&[a2], RowLocation::Outdent).await?;
    stage.put(&[a2], RowLocation::Outdent).await?;
    assert_eq!(stage.outline().await?, "a -a1 a2 -a3", "what followed it on its level is below it");
    Ok(())
}

#[tokio::test]
async fn a_delete_of_nothing_changes_nothing() -> Result<()> {
    let stage = Stage::new().await?;
    let version = stage.mock.client().sheets().version(stage.sheet).await?;
    let deleted = stage.mock.client().rows().delete(stage.sheet, [RowId::new(7)]).ignore_not_found().await?;
    assert_eq!((deleted.result.len(), deleted.version), (0, Some(version)));
    Ok(())
}

#[tokio::test]
async fn rows_that_leave_the_one_between_behind_stay_below_the_one_above() -> Result<()> {
    let stage = Stage::new().await?;
    let [a] = stage.add(["a"], RowLocation::Bottom).await?;
    let [a1, a2] = stage.add(["a1", "a2"], RowLocation::FirstChildOf(a)).await?;
    let [a11] = stage.add(["a11"], RowLocation::FirstChildOf(a1)).await?;
    let client = stage.mock.client();
    let other = client.sheets().copy(stage.sheet, stage.mock.workspace_id(), "Other").await?.result.id;
    client.rows().copy_to(stage.sheet, [a, a11, a2], other).await?;
    let rows = client.sheets().get(other).await?.rows;
    let parents: Vec<_> = rows.iter().map(|row| row.parent_id).collect();
    assert_eq!(parents, [None, Some(rows[0].id), Some(rows[0].id)]);
    Ok(())
}
