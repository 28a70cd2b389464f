//! Clients by their type and arguments, made once and used again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use globus_sdk::app::{ClientApp, GlobusAppConfig};
use globus_sdk::client::{Async, ClientBuilder};
use globus_sdk::operation::{ClientSpec, Operation, ResourceServer};
use globus_sdk::services::CLIENTS;
use globus_sdk::transport::{HttpTransport, RetryConfig, Transport};
use globus_sdk::{
    AccessTokenAuthorizer, AnyClient, BasicAuthorizer, ConfidentialAppAuthClient, Config, Error, MemoryTokenStorage,
    Result,
};
use serde_json::value::RawValue;

use super::{Answer, CallRequest, Credentials, scopes};

/// Makes calls, and keeps their clients for the next ones.
#[derive(Debug)]
pub(crate) struct Caller {
    credentials: Credentials,
    /// Under which name tokens are kept; empty for none.
    profile: String,
    /// Whether anything is ever sent twice.
    resend: bool,
    /// One for all clients, so that they share their connections.
    transport: Option<Arc<dyn Transport>>,
    clients: HashMap<ClientKey, AnyClient>,
    /// The program that acts as itself, by environment.
    programs: HashMap<Option<String>, ClientApp>,
}

/// Type and arguments.
type ClientKey = (&'static str, BTreeMap<String, String>);

impl Caller {
    pub(crate) fn new(credentials: Credentials, profile: String, resend: bool) -> Self {
        Self {
            credentials,
            profile,
            resend,
            transport: None,
            clients: HashMap::new(),
            programs: HashMap::new(),
        }
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Makes a call.
    pub(crate) async fn call(&mut self, request: &CallRequest<'_>) -> Result<Answer> {
        let (id, name) = split(&request.operation)?;
        let spec = AnyClient::<Async>::builder(id)?.spec();
        let client = self.client(spec, &request.client)?;
        if let Some(operation) = spec.operation(name) {
            self.require_scope(operation, request.client.get("environment"))?;
        }
        let mut call = client.call(name, request.params);
        if !self.resend {
            call = call.without_retries();
        }
        if request.paginated {
            Ok(Answer::pages(call.paginated_as::<Box<RawValue>>().await?))
        } else {
            Ok(Answer::document(call.await?))
        }
    }

    /// The client with these arguments. Nothing is sent.
    fn client(&mut self, spec: &'static ClientSpec, arguments: &BTreeMap<String, String>) -> Result<AnyClient> {
        let key = (spec.id, arguments.clone());
        if let Some(client) = self.clients.get(&key) {
            return Ok(client.clone());
        }
        let mut builder = AnyClient::builder(spec.id)?.transport(self.transport()?);
        for (name, value) in arguments {
            builder = builder.argument(name, value)?;
        }
        if !self.resend {
            builder = builder.retry_config(RetryConfig::none());
        }
        if spec.is_login_client() {
            builder = self.identify(builder, spec, arguments)?;
        } else if let Some(token) = &self.credentials.token {
            builder = builder.authorizer(AccessTokenAuthorizer::new(token.clone()));
        } else if spec.resource_server != ResourceServer::None
            && let Some(program) = self.program(arguments.get("environment"))?
        {
            builder = builder.app(&program);
        }
        let client = builder.build()?;
        self.clients.insert(key, client.clone());
        Ok(client)
    }

    fn transport(&mut self) -> Result<Arc<dyn Transport>> {
        if let Some(transport) = &self.transport {
            return Ok(transport.clone());
        }
        let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(&Config::from_env()?));
        self.transport = Some(transport.clone());
        Ok(transport)
    }

    /// Id and secret are those of a confidential client; other login clients have only the id they are given.
    fn identify(
        &self,
        builder: ClientBuilder<AnyClient>,
        spec: &ClientSpec,
        arguments: &BTreeMap<String, String>,
    ) -> Result<ClientBuilder<AnyClient>> {
        let id = arguments.get("client_id").or(self.credentials.client_id.as_ref());
        match (spec.id, id, &self.credentials.client_secret) {
            ("confidential_app_auth", Some(id), Some(secret)) => Ok(builder
                .argument("client_id", id)?
                .authorizer(BasicAuthorizer::new(id, secret.clone()))),
            _ => Ok(builder),
        }
    }

    /// The program that acts as itself, if there are credentials of one. Without a profile its tokens end with this
    /// process: nobody asked for files.
    fn program(&mut self, environment: Option<&String>) -> Result<Option<ClientApp>> {
        if let Some(program) = self.programs.get(&environment.cloned()) {
            return Ok(Some(program.clone()));
        }
        let transport = self.transport()?;
        let Some((id, secret)) = self.credentials.program() else {
            return Ok(None);
        };
        let mut login = ConfidentialAppAuthClient::with_secret(id, secret.clone()).transport(transport.clone());
        let mut config = GlobusAppConfig::new()
            .with_config(Config::from_env()?.with_profile(&self.profile))
            // A program consents for itself: to the data of a collection, for example.
            .with_auto_redrive_gares(self.resend)
            .with_transport(transport);
        if self.profile.is_empty() {
            config = config.with_token_storage(MemoryTokenStorage::new());
        }
        if let Some(environment) = environment {
            login = login.environment(environment);
            config = config.with_environment(environment);
        }
        if !self.resend {
            login = login.retry_config(RetryConfig::none());
        }
        let program = ClientApp::builder("globus")
            .confidential_login_client(login.build()?)
            .config(config)
            .build()?;
        self.programs.insert(environment.cloned(), program.clone());
        Ok(Some(program))
    }

    /// Has the program ask for what the operation needs.
    fn require_scope(&self, operation: &Operation, environment: Option<&String>) -> Result<()> {
        let program = self.programs.get(&environment.cloned());
        if let (Some(program), Some(scope), ResourceServer::Static(server)) =
            (program, scopes::missing(operation), operation.client.resource_server)
        {
            program.add_scope_requirements(server, scope)?;
        }
        Ok(())
    }
}

/// The client's key and the operation's name.
fn split(operation: &str) -> Result<(&str, &str)> {
    operation.split_once('.').ok_or_else(|| {
        let known: Vec<&str> = CLIENTS.iter().map(|spec| spec.id).collect();
        Error::usage(format!(
            "`{}` is not of the form CLIENT.OPERATION, such as groups.get_my_groups; clients are {}",
            operation.escape_debug(),
            known.join(", ")
        ))
    })
}
