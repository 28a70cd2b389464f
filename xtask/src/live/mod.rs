//! `cargo xtask live`: reads from the services with somebody's own credentials, and says how well the types fit what they
//! answer. It sends GET requests only, and none at all without `--yes`.

mod plan;
mod probe;
mod types;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::blocking::{ClientApp, UserApp};
use globus_sdk::client::Blocking;
use globus_sdk::operation::{Operation, ResourceServer};
use globus_sdk::{AnyClient, Error, MemoryTokenStorage};
use serde_json::Value;

use crate::Result;
use plan::Step;
use probe::Found;

/// What the command line says.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Send the requests. Without this, they are only listed.
    #[arg(long)]
    yes: bool,
    /// Ask these clients only: keys such as `groups`, separated by commas.
    #[arg(long, value_delimiter = ',')]
    client: Vec<String>,
    /// The app whose stored tokens are used, of the client `GLOBUS_CLIENT_ID`, when there is no `GLOBUS_CLIENT_SECRET`.
    #[arg(long, default_value = "live")]
    app: String,
}

/// Who asks.
enum Caller {
    /// A program that acts as itself, and asks for the scopes it needs.
    Program(ClientApp),
    /// A person who has logged in before, for whatever scopes.
    Person(UserApp),
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut waiting: Vec<Step> = plan::steps(&arguments.client).collect();
    if waiting.is_empty() {
        return Err("no client of these names reads anything with a token".into());
    }
    if !arguments.yes {
        list(&waiting);
        return Ok(());
    }
    let caller = Caller::from_env(&arguments.app)?;
    if let Caller::Program(app) = &caller {
        waiting.iter().try_for_each(|step| require_scope(app, step.operation))?;
    }
    let mut clients: BTreeMap<&str, AnyClient<Blocking>> = BTreeMap::new();
    let (mut ids, mut tally) = (BTreeMap::new(), Tally::default());
    // Answers bring ids, with which further operations can be asked.
    loop {
        let (ready, later): (Vec<Step>, Vec<Step>) = waiting.iter().partition(|step| step.arguments(&ids).is_some());
        waiting = later;
        if ready.is_empty() {
            break;
        }
        for step in ready {
            let id = step.operation.client.id;
            let client = match clients.get(id) {
                Some(client) => client,
                None => clients.entry(id).or_insert(caller.client(id)?),
            };
            let given = Value::Object(step.arguments(&ids).unwrap_or_default());
            match client.call(step.operation.name, &given.to_string()).send() {
                Ok(answer) => {
                    let rows = rows(step.operation, answer.into_inner());
                    plan::collect(step.operation, &rows, &mut ids);
                    tally.answered(&step, &rows);
                }
                Err(error) => tally.refused(step.operation, &error),
            }
        }
    }
    tally.finish(&waiting)
}

/// What would be asked.
fn list(steps: &[Step]) {
    for step in steps {
        let mut line = format!("{:<55} GET {}", step.operation.key(), step.operation.path);
        for (name, id) in step.wanted() {
            let sources = plan::sources(&id);
            let from = if sources.is_empty() {
                "nowhere: left out".to_owned()
            } else {
                sources.join(" or ")
            };
            let _ = write!(line, "; {name} from {from}");
        }
        println!("{line}");
    }
    println!(
        "{} operations. With --yes they are asked, as far as ids are found.",
        steps.len()
    );
}

/// The rows of an answer, or the one document that it is.
fn rows(operation: &Operation, mut answer: Value) -> Vec<Value> {
    let rows = match operation.answer.rows {
        None => return vec![answer],
        Some("") => answer,
        Some(key) => answer.get_mut(key).map(Value::take).unwrap_or_default(),
    };
    match rows {
        Value::Array(rows) => rows,
        _ => Vec::new(),
    }
}

/// Has a program ask for a scope of the operation, unless it has one already.
fn require_scope(app: &ClientApp, operation: &Operation) -> Result<()> {
    let ResourceServer::Static(server) = operation.client.resource_server else {
        return Ok(());
    };
    let required = app.scope_requirements();
    let required = required.get(server).into_iter().flatten().map(ToString::to_string);
    let required: Vec<String> = required.collect();
    match operation.scopes.first() {
        Some(scope)
            if !operation
                .scopes
                .iter()
                .any(|scope| required.iter().any(|has| has == scope)) =>
        {
            app.add_scope_requirements(server, *scope)?;
        }
        _ => {}
    }
    Ok(())
}

impl Caller {
    fn from_env(app: &str) -> Result<Self> {
        let value = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let Some(id) = value("GLOBUS_CLIENT_ID") else {
            return Err("set GLOBUS_CLIENT_ID, and GLOBUS_CLIENT_SECRET for a program that acts as itself".into());
        };
        if let Some(secret) = value("GLOBUS_CLIENT_SECRET") {
            let config = GlobusAppConfig::new().with_token_storage(MemoryTokenStorage::new());
            let app = ClientApp::builder(app)
                .client_id(id)
                .client_secret(secret)
                .config(config)
                .build()?;
            return Ok(Self::Program(app));
        }
        let config = GlobusAppConfig::new().with_login_policy(LoginPolicy::Never);
        Ok(Self::Person(
            UserApp::builder(app).client_id(id).config(config).build()?,
        ))
    }

    fn client(&self, id: &str) -> Result<AnyClient<Blocking>> {
        let builder = AnyClient::builder(id)?;
        let builder = match self {
            Self::Program(app) => builder.app(app),
            Self::Person(app) => builder.app(app),
        };
        Ok(builder.build()?)
    }
}

/// What came of it.
#[derive(Debug, Default)]
struct Tally {
    answered: usize,
    refused: usize,
    unfit: usize,
}

impl Tally {
    fn answered(&mut self, step: &Step, rows: &[Value]) {
        let found = RefCell::new(Found::default());
        let decoded = rows.iter().try_for_each(|row| (step.decode)(row, &found));
        let (key, model) = (step.operation.key(), step.operation.answer.model);
        println!("{key}: {} of {model}", rows.len());
        self.answered += 1;
        if let Err(error) = decoded {
            self.unfit += 1;
            println!("  does not fit: {error}");
        }
        let found = found.into_inner();
        print("unknown", found.unknown());
        print("missing", found.missing());
    }

    fn refused(&mut self, operation: &Operation, error: &Error) {
        self.refused += 1;
        println!("{}: {error}", operation.key());
    }

    fn finish(&self, waiting: &[Step]) -> Result<()> {
        let Self {
            answered,
            refused,
            unfit,
        } = self;
        if !waiting.is_empty() {
            let keys: Vec<String> = waiting.iter().map(|step| step.operation.key()).collect();
            println!("no id was found for: {}", keys.join(", "));
        }
        println!("{answered} answered, {refused} refused, {} not asked", waiting.len());
        match unfit {
            0 => Ok(()),
            _ => Err(format!("{unfit} answers do not fit their types").into()),
        }
    }
}

fn print<'a>(what: &str, fields: impl Iterator<Item = &'a str>) {
    let fields: Vec<&str> = fields.collect();
    if !fields.is_empty() {
        println!("  {what}: {}", fields.join(", "));
    }
}
