//! Clients by their type and arguments, made once and used again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use globus_sdk::client::{Async, ClientBuilder};
use globus_sdk::operation::{ClientSpec, Operation, ResourceServer};
use globus_sdk::services::CLIENTS;
use globus_sdk::transport::{HttpTransport, RetryConfig, Transport};
use globus_sdk::{
    AccessTokenAuthorizer, AnyClient, BasicAuthorizer, ClientCredentialsAuthorizer, ConfidentialAppAuthClient, Config,
    Error, Result,
};
use serde_json::value::RawValue;

use super::{Answer, CallRequest, Credentials, scopes};

/// Makes calls, and keeps their clients for the next ones.
#[derive(Debug)]
pub(crate) struct Caller {
    credentials: Credentials,
    /// Whether anything is ever sent twice.
    resend: bool,
    /// One for all clients, so that they share their connections.
    transport: Option<Arc<dyn Transport>>,
    clients: HashMap<ClientKey, AnyClient>,
    programs: HashMap<ProgramKey, ClientCredentialsAuthorizer>,
}

/// Type, arguments, and the scopes of a program's token.
type ClientKey = (&'static str, BTreeMap<String, String>, Vec<String>);
/// Environment and scopes.
type ProgramKey = (Option<String>, Vec<String>);

impl Caller {
    pub(crate) fn new(credentials: Credentials, resend: bool) -> Self {
        Self {
            credentials,
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
        let operation = spec.operations().find(|operation| operation.name == name);
        let client = self.client(spec, operation, &request.client).await?;
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

    async fn client(
        &mut self,
        spec: &'static ClientSpec,
        operation: Option<&'static Operation>,
        arguments: &BTreeMap<String, String>,
    ) -> Result<AnyClient> {
        let as_program = !spec.is_login_client()
            && self.credentials.token.is_none()
            && self.credentials.program().is_some()
            && operation.is_none_or(|operation| operation.authorization);
        let scopes = if as_program {
            let resource_server = self.resource_server(spec, arguments).await?;
            scopes::needed(spec, operation, resource_server.as_deref())?
        } else {
            Vec::new()
        };
        let key = (spec.id, arguments.clone(), scopes);
        if let Some(client) = self.clients.get(&key) {
            return Ok(client.clone());
        }
        let mut builder = self.builder(spec, arguments)?;
        if spec.is_login_client() {
            builder = self.identify(builder, spec, arguments)?;
        } else if let Some(token) = &self.credentials.token {
            builder = builder.authorizer(AccessTokenAuthorizer::new(token.clone()));
        } else if !key.2.is_empty() {
            builder = builder.authorizer(self.program(arguments.get("environment"), &key.2)?);
        }
        let client = builder.build()?;
        self.clients.insert(key, client.clone());
        Ok(client)
    }

    fn builder(&mut self, spec: &ClientSpec, arguments: &BTreeMap<String, String>) -> Result<ClientBuilder<AnyClient>> {
        let mut builder = AnyClient::builder(spec.id)?.transport(self.transport()?);
        for (name, value) in arguments {
            builder = builder.argument(name, value)?;
        }
        Ok(builder)
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

    /// Tokens of the program itself, shared by all clients that need the same.
    fn program(&mut self, environment: Option<&String>, scopes: &[String]) -> Result<ClientCredentialsAuthorizer> {
        let key = (environment.cloned(), scopes.to_vec());
        if let Some(program) = self.programs.get(&key) {
            return Ok(program.clone());
        }
        let transport = self.transport()?;
        let (id, secret) = self
            .credentials
            .program()
            .ok_or_else(|| Error::usage("a program needs GLOBUS_CLIENT_ID and GLOBUS_CLIENT_SECRET"))?;
        let mut auth = ConfidentialAppAuthClient::with_secret(id, secret.clone()).transport(transport);
        if let Some(environment) = environment {
            auth = auth.environment(environment);
        }
        if !self.resend {
            auth = auth.retry_config(RetryConfig::none());
        }
        let auth: ConfidentialAppAuthClient = auth.build()?;
        let program = ClientCredentialsAuthorizer::new(&auth, key.1.clone());
        self.programs.insert(key, program.clone());
        Ok(program)
    }

    /// The flow, collection or endpoint whose scopes are needed; an endpoint is asked for its id.
    async fn resource_server(
        &mut self,
        spec: &'static ClientSpec,
        arguments: &BTreeMap<String, String>,
    ) -> Result<Option<String>> {
        match spec.resource_server {
            ResourceServer::FromVariable(name) => Ok(arguments.get(name).cloned()),
            ResourceServer::Fetched(name) => {
                let key = (spec.id, arguments.clone(), Vec::new());
                let client = match self.clients.get(&key) {
                    Some(client) => client.clone(),
                    None => self.builder(spec, arguments)?.build()?,
                };
                let mut call = client.call(name, "{}");
                if !self.resend {
                    call = call.without_retries();
                }
                Ok(call.await?.as_str().map(ToOwned::to_owned))
            }
            _ => Ok(None),
        }
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
