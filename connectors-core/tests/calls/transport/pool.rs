//! Connections that the server gives up while they are pooled: what may be believed of a request on one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connectors_core::provider::Defaults;
use connectors_core::{ErrorKind, ReqwestTransport};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::{Deed, Server, answer, core, core_over, create, read, read_head};

fn ok() -> Deed {
    Deed::Write(answer("200 OK", "{}"))
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_is_not_used_again() {
    let server = Server::start([Deed::WriteAndClose("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"), ok()]).await;
    let core = server.core();
    read(&core).await.unwrap();
    server.over().await;
    assert_eq!(create(&core).await.unwrap().meta().attempts, 1);
    assert_eq!(server.seen(), (2, 2));
}

#[tokio::test]
async fn idle_connections_are_kept_as_long_and_as_many_as_wished() {
    let builder = || ReqwestTransport::builder().no_proxy();
    for (builder, connections) in [
        (builder(), 1),
        (builder().pool_idle_timeout(Duration::from_millis(1)), 2),
        (builder().pool_max_idle_per_host(0), 2),
    ] {
        let server = Server::start([ok()]).await;
        let url = format!("http://{}", server.address);
        let core = core_over(builder.build().unwrap(), &url, Defaults::default());
        read(&core).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        read(&core).await.unwrap();
        assert_eq!(server.seen(), (2, connections));
    }
}

#[tokio::test]
async fn a_create_that_was_read_on_a_reused_connection_is_never_sent_again() {
    for lost in [Deed::WriteAndClose(""), Deed::Reset, Deed::WriteAndClose("HTTP/1.1 2")] {
        let server = Server::start([ok(), lost, ok()]).await;
        let core = server.core();
        read(&core).await.unwrap();
        let error = create(&core).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Interrupted, true));
        drop(core);
        server.over().await;
        assert_eq!(server.seen(), (2, 1), "one read and one create over one connection, and no other");
    }
}

/// Below HTTP, a server that hangs up while a request is on its way looks the same whether it has read it or not. So
/// the create may come back as perhaps applied although it was not, but never goes out twice, and never comes back as
/// not applied although it was read.
#[tokio::test]
async fn a_server_that_hangs_up_at_any_moment_sees_a_create_at_most_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let creates = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&creates);
    tokio::spawn(async move {
        for moment in 0.. {
            let (mut connection, _) = listener.accept().await.unwrap();
            let seen = Arc::clone(&seen);
            let conversation = async move {
                while let Some(head) = read_head(&mut connection).await {
                    seen.fetch_add(usize::from(head.contains("content-type: ")), Ordering::Relaxed);
                    let _ = connection.write_all(&answer("200 OK", "{}")).await;
                }
            };
            tokio::spawn(tokio::time::timeout(Duration::from_micros(moment % 40 * 50), conversation));
        }
    });
    let core = core(&url);
    for round in 0..300 {
        let _ = read(&core).await;
        let before = creates.load(Ordering::Relaxed);
        let outcome = create(&core).await;
        let seen = creates.load(Ordering::Relaxed) - before;
        let possible = match outcome {
            Ok(_) => 1..=1,
            Err(error) if error.maybe_applied() => 0..=1,
            Err(_) => 0..=0,
        };
        assert!(possible.contains(&seen), "round {round}: seen {seen} times");
    }
}
