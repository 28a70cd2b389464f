use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Has lists.
    #[get("/flows/{in_path}")]
    fn one(
        /// Lists of a path.
        in_path: Vec<FlowId>,
        /// Lists of a query.
        in_query: Option<Vec<String>>,
        /// Lists of a header.
        #[header("X-List")]
        in_header: Option<Vec<String>>,
    );

    /// Has a list in a form.
    #[post("/flows", form)]
    fn two(
        /// Lists of a form.
        in_form: Option<Vec<String>>,
    );

    /// Has styles that do not fit.
    #[get("/flows")]
    fn three(
        /// Commas in a bool.
        #[csv]
        csv: Option<bool>,
        /// Spaces in a number.
        #[spaces]
        spaces: Option<u32>,
        /// One text again and again.
        #[repeat]
        repeat: Option<String>,
        /// A bit of a text.
        #[bit]
        bit: Option<String>,
        /// Lower numbers.
        #[lower]
        lower: Option<f64>,
        /// Offline for ever.
        #[offline]
        offline: Option<String>,
        /// A filter of bools.
        #[filter]
        filter: Option<bool>,
        /// A JSON list in the query.
        #[list]
        list: Option<Vec<String>>,
    );

    /// Has styles that have no place in a body.
    #[post("/flows")]
    fn four(
        /// Repeated keys.
        #[repeat]
        repeat: Option<Vec<String>>,
        /// Numbers as texts.
        numbers: Option<Vec<u32>>,
    );

    /// Has states that cannot be.
    #[post("/flows")]
    fn five(
        /// Always there, and still with a default.
        #[default(1)]
        a: u32,
        /// Always there, and null.
        #[nullable]
        b: Vec<String>,
        /// Leans on nobody.
        #[query]
        #[with(nobody)]
        c: Option<u32>,
        /// Leans on another, and cannot stand without it.
        #[with(a)]
        d: u32,
    );
}

fn main() {}
