use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Sends a body where there is none.
    #[get("/flows")]
    fn one(
        /// Cannot be sent.
        #[body]
        a: Option<String>,
    );

    /// Sends an empty object where there is no body.
    #[get("/flows", json)]
    fn two();

    /// Sends a fixed field where there is no body.
    #[get("/flows", fixed("a" = 1))]
    fn fixed();

    /// Is a form and an object.
    #[post("/flows", form, json)]
    fn three();

    /// Is a form with a JSON field.
    #[post("/flows", form)]
    fn four(
        /// Cannot be sent.
        #[body]
        a: Option<String>,
    );

    /// Has form fields without a form.
    #[post("/flows")]
    fn five(
        /// Cannot be sent.
        #[form]
        a: Option<String>,
    );

    /// Has places that are no pointers.
    #[post("/flows", wrap = "client")]
    fn six(
        /// Somewhere.
        #[at("links/policy")]
        a: Option<String>,
    );

    /// Has two documents.
    #[post("/flows")]
    fn seven(
        /// The first.
        #[document]
        a: Value,
        /// The second.
        #[document]
        b: Json<Flow>,
    );

    /// Has a document that is a text.
    #[post("/flows")]
    fn eight(
        /// The text.
        #[document]
        a: String,
    );

    /// Has a parameter that nobody reads.
    #[post("/flows")]
    fn nine(
        /// Seconds to wait.
        #[local]
        a: Option<u64>,
    );
}

fn main() {}
