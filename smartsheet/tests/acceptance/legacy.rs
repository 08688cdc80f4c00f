//! The older scenarios beyond rows: the server checks what it is asked.
#![allow(deprecated, reason = "the home folder still answers")]

use connectors_smartsheet::{
    AutoNumberFormat, AutomationRuleId, ColumnId, ColumnType, ColumnUpdate, Destination, FolderId, HomeContents,
    NewColumn, NewSheet, NewUser, PublishAudience, SentUpdateRequestId, SheetId, SightId, SightPublishUpdate, UserId,
    UserUpdate,
};

use http::Method;

use crate::{Case, asking};

pub(crate) async fn passes(case: &Case<'_>) -> bool {
    sheets(case).await || people(case).await || tracking(case).await || sights(case).await || dashboards(case).await
}

async fn sheets(case: &Case<'_>) -> bool {
    match case.name() {
        "Update Column - Change Type - Picklist" => {
            let change = ColumnUpdate::new().title("Updated Column").column_type(2, ColumnType::Picklist);
            let change = change.options(["An", "updated", "column"]).width(200);
            let (sheet, column) = (SheetId::new(123), ColumnId::new(234));
            let update = |client: &crate::SmartsheetClient| {
                asking!(case, client.columns().update(sheet, column, change.clone()))
            };
            let column = case.answer(&[], update).await.result;
            assert_eq!((column.column_type, column.options.len(), column.width), (ColumnType::Picklist, 3, Some(200)));
        }
        "Serialization - Sheet" => {
            let numbers = AutoNumberFormat::new("{YYYY}-{MM}-{DD}-", 6, "-SUFFIX");
            let columns = [
                NewColumn::new("The First Column", ColumnType::TextNumber).primary(true),
                NewColumn::new("The Second Column", ColumnType::TextNumber).primary(false).auto_number(numbers),
            ];
            let sheet = NewSheet::with_columns("The First Sheet", columns);
            let create =
                |client: &crate::SmartsheetClient| asking!(case, client.sheets().create_at_home(sheet.clone()));
            assert_eq!(case.answer(&[], create).await.result.id, SheetId::new(1));
        }
        "Serialization - Favorite" => {
            let add = |client: &crate::SmartsheetClient| asking!(case, client.favorites().add([SheetId::new(1)]));
            assert_eq!(case.answer(&[], add).await.len(), 1);
        }
        "Serialization - Home" => {
            // Not an operation of the API any more, but `home().get()` answers with the same.
            let home = |client: &crate::SmartsheetClient| {
                let call = asking!(case, client.request(&Method::GET, "/home"));
                async move { Ok(call.send::<HomeContents>().await?.into_inner()) }
            };
            let home = case.answer(&[], |client| Box::pin(home(client))).await;
            assert_eq!(home.folders.len(), 2);
        }
        "Serialization - Container Destination" => {
            let copy = |client: &crate::SmartsheetClient| {
                let folder = FolderId::new(1);
                asking!(case, client.folders().copy(folder, Destination::Home, "Copy of Some Folder"))
            };
            assert_eq!(case.answer(&[], copy).await.id, FolderId::new(2));
        }
        _ => return false,
    }
    true
}

async fn people(case: &Case<'_>) -> bool {
    match case.name() {
        "Deactivate user" => {
            case.answer(&[], |client| asking!(case, client.users().deactivate(UserId::new(2)))).await;
        }
        "Serialization - AlternateEmail" => {
            let add = |client: &crate::SmartsheetClient| {
                let emails = ["not.not.john.doe@smartsheet.com"];
                asking!(case, client.users().add_alternate_emails(UserId::new(1), emails))
            };
            assert!(!case.answer(&[], add).await[0].confirmed);
        }
        "Serialization - IndexResult" => {
            let page = case.answer(&[], |client| asking!(case, client.users().list())).await;
            assert_eq!(page.data[0].id, UserId::new(1));
        }
        "Serialization - User" => {
            let rights = UserUpdate::new().name("John", "Doe").admin(false).licensed_sheet_creator(true);
            let rights = rights.group_admin(false).resource_viewer(true);
            let user = NewUser::new("john.doe@smartsheet.com").with(rights);
            let added = case.answer(&[], |client| asking!(case, client.users().add(user.clone()))).await;
            assert_eq!(added.id, UserId::new(1));
        }
        _ => return false,
    }
    true
}

async fn tracking(case: &Case<'_>) -> bool {
    match case.name() {
        "List Automation Rules" => {
            let list =
                |client: &crate::SmartsheetClient| asking!(case, client.automation_rules().list(SheetId::new(324)));
            assert_eq!(case.answer(&[], list).await.data.len(), 2);
        }
        "Get Automation Rule" => {
            let (sheet, rule) = (SheetId::new(324), AutomationRuleId::new(284));
            case.answer(&[], |client| asking!(case, client.automation_rules().get(sheet, rule))).await;
        }
        "Serialization - Sent Update Requests" => {
            let (sheet, sent) = (SheetId::new(1), SentUpdateRequestId::new(2));
            case.answer(&[], |client| asking!(case, client.update_requests().get_sent(sheet, sent))).await;
        }
        _ => return false,
    }
    true
}

async fn dashboards(case: &Case<'_>) -> bool {
    match case.name() {
        "Copy Sight" => {
            let copy = |client: &crate::SmartsheetClient| {
                asking!(case, client.dashboards().copy(SightId::new(52), FolderId::new(484), "new sight"))
            };
            assert_eq!(case.answer(&[], copy).await.id, SightId::new(220));
        }
        "Update Sight" => {
            let update = |client: &crate::SmartsheetClient| {
                asking!(case, client.dashboards().update(SightId::new(812), "new new sight"))
            };
            assert_eq!(case.answer(&[], update).await.widgets.len(), 8);
        }
        "Set Sight Publish Status" => {
            let how = SightPublishUpdate::new().read_only_full_enabled(true);
            let how = how.read_only_full_accessible_by(PublishAudience::All);
            let publish = |client: &crate::SmartsheetClient| {
                asking!(case, client.dashboards().publish(SightId::new(812), how.clone()))
            };
            assert!(case.answer(&[], publish).await.read_only_full_enabled);
        }
        _ => return false,
    }
    true
}

async fn sights(case: &Case<'_>) -> bool {
    match case.name() {
        "List Sights" => {
            // Pages by token have no numbers.
            let numbers = ["/pageNumber", "/pageSize", "/totalPages", "/totalCount"];
            let page = case.answer(&numbers, |client| asking!(case, client.dashboards().list())).await;
            assert_eq!(page.data[0].id, SightId::new(52));
        }
        "Copy Sight" => {
            let copy = |client: &crate::SmartsheetClient| {
                asking!(case, client.dashboards().copy(SightId::new(52), FolderId::new(484), "new sight"))
            };
            assert_eq!(case.answer(&[], copy).await.id, SightId::new(220));
        }
        "Update Sight" => {
            let update = |client: &crate::SmartsheetClient| {
                asking!(case, client.dashboards().update(SightId::new(812), "new new sight"))
            };
            assert_eq!(case.answer(&[], update).await.name, "new new sight");
        }
        "Set Sight Publish Status" => {
            let how = SightPublishUpdate::new().read_only_full_enabled(true);
            let how = how.read_only_full_accessible_by(PublishAudience::All);
            let publish = |client: &crate::SmartsheetClient| {
                asking!(case, client.dashboards().publish(SightId::new(812), how.clone()))
            };
            case.answer(&[], publish).await;
        }
        _ => return false,
    }
    true
}
