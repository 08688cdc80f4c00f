//! Sheet summaries.

use connectors_core::NewFile;
use connectors_core::provider::Operation;
use connectors_core::{Request, open_enum};
use http::Method;

use crate::files::FileExt as _;
use crate::images::check_alt_text;
use crate::model::ids::positive;
use crate::model::{
    NewSummaryField, OffsetPage, SheetId, Summary, SummaryField, SummaryFieldId, SummaryFieldUpdate, WriteResult,
};
use crate::request::{CallExt, count, offset_pages, operation, resource};

static GET: Operation = operation(Method::GET, "summaries.get", "/sheets/{sheetId}/summary");
static FIELDS: Operation = operation(Method::GET, "summaries.fields", "/sheets/{sheetId}/summary/fields");
static UPDATE_FIELDS: Operation = operation(Method::PUT, "summaries.update_fields", "/sheets/{sheetId}/summary/fields");
static DELETE_FIELDS: Operation =
    operation(Method::DELETE, "summaries.delete_fields", "/sheets/{sheetId}/summary/fields");
static ADD_FIELDS: Operation = operation(Method::POST, "summaries.add_fields", "/sheets/{sheetId}/summary/fields");
static ADD_IMAGE: Operation =
    operation(Method::POST, "summaries.add_image", "/sheets/{sheetId}/summary/fields/{fieldId}/images").cost(10);

/// How many fields may be deleted at once: their ids are in the address.
const MAX_DELETED: usize = 400;

open_enum! {
    /// What a summary is read with.
    pub enum SummaryInclude {
        /// How the fields look.
        "format" => Format,
        /// Who created and changed them.
        "writerInfo" => WriterInfo,
    }
}

open_enum! {
    /// What a summary is read without.
    pub enum SummaryExclude {
        /// The values as people see them.
        "displayValue" => DisplayValue,
        /// Images.
        "image" => Image,
        /// The alternative texts of images.
        "imageAltText" => ImageAltText,
    }
}

resource! {
    /// The endpoints of sheet summaries: [`SmartsheetClient::summaries`](crate::SmartsheetClient::summaries).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{ColumnType, NewFile, NewSummaryField, SummaryFieldUpdate};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.template_id());
    /// let summaries = smartsheet.summaries();
    /// let budget = NewSummaryField::new("Budget", ColumnType::TextNumber).value(12_500);
    /// let logo = NewSummaryField::new("Logo", ColumnType::TextNumber);
    /// let added = summaries.add_fields(sheet, [budget, logo]).await?.result;
    /// summaries.update_fields(sheet, [SummaryFieldUpdate::new(added[0].id).value(14_000)]).await?;
    /// summaries.add_image(sheet, added[1].id, NewFile::new("logo.png", &b"\x89PNG"[..])).alt_text("Fizz").await?;
    ///
    /// let summary = summaries.get(sheet).await?;
    /// assert_eq!(summary.get("Budget").and_then(|field| field.display_value.as_deref()), Some("14000"));
    /// summaries.delete_fields(sheet, [added[0].id]).await?;
    /// let left = summaries.fields(sheet).pager().collect_all().await?;
    /// assert_eq!(left[0].image.as_ref().and_then(|image| image.alt_text.as_deref()), Some("Fizz"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Summaries;
}

impl Summaries {
    /// The summary of a sheet, with all of its fields.
    pub fn get(&self, sheet: SheetId) -> GetSummary {
        GetSummary(Request::new(self.client.call(&GET).id("sheetId", sheet.get())))
    }

    /// The fields of a summary, page by page.
    pub fn fields(&self, sheet: SheetId) -> ListSummaryFields {
        ListSummaryFields(Request::new(self.client.call(&FIELDS).id("sheetId", sheet.get())))
    }

