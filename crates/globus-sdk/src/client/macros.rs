//! The two declarative macros around `#[service]`: the client type and the end of a builder.

/// Declares a client type and its row of [`ClientSpec`](crate::operation::ClientSpec).
macro_rules! client {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident {
            id: $id:literal,
            service: $service:expr,
            resource_server: $resource_server:expr,
            default_scopes: $scopes:expr,
            $(scopes_of: $pattern:literal => $scopes_of:expr,)?
            errors: $errors:expr,
            $(error_text: $($error_text:ident)::+,)?
            $(transient: $transient:expr,)?
            $(vars: [$($var:ident),*],)?
            $(new: $new:ident,)?
            operations: [$($operations:expr),* $(,)?] $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        $(#[doc = $($error_text)::+!(every)])?
        #[derive(Debug, Clone)]
        pub struct $name<M: $crate::client::Mode = $crate::client::Async> {
            core: std::sync::Arc<$crate::client::Core>,
            mode: std::marker::PhantomData<M>,
        }

        impl<M: $crate::client::Mode> $crate::client::ClientType for $name<M> {
            const SPEC: &'static $crate::operation::ClientSpec = {
                static SPEC: $crate::operation::ClientSpec = $crate::operation::ClientSpec {
                    id: $id,
                    name: stringify!($name),
                    service: $service,
                    resource_server: $resource_server,
                    default_scopes: $scopes,
                    scopes_of: $crate::client::client!(@option $($scopes_of)?),
                    scope_pattern: &[$($pattern)?],
                    vars: &[$($(stringify!($var)),*)?],
                    errors: $errors,
                    transient: $crate::client::client!(@transient $($transient)?),
                    doc: concat!($($doc, "\n"),+),
                    operations: || {
                        static OPERATIONS: &[&[&$crate::operation::Operation]] = &[$($operations),*];
                        OPERATIONS
                    },
                };
                &SPEC
            };
            type Mode = M;
            fn from_core(core: std::sync::Arc<$crate::client::Core>) -> Self {
                Self { core, mode: std::marker::PhantomData }
            }
            fn core(&self) -> &std::sync::Arc<$crate::client::Core> {
                &self.core
            }
        }

        $crate::client::client!(@new $name [$($($var)*)?] $($new)?);

        impl<M: $crate::client::Mode> $name<M> {
            /// Settings of a new client.
            pub fn builder($($($var: impl ToString),*)?) -> $crate::client::ClientBuilder<Self> {
                let builder = $crate::client::ClientBuilder::new();
                $($(let builder = builder.var(stringify!($var), $var.to_string());)*)?
                builder
            }

            /// The scopes an app requests for this client when it is told nothing else.
            pub const fn default_scopes() -> &'static [&'static str] {
                $scopes
            }

            #[allow(dead_code)] // not every type has builders that ask for it
            pub(crate) const fn core(&self) -> &std::sync::Arc<$crate::client::Core> {
                &self.core
            }

            $crate::client::client!(@methods);
        }
    };
    (@new $name:ident [$($var:ident)*]) => {
        impl<M: $crate::client::Mode> $name<M> {
            /// A client with the settings of the process environment.
            ///
            /// # Errors
            /// A bad `GLOBUS_SDK_*` variable. Nothing is sent.
            pub fn new(
                $($var: impl ToString,)*
                authorizer: impl $crate::authorizers::Authorizer + 'static,
            ) -> $crate::error::Result<Self> {
                Self::builder($($var),*).authorizer(authorizer).build()
            }
        }
    };
    (@new $name:ident [$($var:ident)*] custom) => {};
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
    (@transient) => { $crate::transport::TransientRule::Standard };
    (@transient $rule:expr) => { $rule };
    (@methods) => {
        /// The URL below which the client's paths are.
        pub fn base_url(&self) -> &url::Url {
            self.core.base_url()
        }

        /// Where the tokens of this client come from, as far as it is known without asking the service.
        pub fn resource_server(&self) -> Option<&str> {
            self.core.known_resource_server()
        }

        /// Tells the app to which this client is bound that it needs more scopes.
        ///
        /// # Errors
        /// A usage error when the client is bound to no app, or text that is no scope.
        pub fn add_app_scope(&self, scopes: impl $crate::scopes::IntoScopes) -> $crate::error::Result<&Self> {
            self.core.add_app_scope(scopes.into_scopes())?;
            Ok(self)
        }

        /// Calls an operation of this client by its name, with a JSON object of parameters.
        ///
        /// `name` is the operation's (`list_flows`) or its full key (`flows.list_flows`). Errors, such as an unknown
        /// name or parameter, wait until the call is sent.
        pub fn call(&self, name: &str, params: &str) -> $crate::client::NamedCall<M> {
            $crate::client::NamedCall::new(self.core.clone(), name, params)
        }

        /// A GET of a path below the base URL that no operation covers.
        pub fn get(&self, path: impl Into<String>) -> $crate::client::RawRequest<M> {
            $crate::client::RawRequest::new(self.core.clone(), http::Method::GET, path.into())
        }

        /// A POST to a path below the base URL that no operation covers.
        pub fn post(&self, path: impl Into<String>) -> $crate::client::RawRequest<M> {
            $crate::client::RawRequest::new(self.core.clone(), http::Method::POST, path.into())
        }

        /// A PUT to a path below the base URL that no operation covers.
        pub fn put(&self, path: impl Into<String>) -> $crate::client::RawRequest<M> {
            $crate::client::RawRequest::new(self.core.clone(), http::Method::PUT, path.into())
        }

        /// A PATCH of a path below the base URL that no operation covers.
        pub fn patch(&self, path: impl Into<String>) -> $crate::client::RawRequest<M> {
            $crate::client::RawRequest::new(self.core.clone(), http::Method::PATCH, path.into())
        }

        /// A DELETE of a path below the base URL that no operation covers.
        pub fn delete(&self, path: impl Into<String>) -> $crate::client::RawRequest<M> {
            $crate::client::RawRequest::new(self.core.clone(), http::Method::DELETE, path.into())
        }

        /// Any request to a path below the base URL that no operation covers.
        pub fn request(&self, method: http::Method, path: impl Into<String>) -> $crate::client::RawRequest<M> {
            $crate::client::RawRequest::new(self.core.clone(), method, path.into())
        }
    };
}

