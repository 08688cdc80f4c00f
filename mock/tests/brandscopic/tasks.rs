use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{
    Activity, CompanyUserId, RemoteEventId, TaskDraft, TaskId, TaskLabel, TaskStatus, Tasks,
};
use connectors_core::{DateRange, ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};
use serde_json::{Value, json};

const ME: CompanyUserId = CompanyUserId::new(907);

fn mock() -> (MockBrandscopic, Tasks, RemoteEventId) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build().unwrap();
    let (tasks, event) = (mock.client().native().unwrap().tasks(), mock.fake().events()[0].id);
    (mock, tasks, RemoteEventId::new(event))
}

#[tokio::test]
async fn a_list_says_whether_it_is_all_there_is() -> Result<()> {
    let (_mock, tasks, event) = mock();
    for number in 1..=31 {
        assert!(tasks.of_event(event).await?.is_complete(), "{number}");
        tasks.create_on_event(event, &TaskDraft::new(format!("Task {number}")).completed(number == 31)).await?;
    }
    let first = tasks.of_event(event).await?;
    assert_eq!((first.results.len(), first.total, first.is_complete()), (30, 31, false));
    let narrowed = tasks.of_event(event).task_status([TaskStatus::Complete]).await?;
    assert!(narrowed.is_complete() && narrowed.results[0].title == "Task 31");
    Ok(())
}

#[tokio::test]
async fn a_task_is_told_by_labels_and_written_with_real_flags() -> Result<()> {
    let (mock, tasks, event) = mock();
    let today = mock.client().native()?.events().get(event).await?.end.date();
    let made = tasks.create_on_event(event, &TaskDraft::new("Order cups").due(today).user(ME)).await?;
    assert_eq!(
        (made.event_id, made.due_at, made.user.as_ref().map(|user| user.id)),
        (Some(event), Some(today), Some(ME))
    );
    let labels = |words: &[&str]| words.iter().map(|word| TaskLabel::from(*word)).collect::<Vec<_>>();
    assert_eq!(made.labels, labels(&["Active", "Assigned", "Incomplete", "Late"]));
    assert_eq!(mock.client().native()?.events().get(event).await?.tasks_late_count, Some(1));

    let done = tasks.update(made.id, &TaskDraft::change().completed(true).active(false)).await?;
    assert_eq!(done.labels, labels(&["Inactive", "Assigned", "Complete"]));
    let sent = mock.backend().journal().last().unwrap().json::<Value>();
    assert_eq!(sent, json!({"task": {"completed": true, "active": false}}));

    let on_the_day = async |status| tasks.mine().on(today).status([status]).await.map(|list| list.total);
    assert_eq!((on_the_day(Activity::Active).await?, on_the_day(Activity::Inactive).await?), (0, 1));
    let before = DateRange::single(today.pred_opt().unwrap());
    assert_eq!(tasks.mine().between(before).await?.total, 0);
    Ok(())
}

#[tokio::test]
async fn the_tasks_of_the_team_are_those_of_the_others() -> Result<()> {
    let (_mock, tasks, event) = mock();
    for user in [907, 908, 909] {
        tasks.create(&TaskDraft::new("Call the venue").user(user.into())).await?;
    }
    tasks.create_on_event(event, &TaskDraft::new("Nobody's")).await?;
    let users = |list: Vec<connectors_brandscopic::native::Task>| -> Vec<_> {
        list.into_iter().filter_map(|task| task.user).map(|user| user.id.get()).collect()
    };
    assert_eq!(users(tasks.mine().await?.results), [907]);
    assert_eq!(users(tasks.team().await?.results), [908], "who is in no team of the user is left out");
    Ok(())
}

#[tokio::test]
async fn a_task_without_an_event_needs_somebody() {
    let (mock, tasks, event) = mock();
    let before = mock.backend().journal().len();
    for (refused, field) in [
        (tasks.create(&TaskDraft::new("Call the venue")), "company_user_id"),
        (tasks.create(&TaskDraft::change().user(ME)), "title"),
        (tasks.create_on_event(event, &TaskDraft::new(" ")), "title"),
        (tasks.create_on_event(event, &TaskDraft::new("Call").user(0.into())), "company_user_id"),
        (tasks.update(TaskId::new(1), &TaskDraft::change()), "task"),
    ] {
        let error = refused.await.unwrap_err();
        assert_eq!((error.field(), error.attempts()), (Some(field), 0));
    }
    assert_eq!(mock.backend().journal().len(), before);
    let refused = tasks.create(&TaskDraft::new("Call").user(99.into())).await.unwrap_err();
    assert_eq!((refused.kind(), refused.field()), (ErrorKind::InvalidRequest, Some("company_user_id")));
}

#[tokio::test]
async fn a_task_is_made_once_whatever_happens_to_the_answer() -> Result<()> {
    let (mock, tasks, event) = mock();
    mock.backend().script("tasks.create_on_event", [Fault::ResetAfter]);
    let lost = tasks.create_on_event(event, &TaskDraft::new("Order cups")).await.unwrap_err();
    assert!(lost.maybe_applied());
    assert_eq!(tasks.of_event(event).await?.total, 1);
    Ok(())
}