    /// Adds fields. Their titles must be new, unless they are renamed by
    /// [`rename_if_conflict`](WriteSummaryFields::rename_if_conflict).
    pub fn add_fields(&self, sheet: SheetId, fields: impl IntoIterator<Item = NewSummaryField>) -> WriteSummaryFields {
        let fields: Vec<_> = fields.into_iter().collect();
        let call = self.client.call(&ADD_FIELDS).write_to(sheet).json(&fields);
        let all = count("fields", fields.len(), usize::MAX);
        let each = fields.iter().enumerate().try_for_each(|(at, field)| field.check(at));
        WriteSummaryFields(Request::new(call).check(all).check(each))
    }

    /// Changes fields.
    pub fn update_fields(
        &self,
        sheet: SheetId,
        fields: impl IntoIterator<Item = SummaryFieldUpdate>,
    ) -> WriteSummaryFields {
        let fields: Vec<_> = fields.into_iter().collect();
        let call = self.client.call(&UPDATE_FIELDS).write_to(sheet).json(&fields);
        let all = count("fields", fields.len(), usize::MAX);
        let each = fields.iter().enumerate().try_for_each(|(at, field)| field.check(at));
        WriteSummaryFields(Request::new(call).check(all).check(each))
    }

    /// Deletes fields, at most 400. One that does not exist keeps all of them from being deleted, unless that is
    /// ignored.
    pub fn delete_fields(
        &self,
        sheet: SheetId,
        fields: impl IntoIterator<Item = SummaryFieldId>,
    ) -> DeleteSummaryFields {
        let fields: Vec<_> = fields.into_iter().collect();
        let each = fields.iter().enumerate().try_for_each(|(at, id)| positive(&format!("fields[{at}]"), id.get()));
        let request = Request::new(self.client.call(&DELETE_FIELDS).write_to(sheet)).add("ids", &fields);
        DeleteSummaryFields(request.check(count("fields", fields.len(), MAX_DELETED)).check(each))
    }

    /// Puts an image into a field, in place of its value. Counts as ten requests.
    pub fn add_image(&self, sheet: SheetId, field: SummaryFieldId, image: NewFile) -> AddSummaryImage {
        let refused = image.check();
        let call = self.client.long_call(&ADD_IMAGE).write_to(sheet).id("fieldId", field.get());
        AddSummaryImage(Request::new(image.alone(call)).check(refused))
    }
}

connectors_core::request! {
    /// Reads a summary: [`Summaries::get`].
    pub struct GetSummary => Summary;
    /// Adds to what is sent.
    list include: SummaryInclude = "include";
    /// Leaves out of what is sent.
    list exclude: SummaryExclude = "exclude";
}

connectors_core::request! {
    /// Lists the fields of a summary: [`Summaries::fields`]. Awaiting it gives one page; [`pager`](Self::pager) gives
    /// all.
    pub struct ListSummaryFields => OffsetPage<SummaryField>;
    /// Adds to what is sent.
    list include: SummaryInclude = "include";
    /// Leaves out of what is sent.
    list exclude: SummaryExclude = "exclude";
}
offset_pages!(ListSummaryFields => SummaryField);

connectors_core::request! {
    /// Adds or changes fields: [`Summaries::add_fields`] and [`Summaries::update_fields`].
    pub struct WriteSummaryFields => WriteResult<Vec<SummaryField>>;
    /// Lets Smartsheet change titles that are taken, in place of refusing them.
    flag rename_if_conflict = "renameIfConflict";
}

connectors_core::request! {
    /// Deletes fields: [`Summaries::delete_fields`].
    pub struct DeleteSummaryFields => WriteResult<Vec<SummaryFieldId>>;
    /// Deletes the fields that exist.
    flag ignore_not_found = "ignoreSummaryFieldsNotFound";
}

connectors_core::request! {
    /// Puts an image into a field: [`Summaries::add_image`].
    pub struct AddSummaryImage => WriteResult<SummaryField>;
    /// Writes it although the field's validation would refuse it. Needs an admin.
    flag override_validation = "overrideValidation";
}

impl AddSummaryImage {
    /// What is shown to those who do not see it: at most 100 characters.
    pub fn alt_text(self, text: &str) -> Self {
        Self(self.0.check(check_alt_text(text)).set("altText", text))
    }
}
