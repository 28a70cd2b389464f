//! The page at `/`: what the emulator holds and what it is asked, for the person who runs it.
//!
//! It is plain HTML and complete without scripts; one small script fetches it every second, and shows what has changed. Like the control routes it
//! answers only to requests that name a loopback host. Tokens are shown by their first letters only.

mod parts;
mod style;

use std::sync::Arc;

use axum::extract::{Extension, Request};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY};
use http::{HeaderValue, StatusCode};

use crate::clock::seconds;
use crate::exchange::Reply;
use crate::hosts;
use crate::html::{Html, html};
use crate::server::{self, Shared};
use parts::section;

/// Takes the place of the parts that have changed; where somebody has scrolled to, is at home or marks text stays.
const SCRIPT: &str = "\
const live = async () => {
  try {
    const text = await (await fetch('/', {cache: 'no-store'})).text();
    const next = new DOMParser().parseFromString(text, 'text/html');
    for (const part of next.querySelectorAll('header, section')) {
      const here = document.querySelector(part.id ? '#' + part.id : 'header');
      const marks = String(getSelection()) && here.contains(getSelection().anchorNode);
      if (marks || here.innerHTML === part.innerHTML) continue;
      const old = here.querySelector('.wide');
      const at = old && [old.scrollLeft, old.scrollTop, old === document.activeElement];
      here.replaceChildren(...part.childNodes);
      const now = here.querySelector('.wide');
      if (!at || !now) continue;
      now.scrollTo(at[0], at[1]);
      if (at[2]) now.focus({preventScroll: true});
    }
    document.body.classList.remove('gone');
  } catch { document.body.classList.add('gone'); }
  setTimeout(live, 1000);
};
setTimeout(live, 1000);
";

/// Serves the page.
pub(crate) async fn serve(Extension(shared): Extension<Arc<Shared>>, request: Request) -> Response {
    if !hosts::is_local(request.uri(), request.headers()) {
        let words = html("<!doctype html><title>Not here</title><p>This page is for this machine only.</p>");
        return server::finish(Reply::page(StatusCode::FORBIDDEN, words.into()));
    }
    let mut bytes = [0_u8; 16];
    rand::fill(&mut bytes[..]);
    let nonce = URL_SAFE_NO_PAD.encode(bytes);
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    let mut reply = Reply {
        status: StatusCode::OK,
        content_type: "text/html; charset=utf-8",
        body: String::from(page(&shared, &nonce)).into(),
        headers: Vec::new(),
    };
    if let Ok(policy) = HeaderValue::try_from(policy) {
        reply = reply.with(CONTENT_SECURITY_POLICY, policy);
    }
    server::finish(
        reply
            .with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
            .with(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
            .with(
                HeaderName::from_static("x-content-type-options"),
                HeaderValue::from_static("nosniff"),
            ),
    )
}

fn waiting(faults: usize) -> String {
    match faults {
        1 => "a fault waits".to_owned(),
        more => format!("{more} faults wait"),
    }
}

fn page(shared: &Shared, nonce: &str) -> Html {
    let requests = shared.control().requests();
    let faults = shared.control().faults().len();
    let mut world = shared.world();
    world.settle();
    let mut main = html("<main>\n<header><h1>Globus on this machine</h1>\n<p><code>") + Html::text(&world.origin);
    main += html("</code> · version ") + Html::text(env!("CARGO_PKG_VERSION")) + html(" · <time>");
    main += Html::text(&seconds(world.time.now())) + html("</time>");
    if world.time.is_logical() {
        main += html(" · logical clock");
    }
    if faults > 0 {
        main += html(" · <strong class=\"bad\">") + Html::text(&waiting(faults)) + html("</strong>");
    }
    main += html("</p>\n<noscript><p>Load the page again to see what is new.</p></noscript>\n</header>\n");
    main += section("requests", "Requests", &parts::requests(&world, &requests));
    main += section("tasks", "Tasks", &parts::tasks(&world));
    main += section("runs", "Runs", &parts::runs(&world));
    main += section("people", "People", &parts::people(&world));
    main += section("tokens", "Tokens", &parts::tokens(&world));
    main += section("groups", "Groups", &parts::groups(&world));
    main += section("flows", "Flows", &parts::flows(&world));
    drop(world);
    main += html("<footer>A tool for development: everybody on this machine may be anybody here.</footer>\n</main>\n");
    let mut page = html("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page += html("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page += html("<title>Globus emulator</title>\n<style nonce=\"") + Html::text(nonce) + html("\">\n");
    page += html(style::STYLE) + html("</style>\n</head>\n<body>\n") + main;
    page += html("<script nonce=\"") + Html::text(nonce) + html("\">\n") + html(SCRIPT) + html("</script>\n");
    page + html("</body>\n</html>\n")
}
