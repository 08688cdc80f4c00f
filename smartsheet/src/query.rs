//! What may be asked for in queries.

use connectors_core::open_enum;

open_enum! {
    /// What a sheet is read with, besides its columns and rows.
    pub enum SheetInclude {
        /// The metadata of attachments.
        "attachments" => Attachments,
        /// The column's type in every cell.
        "columnType" => ColumnType,
        /// The columns of the sheet, beside a row that is read alone.
        "columns" => Columns,
        /// References to other sheets.
        "crossSheetReferences" => CrossSheetReferences,
        /// The metadata of discussions.
        "discussions" => Discussions,
        /// Whether each row passes the filter.
        "filters" => Filters,
        /// What the filters are.
        "filterDefinitions" => FilterDefinitions,
        /// Formats of cells, rows and columns.
        "format" => Format,
        /// The configuration of the Gantt chart.
        "ganttConfig" => GanttConfig,
        /// Typed values. Needs a level as well: ask for rich values instead.
        "objectValue" => ObjectValue,
        /// Who owns the sheet.
        "ownerInfo" => OwnerInfo,
        /// The page of every row.
        "rowPermalink" => RowPermalink,
        /// The version, in lists of sheets.
        "sheetVersion" => SheetVersion,
        /// What the sheet was made from.
        "source" => Source,
        /// Who created and changed every row.
        "writerInfo" => WriterInfo,
    }
}

open_enum! {
    /// What a sheet is read without.
    pub enum SheetExclude {
        /// Rows that the filter hides.
        "filteredOutRows" => FilteredOutRows,
        /// Where the values of linked cells come from.
        "linkInFromCellDetails" => LinkInFromCellDetails,
        /// Where the values of cells are linked to.
        "linksOutToCellsDetails" => LinksOutToCellsDetails,
        /// Cells that never held anything: much of a sparse sheet.
        "nonexistentCells" => NonexistentCells,
    }
}

open_enum! {
    /// What is taken over into a copy, besides the structure.
    pub enum CopyInclude {
        /// All that can be taken over; only when a workspace is copied.
        "all" => All,
        /// Attachments.
        "attachments" => Attachments,
        /// The logo and colours; only when a workspace is copied.
        "brand" => Brand,
        /// Links to cells of other sheets.
        "cellLinks" => CellLinks,
        /// The rows and their values.
        "data" => Data,
        /// Discussions.
        "discussions" => Discussions,
        /// Filters.
        "filters" => Filters,
        /// Forms.
        "forms" => Forms,
        /// Who automation rules notify.
        "ruleRecipients" => RuleRecipients,
        /// Automation rules.
        "rules" => Rules,
        /// Who it is shared with; not when a sheet is created from a template.
        "shares" => Shares,
    }
}

open_enum! {
    /// What is left out of a copy.
    pub enum CopyExclude {
        /// Hyperlinks to sheets.
        "sheetHyperlinks" => SheetHyperlinks,
    }
}

open_enum! {
    /// What keeps leading to the original when a folder or workspace is copied, instead of to the copies.
    pub enum SkipRemap {
        /// Links to cells of other sheets.
        "cellLinks" => CellLinks,
        /// The sources of reports.
        "reports" => Reports,
        /// Hyperlinks to sheets.
        "sheetHyperlinks" => SheetHyperlinks,
        /// The sources of dashboards.
        "sights" => Sights,
    }
}

/// Query values in a row, `None` when there are none.
pub(crate) fn list<T: ToString>(values: &[T]) -> Option<String> {
    (!values.is_empty()).then(|| values.iter().map(T::to_string).collect::<Vec<_>>().join(","))
}
