//! `run --as`: the person who signs in when a command asks for it.

#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A login URL for a shell, of the seeded native client, that leads to `$redirect`.
const URL: &str = r#"
challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
login() {
    printf '%sv2/oauth2/authorize?client_id=%s&redirect_uri=%s&scope=openid&response_type=code&state=%s' \
        "$GLOBUS_SDK_SERVICE_URL_AUTH" "${client-61338d24-54d5-408f-a10d-66c06b59f6d2}" \
        "${redirect-${GLOBUS_SDK_SERVICE_URL_AUTH}v2/web/auth-code}" "$1"
    printf '&code_challenge=%s&code_challenge_method=S256' "$challenge"
}
"#;

fn program(arguments: &[&str], script: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_globus-emulator"));
    command
        .args(["run", "--as", "alice"])
        .args(arguments)
        .args(["--", "sh", "-c", &format!("{URL}{script}")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(script: &str) -> (Output, String, String) {
    said(program(&[], script).output().expect("the program runs"))
}

fn said(output: Output) -> (Output, String, String) {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, out, err)
}

#[test]
fn codes_are_typed_for_every_login_however_it_is_printed() {
    // Cut into two writes; on the other stream; in a sentence without an end of line; twice the same.
    let script = r#"
        url=$(login 1); printf '%s' "${url%%&state*}"; sleep 1.5; printf '%s\n' "&state${url##*&state}"
        read -r one && echo "one ${#one}"
        echo "Go to ($(login 2))." >&2; read -r two && echo "two ${#two}"
        printf 'Open %s' "$(login 3)"; read -r three && echo; echo "three ${#three}"
        login 4; echo; login 4; echo; login 4 >&2; echo >&2; read -r four && echo "four ${#four}"
        [ "$one" != "$two" ] && [ "$two" != "$three" ] && exit 7"#;
    let (output, out, err) = run(script);
    assert_eq!(output.status.code(), Some(7), "{out}\n{err}");
    for line in ["one 50", "two 50", "three 50", "four 50"] {
        assert!(out.lines().any(|known| known == line), "{line}: {out}\n{err}");
    }
}

#[test]
fn the_line_of_a_prompt_ends_where_the_code_was_typed() {
    let script = r#"
        login 1; echo; printf 'Code: '; read -r one; echo "one ${#one}"
        (login 2; echo; printf 'Code: ') >&2; read -r two; echo "two ${#two}" >&2
        login 3; echo; read -r three; echo "three ${#three}""#;
    let (_, out, err) = run(script);
    assert!(
        out.contains("\nCode: \none 50\n") && !out.contains("\n\n"),
        "{out}\n{err}"
    );
    assert!(err.contains("\nCode: \ntwo 50\n"), "{out}\n{err}");
    assert!(out.ends_with("\nthree 50\n"), "{out}\n{err}");
}

#[test]
fn our_own_input_and_all_output_pass_through() {
    let script = r#"
        read -r first; echo "first $first"
        login 1; echo; read -r code; echo "code ${#code}"
        read -r last; echo "last $last"
        head -c 1000000 /dev/zero; printf '\377\376' >&2"#;
    let mut child = program(&[], script)
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(b"one\n").expect("a reader");
    // The rest comes when the code has been typed.
    let mut out = child.stdout.take().expect("its output");
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"code 50\n") {
        assert_eq!(
            out.read(&mut byte).expect("output"),
            1,
            "{}",
            String::from_utf8_lossy(&text)
        );
        text.push(byte[0]);
    }
    input.write_all(b"two\n").expect("a reader");
    drop(input);
    let mut rest = Vec::new();
    out.read_to_end(&mut rest).expect("output");
    assert!(text.starts_with(b"first one\n"));
    assert!(rest.starts_with(b"last two\n\0\0"));
    assert_eq!(rest.len(), "last two\n".len() + 1_000_000);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), b"\xff\xfe".as_slice())
    );
}

