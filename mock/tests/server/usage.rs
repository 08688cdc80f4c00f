use std::fs;
use std::net::TcpListener;

use crate::program::{Program, new_file, refused};

#[test]
fn what_does_not_fit_together_is_told_with_status_2() {
    for (arguments, says) in [
        (&["--smartshet", "1"][..], "--smartsheet"),
        (&["--faults", "700%"], "5% or 0.05"),
        (&["--latency", "80"], "80ms"),
        (&["--port", "99999"], "65535"),
        (&["--bind", "here"], "--bind"),
        (&["--brandscopic-contract", "other"], "native"),
        (&["--smartsheet", "8200", "--placer", "8200"], "placer and smartsheet cannot both have port 8200"),
        (&["--all", "--port", "8200", "--placer", "8200"], "--all and placer"),
    ] {
        let (status, said) = refused(arguments);
        assert!(status == Some(2) && said.contains(says), "{arguments:?}: {status:?} {said}");
    }
}

#[test]
fn what_cannot_be_is_told_with_its_place_and_status_1() {
    let file = new_file();
    let name = file.to_str().unwrap();
    let fails = |arguments: &[&str], says: &[&str]| {
        let (status, said) = refused(&[&["--port", "0"], arguments].concat());
        assert_eq!(status, Some(1), "{arguments:?}: {said}");
        assert!(says.iter().all(|says| said.contains(says)), "{arguments:?}: {said}");
    };
    fails(&["--initial", name], &[name, "cannot be read"]);
    fails(&["--journal", "/nowhere/journal"], &["/nowhere/journal", "cannot be written"]);
    fails(&["--state", "/nowhere/state"], &["/nowhere/state", "folder"]);
    fs::write(&file, "{\n  \"smartsheet\": oops}").unwrap();
    fails(&["--initial", name], &[name, "line 2 column 17"]);
    fails(&["--state", name], &[name, "line 2 column 17", "begin anew"]);
    fs::write(&file, r#"{"smartshet": {}}"#).unwrap();
    fails(&["--initial", name], &["\"smartshet\"", "smartsheet"]);
    fs::write(&file, r#"{"qrtiger": {"codez": []}}"#).unwrap();
    fails(&["--initial", name], &["qrtiger", "codez", name]);
    fs::write(&file, r#"{"qrtiger": {"codes": 7}}"#).unwrap();
    fails(&["--state", name], &["qrtiger", name, "begin anew"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), r#"{"qrtiger": {"codes": 7}}"#, "nothing is lost");
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (status, said) = refused(&["--smartsheet", &port]);
    assert!(status == Some(1) && said.contains(&port) && said.contains("another program has this port"), "{said}");
}

#[test]
fn a_service_with_a_port_of_its_own_is_at_its_root() {
    let program = Program::start(&["--qrtiger", "0", "--smartsheet", "0"], 2);
    let names = |program: &Program| {
        let services = program.does("GET", "services", "");
        let services = services["services"].as_array().unwrap().iter();
        services.map(|service| (service["name"].clone(), service["url"].clone())).collect::<Vec<_>>()
    };
    let told = names(&program);
    assert_eq!(told.len(), 2);
    assert_eq!((&told[0].0, &told[0].1), (&"qrtiger".into(), &program.urls[1].as_str().into()), "every port tells all");
    let rest = Program::start(&["--all", "--port", "0", "--placer", "0"], 4);
    assert_eq!(rest.urls.iter().filter(|url| url.matches('/').count() == 2).count(), 1, "{:?}", rest.urls);
}
