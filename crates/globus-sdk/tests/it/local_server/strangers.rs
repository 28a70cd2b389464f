//! Others who come to the server of a login: other programs, other tabs, other logins.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;

use globus_sdk::transport::{Ambient, FixedRandom};
use secrecy::ExposeSecret as _;
use tokio::sync::Semaphore;
use url::Url;

use super::{Bell, address, get, manager, param, run, send};

#[test]
fn the_browser_brings_the_code_whatever_else_comes() {
    let (manager, opened) = manager();
    let login = run(Arc::new(manager));
    let url = opened.next();
    let (redirect, state) = (param(&url, "redirect_uri"), param(&url, "state"));
    assert_eq!(
        (state.len(), param(&url, "code_challenge_method").as_str()),
        (43, "S256")
    );
    let to = address(&redirect);
    assert!(to.ip().is_loopback() && to.port() != 0);

    // Browsers open connections in advance, and others send nonsense; nobody has to go before the answer comes.
    let idle: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(to).unwrap()).collect();
    let mut half = TcpStream::connect(to).unwrap();
    half.write_all(b"GET /?code=half&state=").unwrap();
    for (target, status) in [
        ("/favicon.ico", "404"),
        ("/", "404"),
        ("/?", "404"),
        ("/?code=stolen", "404"),
        ("/?code=stolen&state=_default", "404"),
        ("/?error=access_denied&state=other", "404"),
        (&format!("/elsewhere?code=stolen&state={state}"), "404"),
        (&format!("/?code=stolen&state={state}&state={state}"), "404"),
        (&format!("http://{to}/?code=stolen&state={state}"), "404"),
    ] {
        let answer = get(to, target);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{target}: {answer}");
        assert!(!answer.contains("stolen"), "{answer}");
    }
    let good = format!("/?code=the%2Fcode&state={state}");
    for (bytes, status) in [
        (format!("HEAD {good} HTTP/1.1\r\n\r\n").into_bytes(), "405"),
        (
            format!("POST {good} HTTP/1.1\r\nContent-Length: 0\r\n\r\n").into_bytes(),
            "405",
        ),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01".to_vec(), "400"),
        (b"\0\0\0\0\r\n\r\n".to_vec(), "400"),
        (vec![b'x'; 200_000], "400"),
    ] {
        let answer = send(to, &bytes);
        // What was not read in full may cut the answer off.
        assert!(
            answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
    assert!(!login.is_finished());
    drop(TcpStream::connect(to).unwrap());

    let answer = get(to, &good);
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("Back to the program"),
        "{answer}"
    );
    for header in [
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Connection: close",
    ] {
        assert!(answer.contains(header), "{answer}");
    }
    let (flow, code) = login.join().unwrap();
    assert_eq!(code.unwrap().expose_secret(), "the/code");
    assert_eq!((flow.redirect_uri(), flow.state()), (redirect.as_str(), state.as_str()));
    assert!(TcpStream::connect(to).is_err(), "the server is gone");
    drop((idle, half));
}

#[test]
fn several_logins_at_once_keep_apart() {
    let (manager, opened) = manager();
    let manager = Arc::new(manager);
    let logins: Vec<_> = (0..8).map(|_| run(manager.clone())).collect();
    let urls: Vec<Url> = logins.iter().map(|_| opened.next()).collect();
    // The code of one does not end another.
    let (first, second) = (&urls[0], &urls[1]);
    let answer = get(
        address(&param(first, "redirect_uri")),
        &format!("/?code=x&state={}", param(second, "state")),
    );
    assert!(answer.contains("does not belong to the login"), "{answer}");
    for url in &urls {
        let state = param(url, "state");
        get(
            address(&param(url, "redirect_uri")),
            &format!("/?code=for-{state}&state={state}"),
        );
    }
    for login in logins {
        let (flow, code) = login.join().unwrap();
        assert_eq!(code.unwrap().expose_secret(), format!("for-{}", flow.state()));
    }
}

/// Four hundred programs that connect and say nothing; no time passes, so that only room can be made for the browser.
#[test]
fn whoever_says_nothing_makes_room_for_the_browser() {
    let (manager, opened) = manager();
    let never = Bell(Arc::new(Semaphore::new(0)));
    let login = run(Arc::new(
        manager.with_ambient(Ambient::new(never, FixedRandom::new(0.0))),
    ));
    let url = opened.next();
    let (to, state) = (address(&param(&url, "redirect_uri")), param(&url, "state"));
    let idle: Vec<TcpStream> = (0..400)
        .map(|number| {
            let mut stream = TcpStream::connect(to).unwrap();
            if number % 2 == 0 {
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nX: half");
            }
            stream
        })
        .collect();
    assert!(get(to, "/favicon.ico").starts_with("HTTP/1.1 404 "));
    get(to, &format!("/?code=c&state={state}"));
    assert_eq!(login.join().unwrap().1.unwrap().expose_secret(), "c");
    drop(idle);
}

/// A page elsewhere whose name leads to this machine is of another origin, and stays so.
#[test]
fn the_server_answers_to_the_names_of_this_machine_only() {
    let (manager, opened) = manager();
    let login = run(Arc::new(manager));
    let url = opened.next();
    let (to, state) = (address(&param(&url, "redirect_uri")), param(&url, "state"));
    let port = to.port();
    let ask = |host: &str| {
        let request = format!("GET /?code=c&state={state} HTTP/1.1\r\n{host}Accept: */*\r\n\r\n");
        send(to, request.as_bytes())
    };
    for (host, status) in [
        (format!("Host: evil.example.org:{port}\r\n"), "421"),
        (format!("Host: 127.0.0.1.evil.example.org:{port}\r\n"), "421"),
        (format!("Host: localhost:{}\r\n", port ^ 1), "421"),
        ("Host: 127.0.0.1\r\n".to_owned(), "421"),
        (format!("Host: {to}\r\nHost: {to}\r\n"), "400"),
        (String::new(), "400"),
    ] {
        let answer = ask(&host);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{host}: {answer}");
        assert!(answer.contains("Nothing here") && !answer.contains(&state), "{answer}");
    }
    assert!(!login.is_finished());
    assert!(ask(&format!("Host: LOCALHOST:{port}\r\n")).contains("Back to the program"));
    login.join().unwrap().1.unwrap();
}
