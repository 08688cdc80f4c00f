use super::Walk;

pub async fn walk(_: &mut Walk) {}
