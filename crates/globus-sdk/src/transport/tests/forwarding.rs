//! Redirects, and where credentials go.

use std::sync::Arc;

use http::header::AUTHORIZATION;

use super::scripted::{Bench, answer, authorization, get, plan, post, status};
use crate::authorizers::{AccessTokenAuthorizer, Authorizer, NullAuthorizer};
use crate::error::ErrorKind;
use crate::operation::Idempotency::{Once, Repeatable};
use crate::transport::{RetryConfig, TransportErrorKind};

fn token() -> Arc<dyn Authorizer> {
    Arc::new(AccessTokenAuthorizer::new("TOKEN"))
}

fn to(status: u16, location: &str) -> super::scripted::Step {
    answer(status, &[("location", location)], "moved")
}

#[tokio::test]
async fn credentials_stay_with_their_origin() {
    let steps = [
        to(302, "/other"),
        to(307, "https://elsewhere.example/x"),
        to(302, "/back"),
        status(200),
    ];
    let bench = Bench::with(steps, Some(token()), RetryConfig::default());
    bench.run(get("/thing"), Repeatable).await.unwrap();
    let bearer = Some("Bearer TOKEN".to_owned());
    assert_eq!(bench.credentials(), [bearer.clone(), bearer, None, None]);
    let last = bench.transport.sent().pop().unwrap();
    assert_eq!(last.uri(), "https://elsewhere.example/back");
}

#[tokio::test]
async fn a_stranger_cannot_have_the_token_renewed() {
    let bench = Bench::with(
        [to(302, "https://elsewhere.example/"), status(401)],
        Some(token()),
        RetryConfig::default(),
    );
    let error = bench.run(get("/thing"), Repeatable).await.unwrap_err();
    assert_eq!((error.http_status(), bench.transport.left()), (Some(401), 0));
}

#[tokio::test]
async fn posts_become_gets_where_they_should() {
    for (code, method, length) in [
        (301, "GET", 0),
        (302, "GET", 0),
        (303, "GET", 0),
        (307, "POST", 2),
        (308, "POST", 2),
    ] {
        let bench = Bench::new([to(code, "/other"), status(200)]);
        bench.run(post("/thing"), Once).await.unwrap();
        let last = bench.transport.sent().pop().unwrap();
        assert_eq!((last.method().as_str(), last.body().len()), (method, length), "{code}");
    }
}

#[tokio::test]
async fn what_was_redirected_has_been_seen() {
    let connect = super::scripted::Step::Fail(TransportErrorKind::Connect);
    let bench = Bench::new([to(303, "/result"), connect, status(200)]);
    bench.run(post("/thing"), Once).await.unwrap_err();
    assert_eq!(bench.transport.left(), 1);
}

#[tokio::test]
async fn redirects_end() {
    let bench = Bench::new((0..31).map(|hop| to(302, &format!("/{hop}"))));
    let error = bench.run(get("/thing"), Repeatable).await.unwrap_err();
    assert!(error.to_string().contains("30 redirects"), "{error}");
    assert_eq!(bench.transport.sent().len(), 31);

    let bench = Bench::new((0..30).map(|hop| to(302, &format!("/{hop}"))).chain([status(200)]));
    bench.run(get("/thing"), Repeatable).await.unwrap();
}

#[tokio::test]
async fn redirects_can_be_answered_instead() {
    let bench = Bench::new([to(302, "/other")]);
    let mut still = plan(Repeatable);
    still.redirects = false;
    let answered = bench.exchange.fetch(get("/thing"), &still).await.unwrap();
    assert_eq!(
        (answered.status().as_u16(), &answered.headers()["location"]),
        (302, &"/other".parse().unwrap())
    );

    let bench = Bench::new([status(304)]);
    assert_eq!(
        bench.run(get("/thing"), Repeatable).await.unwrap().status().as_u16(),
        304
    );
}

#[tokio::test]
async fn no_credentials_for_other_addresses() {
    for address in [
        "https://other.example/x",
        "http://svc.example.org/x",
        "https://svc.example.org:444/x",
    ] {
        let bench = Bench::with([status(200)], Some(token()), RetryConfig::default());
        let error = bench.run(get(address), Repeatable).await.unwrap_err();
        assert_eq!(
            (error.kind(), bench.transport.left()),
            (ErrorKind::Usage, 1),
            "{address}"
        );

        let bench = Bench::with([status(200)], Some(token()), RetryConfig::default());
        let mut bare = plan(Repeatable);
        bare.authorization = false;
        bench.exchange.fetch(get(address), &bare).await.unwrap();
        assert_eq!(bench.credentials(), [None], "{address}");

        let bench = Bench::with([status(200)], Some(Arc::new(NullAuthorizer)), RetryConfig::default());
        bench.run(get(address), Repeatable).await.unwrap();
    }
    let bench = Bench::new([status(200)]);
    let mut request = get("https://other.example/x");
    request
        .headers_mut()
        .insert(AUTHORIZATION, "Bearer MINE".parse().unwrap());
    assert_eq!(
        bench.run(request, Repeatable).await.unwrap_err().kind(),
        ErrorKind::Usage
    );
}

#[tokio::test]
async fn a_header_of_the_caller() {
    let own = || {
        let mut request = get("/thing");
        request
            .headers_mut()
            .insert(AUTHORIZATION, "Bearer MINE".parse().unwrap());
        request
    };
    for (authorizer, expected) in [
        (None, Some("Bearer MINE")),
        (Some(token()), Some("Bearer TOKEN")),
        (Some(Arc::new(NullAuthorizer) as Arc<dyn Authorizer>), None),
    ] {
        let bench = Bench::with([status(200)], authorizer, RetryConfig::default());
        bench.run(own(), Repeatable).await.unwrap();
        assert_eq!(authorization(&bench.transport.sent()[0]).as_deref(), expected);
    }
}
