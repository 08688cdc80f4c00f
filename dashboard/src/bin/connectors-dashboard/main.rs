//! The dashboard as a program.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::SystemClock;
use connectors_dashboard::{Dashboard, IntegrationHub, SampleWorld, Store, Vault};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = Store::open("connectors-dashboard.db")?;
    let world = SampleWorld::open(store.clone(), Arc::new(SystemClock), Duration::from_millis(80)).await?;
    let samples = world.clone();
    let hub = IntegrationHub::builder(store, Arc::new(world))
        .vault(Vault::with_key_file("connectors-dashboard.key")?)
        .vars(|name| std::env::var(name).ok())
        .fallback(move |provider, observer, links| samples.integration(provider, observer, links).ok())
        .build()
        .await?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 8090)).await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, Dashboard::new(hub).router()).await?;
    Ok(())
}
