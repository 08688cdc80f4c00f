use connectors_smartsheet::{NewWebhook, WebhookUpdate};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let webhooks = walk.client().webhooks();
    let new = NewWebhook::sheet("Stores", "https://hooks.example.com/walk", walk.mock.store_list_id());
    let id = walk.call("webhooks.create", webhooks.create(new)).await.id;
    walk.call("webhooks.list", webhooks.list()).await;
    walk.call("webhooks.get", webhooks.get(id)).await;
    walk.call("webhooks.update", webhooks.update(id, WebhookUpdate::new().name("All stores"))).await;
    walk.call("webhooks.reset_shared_secret", webhooks.reset_shared_secret(id)).await;
    walk.call("webhooks.delete", webhooks.delete(id)).await;
}
