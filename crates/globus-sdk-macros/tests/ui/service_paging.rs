use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Lacks its marker.
    #[get("/flows", page = Marker("flows"))]
    fn one();

    /// Lacks its marker, too.
    #[get("/flows", page = NullableMarker("flows", "next"))]
    fn two();

    /// Lacks its key.
    #[get("/flows", page = LastKey("flows"))]
    fn three();

    /// Lacks its token.
    #[get("/flows", page = NextToken("flows"))]
    fn four();

    /// Lacks where to begin.
    #[get("/flows", page = HasNextPage("flows", 100, 1000))]
    fn five(
        /// Rows on a page.
        limit: Option<u32>,
    );

    /// Lacks both.
    #[get("/flows", page = Total("flows", 100, 1000))]
    fn six();

    /// Needs nothing.
    #[get("/flows", page = JsonApi("flows"), list = "flows")]
    fn seven();
}

fn main() {}
