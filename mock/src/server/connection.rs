//! One connection, over whatever carries it.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::mounts::Mounts;

/// How long the head of a request may take, and a connection be idle.
const HEAD: Duration = Duration::from_secs(60);

/// How long what is still being sent is taken after the last answer.
const LINGER: Duration = Duration::from_secs(2);

/// Answers what is asked on a connection, until it ends.
pub(super) async fn serve(io: impl AsyncRead + AsyncWrite + Unpin, mounts: Arc<Mounts>) {
    let service = service_fn(move |request| {
        let mounts = Arc::clone(&mounts);
        Box::pin(async move { mounts.answer(request).await })
    });
    let mut server = http1::Builder::new();
    // Whoever says that it has sent everything may still wait for an answer.
    server.timer(TokioTimer::new()).header_read_timeout(HEAD).half_close(true);
    let mut connection = server.serve_connection(TokioIo::new(io), service);
    // A connection that a fault breaks ends in an error: that is its purpose.
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    linger(connection.into_parts().io.into_inner()).await;
}

/// Takes what is still being sent: whoever is cut off in the middle of it would not get to see the answer.
async fn linger(mut io: impl AsyncRead + AsyncWrite + Unpin) {
    let rest = async {
        let _ = io.shutdown().await;
        let mut rest = vec![0; 8 << 10];
        while io.read(&mut rest).await.is_ok_and(|length| length > 0) {}
    };
    let _ = tokio::time::timeout(LINGER, rest).await;
}