#[test]
fn a_login_that_fails_ends_the_input() {
    for (script, part) in [
        (
            "client=nobody; login 1; echo; read -r code || exit 9",
            "no client nobody",
        ),
        ("challenge=; login 1; echo; read -r code || exit 9", "invalid_request"),
    ] {
        let (output, out, err) = run(script);
        assert_eq!(output.status.code(), Some(9), "{out}\n{err}");
        assert!(err.contains(part), "{err}");
    }
    // Silence does not last for ever: a command that reads to the end gets there.
    let start = Instant::now();
    let output = program(&["--patience", "1"], "cat; exit 5")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(5));
    assert!(start.elapsed() < Duration::from_secs(30));
}

/// Waits on a port for the one who follows a login, and answers them.
fn listen() -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).unwrap_or(0);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
            let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
            if send.send(text.lines().next().unwrap_or_default().to_owned()).is_err() {
                return;
            }
        }
    });
    (port, receive)
}

#[test]
fn a_login_that_leads_to_the_program_is_followed_there() {
    let long = Duration::from_secs(20);
    // By the browser that the program opens, once, though the URL is printed too.
    let (port, requests) = listen();
    let script = format!(
        r#"redirect=http://localhost:{port}; url=$(login here); echo "$url"; "$BROWSER" "$url" && echo opened
        "$BROWSER" https://docs.globus.org/ && echo nothing; sleep 4"#
    );
    let (_, out, err) = run(&script);
    let request = requests.recv_timeout(long).expect("a request");
    assert!(
        request.starts_with("GET /?code=Ag") && request.contains("&state=here"),
        "{request}"
    );
    assert!(out.contains("opened\nnothing\n"), "{out}\n{err}");
    assert!(requests.try_recv().is_err(), "once is enough");
    // By the person, if the program only prints it.
    let (port, requests) = listen();
    let script = format!("redirect=http://127.0.0.1:{port}/back; login there; echo; sleep 5");
    run(&script);
    let request = requests.recv_timeout(long).expect("a request");
    assert!(request.starts_with("GET /back?code=Ag"), "{request}");
    // A browser that is opened for a code to be copied has it typed.
    let (output, out, err) = run(r#""$BROWSER" "$(login 1)"; read -r code; [ ${#code} = 50 ]"#);
    assert_eq!(output.status.code(), Some(0), "{out}\n{err}");
}

#[test]
fn the_command_sees_a_person_and_no_program() {
    let script = r#"echo "${GLOBUS_CLI_CLIENT_ID-none} ${GLOBUS_CLI_CLIENT_SECRET-none} ${SSH_TTY-none}"
        echo "$GLOBUS_SDK_INTERACTIVE $GLOBUS_CLIENT_ID"; dirname "$BROWSER"; [ -x "$BROWSER" ]"#;
    let mut command = program(&[], script);
    command.env("GLOBUS_CLI_CLIENT_ID", "x").env("SSH_TTY", "/dev/tty");
    let (output, out, err) = said(command.output().expect("the program runs"));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(output.status.code(), Some(0), "{out}\n{err}");
    assert_eq!(lines[0], "none none none");
    assert_eq!(lines[1], format!("1 {}", globus_emulator::seed::CLIENT_ID));
    assert!(!std::path::Path::new(lines[2]).exists(), "nothing is left behind");
}

#[test]
fn no_code_is_printed_by_us_even_when_everything_is_logged() {
    let (port, requests) = listen();
    let script = format!(
        r#"login 1; echo; read -r code; echo "code=$code"
        redirect=http://localhost:{port}; "$BROWSER" "$(login 2)""#
    );
    let mut command = program(&[], &script);
    command.env("RUST_LOG", "trace");
    let (output, out, err) = said(command.output().expect("the program runs"));
    assert_eq!(output.status.code(), Some(0), "{out}\n{err}");
    assert!(err.contains("TRACE") || err.contains("DEBUG"), "it is logged: {err}");
    let typed = out.split("code=Ag").nth(1).expect("a code").trim();
    let followed = requests.recv_timeout(Duration::from_secs(20)).expect("a request");
    let followed = followed.split(['=', '&']).nth(1).expect("a code").to_owned();
    for code in [typed, &followed] {
        assert!(code.len() > 20 && !err.contains(code), "{err}");
    }
}
