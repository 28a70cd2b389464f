//! Where the browser comes back to: listeners on the loopback addresses.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use secrecy::SecretString;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use url::{Host, Url};

use super::page::Template;
use super::visit::{Address, Guest, Visit};
use crate::error::{Error, LoginError, LoginErrorKind, Result, quoted};
use crate::services::auth::AuthorizationFlow;
use crate::transport::Clock;

/// How many wait at once before they have said what they want: browsers open some connections in advance. Of more, the one
/// that has waited longest has to go, so that nobody keeps out whoever comes next.
const WAITING: usize = 128;
/// How often a port is looked for that is free on both addresses.
const TRIES: u32 = 16;
/// How long to leave a system alone that gives no connection, for want of file descriptors for example.
const RESPITE: Duration = Duration::from_millis(50);

/// Where to listen.
#[derive(Debug)]
pub(super) enum Place {
    /// On any port that is free.
    Any,
    /// On this port.
    Port(u16),
    /// Where a redirect leads that was given.
    Given(Given),
}

/// An address of this machine.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) port: u16,
    path: String,
    uri: String,
}

impl Place {
    /// Where a redirect leads, if that is this machine.
    pub(super) fn of(redirect_uri: &str) -> Result<Self> {
        let url = Url::parse(redirect_uri).ok().filter(|url| url.scheme() == "http");
        let is_here = |url: &Url| match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
            Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
            None => false,
        };
        let given = url.filter(is_here).and_then(|url| {
            let port = url.port_or_known_default().filter(|port| *port != 0)?;
            let (path, uri) = (url.path().to_owned(), redirect_uri.to_owned());
            Some(Given { port, path, uri })
        });
        given.map(Self::Given).ok_or_else(|| {
            Error::usage(format!(
                "a local server cannot hear what comes back to {}; lead the login to this machine, for example to \
                 http://localhost:8765, or have the code pasted (`CommandLineLoginFlowManager`)",
                quoted(redirect_uri)
            ))
        })
    }
}

/// An open door; dropping it closes it.
#[derive(Debug)]
pub(super) struct Door {
    listeners: Vec<TcpListener>,
    address: Address,
    uri: String,
}

impl Door {
    pub(super) async fn open(place: &Place) -> Result<Self> {
        let (port, given) = match place {
            Place::Any => (0, None),
            Place::Port(port) => (*port, None),
            Place::Given(given) => (given.port, Some(given)),
        };
        let (listeners, address) = listen(port).await.map_err(|error| cannot_listen(port, &error))?;
        Ok(Self {
            listeners,
            address: Address {
                port: address.port(),
                path: given.map_or_else(|| "/".to_owned(), |given| given.path.clone()),
            },
            uri: given.map_or_else(|| format!("http://{address}"), |given| given.uri.clone()),
        })
    }

    /// The redirect that leads here.
    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// Lets everybody in until one brings the answer to this login, who then waits for a page. Nobody who is slow holds
    /// up the others.
    pub(super) async fn wait_for_code<'m>(
        &self,
        flow: &AuthorizationFlow,
        template: &'m Template,
        clock: &'m dyn Clock,
    ) -> (Result<SecretString>, Guest<'m>) {
        let visit = Visit {
            flow,
            door: &self.address,
            template,
            clock,
        };
        let mut visits = FuturesUnordered::new();
        let mut waiting: VecDeque<oneshot::Sender<()>> = VecDeque::new();
        loop {
            tokio::select! {
                visitor = self.next_visitor() => match visitor {
                    Ok(stream) => {
                        let (stays, leave) = oneshot::channel();
                        visits.push(visit.receive(stream, leave));
                        waiting.retain(|one| !one.is_closed());
                        waiting.push_back(stays);
                        if waiting.len() > WAITING {
                            waiting.pop_front();
                        }
                    }
                    Err(_) => tokio::time::sleep(RESPITE).await,
                },
                Some(answer) = visits.next() => if let Some(answer) = answer {
                    return answer;
                },
            }
        }
    }

    async fn next_visitor(&self) -> io::Result<TcpStream> {
        poll_fn(|context| {
            let accepted = self.listeners.iter().map(|listener| listener.poll_accept(context));
            for visitor in accepted {
                if let Poll::Ready(visitor) = visitor {
                    return Poll::Ready(visitor.map(|(stream, _)| stream));
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Listens on both loopback addresses, on the same port; 0 for any that is free. A machine may have one of them only.
async fn listen(port: u16) -> io::Result<(Vec<TcpListener>, SocketAddr)> {
    let mut tries = 0;
    loop {
        tries += 1;
        let first = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(first) => first,
            Err(error) if lacks_address(&error) => {
                let only = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await?;
                let address = only.local_addr()?;
                return Ok((vec![only], address));
            }
            Err(error) => return Err(error),
        };
        let address = first.local_addr()?;
        match TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())).await {
            Ok(second) => return Ok((vec![first, second], address)),
            // Somebody else has it, and would hear what is meant for us.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                if port != 0 || tries == TRIES {
                    return Err(error);
                }
            }
            Err(_) => return Ok((vec![first], address)),
        }
    }
}

fn lacks_address(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported
    )
}

fn cannot_listen(port: u16, error: &io::Error) -> Error {
    let message = match (port, error.kind()) {
        (0, _) => format!("no server could be started on this machine: {error}"),
        (_, io::ErrorKind::AddrInUse) => format!("port {port} of this machine is in use by another program"),
        _ => format!("no server could be started on port {port} of this machine: {error}"),
    };
    LoginError::new(LoginErrorKind::LocalServer, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_a_place() {
        for uri in [
            "http://127.0.0.1:9",
            "http://localhost:8765/done",
            "http://[::1]:9/",
            "http://localhost",
        ] {
            assert!(matches!(Place::of(uri), Ok(Place::Given(_))), "{uri}");
        }
        for uri in [
            "https://127.0.0.1:9",
            "http://127.0.0.2:9",
            "http://localhost.example.org:9",
            "http://127.0.0.1:0",
            "https://auth.globus.org/v2/web/auth-code",
            "urn:ietf:wg:oauth:2.0:oob",
            "",
        ] {
            let Err(Error::Usage(error)) = Place::of(uri) else {
                panic!("{uri}")
            };
            assert!(error.message().contains("this machine"), "{error}");
        }
    }

    #[tokio::test]
    async fn both_addresses_are_open_and_no_other() {
        let door = Door::open(&Place::Any).await.unwrap();
        let addresses: Vec<_> = door.listeners.iter().map(|one| one.local_addr().unwrap()).collect();
        assert!(
            addresses.iter().all(|address| address.ip().is_loopback()),
            "{addresses:?}"
        );
        assert!(addresses.iter().all(|address| address.port() == addresses[0].port()));
        assert_eq!(door.uri(), format!("http://{}", addresses[0]));
        assert!(Door::open(&Place::Port(addresses[0].port())).await.is_err());
    }
}
