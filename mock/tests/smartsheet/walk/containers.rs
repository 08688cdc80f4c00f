use super::Walk;

pub async fn walk(_walk: &mut Walk) {}
