//! Arguments of `globus call`.

use clap::Args;

/// Call operations by their names, one at a time or as a batch
///
/// OPERATION is CLIENT.NAME as `globus operations` lists them. Its answer is one JSON document on stdout; errors are for
/// people, on stderr.
///
/// Parameters are NAME=VALUE. A VALUE that is JSON is taken as JSON (numbers, true, null, lists, objects, quoted texts)
/// and everything else as text; where the parameter is a text, so are bare numbers and true and false. Every operation
/// also takes the objects `query_params` and `additional_fields`, which add to the request or override it.
///
/// Credentials come from the environment: GLOBUS_ACCESS_TOKEN for one service, or GLOBUS_CLIENT_ID and
/// GLOBUS_CLIENT_SECRET for a program that acts as itself. Without them requests go out without credentials.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct CallArgs {
    /// What to call, for example groups.get_my_groups
    #[arg(value_name = "CLIENT.OPERATION", required_unless_present = "batch")]
    pub(crate) operation: Option<String>,
    /// Parameters of the operation
    #[arg(value_name = "NAME=VALUE")]
    pub(crate) params: Vec<String>,
    /// How the client is made: environment, base_url, app_name, client_id, flow_id, gcs_address, collection_id or
    /// collection_address
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) client: Vec<String>,
    /// Parameters as one JSON object: the text itself, @FILE, or - for stdin. NAME=VALUE wins over its members
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,
    /// Read every page, and answer the list of the page documents
    #[arg(long)]
    pub(crate) paginated: bool,
    /// Send each request once: no repetition of any kind
    #[arg(long)]
    pub(crate) no_retry: bool,
    /// Read calls from stdin, one JSON object a line, and answer each with a line
    #[arg(long, conflicts_with_all = ["operation", "params", "client", "input", "paginated"])]
    pub(crate) batch: bool,
}

const EXAMPLES: &str = r#"Examples:
  globus call groups.get_my_groups
  globus call groups.get_group group_id=6400d000-5eed-4000-8000-000000000001 include=memberships
  globus call groups.create_group data='{"name": "Readers"}'
  globus call groups.create_group --input @call.json            # {"data": {"name": "Readers"}}
  globus call transfer.endpoint_search filter_scope=my-endpoints --paginated
  globus call specific_flow.run_flow --client flow_id=... body='{"x": 1}'
  globus call groups.get_my_groups --client environment=preview query_params='{"x": [1, 2]}'

As a batch, each line of stdin is a call; its answer is written before the next line is read:
  {"id": 1, "operation": "groups.get_group", "params": {"group_id": "..."}}
  {"id": 2, "operation": "specific_flow.run_flow", "client": {"flow_id": "..."}, "params": {...}}
  {"id": 3, "operation": "flows.list_flows", "paginated": true}
The answers:
  {"id": 1, "ok": true, "status": 200, "data": {...}}
  {"id": 2, "ok": false, "error": {"kind": "api", "code": "...", "http_status": 403, ...}}
A failed call does not end the batch; the end of stdin does.

Exit codes: 0 it worked, 1 the service's error, 2 wrong usage, 4 login or consent needed, 5 no connection or answer."#;
