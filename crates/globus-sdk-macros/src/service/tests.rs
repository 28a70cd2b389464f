use proc_macro2::TokenStream;
use quote::quote;

fn pretty(args: TokenStream, input: TokenStream) -> String {
    let tokens = super::expand(args, input).expect("the declaration is valid");
    let file = syn::parse2(tokens).expect("the expansion is Rust");
    prettyplease::unparse(&file)
}

fn message(input: TokenStream) -> String {
    let error = super::expand(quote!(reference = "https://docs.globus.org/api/"), input).expect_err("it is refused");
    error
        .into_iter()
        .map(|error| error.to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_paged_operation() {
    let block = quote! {
        impl FlowsClient {
            /// Lists the flows that the caller may see.
            ///
            /// Newest first.
            #[get("/flows", scope = FlowsScopes::VIEW_FLOWS, page = Marker("flows"), errors = [BAD_QUERY])]
            fn list_flows(
                /// Keep flows on which the caller holds one of these roles.
                #[csv] filter_roles: Option<Vec<FlowRole>>,
                marker: Option<String>,
            ) -> Flow;
        }
    };
    insta::assert_snapshot!(pretty(quote!(reference = "https://docs.globus.org/api/flows/"), block));
}

#[test]
fn an_operation_with_everything() {
    let block = quote! {
        impl AuthClient {
            /// OAuth2 clients are made here.
            #[post("/v2/{project}/clients/{client_id}",
                scopes = [AuthScopes::A, AuthScopes::B], wrap = "/client", list = "", before = FreshUuid("/id"),
                fixed("DATA_TYPE" = "client", "/a/b" = null, "n" = -1.5), composite = composites::create, check = checks::one_owner,
                also = [Native(client_id = Always), other::Plain], reference = "https://example.org/", client_id = Unauthenticated)]
            fn create_client(
                /// The client to change.
                client_id: Id,
                /// Shown to users,
                /// in one line.
                name: String,
                /// Where to go.
                #[at("/client/links/privacy_policy")] #[nullable] policy: Option<String>,
                /// What it is.
                #[wire("type")] r#type: Option<ClientType>,
                /// Whether anyone sees it.
                #[query] #[bit] #[default(false)] visible: Option<bool>,
                /// Whether it works without the caller.
                #[query] #[offline] #[with(visible)] absent: Option<bool>,
                /// Who may change it.
                #[nullable] owner: Id,
                /// Further fields.
                #[document] data: Json<ClientDocument>,
                /// Seconds to wait.
                #[local] timeout: Option<u64>,
                /// Replaces the usual one.
                #[header("X-Agent")] agent: Option<String>,
            );
        }
    };
    insta::assert_snapshot!(pretty(quote!(vars(project)), block));
}

