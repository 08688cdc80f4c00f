//! Proxies: what goes through them, and what is said of them.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex};

use connectors_core::provider::Defaults;
use connectors_core::{ErrorKind, ReqwestTransport, ReqwestTransportBuilder};
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::tls;
use super::{Deed, Server, answer, core_over, create, nobody_listens, read, read_head};

/// Tunnels on `CONNECT`, or refuses to; passes the first request of a connection on otherwise. Keeps the heads.
async fn proxy(tunnel: &'static str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let head = read_head(&mut client).await.unwrap();
            seen.lock().unwrap().push(head.clone());
            let target = head.split_ascii_whitespace().nth(1).unwrap();
            let target = target.trim_start_matches("http://").split('/').next().unwrap();
            let mut server = TcpStream::connect(target).await.unwrap();
            if head.starts_with("connect ") {
                client.write_all(format!("HTTP/1.1 {tunnel}\r\n\r\n").as_bytes()).await.unwrap();
            } else {
                server.write_all(head.as_bytes()).await.unwrap();
            }
            tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
        }
    });
    (address, heads)
}

/// `user:pass-w0rd` in base64, in lower case as heads are kept.
const AUTHORIZATION: &str = "proxy-authorization: basic dxnlcjpwyxnzlxcwcmq=\r\n";

fn through(proxy: SocketAddr) -> ReqwestTransportBuilder {
    ReqwestTransport::builder().proxy(&format!("http://user:pass-w0rd@{proxy}"))
}

#[tokio::test]
async fn plain_requests_are_passed_on_by_the_proxy() {
    let server = Server::start([Deed::Write(answer("200 OK", "{}"))]).await;
    let (address, heads) = proxy("").await;
    let core = core_over(through(address).build().unwrap(), &format!("http://{}", server.address), Defaults::default());
    create(&core).await.unwrap();
    let head = heads.lock().unwrap().remove(0);
    assert!(head.starts_with(&format!("post http://{}/things/1 ", server.address)), "{head}");
    assert!(head.contains(AUTHORIZATION), "{head}");
    assert_eq!(server.seen(), (1, 1));
}

#[tokio::test]
async fn the_proxy_of_a_tunnel_does_not_see_the_key_nor_the_provider_the_proxys_password() {
    let (server, certificate) = tls::server("127.0.0.1", 2100).await;
    let (address, heads) = proxy("200 OK").await;
    let transport = through(address).root_certificate_pem(certificate.as_bytes()).build().unwrap();
    create(&core_over(transport, &format!("https://{}", server.address), Defaults::default())).await.unwrap();
    let heads = heads.lock().unwrap();
    assert!(heads[0].starts_with(&format!("connect {} ", server.address)) && heads[0].contains(AUTHORIZATION));
    assert!(!heads[0].contains("x-api-key") && heads.len() == 1);
    let inside = server.requests().remove(0).head;
    assert!(inside.contains("x-api-key: s3cret") && !inside.contains("proxy-authorization"), "{inside}");
}

#[tokio::test]
async fn a_proxy_that_is_down_or_refuses_has_passed_nothing_on() {
    let (refusing, _) = proxy("407 Proxy Authentication Required").await;
    let (server, _) = tls::server("127.0.0.1", 2100).await;
    for (proxy, url) in [
        (nobody_listens().await, format!("http://{}", server.address)),
        (nobody_listens().await, format!("https://{}", server.address)),
        (refusing, format!("https://{}", server.address)),
    ] {
        let error = create(&core_over(through(proxy).build().unwrap(), &url, Defaults::default())).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), error.maybe_applied()),
            (ErrorKind::Connect, 2, false),
            "{error:?}"
        );
        let shown = format!("{error} {error:#} {error:?}").to_lowercase();
        assert!(!shown.contains("pass-w0rd") && !shown.contains("dxnlcjpwyxnzlxcwcmq"), "{shown}");
    }
    assert_eq!(server.seen().0, 0);
}

#[tokio::test]
async fn the_environments_proxy_is_used_unless_it_is_ignored() {
    const SERVER: &str = "SERVER_BEHIND_THE_PROXY";
    if let Ok(server) = std::env::var(SERVER) {
        for transport in [ReqwestTransport::builder(), ReqwestTransport::builder().no_proxy()] {
            read(&core_over(transport.build().unwrap(), &server, Defaults::default())).await.unwrap();
        }
        return;
    }
    let server = Server::start([Deed::Write(answer("200 OK", "{}"))]).await;
    let (address, heads) = proxy("").await;
    // The environment of a running process cannot be changed safely: the same test, in one of its own.
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "transport::proxy::the_environments_proxy_is_used_unless_it_is_ignored"]);
    child.env_remove("no_proxy").env_remove("NO_PROXY").env_remove("http_proxy");
    child.env("HTTP_PROXY", format!("http://{address}")).env(SERVER, format!("http://{}", server.address));
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((heads.lock().unwrap().len(), server.seen().0), (1, 2));
}
