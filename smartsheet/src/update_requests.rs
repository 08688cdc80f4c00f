//! Update requests.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::model::{
    NewUpdateRequest, OffsetPage, SentUpdateRequest, SentUpdateRequestId, SheetId, UpdateRequest, UpdateRequestId,
    UpdateRequestUpdate,
};
use crate::request::{CallExt, done, offset_pages, operation, resource, written};

static LIST: Operation = operation(Method::GET, "update_requests.list", "/sheets/{sheetId}/updaterequests");
static CREATE: Operation = operation(Method::POST, "update_requests.create", "/sheets/{sheetId}/updaterequests");
static GET: Operation =
    operation(Method::GET, "update_requests.get", "/sheets/{sheetId}/updaterequests/{updateRequestId}");
static UPDATE: Operation =
    operation(Method::PUT, "update_requests.update", "/sheets/{sheetId}/updaterequests/{updateRequestId}");
static DELETE: Operation =
    operation(Method::DELETE, "update_requests.delete", "/sheets/{sheetId}/updaterequests/{updateRequestId}");
static SENT: Operation = operation(Method::GET, "update_requests.sent", "/sheets/{sheetId}/sentupdaterequests");
static GET_SENT: Operation =
    operation(Method::GET, "update_requests.get_sent", "/sheets/{sheetId}/sentupdaterequests/{sentUpdateRequestId}");
static DELETE_SENT: Operation = operation(
    Method::DELETE,
    "update_requests.delete_sent",
    "/sheets/{sheetId}/sentupdaterequests/{sentUpdateRequestId}",
);

resource! {
    /// The endpoints of update requests:
    /// [`SmartsheetClient::update_requests`](crate::SmartsheetClient::update_requests). They ask people by e-mail to
    /// fill in rows, at once or by a schedule.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{Email, NewSchedule, NewUpdateRequest, RowEmail, UpdateRequestUpdate};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// # let (row, start) = (smartsheet.sheets().get(sheet).await?.rows[0].id, "2040-06-05T08:00:00Z".parse().unwrap());
    /// let ask = RowEmail::new(Email::to(["crew@example.com"]).subject("Is this right?"), [row]);
    /// smartsheet.update_requests().create(sheet, NewUpdateRequest::new(ask.clone())).await?;
    /// let sent = smartsheet.update_requests().sent(sheet).await?.data;
    /// let first = smartsheet.update_requests().get_sent(sheet, sent[0].id).await?;
    /// assert_eq!(first.sent_to.and_then(|to| to.email).as_deref(), Some("crew@example.com"));
    /// smartsheet.update_requests().delete_sent(sheet, first.id).await?;
    ///
    /// let later = NewUpdateRequest::new(ask).schedule(NewSchedule::daily(start, 1));
    /// let later = smartsheet.update_requests().create(sheet, later).await?;
    /// let rarely = UpdateRequestUpdate::new().schedule(NewSchedule::daily(start, 7));
    /// smartsheet.update_requests().update(sheet, later.id, rarely).await?;
    /// let read = smartsheet.update_requests().get(sheet, later.id).await?;
    /// assert_eq!(read.schedule.and_then(|schedule| schedule.repeat_every), Some(7));
    /// smartsheet.update_requests().delete(sheet, later.id).await?;
    /// assert!(smartsheet.update_requests().list(sheet).await?.data.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub struct UpdateRequests;
}

impl UpdateRequests {
    /// The update requests of a sheet that will be sent some day.
    pub fn list(&self, sheet: SheetId) -> ListUpdateRequests {
        ListUpdateRequests(Request::new(self.client.call(&LIST).id("sheetId", sheet.get())))
    }

    /// Sets up an update request. Without a schedule it is sent at once.
    pub fn create(&self, sheet: SheetId, request: NewUpdateRequest) -> Request<UpdateRequest> {
        let call = self.client.call(&CREATE).write_to(sheet);
        written(call.json(&request)).check(request.check())
    }

    /// One update request.
    pub fn get(&self, sheet: SheetId, request: UpdateRequestId) -> Request<UpdateRequest> {
        Request::new(self.client.call(&GET).id("sheetId", sheet.get()).id("updateRequestId", request.get()))
    }

    /// Changes an update request that will be sent some day.
    pub fn update(
        &self,
        sheet: SheetId,
        request: UpdateRequestId,
        update: UpdateRequestUpdate,
    ) -> Request<UpdateRequest> {
        let call = self.client.call(&UPDATE).write_to(sheet).id("updateRequestId", request.get());
        written(call.json(&update)).check(update.check())
    }

    /// Deletes an update request: it is not sent any more.
    pub fn delete(&self, sheet: SheetId, request: UpdateRequestId) -> Request<()> {
        done(self.client.call(&DELETE).write_to(sheet).id("updateRequestId", request.get()))
    }

    /// The update requests of a sheet that were sent, one for each recipient.
    pub fn sent(&self, sheet: SheetId) -> ListSentUpdateRequests {
        ListSentUpdateRequests(Request::new(self.client.call(&SENT).id("sheetId", sheet.get())))
    }

    /// One update request that was sent.
    pub fn get_sent(&self, sheet: SheetId, sent: SentUpdateRequestId) -> Request<SentUpdateRequest> {
        Request::new(self.client.call(&GET_SENT).id("sheetId", sheet.get()).id("sentUpdateRequestId", sent.get()))
    }

    /// Takes back an update request that was sent: it cannot be answered any more.
    pub fn delete_sent(&self, sheet: SheetId, sent: SentUpdateRequestId) -> Request<()> {
        done(self.client.call(&DELETE_SENT).write_to(sheet).id("sentUpdateRequestId", sent.get()))
    }
}

connectors_core::request! {
    /// Lists update requests: [`UpdateRequests::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListUpdateRequests => OffsetPage<UpdateRequest>;
    /// All of them in one answer.
    flag include_all = "includeAll";
}
offset_pages!(ListUpdateRequests => UpdateRequest);

connectors_core::request! {
    /// Lists update requests that were sent: [`UpdateRequests::sent`]. Awaiting it gives one page;
    /// [`pager`](Self::pager) gives all.
    pub struct ListSentUpdateRequests => OffsetPage<SentUpdateRequest>;
    /// All of them in one answer.
    flag include_all = "includeAll";
}
offset_pages!(ListSentUpdateRequests => SentUpdateRequest);