#[test]
fn a_form() {
    let block = quote! {
        impl AuthLoginClient {
            /// Exchanges a code for tokens.
            #[post("/v2/oauth2/token", form, fixed("grant_type" = "authorization_code"), authorization = false)]
            fn exchange(
                /// What the service gave to the redirect.
                code: String,
                /// Scopes of which tokens are wanted.
                #[spaces] requested_scopes: Vec<String>,
            ) -> OAuthTokenResponse;
        }
    };
    let text = pretty(quote!(reference = "https://docs.globus.org/api/auth/"), block);
    assert!(text.contains("body: crate::operation::Body::Form"), "{text}");
    assert!(
        text.contains(r#"fixed: &[("/grant_type", "\"authorization_code\"")]"#),
        "{text}"
    );
    assert!(
        text.contains("requested_scopes: impl IntoIterator<Item = impl Into<String>>"),
        "{text}"
    );
    assert!(text.contains("style: crate::operation::Style::Spaces"), "{text}");
    assert!(text.contains("crate::operation::Idempotency::Once"), "{text}");
    assert!(
        text.contains("scope_source: crate::operation::ScopeSource::NotNeeded"),
        "{text}"
    );
}

#[test]
fn what_a_block_says_counts_for_its_operations() {
    let block = quote! {
        impl X {
            /// Does one thing.
            #[get("/{realm}/one")]
            fn one();
            /// Does another.
            #[get("/{realm}/two/{id}", scopes = [B, C], errors = [GONE])]
            fn two(#[doc = "Which."] id: Id);
            /// Does it for everybody.
            #[get("/three", authorization = false)]
            fn three();
        }
    };
    let args = quote!(reference = "", scope = A, errors = [NOT_FOUND], vars(realm));
    let text = pretty(args, block);
    let rows: Vec<&str> = text
        .split("const ")
        .filter(|row| row.contains("scope_source"))
        .collect();
    let says = [
        ["scopes: &[A]", "Documented", "errors: &[]"],
        [
            "scopes: &[B, C]",
            "Documented",
            "errors: &[errors::GONE, errors::NOT_FOUND]",
        ],
        ["scopes: &[]", "NotNeeded", "errors: &[]"],
    ];
    for (row, says) in rows.iter().zip(says) {
        assert!(says.iter().all(|text| row.contains(text)), "{row}");
    }
    assert!(
        text.contains("errors::error_text!(GONE), errors::error_text!(NOT_FOUND)"),
        "{text}"
    );
    let text = pretty(
        quote!(reference = ""),
        quote!(impl X { #[doc = "Does it."] #[get("/")] fn one(); }),
    );
    assert!(text.contains("the client's default scope (inferred)"), "{text}");
}

#[test]
fn a_client_may_have_a_scope_of_its_own() {
    let text = pretty(
        quote!(reference = "", scope_source = Documented),
        quote!(impl X { #[doc = "Does it."] #[get("/")] fn one(); }),
    );
    assert!(text.contains("the client's own scope"), "{text}");
    assert!(
        text.contains("ScopeSource::Documented") && text.contains("scopes: &[]"),
        "{text}"
    );
}

#[test]
fn scopes_are_named_or_have_a_reason() {
    let text = message(quote! {
        impl X {
            /// Does it.
            #[get("/", scope = A, scope_source = Credentials)]
            fn one();
        }
    });
    assert!(text.contains("takes them from its documentation"), "{text}");
}

#[test]
fn defaults_follow_the_method() {
    for (attribute, place, idempotency, body) in [
        (quote!(get("/x")), "Query", "Repeatable", "None"),
        (quote!(delete("/x")), "Query", "Repeatable", "None"),
        (quote!(put("/x")), "Body", "Repeatable", "Json"),
        (quote!(post("/x")), "Body", "Once", "Json"),
        (quote!(patch("/x", idempotency = Keyed)), "Body", "Keyed", "Json"),
        (quote!(post("/x", before = SubmissionId)), "Body", "Keyed", "Json"),
    ] {
        let block = quote!(impl X { #[doc = "Does it."] #[#attribute] fn act(#[doc = "How."] way: Option<String>); });
        let text = pretty(quote!(reference = ""), block);
        for expected in [
            format!("Place::{place}"),
            format!("Idempotency::{idempotency}"),
            format!("Body::{body}"),
        ] {
            assert!(text.contains(&expected), "{attribute}: {expected}");
        }
    }
}

#[test]
fn pages_by_offset_may_say_how_many_rows_they_have() {
    for (page, expected) in [
        (
            quote!(HasNextPage("rows", 100, 1000)),
            "HasNextPage { page_size: 100, cap: 1000, count: None }",
        ),
        (
            quote!(HasNextPage("rows", 10, 50, "count")),
            "HasNextPage { page_size: 10, cap: 50, count: Some(\"count\") }",
        ),
        (quote!(Total("rows", 100, 1000)), "Total { page_size: 100, cap: 1000 }"),
    ] {
        let block = quote! {
            impl X {
                #[doc = "Does it."]
                #[get("/x", page = #page)]
                fn act(#[doc = "How many."] limit: Option<u32>, #[doc = "From where."] offset: Option<u32>);
            }
        };
        let text = pretty(quote!(reference = ""), block);
        let text: String = text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace(", }", " }");
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn several_errors_are_reported_together() {
    let text = message(quote! {
        impl X {
            fn one();
            #[get("x", colour = 1)]
            fn two();
            /// Does it.
            #[get("/{a}/{b}", page = Marker("rows"))]
            fn three(c: Option<String>);
        }
    });
    assert_eq!(text.lines().count(), 6, "{text}");
}
