//! Bodies that are too large, too short, or not as they say.

use connectors_mock::MockQrTiger;

use super::raw::{CODE, CREATE, LIST, answer, ask, exchange, serve, statuses, told};

#[tokio::test]
async fn who_asks_before_sending_is_told_to_go_on_or_not_to() {
    let expects = format!("{CREATE}Expect: 100-continue\r\n");
    let told = answer(format!("{expects}Content-Length: {}\r\n\r\n{CODE}", CODE.len())).await;
    assert_eq!(statuses(&told), [100, 200], "{told}");
    let told = answer(format!("{expects}Content-Length: 100000000\r\n\r\n")).await;
    assert_eq!(statuses(&told), [413], "{told}");
    assert!(told.contains("connection: close") && told.ends_with(r#"{"message":"the body is larger than 64 MiB"}"#));
}

#[tokio::test]
async fn what_is_too_large_is_refused_also_to_those_who_send_it_all_first() {
    const MIB: usize = 1 << 20;
    let mock = MockQrTiger::new();
    let server = serve(&mock).await;
    let stated = [format!("{CREATE}Content-Length: {}\r\n\r\n", 80 * MIB).into_bytes(), vec![b' '; 80 * MIB]].concat();
    let chunk = [format!("{MIB:x}\r\n").into_bytes(), vec![b' '; MIB], b"\r\n".to_vec()].concat();
    let chunked = [format!("{CREATE}Transfer-Encoding: chunked\r\n\r\n").into_bytes(), chunk.repeat(66)].concat();
    for sent in [stated, chunked] {
        let told = exchange(server.address(), &sent).await;
        assert_eq!(statuses(&told), [413], "{told}");
    }
    assert_eq!(mock.backend().journal().total(), 0, "nothing of it reached the fake");
    let mut stream = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(statuses(&ask(&mut stream, &format!("{LIST}\r\n")).await), [200]);
}

#[tokio::test]
async fn what_breaks_off_changes_nothing() {
    let mock = MockQrTiger::new();
    for (headers, body) in [
        ("Content-Length: 90", CODE.to_owned()),
        ("Transfer-Encoding: chunked", format!("{:x}\r\n{CODE}", CODE.len())),
        ("Transfer-Encoding: chunked", format!("{:x}\r\n{CODE}\r\n", CODE.len())),
        ("Transfer-Encoding: chunked", format!("{:x}\r\n{CODE}no", CODE.len())),
        ("Transfer-Encoding: chunked", format!("what\r\n{CODE}\r\n0\r\n\r\n")),
        ("Transfer-Encoding: chunked", "ffffffffffffffffff\r\n".to_owned()),
    ] {
        let told = told(&mock, format!("{CREATE}{headers}\r\n\r\n{body}")).await;
        assert_eq!(statuses(&told), [400], "{headers} {body}: {told}");
    }
    assert_eq!((mock.fake().codes().len(), mock.backend().journal().total()), (0, 0));
    let whole =
        format!("{CREATE}Transfer-Encoding: chunked\r\n\r\n{:x};a=b\r\n{CODE}\r\n0\r\nT: x\r\n\r\n", CODE.len());
    assert_eq!(statuses(&told(&mock, whole).await), [200]);
    assert_eq!(mock.fake().codes().len(), 1);
}