/// Ends a builder: its options, and how it is sent.
macro_rules! builder {
    ($name:ident, one $answer:ty) => {
        $crate::client::builder!(@common $name, $answer, one);
    };
    ($name:ident, list $row:ty) => {
        $crate::client::builder!(@common $name, $crate::paging::Page<$row>, list);
    };
    ($name:ident, page $row:ty) => {
        $crate::client::builder!(@common $name, $crate::paging::Page<$row>, list);

        impl<M: $crate::client::Mode> $name<M> {
            /// The pages, fetched as they are asked for.
            pub fn pages(self) -> $crate::paging::Pages<$row, M> {
                self.bound.pages()
            }

            /// The rows of all pages, fetched as they are asked for.
            pub fn items(self) -> $crate::paging::Items<$row, M> {
                self.bound.pages().items()
            }
        }
    };
    (@common $name:ident, $answer:ty, $send:ident) => {
        impl std::future::IntoFuture for $name<$crate::client::Async> {
            type Output = $crate::error::Result<$crate::response::Response<$answer>>;
            type IntoFuture = futures_util::future::BoxFuture<'static, Self::Output>;
            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.bound.$send())
            }
        }

        impl $name<$crate::client::Blocking> {
            /// Sends the call and waits for its answer.
            ///
            /// # Errors
            /// See [`Error`](crate::Error).
            pub fn send(self) -> $crate::error::Result<$crate::response::Response<$answer>> {
                self.bound.core().block_on(self.bound.$send())
            }
        }

        $crate::client::builder!(@options $name);
    };
    (@options $name:ident) => {
        impl $name<$crate::client::Async> {
            /// Sends the call and leaves the body on the wire, to be read piece by piece.
            ///
            /// # Errors
            /// See [`Error`](crate::Error).
            pub async fn stream(self) -> $crate::error::Result<$crate::client::Streamed<$crate::client::Async>> {
                self.bound.stream().await
            }
        }

        impl $name<$crate::client::Blocking> {
            /// Sends the call and leaves the body on the wire, to be read piece by piece.
            ///
            /// # Errors
            /// See [`Error`](crate::Error).
            pub fn stream(self) -> $crate::error::Result<$crate::client::Streamed<$crate::client::Blocking>> {
                self.bound.core().block_on(self.bound.stream())
            }
        }

        impl<M: $crate::client::Mode> $name<M> {
            /// How long to wait until the answer begins, and then between two parts of it; `None` waits without end. What the
            /// whole call may take is [`RetryConfig::deadline`](crate::transport::RetryConfig::deadline).
            pub fn with_timeout(mut self, timeout: impl Into<Option<std::time::Duration>>) -> Self {
                self.bound.timeout(timeout.into());
                self
            }

            /// How this call is retried, instead of the client's setting.
            pub fn with_retry(mut self, retry: $crate::transport::RetryConfig) -> Self {
                self.bound.retry(retry);
                self
            }

            /// Adds a header; a name or value that no header may have is reported when the call is sent.
            pub fn with_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
                self.bound.header(name.as_ref(), value.as_ref());
                self
            }

            /// Adds or overrides a query parameter, also one that is not declared.
            pub fn with_query_param(
                mut self,
                name: impl Into<String>,
                value: impl serde::Serialize,
            ) -> Self {
                self.bound.query_param(name.into(), value);
                self
            }

            /// Adds or overrides a field of the body, also one that is not declared.
            pub fn with_field(
                mut self,
                name: impl Into<String>,
                value: impl serde::Serialize,
            ) -> Self {
                self.bound.field(name.into(), value);
                self
            }

            /// Whether the client's credentials are sent (they are, unless told otherwise).
            pub fn with_authorization(mut self, authorization: bool) -> Self {
                self.bound.call_mut().options_mut().authorization = authorization;
                self
            }

            /// Whether redirects are followed (they are, unless told otherwise).
            pub fn with_redirects(mut self, redirects: bool) -> Self {
                self.bound.call_mut().options_mut().redirects = redirects;
                self
            }

            /// The HTTP request this call would send, without credentials. Nothing is sent.
            ///
            /// # Errors
            /// Usage and validation errors of the arguments; a usage error for an operation that is not one request, and
            /// for a submission without a `submission_id`.
            pub fn into_request(self) -> $crate::error::Result<http::Request<bytes::Bytes>> {
                self.bound.into_request()
            }
        }
    };
}

pub(crate) use {builder, client};
