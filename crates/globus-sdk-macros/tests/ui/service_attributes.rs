use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Has an unknown verb.
    #[fetch("/flows")]
    fn one();

    /// Has no verb.
    fn two();

    /// Has two verbs.
    #[get("/flows")]
    #[post("/flows")]
    fn three();

    /// Has an unknown option.
    #[get("/flows", colour = "red")]
    fn four();

    /// Has an option twice.
    #[get("/flows", list = "a", list = "b")]
    fn five();

    /// Has scopes twice.
    #[get("/flows", scope = A, scopes = [B])]
    fn six();

    /// Has values that do not exist.
    #[get("/flows", idempotency = Sometimes)]
    fn seven();

    /// Has an unknown paging style.
    #[get("/flows", page = Cursor("flows"))]
    fn eight();

    /// Has a paging style with too much in it.
    #[get("/flows", page = Marker("flows", 100))]
    fn nine();

    /// Has a step whose place is no pointer.
    #[post("/flows", before = FreshUuid("id"))]
    fn ten();

    /// Has a fixed value that is no JSON literal.
    #[post("/flows", fixed("a" = nothing))]
    fn eleven();

    /// Has unusual parameters.
    #[get("/flows")]
    fn twelve(
        /// Unknown attribute.
        #[cookie]
        a: Option<String>,
        /// Two places.
        #[query]
        #[header]
        b: Option<String>,
        /// Two styles.
        #[csv]
        #[repeat]
        c: Option<Vec<String>>,
        /// An argument too many.
        #[query("x")]
        d: Option<String>,
        /// Two names.
        #[header("X-A")]
        #[wire("X-B")]
        e: Option<String>,
    );
}

fn main() {}
